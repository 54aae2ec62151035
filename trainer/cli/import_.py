"""`trainer import`: the recording of a real call, to be read by the same rubric as a practised one.

It concerns other people's voices: somebody must have permitted it, digits of cards and accounts are
masked, and the sound itself is kept only when it is asked for.
"""

import asyncio
import json
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import click

from trainer import __version__, backends
from trainer import settings as preferences
from trainer.audio.files import load_call
from trainer.audio.vad import Silero
from trainer.cli import review
from trainer.cli.plain import plain
from trainer.domain.audio import Samples
from trainer.domain.errors import BadInput, EngineMissing
from trainer.domain.record import CallRecord
from trainer.imports import call as whole
from trainer.imports import transcript as transcripts
from trainer.imports.masking import mask
from trainer.imports.transcript import Said
from trainer.ports.embedding import Embedding
from trainer.ports.speech_to_text import SpeechToText
from trainer.settings import Settings
from trainer.store import imported
from trainer.store.calls import load
from trainer.store.summary import summary

_CONSENT = "Who permitted that this call is listened to and reviewed?"


@click.command("import")
@click.argument("audio", type=click.Path(path_type=Path))
@click.option(
    "--agent",
    type=click.Choice(["left", "right", "auto"]),
    default="auto",
    show_default=True,
    help="The channel with the agent; auto goes by what is said.",
)
@click.option(
    "--transcript",
    type=click.Path(path_type=Path),
    help="What was said, by speaker: WebVTT, SubRip, JSON, or lines like “Agent: Good morning.”",
)
@click.option("--consent", help="Who permitted it; it is written down with the call.")
@click.option("--keep-audio", is_flag=True, help="Keep the sound, too; else only words and times.")
@click.option("--stt", help="base, tiny.en, or a litellm transcription model.")
@click.option("--out", type=click.Path(path_type=Path), help="Write the call exactly here.")
@click.option("--profile", help="Whose call this is.")
@click.option("--json", "as_json", is_flag=True, help="Print what `trainer call --json` prints.")
def command(
    audio: Path,
    agent: whole.Side,
    transcript: Path | None,
    consent: str | None,
    keep_audio: bool,
    stt: str | None,
    out: Path | None,
    profile: str | None,
    as_json: bool,
) -> None:
    """Make a call folder of AUDIO, the recording of a real call, and review it.

    Best with one party in each channel. In one channel nobody can tell who speaks, unless a
    transcript says so; then only the words are reviewed.
    """
    given = preferences.load(stt=stt, profile=profile)
    channels = load_call(audio)
    said = transcripts.load(transcript) if transcript is not None else None
    permitted = _permitted(consent)
    sink = imported.create(given.data_dir, out)
    try:
        call = asyncio.run(_heard(given, channels, said, agent))
        for warning in call.warnings:
            click.echo(f"trainer: {warning}", err=True)
        sink.meta(
            persona="",
            title=f"Real call: {mask(audio.stem)}",
            mode="imported",
            profile=given.profile,
            program=__version__,
            consent={"by": permitted, "on": datetime.now(UTC).date().isoformat()},
            channels=len(channels),
            agent=call.side,
            masked=sum(turn.masked for turn in call.turns),
            audio_kept=keep_audio,
            engines=call.engines,
            leaves_machine=call.leaves_machine,
        )
        for event in call.events:
            sink.event(event)
        if keep_audio:
            sink.frame(call.left, call.right)
        imported.finish(sink, keep_audio)
    except BaseException:
        imported.discard(sink)
        raise
    record = load(sink.folder)
    review.keep(record, given.content_roots())
    if as_json:
        click.echo(json.dumps(summary(record), ensure_ascii=False))
    else:
        _closing(record, call, keep_audio)


def _permitted(consent: str | None) -> str:
    """Who permitted it.

    Raises:
        BadInput: nobody.
    """
    if consent is None and sys.stdin.isatty():
        click.echo("This is the recording of other people's voices.", err=True)
        consent = click.prompt(_CONSENT, default="", show_default=False, err=True)
    who = " ".join((consent or "").split())
    if not who:
        raise BadInput(
            "A real call is other people's voices: somebody must have permitted this.",
            "Say who: --consent “the customer and Kim Lee, on the phone, 3 May”.",
        )
    return who


async def _heard(
    given: Settings,
    channels: list[Samples],
    said: list[Said] | None,
    agent: whole.Side,
) -> whole.Call:
    needed = whole.needs_words(channels, said)
    stt: SpeechToText | None = backends.speech_to_text(given) if needed else None
    if stt is not None and stt.leaves_machine:
        click.echo(f"trainer: the sound of this call is sent to {stt.name}.", err=True)
    try:
        if stt is not None:
            click.echo(f"trainer: {stt.name} is loading …", err=True)
            await stt.warm()
        return await whole.listen(
            channels,
            said,
            agent,
            stt,
            Silero(),
            _embedding(),
            given.content_roots(),
            bar=_bar,
            ask=_ask if sys.stdin.isatty() else None,
        )
    finally:
        if stt is not None:
            await stt.close()


def _embedding() -> Embedding | None:
    try:
        made: Embedding = backends.make("embed", "minilm")
    except EngineMissing as error:
        click.echo(f"trainer: what was said is read by rules only. {error}", err=True)
        return None
    return made


@contextmanager
def _bar(label: str, length: int) -> Iterator[Callable[[int], None]]:
    with click.progressbar(length=length, label=label, file=sys.stderr) as bar:
        yield bar.update


def _ask(first: str, second: str) -> int:
    click.echo(f"1: {_short(first)}\n2: {_short(second)}", err=True)
    return int(click.prompt("Which one is the agent?", type=click.IntRange(1, 2), err=True)) - 1


def _short(text: str) -> str:
    told = plain(mask(text))
    return told if len(told) <= 160 else told[:160].rstrip() + " …"


def _closing(record: CallRecord, call: whole.Call, kept: bool) -> None:
    told = summary(record)
    for turn in told["transcript"]:
        minutes, seconds = divmod(int(turn["start_s"]), 60)
        who = {"unknown": "?"}.get(turn["who"], turn["who"])
        click.echo(f"{minutes:02d}:{seconds:02d}  {who:>8}  {turn['text']}")
    click.echo()
    masked = sum(turn.masked for turn in call.turns)
    if masked:
        click.echo(f"Turns with masked numbers: {masked}.")
        if kept:
            click.echo("The recording still holds them aloud.")
    if not kept:
        click.echo("The sound was not kept (--keep-audio keeps it).")
    click.echo(f"Written to {record.folder}")
    click.echo(f"Debrief: trainer review {record.folder}")
