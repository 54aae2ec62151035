"""The calls of the benchmark: every kind of move, in the rooms it is worth trying in."""

from collections.abc import Awaitable, Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import partial
from itertools import count
from pathlib import Path
from typing import Any, TypeAlias

import numpy as np

from trainer.content import prompts
from trainer.domain.audio import Samples, samples
from trainer.domain.transcript import Word
from trainer.simulate.turntaking import sounds
from trainer.simulate.turntaking.moves import Case, Kind, Move, Room

Say: TypeAlias = Callable[[str, int], Awaitable[Samples]]
"""Speaks a text with the voice of this number; there is a voice for every number."""

Align: TypeAlias = Callable[[Samples, str], Awaitable[Sequence[Word]]]
"""When each word of a text is spoken in a sound."""

Build: TypeAlias = "Callable[[Agents], Awaitable[Case]]"
"""Makes one case with the agents given."""

PATIENCES = (0.5, 0.75, 1.0, 1.5, 2.0)
_PAUSES_S = (0.6, 0.9, 1.2, 1.6, 2.0, 2.5)
_LEVELS_DB, _DELAYS_S = (-30.0, -20.0, -10.0), (0.03, 0.12, 0.25)
_LOUDSPEAKER = Room(echo_db=-20.0, delay_s=0.12)
_ROOM_S = 300.0


@dataclass(frozen=True)
class Size:
    """How much of everything: moves of a kind, seconds of room noise, points of the curve."""

    turns: int
    pauses: tuple[float, ...]
    each_pause: int
    over: int
    noises: int
    room_s: float
    levels_db: tuple[float, ...]
    delays_s: tuple[float, ...]
    patiences: tuple[float, ...]


FULL = Size(24, _PAUSES_S, 4, 10, 4, _ROOM_S, _LEVELS_DB, _DELAYS_S, PATIENCES)
QUICK = Size(2, (0.6, 1.6), 1, 1, 1, 20.0, (-20.0,), (0.12,), (0.5, 2.0))


class Agents:
    """Makes the moves of one case.

    Voices and lines go round from `number` on: no kind depends on one of them, and a case is the
    same whether or not others are tried beside it.
    """

    def __init__(self, lines: dict[str, Any], say: Say, align: Align, number: int) -> None:
        self._lines = lines
        self._say = say
        self._align = align
        self._voice = count(number)
        self._begin = number
        self._at: dict[str, int] = {}
        self._chance = np.random.default_rng(number)

    async def turn(self, kind: Kind = "clean") -> Move:
        """A whole sentence."""
        text = self._next("turns")
        return Move(
            kind, await self._spoken(text, next(self._voice)), said=text, after_s=self._wait()
        )

    async def broken(self, kind: Kind, pause_s: float) -> Move:
        """A sentence with a silence in it.

        It is spoken whole and cut: half a sentence spoken by itself falls at its end, as if that
        were all. A sound of hesitation is spoken by itself.
        """
        first, rest = self._next("broken" if kind == "pause" else "hesitant")
        voice = next(self._voice)
        if kind == "pause":
            whole = await self._spoken(f"{first} {rest}", voice)
            words = await self._align(whole, f"{first} {rest}")
            parts = sounds.halves(whole, words[len(first.split()) - 1].end_s)
        else:
            parts = await self._spoken(first, voice), await self._spoken(rest, voice)
        sound = sounds.broken(parts, pause_s)
        return Move(kind, sound, said=f"{first} … {rest}", pause_s=pause_s, after_s=self._wait())

    async def over(self, kind: Kind) -> Move:
        """Something while the customer speaks."""
        after_s = float(self._chance.uniform(1.2, 3.0))
        if kind in ("cough", "keyboard"):
            return replace(self.noise(kind), over=True, after_s=after_s)
        text = self._next("murmurs" if kind == "backchannel" else "interruptions")
        voice = next(self._voice)
        hummed = kind == "backchannel" and text in self._lines["hums"]
        sound = sounds.hum(voice) if hummed else await self._spoken(text, voice)
        return Move(kind, sound, over=True, after_s=after_s, said=text)

    def noise(self, kind: Kind) -> Move:
        """A cough, or some typing."""
        seed = next(self._voice)
        sound = sounds.cough(seed) if kind == "cough" else sounds.keyboard(2.0, seed=seed)
        return Move(kind, sound, said=kind, after_s=self._wait())

    async def others(self) -> Move:
        """Somebody else in the room, 20 dB below the agent."""
        voice = next(self._voice)
        sound = await self._spoken(self._next("others"), voice)
        return Move(
            "background_talk",
            sounds.far(sound, sounds.SPEECH_DB - 20, voice),
            after_s=self._wait(),
            said="somebody else",
        )

    async def _spoken(self, text: str, voice: int) -> Samples:
        return sounds.trimmed(sounds.levelled(await self._say(text, voice)))

    def _next(self, name: str) -> Any:
        at = self._at[name] = self._at.get(name, self._begin - 1) + 1
        return self._lines[name][at % len(self._lines[name])]

    def _wait(self) -> float:
        return float(self._chance.uniform(1.3, 1.8))


def lines(roots: Sequence[Path]) -> dict[str, Any]:
    """What is said: prompts/turntaking.yaml."""
    return prompts.data("turntaking.yaml", roots)


def cases(size: Size) -> dict[str, Build]:
    """Every call by name, the points of the curve last."""
    turns, few = size.turns, max(1, size.turns // 3)
    made: dict[str, Build] = {
        "clean": lambda agents: _turns(agents, "clean", turns),
        "thinking": lambda agents: _thinking(agents, size),
        "over, headset": lambda agents: _over(agents, "clean", size),
        "over, loudspeaker": lambda agents: _over(agents, "echo", size, _LOUDSPEAKER),
        "silence": lambda agents: _noises(agents, size),
        "room noise": lambda agents: _empty_room(size.room_s),
        "phone": lambda agents: _phone(agents, few),
        "snr 20": lambda agents: _turns(agents, "snr_20", few, _noisy(20.0)),
        "snr 10": lambda agents: _turns(agents, "snr_10", few, _noisy(10.0)),
    }
    for level_db in size.levels_db:
        for delay_s in size.delays_s:
            room = Room(echo_db=level_db, delay_s=delay_s)
            name = f"echo {level_db:.0f} dB, {1000 * delay_s:.0f} ms"
            made[name] = partial(_turns, kind="echo", many=max(1, few // 4), room=room, chatty=True)
    for patience in size.patiences:
        made[f"patience {patience:g}"] = partial(_point, size=size, patience=patience)
    return made


def human(
    whole: Sequence[tuple[str, Samples]], short: Sequence[tuple[str, Samples]]
) -> dict[str, Case]:
    """People's recordings: as turns, and, the `short` ones, as interruptions."""
    chance = np.random.default_rng(0)
    turns = [Move("clean", _ready(sound), human=True, said=name) for name, sound in whole]
    made = {"people": Case(tuple(turns))} if turns else {}
    over: list[Move] = []
    for (name, sound), turn in zip(short, _round(turns, len(short)), strict=True):
        after_s = float(chance.uniform(1.2, 3.0))
        spoken = Move("interruption", _ready(sound), True, after_s, True, name)
        over += [turn, spoken]
    if over:
        made["people, interrupting"] = Case(tuple(over), chatty=True)
    return made


def _round(turns: Sequence[Move], many: int) -> Iterator[Move]:
    shortest = sorted(turns, key=lambda move: len(move.sound))[:3]
    for at in range(many):
        yield shortest[at % len(shortest)]


def _ready(sound: Samples) -> Samples:
    return sounds.trimmed(sounds.levelled(sound))


async def _turns(
    agents: Agents, kind: Kind, many: int, room: Room | None = None, chatty: bool = False
) -> Case:
    moves = [await agents.turn(kind) for _ in range(many)]
    return Case(tuple(moves), room or Room(), chatty=chatty)


async def _thinking(agents: Agents, size: Size) -> Case:
    made = [await agents.broken("pause", s) for s in size.pauses for _ in range(size.each_pause)]
    made += [await agents.broken("filler", s) for s in (0.9, 1.6) for _ in range(size.each_pause)]
    return Case(tuple(made))


async def _point(agents: Agents, size: Size, patience: float) -> Case:
    """The same turns at every patience, to see what is paid for what."""
    many = -(-size.each_pause // 2)
    made = [await agents.broken("pause", s) for s in size.pauses for _ in range(many)]
    made += [await agents.turn() for _ in range(max(1, size.turns // 4))]
    return Case(tuple(made), patience=patience)


async def _over(agents: Agents, turn: Kind, size: Size, room: Room | None = None) -> Case:
    kinds: list[Kind] = ["backchannel", "interruption"] * size.over
    kinds += ["cough", "keyboard"] * size.noises
    moves: list[Move] = []
    for kind in kinds:
        moves += [await agents.turn(turn), await agents.over(kind)]
    return Case(tuple(moves), room or Room(), chatty=True)


async def _noises(agents: Agents, size: Size) -> Case:
    made = [await agents.turn(), await agents.turn()]  # so that it is known who the agent is
    for _ in range(size.noises):
        made += [agents.noise("cough"), agents.noise("keyboard"), await agents.others()]
    return Case(tuple(made))


async def _empty_room(seconds: float) -> Case:
    nothing = Move("room_noise", np.zeros(samples(seconds), np.float32), said="the room alone")
    return Case((nothing,), Room(noise_db=-50.0, lively=True))


async def _phone(agents: Agents, many: int) -> Case:
    clear = [await agents.turn("phone_band") for _ in range(many)]
    heard = [replace(m, sound=sounds.trimmed(sounds.phone_band(m.sound))) for m in clear]
    return Case(tuple(heard), Room(phone=True))


def _noisy(snr_db: float) -> Room:
    return Room(noise_db=sounds.SPEECH_DB - snr_db)
