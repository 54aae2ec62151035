"""`trainer bench delivery`: how well a raised voice is told from a calm one, and for whom."""

import csv
import json
import os
from pathlib import Path
from typing import Any

import click
import numpy as np

from trainer.audio.files import load_turn
from trainer.domain.errors import BadInput
from trainer.review.delivery import trial
from trainer.review.delivery.voice import hear


@click.command("delivery")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def command(as_json: bool) -> None:
    """On acted speech (RAVDESS in TRAINER_EVAL_DATA): raised against calm and neutral."""
    folder = Path(os.environ.get("TRAINER_EVAL_DATA", "")) / "ravdess"
    if not (folder / "labels.csv").is_file():
        raise BadInput(
            "There is no acted speech to measure on.",
            "Set TRAINER_EVAL_DATA to a folder that holds ravdess/labels.csv.",
        )
    rows = list(csv.DictReader((folder / "labels.csv").open(encoding="utf-8")))
    rows = [row for row in rows if row["emotion"] != "angry" or row["intensity"] == "normal"]
    result: dict[str, Any] = {"clips": len(rows), "chains": {}}
    counted: list[tuple[str, int, int]] = []
    with click.progressbar(
        length=len(rows) * len(trial.CHAINS), label="Listening", hidden=as_json
    ) as bar:
        for name, chain in trial.CHAINS.items():
            clips = []
            for row in rows:
                voice = hear(chain(load_turn(folder / row["file"])))
                bar.update(1)
                if voice is None:
                    continue
                angry = row["emotion"] == "angry"
                neutral = row["emotion"] == "neutral"
                clips.append(trial.Clip(row["actor"], row["sex"], neutral, angry, voice))
                if name == "as recorded":
                    counted.append((row["sex"], voice.syllables, int(row["n_syllables"])))
            if name == "as recorded":
                result["by_sex"] = trial.by_sex(clips)
            result["chains"][name] = {
                "measured": len(clips),
                "without_level": trial.summary(trial.cases(clips, level=False)),
                "with_level": trial.summary(trial.cases(clips, level=True)),
            }
    found, true = np.array([(one, other) for _, one, other in counted]).T
    sexes = np.array([sex for sex, _, _ in counted])
    result["by_sex"]["syllable_ratio"] = {
        sex: round(float(np.mean((found / true)[sexes == sex])), 3) for sex in ("F", "M")
    }
    result["syllables"] = {
        "mean_ratio": round(float(np.mean(found / true)), 3),
        "mean_error": round(float(np.mean(np.abs(found - true))), 2),
    }
    click.echo(json.dumps(result, indent=1) if as_json else _told(result))


def _told(result: dict[str, Any]) -> str:
    lines = [
        f"{result['clips']} clips; every one against two neutral clips of its actor",
        f"{'':<28}  AUC   95 % over actors  women   men   >1 hits  false   >2 hits  false",
    ]
    for name, chain in result["chains"].items():
        for how in ("without_level", "with_level"):
            one = chain[how]
            low, high = one["interval"]
            what = f"{name}, {how.replace('_', ' ')}"
            lines.append(
                f"{what:<28}  {one['auc']:.3f}  {low:.2f} – {high:.2f}"
                f"       {one['auc_women']:.3f}  {one['auc_men']:.3f}   {one['hits_above_1']:.0%}"
                f"    {one['false_alarms_above_1']:.1%}    {one['hits_above_2']:.0%}"
                f"    {one['false_alarms_above_2']:.1%}"
            )
    syllables = result["syllables"]
    lines.append(
        f"syllables: {syllables['mean_ratio']:.2f} of the true count on average, "
        f"{syllables['mean_error']:.2f} off"
    )
    lines += ["", f"{'each measure by itself':<24}  women    men    gap"]
    for name, values in result["by_sex"].items():
        women, men = values["F"], values["M"]
        what = name.replace("_", " ")
        lines.append(f"{what:<24}  {women:.3f}  {men:.3f}  {abs(women - men):.3f}")
    return "\n".join(lines)
