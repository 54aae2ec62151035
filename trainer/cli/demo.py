"""`trainer demo`: a complete call that nobody has to speak, with real speech on both sides."""

import asyncio
import json
import shutil
import statistics
from pathlib import Path

import click
from rich.console import Console

from trainer import settings as preferences
from trainer.cli import rehearsed
from trainer.cli.review import keep, terminal
from trainer.cli.transcript import Transcript
from trainer.review.response import response_times
from trainer.store.calls import load
from trainer.store.summary import summary


@click.command("demo")
@click.argument("persona", default="olsen-outage")
@click.option("--agent", default="empathic", show_default=True, help="Which scripted agent speaks.")
@click.option(
    "--pace",
    type=click.Choice(["real", "fast"]),
    default="real",
    show_default=True,
    help="As long as the call takes, or as fast as this machine is.",
)
@click.option("--wording", help="auto, authored, local, or a litellm model.")
@click.option("--voice", help="auto, piper or pyttsx3.")
@click.option(
    "--seed",
    type=int,
    default=1,
    show_default=True,
    help="The same seed gives the same customer again.",
)
@click.option("--out", type=click.Path(path_type=Path), help="Write the call exactly here.")
@click.option("--json", "as_json", is_flag=True, help="Print what `trainer call --json` prints.")
def command(
    persona: str,
    agent: str,
    pace: str,
    wording: str | None,
    voice: str | None,
    seed: int,
    out: Path | None,
    as_json: bool,
) -> None:
    """A scripted agent calls PERSONA: spoken, transcribed, answered, recorded, reviewed."""
    given = preferences.load(wording=wording, voice=voice)
    paced = pace == "real"
    show = Transcript(quiet=as_json)
    folder = asyncio.run(
        rehearsed.call(given, persona, agent, paced=paced, seed=seed, show=show, out=out)
    )
    record = load(folder)
    with Console(stderr=True).status("Writing the debrief …"):
        review = keep(record, given.content_roots())
    if as_json:
        click.echo(json.dumps(summary(record), ensure_ascii=False))
        return
    click.echo(f"\n{terminal(review, min(100, shutil.get_terminal_size().columns))}\n")
    gaps = response_times(record)
    engines = record.meta["engines"]
    click.echo(
        f"Heard by {engines['stt']}, worded by {engines['wording']}, voice {engines['voice']}."
    )
    if gaps and paced:
        click.echo(
            f"The customer answered {len(gaps)} times, after {statistics.median(gaps):.2f} s "
            f"in the middle and {max(gaps):.2f} s at most (read from the recording)."
        )
    click.echo(f"Recording: {folder / 'call.wav'} (left: agent, right: customer)")
    click.echo(f"Events:    {folder / 'events.jsonl'}")
    click.echo(f"Debrief:   {folder / 'report.html'}")
