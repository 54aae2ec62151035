"""`trainer persona hear`: how a customer sounds, mood by mood."""

import asyncio
import json
import threading
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import click
import numpy as np

from trainer import backends
from trainer.cli import compose
from trainer.customer.delivery import style
from trainer.customer.lines import Book, clauses, plain
from trainer.domain.audio import RATE, Samples
from trainer.domain.errors import BadInput, EngineMissing, TrainerError
from trainer.domain.mood import Band, Mood, band
from trainer.domain.persona import Cast
from trainer.domain.plan import Intent, VoiceStyle
from trainer.ports.voice import Voice

_MIDDLE = {
    Band.OVERWHELMED: 0.9,
    Band.HOT: 0.7,
    Band.TENSE: 0.5,
    Band.WARY: 0.3,
    Band.CALM: 0.1,
}
"""A strength of the lead feeling in each band."""

_OCCASIONS = {
    Band.OVERWHELMED: (Intent.VENT, Intent.HURT, Intent.PUSH),
    Band.HOT: (Intent.VENT, Intent.PUSH, Intent.WALL),
    Band.TENSE: (Intent.VENT, Intent.WEIGH_OFFER, Intent.ANSWER),
    Band.WARY: (Intent.SOFTEN, Intent.WEIGH_OFFER, Intent.ANSWER),
    Band.CALM: (Intent.CLOSE_GLAD, Intent.SOFTEN, Intent.TAKE_OFFER),
}
"""What they are likely to be saying in each band."""

_LEVEL = click.FloatRange(0, 1)


@dataclass(frozen=True)
class Sample:
    """One line in one mood."""

    band: Band
    strength: float
    style: VoiceStyle
    line: str


@click.command("hear")
@click.argument("name")
@click.option("--anger", type=_LEVEL, help="Only this mood, 0 to 1.")
@click.option("--anxiety", type=_LEVEL, help="Only this mood, 0 to 1.")
@click.option("--sadness", type=_LEVEL, help="Only this mood, 0 to 1.")
@click.option("--lines", "many", type=click.IntRange(1, 3), default=1, show_default=True,
              help="Lines for each mood.")  # fmt: skip
@click.option("--seed", type=int, default=0, show_default=True, help="Chooses variant and lines.")
@click.option("--out", type=click.Path(path_type=Path, file_okay=False),
              help="Write WAV files into this folder instead of playing.")  # fmt: skip
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def command(
    name: str,
    anger: float | None,
    anxiety: float | None,
    sadness: float | None,
    many: int,
    seed: int,
    out: Path | None,
    as_json: bool,
) -> None:
    """Hear a customer (a name or a path) in each mood, strongest first, or in one mood."""
    from trainer.settings import load

    settings = load()
    who = compose.cast(settings, name, seed)
    asked = {"anger": anger, "anxiety": anxiety, "sadness": sadness}
    mood = {feeling: value for feeling, value in asked.items() if value is not None}
    wanted = list(samples(who, mood, many, seed))
    voice = _voice(settings)
    if out is None:
        _speaker(settings.output_device)
    else:
        _folder(out)
    show = _Shown(as_json)
    if not as_json:
        click.echo(f"{who.persona.identity.name} · {voice.name}")
        if voice.leaves_machine:
            click.echo("These lines leave this machine: the voice is a provider's.", err=True)
        click.echo("Loading the voice …", err=True)
    asyncio.run(_speak(who, wanted, voice, out, settings.output_device, show))
    if as_json:
        click.echo(json.dumps({"voice": voice.name, "samples": show.rows}, ensure_ascii=False))


def samples(who: Cast, mood: Mapping[str, float], many: int, seed: int) -> Iterator[Sample]:
    """Lines to hear: in every band of the lead feeling, or in the one mood that was asked for."""
    lead = who.persona.lead
    book, used = Book(who, seed), set[str]()
    if mood:
        moods = [replace(who.mood, **mood)]
    else:
        moods = [replace(_quiet(who, strength), **{lead.value: strength})
                 for strength in _MIDDLE.values()]  # fmt: skip
    for one in moods:
        strength = one.of(lead)
        here = band(strength)
        for number in range(many):
            line = book.choose(_OCCASIONS[here][number], here, number, used)
            used.add(plain(line))
            if line:
                yield Sample(here, strength, style(lead, here, one), line)


def _quiet(who: Cast, strength: float) -> Mood:
    """Their mood at the start, with other feelings coming down as the lead does."""
    share = min(strength / max(who.mood.of(who.persona.lead), 0.1), 1.0)
    start = who.mood
    return replace(
        start,
        anger=start.anger * share,
        anxiety=start.anxiety * share,
        sadness=start.sadness * share,
    )


def told(how: VoiceStyle) -> str:
    """How a line is spoken, against the customer's neutral voice."""
    if how == VoiceStyle():
        return "neutral"
    return (
        f"speed ×{how.rate:.2f}, pitch {how.pitch_st:+.1f} semitones, "
        f"melody ×{how.pitch_range:.2f}, {how.level_db:+.1f} dB, pauses {how.pause_s:.2f} s"
    )


class _Shown:
    """Says what is being spoken, or collects it for JSON."""

    def __init__(self, as_json: bool) -> None:
        self.rows: list[dict[str, Any]] = []
        self._as_json = as_json

    def sample(self, sample: Sample) -> None:
        if not self._as_json:
            click.echo(f"\n{sample.band.value} ({sample.strength:.2f}) · {told(sample.style)}")
            click.echo(f"  “{sample.line}”")

    def done(self, sample: Sample, seconds: float, file: Path | None) -> None:
        if file is not None and not self._as_json:
            click.echo(f"  {file}")
        how = sample.style
        self.rows.append(
            {
                "band": sample.band.value,
                "strength": round(sample.strength, 3),
                "line": sample.line,
                "rate": how.rate,
                "pitch_st": how.pitch_st,
                "pitch_range": how.pitch_range,
                "level_db": how.level_db,
                "pause_s": how.pause_s,
                "seconds": round(seconds, 2),
                "file": str(file) if file else None,
            }
        )


async def _speak(
    who: Cast, wanted: list[Sample], voice: Voice, out: Path | None, device: str, show: _Shown
) -> None:
    """Speak one after the other; the next is made while one is heard."""
    stop = threading.Event()
    coming: asyncio.Task[Samples] | None = None
    try:
        await voice.warm()
        coming = asyncio.create_task(_sound(who, wanted[0], voice))
        for number, sample in enumerate(wanted, 1):
            sound = await coming
            if number < len(wanted):
                coming = asyncio.create_task(_sound(who, wanted[number], voice))
            show.sample(sample)
            file = None
            if out is not None:
                file = _keep(out / f"{number:02d}-{sample.band.value}.wav", sound)
            else:
                await asyncio.to_thread(_play, sound, device, stop)
            show.done(sample, len(sound) / RATE, file)
    finally:
        stop.set()
        if coming is not None:
            coming.cancel()
            await asyncio.gather(coming, return_exceptions=True)
        await voice.close()


async def _sound(who: Cast, sample: Sample, voice: Voice) -> Samples:
    choice = who.persona.voice
    pieces = [
        piece
        for clause in clauses(sample.line)
        async for piece in voice.speak(clause, choice, sample.style)
    ]
    return np.concatenate(pieces)


def _play(sound: Samples, device: str, stop: threading.Event) -> None:
    from trainer.audio.playback import play

    play(sound, device, stop=stop)


def _keep(file: Path, sound: Samples) -> Path:
    import soundfile

    try:
        soundfile.write(file, sound, RATE, subtype="PCM_16")
    except (OSError, RuntimeError) as error:
        raise BadInput(f"{file} cannot be written: {error}.") from None
    return file


def _voice(settings: Any) -> Voice:
    found = backends.voices(settings)
    if not found:
        raise EngineMissing(
            "No voice is switched on.", "Switch one on with: trainer config set voice auto"
        )
    return found[0]


def _speaker(device: str) -> None:
    """Find out before anything is made that nothing can be heard."""
    from trainer.audio.devices import pick_speaker

    try:
        pick_speaker(device)
    except TrainerError as error:
        error.hint = "Write sound files instead: add --out FOLDER"
        raise


def _folder(out: Path) -> None:
    try:
        out.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise BadInput(f"{out} cannot be a folder: {error.strerror}.") from None
