"""`trainer demo`: a complete call that nobody has to speak, with real speech on both sides."""

import asyncio
import contextlib
import shutil
import statistics
from pathlib import Path

import click
import numpy as np
from rich.console import Console
from rich.progress import Progress

from trainer import settings as preferences
from trainer.audio.file_line import FileLine
from trainer.cli import compose
from trainer.cli.review import keep, terminal
from trainer.cli.transcript import Transcript
from trainer.domain.audio import Samples
from trainer.domain.persona import VoiceChoice
from trainer.domain.plan import VoiceStyle
from trainer.ports.voice import Voice
from trainer.review.response import response_times
from trainer.settings import Settings
from trainer.simulate.scripts import script
from trainer.store.calls import load

_OTHER = {"low": "high", "middle": "low", "high": "low"}
"""The agent's register, so that the two voices can be told apart."""


@click.command("demo")
@click.argument("persona", default="olsen-outage")
@click.option("--agent", default="empathic", show_default=True, help="Which scripted agent speaks.")
@click.option("--pace", type=click.Choice(["real", "fast"]), default="real", show_default=True)
@click.option("--wording", help="auto, authored, local, or a litellm model.")
@click.option("--voice", help="auto, piper or pyttsx3.")
@click.option("--seed", type=int, default=1, show_default=True)
@click.option("--out", type=click.Path(path_type=Path), help="Write the call exactly here.")
def command(
    persona: str,
    agent: str,
    pace: str,
    wording: str | None,
    voice: str | None,
    seed: int,
    out: Path | None,
) -> None:
    """A scripted agent calls PERSONA: spoken, transcribed, answered, recorded, reviewed."""
    given = preferences.load(wording=wording, voice=voice)
    folder = asyncio.run(_run(given, persona, agent, pace == "real", seed, out))
    record = load(folder)
    with Console(stderr=True).status("Writing the debrief …"):
        review = keep(record, given.content_roots())
    click.echo(f"\n{terminal(review, min(100, shutil.get_terminal_size().columns))}\n")
    gaps = response_times(record)
    engines = record.meta["engines"]
    click.echo(
        f"Heard by {engines['stt']}, worded by {engines['wording']}, voice {engines['voice']}."
    )
    if gaps and pace == "real":
        click.echo(
            f"The customer answered {len(gaps)} times, after {statistics.median(gaps):.2f} s "
            f"in the middle and {max(gaps):.2f} s at most (read from the recording)."
        )
    click.echo(f"Recording: {folder / 'call.wav'} (left: agent, right: customer)")
    click.echo(f"Events:    {folder / 'events.jsonl'}")
    click.echo(f"Debrief:   {folder / 'report.html'}")


async def _run(
    given: Settings, persona: str, agent: str, paced: bool, seed: int, out: Path | None
) -> Path:
    show = Transcript()
    who = compose.cast(given, persona, seed)
    lines = script(agent, who)
    async with contextlib.AsyncExitStack() as after:
        sink = compose.open_record(given, who, seed, "spoken", out)
        after.callback(sink.close)
        engines = await compose.load(given, listen=True, told=show.loading)
        after.push_async_callback(engines.close)
        engines.require("words", "stt", "voice", "wording")
        compose.note_engines(sink, engines)
        choice = VoiceChoice.model_validate({"register": _OTHER[who.persona.voice.register_]})
        turns = await _spoken(lines, engines.voices[0], choice)
        line = FileLine(turns, paced)
        await compose.spoken(given, who, engines, line, sink, seed, show).run()
    return sink.folder


async def _spoken(lines: list[str], voice: Voice, choice: VoiceChoice) -> list[Samples]:
    turns = []
    with Progress(console=Console(stderr=True)) as progress:
        for text in progress.track(lines, description="The agent rehearses"):
            pieces = [piece async for piece in voice.speak(text, choice, VoiceStyle())]
            turns.append(np.concatenate(pieces))
    return turns
