"""`trainer bench turntaking`: does the customer wait, yield, and let themselves be listened to?

Synthetic agents hold real calls: real voice activity, echo cancelling, speech-to-text and voice, at
the pace of the engines. Everything is read from the two channels of each call's recording.
"""

import asyncio
import contextlib
import json
import os
import tempfile
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, TextIO

import click
import numpy as np
from rich.console import Console
from rich.progress import Progress, TaskID

from trainer import backends
from trainer import settings as preferences
from trainer.acts.reader import Reader
from trainer.audio.echo import LAG, CancelledLine
from trainer.audio.vad import Silero
from trainer.cli import bench_agents, compose
from trainer.conversation.spoken import SpokenCall
from trainer.conversation.turns import Policy
from trainer.conversation.words import Words
from trainer.domain.errors import EngineMissing
from trainer.ports.line import Line
from trainer.ports.voice import Voice
from trainer.settings import Settings
from trainer.simulate.turntaking import score
from trainer.simulate.turntaking.cases import FULL, QUICK, Agents, cases, curve, human, lines
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
    type=click.Path(path_type=Path),
    help="Write what came of every move to this file (JSONL).",
)
@click.option(
    "--keep", type=click.Path(path_type=Path), help="Keep the calls' recordings in this folder."
)
def command(
    quick: bool, only: tuple[str, ...], as_json: bool, details: Path | None, keep: Path | None
) -> None:
    """Agents who think, murmur, interrupt, cough and sit in noisy rooms, in whole calls.

    People's recordings come from the folder that TRAINER_EVAL_DATA names, when it is set, and are
    reported apart.
    """
    with contextlib.ExitStack() as after:
        folder = keep or Path(after.enter_context(tempfile.TemporaryDirectory()))
        given = preferences.load(wording="authored", data_dir=folder)
        told = after.enter_context(details.open("w", encoding="utf-8")) if details else None
        seen = asyncio.run(_all(given, folder, quick, only, told))
    result = summary([call for case, call in seen if not _on_curve(case)])
    result["curve"] = [curve_point(case.patience, [call]) for case, call in seen if _on_curve(case)]
    result["from"] = "recording"
    result["load"] = round(os.getloadavg()[0], 1)
    click.echo(json.dumps(result) if as_json else _told(result))


def _on_curve(case: Case) -> bool:
    return case.name.startswith("patience ")


@dataclass(frozen=True)
class _Bench:
    """What every call of the benchmark runs on."""

    given: Settings
    folder: Path
    engines: compose.Engines
    stories: tuple[str, ...]


async def _all(
    given: Settings, folder: Path, quick: bool, only: tuple[str, ...], told: TextIO | None
) -> list[tuple[Case, score.Seen]]:
    size = QUICK if quick else FULL
    words = lines(given.content_roots())
    async with contextlib.AsyncExitStack() as after:
        progress = after.enter_context(Progress(console=Console(stderr=True)))
        task = progress.add_task("Engines load", total=None)
        engines = await compose.load(given, listen=True)
        after.push_async_callback(engines.close)
        engines.require("words", "stt", "voice")
        if not engines.voices:
            raise EngineMissing("There is no voice to speak with.", "trainer config set voice auto")
        plain: Voice = backends.make("tts", "pyttsx3")
        after.push_async_callback(plain.close)
        await plain.warm()
        speakers = bench_agents.Speakers(
            engines.voices[0],
            plain,
            lambda text: progress.update(task, description="The agents rehearse"),
        )
        agents = Agents(words, speakers.say)
        todo = [*await cases(agents, size), *human(*bench_agents.people(quick))]
        todo += await curve(agents, size)
        todo = [case for case in todo if not only or any(part in case.name for part in only)]
        bench = _Bench(given, folder, engines, tuple(words["stories"]))
        progress.update(task, total=sum(len(case.moves) for case in todo))
        return [
            (case, await _call(bench, case, at, progress, task)) for at, case in enumerate(todo)
        ]


async def _call(
    bench: _Bench, case: Case, number: int, progress: Progress, task: TaskID
) -> score.Seen:
    """Hold one call and read its recording."""
    progress.update(task, description=case.name)
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
    progress.advance(task, len(case.moves))
    customer = np.asarray(record.customer, np.float32)
    return score.read(case, done, customer, record.events, voice.spoken)


def _line(case: Case, call: score.Seen) -> str:
    told: list[dict[str, Any]] = [vars(one) for one in call.outcomes]
    told += [{"case": case.name, "phantom": kind, "at_s": at} for kind, at in call.phantoms]
    told += [{"case": case.name, "self_interruption": at} for at in call.self_interruptions]
    return "".join(json.dumps({"patience": case.patience, **one}) + "\n" for one in told)


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
