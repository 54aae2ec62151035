"""`trainer bench latency`: how long the customer takes to answer, and what a call costs in memory.

Gaps are read from the two channels of `call.wav`, not from events: from the agent's last audible
sample to the customer's first.
"""

import asyncio
import json
import os
import statistics
import tempfile
import threading
from collections.abc import Iterator
from contextlib import nullcontext
from pathlib import Path
from typing import Any

import click
import numpy as np

from trainer import settings as preferences
from trainer.cli import rehearsed
from trainer.cli.machine import busy_core, family, memory_mb
from trainer.cli.transcript import Transcript
from trainer.domain.events import ClauseSpoken, TurnTaken
from trainer.domain.record import CallRecord
from trainer.review.response import response_times
from trainer.store.calls import load

_CUSTOMERS = ("olsen-outage", "mercer-billing", "voss-return")


@click.command("latency")
@click.option("--calls", type=int, default=3, show_default=True, help="About seven turns each.")
@click.option("--wording", default="authored", show_default=True)
@click.option("--busy", is_flag=True, help="Keep one processor core busy meanwhile.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def command(calls: int, wording: str, busy: bool, as_json: bool) -> None:
    """Spoken calls at real pace, answered by the engines of the settings in force."""
    gaps: list[float] = []
    parts: dict[str, list[float]] = {}
    memory = 0.0
    engines: dict[str, str] = {}
    with tempfile.TemporaryDirectory() as folder, busy_core() if busy else nullcontext():
        given = preferences.load(wording=wording, data_dir=Path(folder))
        for number in range(calls):
            persona = _CUSTOMERS[number % len(_CUSTOMERS)]
            with _Memory() as used:
                done = asyncio.run(
                    rehearsed.call(
                        given,
                        persona,
                        "empathic",
                        paced=True,
                        seed=number + 1,
                        show=Transcript(True),
                    )
                )
            record = load(done)
            gaps += response_times(record)
            for name, seconds in _parts(record):
                parts.setdefault(name, []).append(seconds)
            memory = max(memory, used.peak_mb)
            engines = record.meta["engines"]
    result: dict[str, Any] = {
        "n": len(gaps),
        "p50_s": round(float(np.percentile(gaps, 50)), 3),
        "p90_s": round(float(np.percentile(gaps, 90)), 3),
        "parts": {name: round(statistics.median(seconds), 3) for name, seconds in parts.items()},
        "engines": engines,
        "from": "recording",
        "memory_mb": round(memory),
        "busy": busy,
    }
    if as_json:
        click.echo(json.dumps(result))
        return
    click.echo(f"{result['n']} answers, {', '.join(engines.values())}")
    click.echo(f"half of them within {result['p50_s']:.2f} s, nine of ten {result['p90_s']:.2f} s")
    for name, seconds in result["parts"].items():
        click.echo(f"  {name}: {seconds:.2f} s (median)")
    click.echo(f"memory of all its processes at most {result['memory_mb']} MB")


def _parts(record: CallRecord) -> Iterator[tuple[str, float]]:
    """What the program itself noted: seconds after the turn was taken to be over."""
    for event in record.events:
        if isinstance(event, TurnTaken) and "stt_s" in event.wall:
            yield "words known after the turn's end", event.wall["stt_s"]
        elif isinstance(event, ClauseSpoken) and "first_sound_s" in event.wall and event.turn > 1:
            yield "first sound made after the turn's end", event.wall["first_sound_s"]


class _Memory:
    """Peak of the memory that this process and all it started hold together, shared pages once."""

    def __init__(self) -> None:
        self.peak_mb = 0.0
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._watch, daemon=True)

    def __enter__(self) -> "_Memory":
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._over.set()
        self._thread.join()

    def _watch(self) -> None:
        while not self._over.wait(1.0):
            self.peak_mb = max(self.peak_mb, _together_mb())


def _together_mb() -> float:
    return sum(memory_mb(pid) or 0.0 for pid in family(os.getpid()))
