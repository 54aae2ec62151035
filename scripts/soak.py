"""How calls hold out: `make soak`; python scripts/soak.py [--real MINUTES] [--simulated MINUTES].

Real: one call on a virtual sound card (PulseAudio) with a core kept busy by another program; real
speech into the microphone, Whisper, a voice out of the speaker. Simulated: one call on a clock that
jumps, with a stand-in for each engine and everything else real, down to the files. In both the
customer never tires, so that the call lasts as long as it is asked to.

Exit code 1 when sound was lost, memory grew or the recording has a hole. Needs what the tests need.
"""

import argparse
import asyncio
import faulthandler
import json
import os
import platform
import sys
import tempfile
import time
from contextlib import nullcontext
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from tests.conversation.fakes import Hum, Loudness, QueuedWords, TurnsLine  # noqa: E402
from tests.pulse import Pulse, running  # noqa: E402
from trainer import settings  # noqa: E402
from trainer.acts.reader import Reader  # noqa: E402
from trainer.audio.device_line import DeviceLine  # noqa: E402
from trainer.cli import compose  # noqa: E402
from trainer.cli.machine import busy_core, family, memory_mb  # noqa: E402
from trainer.conversation.call import Level, Notice  # noqa: E402
from trainer.conversation.machine import State  # noqa: E402
from trainer.conversation.spoken import SpokenCall  # noqa: E402
from trainer.customer.customer import Customer  # noqa: E402
from trainer.customer.respond import Stimulus  # noqa: E402
from trainer.domain.audio import RATE, Samples  # noqa: E402
from trainer.domain.events import Event, StateChanged, TurnTaken  # noqa: E402
from trainer.domain.mood import Status  # noqa: E402
from trainer.domain.persona import VoiceChoice  # noqa: E402
from trainer.domain.plan import Reply, VoiceStyle  # noqa: E402
from trainer.domain.record import CallRecord  # noqa: E402
from trainer.ports.line import Frame  # noqa: E402
from trainer.review.response import response_times  # noqa: E402
from trainer.store import calls  # noqa: E402

PERSONA = "olsen-outage"
LINES = (
    "Let me look at the account first.",
    "I can see that there were several calls before this one.",
    "What happened when you rang us last week?",
    "And what did the technician tell you then?",
    "I have the dates in front of me now, one moment please.",
    "Which of the lights on the box are on?",
)
ROOM_DBFS = -62.0
WARM_S = 60
"""Memory is compared from here on: until then pages of the engines are still being touched."""

GROWTH_MB = 24
"""More growth than this in a call is a leak: a kept recording alone takes 3.8 MB a minute."""


class Tireless(Customer):
    """A customer who takes everything as if the call had just begun."""

    def _take(self, stimulus: Stimulus) -> Reply:
        before = self._inner
        reply = super()._take(stimulus)
        self._inner = replace(before, said=self._inner.said)
        return replace(reply, status=Status.OPEN)


class Memory:
    """What the whole program holds, noted now and then, MB."""

    def __init__(self) -> None:
        self.seen: list[tuple[float, float]] = []

    def note(self, at_s: float) -> None:
        """Now, `at_s` into the call."""
        total = sum(memory_mb(pid) or 0.0 for pid in family(os.getpid()))
        self.seen.append((at_s, total))

    def report(self, length_s: float) -> dict[str, float]:
        """First and last value and the growth between them, warm-up left out."""
        warm = [mb for at, mb in self.seen if at >= min(WARM_S, length_s / 3)] or [0.0]
        settled = warm[: max(1, len(warm) // 5)]
        late = warm[-max(1, len(warm) // 5) :]
        return {
            "memory_mb": round(max(mb for _, mb in self.seen)),
            "growth_mb": round(float(np.median(late) - np.median(settled)), 1),
        }


def simulated(minutes: float) -> dict[str, Any]:
    """A call on a clock that jumps, written to disk like any other."""
    who = compose.cast(settings.load(), PERSONA, 1)
    memory = Memory()

    class Watched(TurnsLine):
        """Notes the memory every minute of the call."""

        def read(self) -> Frame | None:
            if self._at % (60 * RATE) < 512:
                memory.note(self._at / RATE)
            return super().read()

        def cue(self) -> bool:
            return self._at < minutes * 60 * RATE and super().cue()

    async def call(folder: Path) -> Path:
        sink = compose.open_record(
            settings.load(data_dir=folder), who, 1, "spoken", folder / "call"
        )
        line = Watched(*[20.0] * int(minutes * 3 + 1))
        line._ends = minutes * 60 + 600
        spoken = SpokenCall(
            who,
            Tireless(who, Reader(None, []), 1),
            sink,
            lambda _: None,
            line=line,
            meter=Loudness(),
            stt=QueuedWords(LINES * int(minutes + 1)),
            voices=[Hum()],
        )
        try:
            await spoken.run()
        finally:
            sink.close()
        return sink.folder

    began = time.monotonic()
    with tempfile.TemporaryDirectory() as folder:
        record = calls.load(asyncio.run(call(Path(folder))))
        return {
            "minutes": round(len(record.agent) / RATE / 60, 1),
            "took_s": round(time.monotonic() - began, 1),
            **_counted(record),
            **memory.report(minutes * 60),
        }


def real(minutes: float, busy: bool) -> dict[str, Any]:
    """A call with real engines and devices, at the pace of the clock."""
    memory = Memory()
    with tempfile.TemporaryDirectory() as folder, running() as card:
        os.environ.update(card.env)
        with busy_core() if busy else nullcontext():
            call = _Real(card, minutes, memory)
            record = calls.load(asyncio.run(call.run(Path(folder) / "call")))
        gaps = response_times(record)
        return {
            "minutes": round(len(record.agent) / RATE / 60, 1),
            "busy": busy,
            "overruns": call.line.overruns(),
            "underruns": call.line.underruns(),
            "lost_s": round(call.line.lost / RATE, 2),
            "p50_s": round(float(np.percentile(gaps, 50)), 2) if gaps else None,
            "p90_s": round(float(np.percentile(gaps, 90)), 2) if gaps else None,
            "agent_said": call.said,
            "engines": record.meta["engines"],
            **_counted(record),
            **memory.report(minutes * 60),
        }


class _Line(DeviceLine):
    """Counts what was lost."""

    lost = 0

    def read(self) -> Frame | None:
        frame = super().read()
        self.lost += frame.gap if frame is not None else 0
        return frame


class _Real:
    """One call, and the agent who takes it: speaks whenever the floor is theirs."""

    def __init__(self, card: Pulse, minutes: float, memory: Memory) -> None:
        self.line = _Line()
        self.said = 0
        self._card = card
        self._seconds = minutes * 60
        self._memory = memory
        self._floor = asyncio.Event()

    async def run(self, out: Path) -> Path:
        """Until the time is over; returns the folder."""
        given = settings.load(wording="authored", echo="headset", data_dir=out.parent)
        who = compose.cast(given, PERSONA, 1)
        engines = await compose.load(given, listen=True)
        sink = compose.open_record(given, who, 1, "spoken", out)
        try:
            engines.require("words", "stt", "voice")
            compose.note_engines(sink, engines)
            agent = VoiceChoice.model_validate({"register": "high"})
            turns = [await _sound(engines.voices[0], text, agent) for text in LINES]
            call = compose.spoken(given, who, engines, self.line, sink, 1, self._seen)
            call.dialogue.customer = Tireless(who, Reader(engines.embedding, []), 1)
            room = self._card.play(_hiss(self._seconds + 30))
            beside = [asyncio.create_task(each) for each in (self._speak(turns), self._watch(call))]
            try:
                await call.run()
            finally:
                for task in beside:
                    task.cancel()
                await asyncio.gather(*beside, return_exceptions=True)
                room.kill()
                room.wait()
        finally:
            sink.close()
            await engines.close()
        return sink.folder

    def _seen(self, what: Event | Level | Notice) -> None:
        if isinstance(what, StateChanged):
            if what.after == State.LISTENING:
                self._floor.set()
            else:
                self._floor.clear()

    async def _speak(self, turns: list[Samples]) -> None:
        while True:
            await self._floor.wait()
            await asyncio.sleep(0.6)
            if self._floor.is_set():
                self._floor.clear()
                turn = turns[self.said % len(turns)]
                self.said += 1  # begun: the call may end, and take its turn, before the sound does
                if not await asyncio.to_thread(self._card.heard, turn):
                    self.said -= 1  # a stream that stays mute: nothing was said
                    self._floor.set()

    async def _watch(self, call: SpokenCall) -> None:
        began = time.monotonic()
        asyncio.get_running_loop().call_later(self._seconds, call.end)
        while True:
            await asyncio.to_thread(self._memory.note, time.monotonic() - began)
            await asyncio.sleep(5)


async def _sound(voice: Any, text: str, choice: VoiceChoice) -> Samples:
    return np.concatenate([piece async for piece in voice.speak(text, choice, VoiceStyle())])


def _hiss(seconds: float) -> Samples:
    noise = np.random.default_rng(1).normal(size=int(seconds * RATE))
    return (noise * 10 ** (ROOM_DBFS / 20)).astype(np.float32)


def _turns(record: CallRecord, who: str) -> int:
    return sum(isinstance(event, TurnTaken) and event.who == who for event in record.events)


def _counted(record: CallRecord) -> dict[str, Any]:
    """Turns, how it ended, and whether the recording reaches as far as the call."""
    over = record.events[-1]
    return {
        "agent_turns": _turns(record, "agent"),
        "customer_turns": _turns(record, "customer"),
        "ended": str(getattr(over, "status", "not at all")),
        "recording_short_s": round((over.t - len(record.agent)) / RATE, 3),
    }


def faults(found: dict[str, dict[str, Any]]) -> list[str]:
    """What must not be."""
    said = []
    for kind, call in found.items():
        for name in ("overruns", "lost_s"):
            if call.get(name):
                said.append(f"{kind}: {name} {call[name]}")
        if call["agent_turns"] > call.get("agent_said", call["agent_turns"]):
            said.append(f"{kind}: {call['agent_turns']} turns of {call['agent_said']} were heard")
        if abs(call["recording_short_s"]) > 0.1:
            said.append(f"{kind}: the recording lacks {call['recording_short_s']} s")
        if call["growth_mb"] > GROWTH_MB:
            said.append(f"{kind}: memory grew by {call['growth_mb']} MB")
        if call["ended"] in ("aborted", "not at all"):
            said.append(f"{kind}: ended {call['ended']}")
    return said


COLUMNS = (
    "date",
    "machine",
    "call",
    "minutes",
    "turns of the agent",
    "overruns",
    "underruns",
    "lost",
    "half of the answers within, nine of ten",
    "memory, growth",
)
HEAD = f"""# Soak

`make soak` appends a line for each call. One of real minutes, on a virtual sound card with a core
kept busy by another program: real speech, Whisper, a voice. One of simulated minutes: stand-ins for
the engines, everything else real. Overruns and lost sound must be 0. Memory is that of all
processes; its growth counts after the first minute.

| {" | ".join(COLUMNS)} |
|{"---|" * len(COLUMNS)}
"""


def row(kind: str, call: dict[str, Any]) -> str:
    """One line of the table."""
    machine = f"{os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}"
    if own := os.nice(0):
        machine += f", niceness {own}"
    answers = f"{call['p50_s']} s, {call['p90_s']} s" if call.get("p50_s") else "–"
    cells = [
        f"{datetime.now(UTC):%Y-%m-%d}",
        f"{platform.system()}, {machine}",
        kind + (", one core busy" if call.get("busy") else ""),
        call["minutes"],
        call["agent_turns"],
        call.get("overruns", "–"),
        call.get("underruns", "–"),
        f"{call['lost_s']} s" if "lost_s" in call else "–",
        answers,
        f"{call['memory_mb']} MB, {call['growth_mb']:+} MB",
    ]
    return "| " + " | ".join(map(str, cells)) + " |\n"


def main() -> int:
    """Run what was asked for."""
    ask = argparse.ArgumentParser(description="Long calls: is sound lost, does memory grow?")
    ask.add_argument("--real", type=float, default=10, help="minutes on devices; 0: none")
    ask.add_argument("--simulated", type=float, default=60, help="minutes on a jumping clock")
    ask.add_argument("--idle", action="store_true", help="keep no core busy meanwhile")
    ask.add_argument("--write", type=Path, help="append the results to this document")
    ask.add_argument("--json", action="store_true")
    asked = ask.parse_args()
    faulthandler.dump_traceback_later(60 * asked.real + 10 * asked.simulated + 180, exit=True)
    found: dict[str, dict[str, Any]] = {}
    if asked.simulated:
        found["simulated"] = simulated(asked.simulated)
    if asked.real:
        found["real"] = real(asked.real, not asked.idle)
    if asked.write:
        if not asked.write.exists():
            asked.write.write_text(HEAD, encoding="utf-8")
        with asked.write.open("a", encoding="utf-8") as document:
            document.writelines(row(kind, call) for kind, call in found.items())
    print(json.dumps(found, indent=None if asked.json else 2))
    for fault in faults(found):
        print(fault, file=sys.stderr)
    return 1 if faults(found) else 0


if __name__ == "__main__":
    sys.exit(main())
