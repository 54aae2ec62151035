"""`trainer setup`: bring the weights, try the local model's speed once, then say what works."""

import asyncio
import json

import click

from trainer import backends
from trainer.cli.checks import all_of
from trainer.cli.doctor import show, stops
from trainer.domain.errors import TrainerError
from trainer.models import manifest, shelf
from trainer.models.pull import pull, wanted
from trainer.ports.wording import Wording
from trainer.settings import load

_SCENES = 8
"""Lines to try: enough to tell yes from no, few enough to wait for."""


@click.command(name="setup")
@click.option("--lite", is_flag=True, help="Leave out the local language model (1.1 GB).")
@click.option(
    "--try-model",
    is_flag=True,
    help="Only try the local language model, if that was not done before.",
)
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def command(lite: bool, try_model: bool, as_json: bool) -> int:
    """Bring everything a first call needs, then check it. Exit 1 when something is missing."""
    if try_model:
        _try_model(again=False)
        return 0
    brought = pull(wanted((), lite), _say)
    _try_model(again=True)
    findings = all_of(load())
    ready = not any(map(stops, findings))
    if as_json:
        weights = [{**vars(one), "file": str(one.file)} for one in brought]
        checks = [vars(finding) for finding in findings]
        click.echo(json.dumps({"ok": ready, "weights": weights, "checks": checks}, indent=1))
    else:
        show(findings)
    return 0 if ready else 1


def _say(line: str) -> None:
    click.echo(line, err=True)


def _try_model(again: bool) -> None:
    """Measure how often the local model's words come in time: `wording = auto` goes by it.

    Args:
        again: also when it was measured before, perhaps on a busy day.
    """
    from trainer.llm import measured
    from trainer.simulate.wording_trial import trial

    weight = manifest.get("local-llm")
    known = measured.last(f"local/{shelf.path(weight).stem}")
    if not shelf.is_here(weight) or (known and not again):
        return
    _say("Trying how fast the local language model is on this machine (about a minute) …")

    async def take(model: Wording) -> tuple[int, int]:
        return await trial(model, backends.make("embed", "minilm"), _SCENES)

    try:
        found = asyncio.run(measured.measure_local(take))
    except TrainerError as error:
        _say(f"  it does not run here: {error.message}")
        return
    in_time = f"{found.accepted} of {found.asked} lines usable in time"
    spoken = "it takes part" if found.share >= measured.ENOUGH else "authored lines speak instead"
    _say(f"  {in_time}: {spoken}.")
