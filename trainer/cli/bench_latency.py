"""`trainer bench latency`: how long the customer takes to answer, and what a call costs in memory.

Gaps are read from the two channels of `call.wav`, not from events: from the agent's last audible
sample to the customer's first, and to their first word of content. Where the time went is told by
the log.
"""

import asyncio
import json
import os
import statistics
import tempfile
import threading
from contextlib import nullcontext
from pathlib import Path
from typing import Any

import click
import numpy as np

from trainer import settings as preferences
from trainer.cli import rehearsed
from trainer.cli.machine import busy_core, family, memory_mb
from trainer.cli.transcript import Transcript
from trainer.review.answers import Answer, answers
from trainer.store.calls import load

_CUSTOMERS = ("olsen-outage", "mercer-billing", "voss-return")

_PARTS = {
    "vad": "the end of speech is noticed after",
    "commit": "the silence that makes it an end",
    "stt": "words still awaited",
    "plan": "what they do, and the answer to it",
    "first_clause": "words of the answer",
    "first_pcm": "its first sound is made",
    "first_sample_out": "it leaves the speaker",
}


@click.command("latency")
@click.option(
    "--turns", type=click.IntRange(min=1), default=40, show_default=True, help="Answers at least."
)
@click.option("--wording", default="authored", show_default=True)
@click.option("--busy", is_flag=True, help="Keep one processor core busy meanwhile.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def command(turns: int, wording: str, busy: bool, as_json: bool) -> None:
    """Spoken calls at real pace, answered by the engines of the settings in force."""
    found: list[Answer] = []
    memory = 0.0
    engines: dict[str, str] = {}
    calls = 0
    load_before = os.getloadavg()[0]
    with tempfile.TemporaryDirectory() as folder, busy_core() if busy else nullcontext():
        given = preferences.load(
            wording=wording, data_dir=Path(folder), background="none", line="clear"
        )
        while len(found) < turns:
            calls += 1
            with _Memory() as used:
                done = asyncio.run(
                    rehearsed.call(
                        given,
                        _CUSTOMERS[calls % len(_CUSTOMERS)],
                        "empathic",
                        paced=True,
                        seed=calls,
                        show=Transcript(True),
                    )
                )
            record = load(done)
            found += answers(record)
            memory = max(memory, used.peak_mb)
            engines = record.meta["engines"]
            click.echo(f"{len(found)} of {turns} answers", err=True)
    result = summary(found) | {
        "engines": engines,
        "from": "recording",
        "memory_mb": round(memory),
        "busy": busy,
        "calls": calls,
        "load": round(load_before, 1),
    }
    click.echo(json.dumps(result) if as_json else _told(result))


def summary(found: list[Answer]) -> dict[str, Any]:
    """The figures: medians, and nine of ten."""
    parts = {name: [one.parts[name] for one in found if name in one.parts] for name in _PARTS}
    return {
        "n": len(found),
        **_spread([one.first_s for one in found]),
        "content": {
            **_spread([one.content_s for one in found]),
            "after_an_opening": sum(one.content_s > one.first_s for one in found),
        },
        "parts": {
            name: round(statistics.median(seconds), 3) if seconds else None
            for name, seconds in parts.items()
        },
        "sources": {
            kind: sum(one.source == kind for one in found)
            for kind in sorted({one.source for one in found})
        },
    }


def _spread(seconds: list[float]) -> dict[str, float]:
    return {f"p{q}_s": round(float(np.percentile(seconds, q)), 3) for q in (50, 90)}


def _told(result: dict[str, Any]) -> str:
    content = result["content"]
    told = [
        f"{result['n']} answers, {', '.join(result['engines'].values())}",
        f"first sound: half within {result['p50_s']:.2f} s, nine of ten {result['p90_s']:.2f} s",
        f"first word of content: half within {content['p50_s']:.2f} s, "
        f"nine of ten {content['p90_s']:.2f} s",
    ]
    for name, seconds in result["parts"].items():
        told.append(
            f"  {_PARTS[name]}: "
            + ("not noted" if seconds is None else f"{seconds:.2f} s (median)")
        )
    told.append(f"memory of all its processes at most {result['memory_mb']} MB")
    return "\n".join(told)


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
