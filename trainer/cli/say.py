"""`trainer say`: the better line, said aloud after the call, and what it would have done."""

import asyncio
import json
import sys
from dataclasses import asdict
from pathlib import Path
from typing import Any

import click

from trainer import settings as preferences
from trainer.audio.files import load_turn
from trainer.cli import compose, moments
from trainer.cli.plain import plain
from trainer.cli.transcript import Transcript
from trainer.domain.audio import Samples, seconds
from trainer.domain.errors import BadInput
from trainer.domain.events import TurnTaken
from trainer.review.said import Said
from trainer.settings import Settings
from trainer.store import calls
from trainer.store.said import KeptLine
from trainer.store.summary import turns


@click.command("say")
@click.argument("call")
@click.option(
    "--turn", type=int, required=True, help="Which turn of yours; see: trainer calls show."
)
@click.option("--text", help="The line, typed.")
@click.option("--wav", type=click.Path(path_type=Path), help="A recording of the line.")
@click.option("--stt", help="base, tiny.en, or a litellm transcription model.")
@click.option("--play", is_flag=True, help="Play your turn in the call, then the new line.")
@click.option("--json", "as_json", is_flag=True, help="Print the result as JSON.")
def command(
    call: str,
    turn: int,
    text: str | None,
    wav: Path | None,
    stt: str | None,
    play: bool,
    as_json: bool,
) -> None:
    """Say a line now in place of your turn N of CALL, and see what the customer would have felt.

    Without --text or --wav the microphone is recorded until you press Enter. The line is kept in
    the call folder, beside the recording.
    """
    if text is not None and wav is not None:
        raise BadInput("A line is typed or recorded, not both.", "Leave out --text or --wav.")
    if text is not None and not text.strip():
        raise BadInput("There is nothing to say in --text.", "Give the line you would say now.")
    given = preferences.load(stt=stt, voice="none", wording="authored")
    folder = calls.find(given.data_dir, call)
    moments.cast(given, folder)  # what has no customer to ask is said before anybody speaks
    words = text if text is not None else load_turn(wav) if wav is not None else _record(given)
    said, kept = asyncio.run(_say(given, folder, turn, words, quiet=as_json))
    then = next(t for t in turns(calls.load(folder).events) if t.turn == turn)
    if as_json:
        click.echo(json.dumps(_facts(folder, then, said, kept), ensure_ascii=False))
    else:
        click.echo(_told(then, said, kept))
    if play:
        _play(given, folder, then, words)


async def _say(
    given: Settings, folder: Path, turn: int, words: str | Samples, *, quiet: bool
) -> tuple[Said, KeptLine]:
    show = Transcript(quiet=quiet)
    engines = await compose.load(given, listen=not isinstance(words, str), told=show.loading)
    try:
        return await compose.say_now(given, folder, turn, engines, words)
    finally:
        await engines.close()


def _record(given: Settings) -> Samples:
    if not sys.stdin.isatty():
        raise BadInput(
            "There is no line to look at, and no terminal to record one from.",
            "Give it with --text “…” or --wav FILE.",
        )
    from trainer.audio.recording import Recording

    recording = Recording(given.input_device)
    try:
        click.echo("Recording. Say the line, then press Enter.", err=True)
        sys.stdin.readline()
    finally:
        sound = recording.stop()
    if not sound.size:
        raise BadInput("The microphone gave no sound.", "Type the line: --text “…”")
    return sound


def _facts(folder: Path, then: TurnTaken, said: Said, kept: KeptLine) -> dict[str, Any]:
    spoken = {"text": then.text, "start_s": seconds(then.start), "end_s": seconds(then.end)}
    clip = str(kept.clip) if kept.clip else None
    return {"call": str(folder), "turn": then.turn, "then": spoken, **asdict(said), "clip": clip}


def _told(then: TurnTaken, said: Said, kept: KeptLine) -> str:
    lines = [f"then: “{plain(then.text)}”", f" now: “{plain(said.text)}”", ""]
    lines += [f"· {act.what}  “{plain(act.quote)}”" for act in said.acts]
    lines += ["", said.told] if said.acts else [said.told]
    if said.answer:
        lines.append(f"They would have said: “{plain(said.answer)}”")
    if kept.clip:
        lines.append(f"Kept in {kept.clip}")
    return "\n".join(lines)


def _play(given: Settings, folder: Path, then: TurnTaken, words: str | Samples) -> None:
    from trainer.audio.playback import play

    record = calls.load(folder)
    own = record.agent[then.start : then.end]
    if own.any():
        click.echo("▶ then", err=True)
        play(own, given.output_device)
    if not isinstance(words, str):
        click.echo("▶ now", err=True)
        play(words, given.output_device)
