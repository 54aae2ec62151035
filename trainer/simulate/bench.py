"""The bench: every scripted agent against a customer, over seeds, on as many cores as there are."""

import multiprocessing
import os
import signal
import threading
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from trainer.acts.reader import Reader
from trainer.content import personas
from trainer.domain.persona import Cast
from trainer.ports.embedding import CrossEncoder, Embedding
from trainer.simulate import effects, scripts
from trainer.simulate.listening_verdict import Listening, listens
from trainer.simulate.remembered import remembered
from trainer.simulate.runs import Run, play, speaking
from trainer.simulate.verdict import AGENTS, BESIDE, Verdict, judge

MakeEmbedding = Callable[[], Embedding | None]
"""Makes the embedding in whichever process needs it; a function of a module, so that it travels."""

Progress = Callable[[int, int], None]
"""Told (parts done, parts in all)."""

FINDING = 18
"""Calls at least in which everything is asked for: example questions differ from call to call."""

WORTH_IT = 150
"""Calls from which starting more processes is quicker than waiting."""


@dataclass(frozen=True)
class Job:
    """Calls of one agent with one customer; or the search for idle fields, or the turns that try
    whether they listen.
    """

    persona: str
    agent: str
    seeds: int


_IDLE, _LISTENS = "", "does the customer listen?"
_PARTS = (_IDLE, _LISTENS, *AGENTS, *BESIDE)


@dataclass(frozen=True)
class Result:
    """What one job found: calls, idle fields, how the customer listens."""

    runs: tuple[Run, ...] = ()
    idle: tuple[str, ...] = ()
    listening: Listening | None = None


_readers: dict[tuple[Path, ...], tuple[Reader, bool]] = {}
"""By content roots: the reader of this process, and whether it has a fitted cross-encoder."""


def bench(
    names: Sequence[str],
    seeds: int,
    make: MakeEmbedding,
    roots: Sequence[Path] = (),
    workers: int | None = None,
    told: Progress = lambda done, total: None,
) -> Iterator[Verdict]:
    """Verdicts on customers, in the order of `names`, each as soon as its calls are done.

    Args:
        names: customers, by name or path.
        seeds: calls per agent; consecutive seeds go through the variants.
        make: makes the embedding; called once in each process.
        roots: extra content roots, later ones first in line.
        workers: processes; None: one for each core when there is enough to do.
        told: told how many parts of all are done; what it raises stops the bench.

    Raises:
        BadInput: a customer or an agent is missing or wrong.
    """
    for name in names:
        personas.load(name, roots, 0)  # a mistake in a file is told before anything is played
    jobs = [Job(name, one, seeds) for name in names for one in _PARTS]
    work = partial(_do, make=make, roots=tuple(roots))
    count = workers or _cores(len(names) * len(AGENTS) * seeds)
    if count == 1:
        yield from _verdicts(names, seeds, roots, _counted(map(work, jobs), len(jobs), told))
        return
    with ProcessPoolExecutor(count, mp_context=multiprocessing.get_context("spawn")) as pool:
        others = set(multiprocessing.active_children())
        with _unheard():
            played = pool.map(work, jobs)
        helpers = set(multiprocessing.active_children()) - others
        try:
            results = _counted(played, len(jobs), told)
            yield from _verdicts(names, seeds, roots, results)
        except BaseException:  # stopped: nobody waits for what is still being played
            for helper in helpers:
                helper.terminate()
            raise
        finally:
            pool.shutdown(cancel_futures=True)


@contextmanager
def _unheard() -> Iterator[None]:
    """Processes started inside do not hear Ctrl-C: who started them ends them, and says so once."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)


def _counted(results: Iterator[Result], total: int, told: Progress) -> Iterator[Result]:
    told(0, total)
    for done, result in enumerate(results, start=1):
        told(done, total)
        yield result


def _cores(calls: int) -> int:
    return max(1, os.cpu_count() or 1) if calls >= WORTH_IT else 1


def _verdicts(
    names: Sequence[str], seeds: int, roots: Sequence[Path], results: Iterator[Result]
) -> Iterator[Verdict]:
    for name in names:
        runs: list[Run] = []
        idle: list[str] = []
        listening: Listening | None = None
        for _ in _PARTS:
            found = next(results)
            runs += found.runs
            idle += found.idle
            listening = found.listening or listening
        yield judge(_casts(name, roots, seeds), runs, idle, listening)


def _casts(name: str, roots: Sequence[Path], seeds: int) -> list[Cast]:
    """The customer of each seed, until the variants start over."""
    variants = len(personas.read(name, roots)[0].scenario.variants)
    return [personas.load(name, roots, seed) for seed in range(min(seeds, variants))]


def _do(job: Job, make: MakeEmbedding, roots: tuple[Path, ...]) -> Result:
    if roots not in _readers:
        embedding = remembered(make())
        _readers[roots] = (Reader(embedding, roots), isinstance(embedding, CrossEncoder))
    reader, fitted = _readers[roots]
    if job.agent == _IDLE:
        return Result(idle=tuple(effects.idle(job.persona, reader)))
    if job.agent == _LISTENS:
        return Result(listening=listens(personas.load(job.persona, roots, 0), reader, fitted))
    casts = _casts(job.persona, roots, max(job.seeds, FINDING))
    written = scripts.read(job.agent, roots)
    played = []
    for seed in range(max(job.seeds, FINDING) if job.agent in BESIDE else job.seeds):
        cast = casts[seed % len(casts)]
        played.append(play(cast, speaking(job.agent, written, cast, seed), reader, seed))
    return Result(tuple(played))
