"""`trainer bench turntaking`: does the customer wait, yield, and let themselves be listened to?

Synthetic agents hold real calls: real voice activity, echo cancelling, speech-to-text and voice, at
the pace of the engines. Everything is read from the two channels of each call's recording.
"""

import asyncio
import contextlib
import json
import os
import tempfile
from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Any, TextIO

import click
import numpy as np
from rich.console import Console
from rich.progress import Progress

from trainer import backends
from trainer import settings as preferences
from trainer.acts.reader import Reader
from trainer.audio.echo import LAG, CancelledLine
from trainer.audio.vad import Silero
from trainer.cli import bench_agents, compose
from trainer.conversation.spoken import SpokenCall
from trainer.conversation.turns import Policy
from trainer.conversation.words import Words
from trainer.domain.errors import BadInput, EngineMissing
from trainer.ports.line import Line
from trainer.ports.voice import Voice
from trainer.settings import Settings
from trainer.simulate.turntaking import score
from trainer.simulate.turntaking.cases import FULL, QUICK, Agents, cases, human, lines
from trainer.simulate.turntaking.line import RoomLine
from trainer.simulate.turntaking.moves import Case
from trainer.simulate.turntaking.summary import curve_point, summary
from trainer.simulate.turntaking.talkative import Talkative
from trainer.simulate.turntaking.working import AtWork, CountedEars, CountedVoice
from trainer.store.calls import load

_CUSTOMER = "olsen-outage"


@click.command("turntaking")
@click.option("--quick", is_flag=True, help="A few of each, in about two minutes.")
@click.option("--case", "only", multiple=True, help="Only calls whose name contains this.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
@click.option(
    "--details",
    type=click.File("w", encoding="utf-8", lazy=False),
    help="Write what came of every move to this file (JSONL).",
)
@click.option(
    "--keep", type=click.Path(path_type=Path), help="Keep the calls' recordings in this folder."
)
def command(
    quick: bool, only: tuple[str, ...], as_json: bool, details: TextIO | None, keep: Path | None
) -> None:
    """Agents who think, murmur, interrupt, cough and sit in noisy rooms, in whole calls.

    People's recordings come from the folder that TRAINER_EVAL_DATA names, when it is set, and are
    reported apart.
    """
    with contextlib.ExitStack() as after:
        folder = keep or Path(after.enter_context(tempfile.TemporaryDirectory()))
        given = preferences.load(wording="authored", data_dir=folder)
        held = asyncio.run(_all(given, folder, quick, only, details))
    result = summary([call.seen for call in held if not call.on_curve])
    result["curve"] = [
        curve_point(call.case.patience, [call.seen]) for call in held if call.on_curve
    ]
    result["from"] = "recording"
    result["load"] = round(os.getloadavg()[0], 1)
    click.echo(json.dumps(result) if as_json else _told(result))


@dataclass(frozen=True)
class _Held:
    """One call that was held, and what its recording shows."""

    name: str
    case: Case
    seen: score.Seen

    @property
    def on_curve(self) -> bool:
        """Whether it is a point of cut-ins against delay."""
        return self.name.startswith("patience ")


@dataclass(frozen=True)
class _Bench:
    """What every call of the benchmark runs on."""

    given: Settings
    folder: Path
    engines: compose.Engines
    stories: tuple[str, ...]


def _wanted(names: Iterable[str], only: tuple[str, ...]) -> list[str]:
    known = list(names)
    wanted = [name for name in known if not only or any(part in name for part in only)]
    if not wanted:
        raise BadInput(
            f"No call here has {' or '.join(f'“{part}”' for part in only)} in its name.",
            f"Known: {', '.join(f'“{name}”' for name in known)}.",
        )
    return wanted


async def _all(
    given: Settings, folder: Path, quick: bool, only: tuple[str, ...], told: TextIO | None
) -> list[_Held]:
    words = lines(given.content_roots())
    built = cases(QUICK if quick else FULL)
    people = human(*bench_agents.people(quick))
    names = _wanted((*built, *people), only)
    async with contextlib.AsyncExitStack() as after:
        progress = after.enter_context(Progress(console=Console(stderr=True)))
        task = progress.add_task("Engines load", total=None)
        engines = await compose.load(given, listen=True)
        after.push_async_callback(engines.close)
        engines.require("words", "stt", "voice")
        assert engines.stt is not None
        if not engines.voices:
            raise EngineMissing("There is no voice to speak with.", "trainer config set voice auto")
        plain: Voice = backends.make("tts", "pyttsx3")
        after.push_async_callback(plain.close)
        await plain.warm()
        told_of = partial(progress.update, task)
        speakers = bench_agents.Speakers(
            engines.voices[0], plain, lambda text: told_of(description=f"rehearsing: {text:.40}")
        )
        bench = _Bench(given, folder, engines, tuple(words["stories"]))
        progress.update(task, total=len(names))
        seen = []
        for name in names:
            number = (*built, *people).index(name)
            if name in built:
                case = await built[name](Agents(words, speakers.say, engines.stt.align, 3 * number))
            else:
                case = people[name]
            told_of(description=name)
            seen.append(_Held(name, case, await _call(bench, name, case, number)))
            told_of(advance=1)
            if told is not None:  # at once: what was measured outlives a bench that is stopped
                told.write(_line(seen[-1]))
                told.flush()
        return seen


async def _call(bench: _Bench, name: str, case: Case, number: int) -> score.Seen:
    """Hold one call and read its recording."""
    who = compose.cast(bench.given, _CUSTOMER, number)
    # an agent who waits for nothing must not be asked whether they are there
    who = replace(who, temper=who.temper.model_copy(update={"presence_s": 1e6}))
    out = bench.folder / f"{number:02d}"
    sink = compose.open_record(bench.given, who, number, "spoken", out)
    at_work = AtWork()
    assert bench.engines.stt is not None
    voice = CountedVoice(bench.engines.voices[0], at_work, lambda: call.pump.clock)
    room = RoomLine(case, number)
    echoes = case.room.echo_db is not None
    line: Line = CancelledLine(room) if echoes else room
    reader = Reader(bench.engines.embedding, bench.given.content_roots())
    call = SpokenCall(
        who,
        Talkative(who, reader, number, bench.stories if case.chatty else ()),
        sink,
        lambda what: None,
        line=line,
        meter=Silero(),
        stt=CountedEars(bench.engines.stt, at_work),
        voices=[voice],
        words=Words(roots=tuple(bench.given.content_roots())),
        policy=Policy(patience=case.patience),
        at_work=at_work,
    )
    room.over = call.stop
    try:
        await call.run()
    finally:
        sink.close()
    record = load(out)
    late = LAG if echoes else 0
    done = [replace(one, start=one.start + late, end=one.end + late) for one in room.agent.done]
    customer = np.asarray(record.customer, np.float32)
    return score.read(name, case, done, customer, record.events, voice.spoken)


def _line(call: _Held) -> str:
    told: list[dict[str, Any]] = [vars(one) for one in call.seen.outcomes]
    told += [{"case": call.name, "phantom": kind, "at_s": at} for kind, at in call.seen.phantoms]
    told += [{"case": call.name, "self_interruption": at} for at in call.seen.self_interruptions]
    return "".join(json.dumps({"patience": call.case.patience, **one}) + "\n" for one in told)


def _told(result: dict[str, Any]) -> str:
    gap, latency = result["response_gap_s"], result["yield_latency_s"]
    lines = [
        f"answers after a whole turn: half within {_s(gap['p50'])}, nine of ten {_s(gap['p90'])}",
        f"cut-ins on an agent who thinks: {_n(result['cut_ins_per_turn'])} a turn, "
        f"by pause: {_pairs(result['cut_ins_by_pause'])}",
        f"yields when interrupted: {_n(result['yield_rate'])} of the time, "
        f"half within {_s(latency['p50'])}, nine of ten {_s(latency['p90'])}",
        f"goes on when only listened to: {_n(result['backchannel_selectivity'])}; "
        f"when there is noise: {_pairs(result['undisturbed_by'])}",
        f"interrupted themselves: {result['self_interruptions']} of "
        f"{result['customer_turns']} turns",
        f"took for a turn what was none: {result['phantom_turns']} "
        f"({_pairs(result['phantoms_by_kind']) or 'nothing'})",
        f"did not answer: {result['missed_turns']} ({_pairs(result['missed_by_kind']) or 'never'})",
        f"silence between two clauses because the next was not ready: nine of ten within "
        f"{_s(result['waits_between_clauses_s']['p90'])}",
        "median answer by kind: "
        + ", ".join(f"{kind} {_s(one['p50'])}" for kind, one in result["gap_by_kind"].items()),
    ]
    people = result["human"]
    if people["n"]:
        lines.append(
            f"people: answers {_s(people['response_gap_s']['p50'])}, cut-ins "
            f"{_n(people['cut_ins_per_clean_turn'])} a turn, yields {_n(people['yield_rate'])}, "
            f"half within {_s(people['yield_latency_s']['p50'])}"
        )
    if result["curve"]:
        lines.append(
            "patience  cut-ins, thinking  cut-ins, whole turns  half of the answers within"
        )
        lines += [
            f"{one['patience']:8.2f}  {_n(one['cut_ins_per_turn']):>17}  "
            f"{_n(one['cut_ins_per_clean_turn']):>20}  {_s(one['p50_s']):>26}"
            for one in result["curve"]
        ]
    return "\n".join(lines)


def _s(seconds: float | None) -> str:
    return "not measured" if seconds is None else f"{seconds:.2f} s"


def _n(rate: float | None) -> str:
    return "not measured" if rate is None else f"{rate:.2f}"


def _pairs(table: dict[str, float | None]) -> str:
    return ", ".join(f"{name} {'–' if n is None else f'{n:g}'}" for name, n in table.items())
