"""`trainer bench acts`: precision and recall of every act, and agreement with people's labels."""

import json
import os
from pathlib import Path
from typing import Any

import click

from trainer.acts.reader import Reader
from trainer.cli.persona_bench import embedding
from trainer.domain.errors import BadInput
from trainer.settings import load
from trainer.simulate.act_trial import (
    EXPLICIT_APOLOGY,
    Score,
    Trial,
    annomi,
    by_act,
    shipped,
    total,
    unknown,
    written,
)

_OWN = Path("tests/data/acts")
_ABOUT = {
    "tuned": ": the half that patterns and examples were tuned on",
    "held out": ": the half that nobody tuned on",
}
_ANNOMI = "annomi/annomi_dev.csv"


@click.command(name="acts")
@click.option(
    "--sentences",
    type=click.Path(path_type=Path, exists=True),
    help="Labelled sentences, JSONL; else tests/data/acts, else the phrases in prompts/acts.",
)
@click.option("--rules", is_flag=True, help="Rules only, without nearness to example phrases.")
@click.option("--json", "as_json", is_flag=True, help="Print the result as JSON.")
def command(sentences: Path | None, rules: bool, as_json: bool) -> None:
    """Precision, recall and time per act; with TRAINER_EVAL_DATA also agreement on real talk."""
    extra = load().content_roots()
    reader = Reader(None if rules else embedding(), extra)
    source = sentences or (_OWN if any(_OWN.rglob("*.jsonl")) else None)
    if source is None:
        about = "phrases in prompts/acts, found by rules alone"
        halves = {"all": by_act(shipped(extra), Reader(None, extra))}
    else:
        about, given = str(source), unknown(written(source), extra)
        if not given:
            raise BadInput(f"{source} holds no labelled sentence that is not an example already.")
        halves = {
            "tuned": by_act([one for one in given if not one.held_out], reader),
            "held out": by_act([one for one in given if one.held_out], reader),
        }
    found: dict[str, Any] = {
        "sentences": about,
        "halves": {name: _half(trial) for name, trial in halves.items()},
        "annomi": None,
    }
    talks = Path(os.environ.get("TRAINER_EVAL_DATA", "")) / _ANNOMI
    if talks.is_file():
        found["annomi"] = {what: _row(one) for what, one in annomi(talks, reader).items()}
    click.echo(json.dumps(found, indent=1) if as_json else _told(found))


def _half(trial: Trial) -> dict[str, Any]:
    own = [one for act, one in trial.acts.items() if act != EXPLICIT_APOLOGY]
    return {
        "acts": {act: _row(one) for act, one in trial.acts.items()},
        "all": _row(total(own)),
        "median_ms": _rounded(trial.median_ms),
        "p95_ms": _rounded(trial.p95_ms),
    }


def _row(one: Score) -> dict[str, Any]:
    accuracy = one.agreed / one.sentences if one.sentences else None
    return {
        "sentences": one.sentences,
        "held": one.there,
        "precision": _rounded(one.precision),
        "recall": _rounded(one.recall),
        "accuracy": _rounded(accuracy),
        "kappa": _rounded(one.kappa),
    }


def _rounded(value: float | None) -> float | None:
    return None if value is None else round(value, 3)


def _told(found: dict[str, Any]) -> str:
    lines = [f"{found['sentences']}:"]
    for name, half in found["halves"].items():
        lines += ["", f"{name}{_ABOUT.get(name, '')}", _head("act")]
        lines += [_line(act, row) for act, row in half["acts"].items()]
        lines += [_line("all", half["all"])]
        if half["median_ms"] is not None:
            took = f"{half['median_ms']:.1f} ms a turn (median), {half['p95_ms']:.1f} ms (P95)"
            lines += [took]
    if found["annomi"] is not None:
        lines += ["", "counsellors' turns with people's labels (AnnoMI):", _head("label")]
        lines += [_line(what, row) for what, row in found["annomi"].items()]
    else:
        lines += ["", "Set TRAINER_EVAL_DATA to measure agreement with people's labels."]
    return "\n".join(lines)


def _head(what: str) -> str:
    return f"{what:<18} sentences  held  precision  recall  accuracy  kappa"


def _line(what: str, row: dict[str, Any]) -> str:
    shown = {key: "–" if value is None else f"{value:.2f}" for key, value in row.items()}
    return (
        f"{what:<18} {row['sentences']:>9}  {row['held']:>4}  {shown['precision']:>9}  "
        f"{shown['recall']:>6}  {shown['accuracy']:>8}  {shown['kappa']:>5}"
    )
