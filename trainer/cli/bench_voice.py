"""`trainer bench voice`: how soon a voice sounds, what it costs, how its moods sound."""

import asyncio
import json
import os
import time
from dataclasses import replace
from pathlib import Path
from typing import Any

import click
import numpy as np

from trainer import backends
from trainer.cli.machine import memory_mb
from trainer.customer.delivery import style
from trainer.domain.audio import RATE, Samples
from trainer.domain.errors import EngineMissing
from trainer.domain.mood import Band, Feeling, Mood
from trainer.domain.persona import VoiceChoice
from trainer.domain.plan import VoiceStyle
from trainer.ports.voice import Voice

_CLAUSES = {
    "short": "No.",
    "usual": "I have been waiting for three days.",
    "long": "I have been waiting for three days and nobody has told me what is going on, "
    "and every time I call I have to tell it all over again.",
}
_CALM = VoiceStyle(pause_s=0.0)
_MOODS = {"calm": _CALM} | {
    word: replace(style(lead, Band.OVERWHELMED, Mood()), pause_s=0.0)
    for word, lead in (
        ("furious", Feeling.ANGER),
        ("panicking", Feeling.ANXIETY),
        ("desolate", Feeling.SADNESS),
    )
}
_REGISTERS = ("low", "middle", "high")


@click.command(name="voice")
@click.option("--engine", "engines", multiple=True, help="Only this engine; may be repeated.")
@click.option("--rounds", default=5, show_default=True, help="How often each clause is timed.")
@click.option("--json", "as_json", is_flag=True, help="Print the result as JSON.")
def command(engines: tuple[str, ...], rounds: int, as_json: bool) -> None:
    """First sound, speed and memory of each voice; pitch, range, length and level of each mood."""
    found: dict[str, Any] = {}
    for name in engines or ("pyttsx3", "piper"):
        try:
            found[name] = asyncio.run(_measure(backends.make("tts", name), rounds))
        except EngineMissing as missing:
            if engines:
                raise
            found[name] = {"missing": missing.message}
    click.echo(json.dumps(found, indent=2) if as_json else _told(found))


async def _measure(voice: Voice, rounds: int) -> dict[str, Any]:
    started = time.perf_counter()
    await voice.warm()
    loaded_s = time.perf_counter() - started
    neutral = VoiceChoice.model_validate({})
    try:
        clauses = {
            name: await _timed(voice, text, neutral, rounds) for name, text in _CLAUSES.items()
        }
        memory = memory_mb(getattr(voice, "pid", None))
        moods = {
            register: {
                mood: _heard(await _say(voice, register, how)) for mood, how in _MOODS.items()
            }
            for register in _REGISTERS
        }
    finally:
        await voice.close()
    return {
        "voice": voice.name,
        "load_s": round(loaded_s, 2),
        "memory_mb": memory,
        "clauses": clauses,
        "moods": moods,
    }


async def _timed(voice: Voice, text: str, who: VoiceChoice, rounds: int) -> dict[str, float]:
    first_s, factors, worked, size = [], [], [], 0
    for _ in range(rounds):
        started, busy = time.perf_counter(), _processor_s(voice)
        first, size = 0.0, 0
        async for piece in voice.speak(text, who, _CALM):
            first = first or time.perf_counter() - started
            size += piece.size
        first_s.append(first)
        factors.append((time.perf_counter() - started) * RATE / size)
        worked.append((_processor_s(voice) - busy) * RATE / size)
    return {
        "speech_s": round(size / RATE, 2),
        "first_sound_s": round(float(np.median(first_s)), 3),
        "first_sound_worst_s": round(max(first_s), 3),
        "real_time_factor": round(float(np.median(factors)), 3),
        "processor_s_per_s": round(float(np.mean(worked)), 3),
    }


async def _say(voice: Voice, register: str, how: VoiceStyle) -> Samples:
    who = VoiceChoice.model_validate({"register": register})
    return np.concatenate([piece async for piece in voice.speak(_CLAUSES["long"], who, how)])


def _heard(sound: Samples) -> dict[str, float]:
    from trainer.tts.level import speech_level
    from trainer.tts.pitch import voiced_hz

    low, median, high = np.percentile(voiced_hz(sound, RATE), [10, 50, 90])
    return {
        "pitch_hz": round(float(median), 1),
        "range_st": round(float(12 * np.log2(high / low)), 1),
        "length_s": round(sound.size / RATE, 2),
        "level_dbfs": round(speech_level(sound), 1),
    }


def _processor_s(voice: Voice) -> float:
    """Processor time the voice's process has used; 0 where the system does not tell."""
    try:
        told = Path(f"/proc/{getattr(voice, 'pid', None)}/stat").read_text(encoding="utf-8")
    except OSError:
        return 0.0
    user, system = told.rpartition(")")[2].split()[11:13]
    return (int(user) + int(system)) / os.sysconf("SC_CLK_TCK")


def _told(found: dict[str, Any]) -> str:
    lines = []
    for name, one in found.items():
        if "missing" in one:
            lines += [f"{name}: {one['missing']}", ""]
            continue
        memory = f", {one['memory_mb']:.0f} MB" if one["memory_mb"] else ""
        lines.append(f"{one['voice']}: loads in {one['load_s']:.1f} s{memory}")
        lines.append(
            "  clause    speech  first sound (worst)  per second of speech: time, processor"
        )
        for clause, took in one["clauses"].items():
            lines.append(
                f"  {clause:<8}{took['speech_s']:6.2f} s  {took['first_sound_s']:7.3f} s "
                f"({took['first_sound_worst_s']:.3f} s)  {took['real_time_factor']:7.3f} s "
                f"{took['processor_s_per_s']:7.3f} s"
            )
        lines.append("  register  mood        pitch    range    length     level")
        for register, moods in one["moods"].items():
            for mood, sounds in moods.items():
                lines.append(
                    f"  {register:<9} {mood:<9}{sounds['pitch_hz']:6.1f} Hz "
                    f"{sounds['range_st']:5.1f} st {sounds['length_s']:6.2f} s "
                    f"{sounds['level_dbfs']:6.1f} dBFS"
                )
        lines.append("")
    return "\n".join(lines).rstrip()
