"""`trainer retry`: one moment of a recorded call once more, from the same mood with the same facts.

What comes of it is kept inside the call folder; the call and its debrief stay as they are.
"""

import asyncio
import json
import shutil
import sys
import textwrap
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from pathlib import Path

import click

from trainer import settings as preferences
from trainer.audio.file_line import FileLine
from trainer.audio.files import load_turn
from trainer.cli import compose, moments
from trainer.cli.plain import plain
from trainer.cli.review import keep
from trainer.cli.transcript import Transcript
from trainer.conversation.call import Controls
from trainer.domain.audio import Samples
from trainer.domain.errors import BadInput
from trainer.ports.line import Line
from trainer.review import curve, report
from trainer.review.then_now import Step, ThenNow, compare
from trainer.settings import Settings
from trainer.store import calls, reading
from trainer.store.summary import summary

TURNS = 3


@click.command("retry")
@click.argument("call")
@click.option(
    "--turn", type=int, required=True, help="Which turn of yours; see: trainer calls show."
)
@click.option(
    "--turns",
    type=click.IntRange(min=1),
    default=TURNS,
    show_default=True,
    help="For how many turns of yours it goes on.",
)
@click.option("--rest", is_flag=True, help="Play on to the end instead.")
@click.option("--typed", is_flag=True, help="By keyboard, or one turn a line on standard input.")
@click.option(
    "--agent-audio",
    multiple=True,
    type=click.Path(path_type=Path),
    help="One file is one turn of yours; give it again for the next turn.",
)
@click.option("--wording", help="auto, authored, local, or a litellm model.")
@click.option("--voice", help="auto, piper, pyttsx3, cloud or none.")
@click.option("--stt", help="base, tiny.en, or a litellm transcription model.")
@click.option("--json", "as_json", is_flag=True, help="Print then and now as JSON.")
def command(
    call: str,
    turn: int,
    turns: int,
    rest: bool,
    typed: bool,
    agent_audio: Sequence[Path],
    wording: str | None,
    voice: str | None,
    stt: str | None,
    as_json: bool,
) -> None:
    """Take CALL up again just before your turn N: same mood, same facts, same customer.

    The customer says their last line once more, and it is your turn. Spoken as the call was, unless
    --typed; without a terminal your turns are read from standard input, one a line.
    """
    if typed and agent_audio:
        raise BadInput("A retry is typed or spoken, not both.", "Leave out one of the two.")
    folder = calls.find(preferences.load().data_dir, call)
    spoken = bool(agent_audio) or (
        not typed and sys.stdin.isatty() and reading.meta(folder).get("mode") == "spoken"
    )
    if not spoken and voice is None:
        voice = "none"  # a typed call is silent unless a voice is asked for
    given = preferences.load(wording=wording, voice=voice, stt=stt)
    sounds = [load_turn(path) for path in agent_audio]
    most = None if rest else turns
    fork = asyncio.run(_run(given, folder, turn, most, spoken, sounds, as_json))
    roots = given.content_roots()
    retried = calls.load(fork)
    keep(retried, roots)
    held = compare(calls.load(folder), retried, roots)
    if as_json:
        told = asdict(held) | {
            "curve_then": [point.model_dump() for point in held.curve_then],
            "curve_now": [point.model_dump() for point in held.curve_now],
        }
        result = {"call": str(folder), "retry": summary(retried), **told}
        click.echo(json.dumps(result, ensure_ascii=False))
        return
    width = max(60, min(100, shutil.get_terminal_size((80, 24)).columns))
    click.echo("\n" + "\n".join(_told(held, width)))
    click.echo(f"\nKept in {fork}, with its own debrief. The call itself is as it was.")


async def _run(
    given: Settings,
    folder: Path,
    turn: int,
    most: int | None,
    spoken: bool,
    sounds: Sequence[Samples],
    quiet: bool,
) -> Path:
    show = Transcript(quiet=quiet)
    moments.cast(given, folder)  # what can never be retried is said before anything loads
    engines = await compose.load(given, listen=spoken, told=show.loading)
    try:
        engines.require("words", "voice", "wording", *(("stt",) if spoken else ()))
        moment = compose.moment_of(given, folder, turn, engines)
        mode: compose.Mode = "spoken" if spoken else "typed"
        who, seed = moment.cast, moment.seed
        sink = compose.open_retry(given, folder, moment, mode)
        try:
            compose.note_engines(sink, engines)
            if spoken:
                controls: Controls = compose.spoken(
                    given, who, engines, _line(given, sounds), sink, seed, show,
                    moment=moment, most=most,
                )  # fmt: skip
            else:
                controls = compose.typed(
                    given, who, engines, sink, seed, show,
                    script=_lines(), moment=moment, most=most,
                )  # fmt: skip
            await controls.run()
        finally:
            sink.close()
    finally:
        await engines.close()
    return sink.folder


def _line(given: Settings, sounds: Sequence[Samples]) -> Line:
    if sounds:
        return FileLine(list(sounds), False)
    from trainer.audio.device_line import DeviceLine

    return DeviceLine(given.input_device, given.output_device)


def _lines() -> Iterator[str]:
    """The agent's turns: typed one by one, or all that comes on standard input."""
    asked = sys.stdin.isatty()
    while True:
        if asked:
            click.echo("   you> ", nl=False, err=True)
        line = sys.stdin.readline()
        if not line:
            return
        if line.strip():
            yield line.strip()


def _told(held: ThenNow, width: int) -> Iterator[str]:
    """Both curves, then the words of each turn then and now."""
    if len(held.curve_then) > 1:
        title = f"The customer's {held.feeling}, then and now"
        yield from (title, "─" * len(title))
        yield curve.text(held.curve_then, held.feeling, width, compare=held.curve_now)
        yield ""
    title = f"From turn {held.turn} on"
    yield from (title, "─" * len(title))
    if held.asked:
        yield from _wrapped("customer: ", f"“{held.asked}”", width)
    for place in range(max(len(held.then), len(held.now))):
        for name, steps in (("then", held.then), ("now", held.now)):
            if place < len(steps):
                yield ""
                yield from _step(name, steps[place], held.feeling, width)
    ended = {s: report.STATUS.get(s, s) for s in (held.status_then, held.status_now)}
    if held.status_now != "open":
        yield ""
        yield f"Then: {ended[held.status_then]}. Now: {ended[held.status_now]}."


def _step(name: str, step: Step, feeling: str, width: int) -> Iterator[str]:
    yield f"{name:>4}  {feeling} {step.before * 100:.0f} → {step.after * 100:.0f}"
    yield from _wrapped("      you: ", f"“{step.said}”", width)
    if step.answer:
        yield from _wrapped("      customer: ", f"“{step.answer}”", width)


def _wrapped(head: str, text: str, width: int) -> list[str]:
    indent = " " * len(head)
    return textwrap.wrap(plain(text), width, initial_indent=head, subsequent_indent=indent)
