"""`trainer bench stt`: how well and how fast each Whisper model hears, and whether it tells half a
sentence from a whole one.
"""

import asyncio
import contextlib
import json
import math
import os
import statistics
import time
from pathlib import Path
from typing import Any

import click
import numpy as np

from trainer.cli.bench_speech import Utterance, recorded, spoken
from trainer.cli.machine import busy_core, memory_mb
from trainer.conversation.turns import EVEN, Observation, silence_needed
from trainer.domain.audio import RATE, Samples, edges, samples
from trainer.stt import whisper, windows

_FULL_S = windows.LONGEST_S
_LONG = 2.5  # seconds of a turn that is worth looking at ahead


@click.command(name="stt")
@click.option("--model", "models", multiple=True, type=click.Choice(whisper.MODELS))
@click.option("--window", "shortest", multiple=True, type=float, help="Shortest window, seconds.")
@click.option("--busy", is_flag=True, help="Also with one processor core busy elsewhere.")
@click.option("--rounds", default=1, show_default=True, help="How often each turn is timed.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def command(
    models: tuple[str, ...], shortest: tuple[float, ...], busy: bool, rounds: int, as_json: bool
) -> None:
    """Word errors, seconds a turn and memory: tiny.en and base, shortened and full window.

    People's recordings come from the folder that TRAINER_EVAL_DATA names, when it is set; service
    sentences are spoken here by the best voice at hand.
    """
    speech = asyncio.run(spoken())
    folder = os.environ.get("TRAINER_EVAL_DATA")
    if folder:
        speech = recorded(Path(folder)) | speech
    else:
        click.echo("TRAINER_EVAL_DATA is not set: synthetic speech only.", err=True)
    rows = []
    for loaded in (False, True) if busy else (False,):
        with busy_core() if loaded else contextlib.nullcontext():
            for model in models or whisper.MODELS:
                for shortest_s in shortest or (windows.SHORTEST_S, _FULL_S):
                    row = {"model": model, "window_s": shortest_s, "busy": loaded}
                    row |= asyncio.run(_measure(model, shortest_s, speech, rounds))
                    rows.append(row)
                    if not as_json:
                        click.echo(_told(row))
    if as_json:
        click.echo(json.dumps(rows, indent=1))


async def _measure(
    model: str, shortest_s: float, speech: dict[str, list[Utterance]], rounds: int
) -> dict[str, Any]:
    engine = whisper.create(model, shortest_s=shortest_s)
    began = time.perf_counter()
    await engine.warm()
    loaded_s = time.perf_counter() - began
    sets, seconds, alone, drafted = [], [], [], []
    chance = np.random.default_rng(0)
    processor_s = _processor_s(engine.pid)
    for name, utterances in speech.items():
        errors = words = rejected = 0
        took = []
        # no turn twice in a row: the words of the one before are a draft for the next
        for each in [*utterances] * rounds:
            began = time.perf_counter()
            heard = await engine.transcribe(each.audio)
            took.append(time.perf_counter() - began)
            wrong, count = _word_errors(each.words, heard.text)
            errors, words = errors + wrong, words + count
            rejected += bool(heard.rejected)
        sets.append({"speech": name, "turns": len(utterances), "rejected": rejected // rounds})
        sets[-1] |= {"wer": round(errors / words, 4), "median_s": round(statistics.median(took), 2)}
        seconds += took
    spent_s = (_processor_s(engine.pid) - processor_s) / len(seconds)
    for told, utterances in zip(sets, speech.values(), strict=True):
        whole = [_ended(each.audio) for each in utterances]
        halves = [_ended(turn[: round(len(turn) * chance.uniform(0.4, 0.85))]) for turn in whole]
        told["taken_for_over"] = {
            "whole": await _taken_for_over(engine, whole),
            "half": await _taken_for_over(engine, halves),
        }
        long = [turn for turn in whole if len(turn) > _LONG * RATE]
        alone += [await _timed(engine, turn) for turn in long]
        drafted += [await _timed(engine, turn, ahead=True) for turn in long]
    held_mb = memory_mb(engine.pid)
    await engine.close()
    return {
        "load_s": round(loaded_s, 1),
        "min_s": round(min(seconds), 2),
        "median_s": round(statistics.median(seconds), 2),
        "p90_s": round(statistics.quantiles(seconds, n=10)[-1], 2),
        "long_median_s": round(statistics.median(alone), 2),
        "long_ahead_median_s": round(statistics.median(drafted), 2),
        "processor_s": None if math.isnan(spent_s) else round(spent_s, 2),
        "memory_mb": held_mb,
        "sets": sets,
    }


def _ended(audio: Samples) -> Samples:
    """Speech, and the silence after which a call asks for its words."""
    audible = edges(audio)
    end = len(audio) if audible is None else audible[1] + 1
    hiss = np.random.default_rng(0).normal(0, 1e-4, samples(0.3))
    return np.concatenate([audio[:end], hiss]).astype(np.float32)


async def _taken_for_over(engine: whisper.Whisper, turns: list[Samples]) -> float:
    """Share of turns that a call would take to be over after the shortest silence."""
    soon = 0
    for turn in turns:
        heard = await engine.transcribe(turn)
        seen = Observation(0.0, words=heard.text, closed=heard.closed)
        soon += silence_needed(seen, EVEN) < EVEN.complete_s + 0.1
    return round(soon / len(turns), 2)


async def _timed(engine: whisper.Whisper, turn: Samples, *, ahead: bool = False) -> float:
    """Seconds until the words are known; `ahead`: of a turn looked at a second before its end."""
    if ahead:
        await engine.ahead(turn[:-RATE])
    began = time.perf_counter()
    await engine.transcribe(turn)
    return time.perf_counter() - began


def _word_errors(said: str, heard: str) -> tuple[int, int]:
    """Substituted, missing and added words, and the words said; numbers and spelling made alike."""
    from rapidfuzz.distance import Levenshtein
    from whisper.normalizers import EnglishTextNormalizer

    alike = EnglishTextNormalizer()
    words = alike(said).split()
    return Levenshtein.distance(words, alike(heard).split()), len(words)


def _processor_s(pid: int | None) -> float:
    """Processor seconds a process has used, over all cores; NaN where the system does not tell.

    Unlike time on the clock, they hardly change when other programs run.
    """
    try:
        fields = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
    except OSError:
        return math.nan
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def _told(row: dict[str, Any]) -> str:
    window = "full window" if row["window_s"] >= _FULL_S else f"window ≥ {row['window_s']:g} s"
    core = "one core busy" if row["busy"] else "idle"
    lines = [
        f"{row['model']}, {window}, {core}: median {row['median_s']:.2f} s, "
        f"min {row['min_s']:.2f} s, nine in ten below {row['p90_s']:.2f} s; "
        f"turns over {_LONG:g} s {row['long_median_s']:.2f} s, "
        f"{row['long_ahead_median_s']:.2f} s when looked at ahead; "
        f"{row['processor_s']} processor seconds a turn; "
        f"loads in {row['load_s']} s; {row['memory_mb']} MB"
    ]
    lines += [
        f"  {each['speech']:<36} word errors {each['wer']:6.1%}   median {each['median_s']:.2f} s"
        f"   rejected {each['rejected']} of {each['turns']}"
        f"   taken for over: whole {each['taken_for_over']['whole']:.0%},"
        f" half {each['taken_for_over']['half']:.0%}"
        for each in row["sets"]
    ]
    return "\n".join(lines)
