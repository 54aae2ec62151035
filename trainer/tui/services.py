"""What the screens need from the rest of the program, as plain data and callables.

`trainer.tui.program` fills a `Services`; tests fill one with a script. So no screen knows an
engine, a file format or a command, and every screen can be shown without any of them.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, Protocol

if TYPE_CHECKING:  # heavy, and not needed for the first paint
    from trainer.domain.persona import Cast
    from trainer.review.track import Track
    from trainer.tui.again import Again
    from trainer.tui.care import Care
    from trainer.tui.own import Own
    from trainer.tui.session import Observer, OpenCall
    from trainer.tui.workshop import Workshop


@dataclass(frozen=True)
class CustomerItem:
    """One line of the customer list.

    Attributes:
        difficulty: 1..5.
        trains: what the call exercises, in words.
        notes: content notes: what may be hard to hear.
        lead: the feeling they lead with, in words.
    """

    name: str
    title: str
    who: str
    difficulty: int
    trains: tuple[str, ...]
    notes: tuple[str, ...] = ()
    lead: str = ""
    about: str = ""


@dataclass(frozen=True)
class CallItem:
    """One line of the list of last calls. `csat` is the simulated customer's rating, 1..5."""

    folder: Path
    title: str
    started: datetime
    seconds: float
    status: str
    csat: float | None = None


Part = Literal["stt", "words", "voice", "wording", "judge"]
Phase = Literal["waiting", "loading", "ready", "off", "missing"]


@dataclass(frozen=True)
class EngineState:
    """How far one engine is.

    Attributes:
        phase: `off` means that the settings do without it; `missing` that it cannot be had.
        name: engine and model, once known.
        hint: what to do when it is missing.
        leaves_machine: words or sound go to another machine.
    """

    part: Part
    phase: Phase
    name: str = ""
    hint: str = ""
    leaves_machine: bool = False


@dataclass(frozen=True)
class DeviceNames:
    """Microphones and speakers by name, the system's choice first."""

    inputs: tuple[str, ...] = ()
    outputs: tuple[str, ...] = ()


@dataclass(frozen=True)
class Point:
    """A moment on the mood curve: after one agent turn.

    Attributes:
        t_s: call time, seconds.
        value: strength of the lead feeling after it, 0..1.
        before: and before it.
        cause: why it moved, in words; empty when it did not.
        quote: the agent's words that caused it.
        start_s: where playing the moment begins.
        end_s: where it ends.
        marks: what else happened there, in words.
        voice: how the agent's turn sounded against the usual, in a word and a number; or empty.
        pace: the same of its pace.
    """

    turn: int
    t_s: float
    value: float
    before: float
    cause: str = ""
    quote: str = ""
    start_s: float = 0.0
    end_s: float = 0.0
    marks: tuple[str, ...] = ()
    voice: str = ""
    pace: str = ""


@dataclass(frozen=True)
class Remark:
    """One remark of the feedback: never without a quote or a number.

    Attributes:
        heading: what was done, in a sentence.
        behaviour: name of the rubric's behaviour.
        theirs: what the customer had just said.
    """

    heading: str
    behaviour: str = ""
    theirs: str = ""
    quote: str = ""
    number: str = ""
    effect: str = ""
    say_instead: str = ""
    turn: int | None = None
    start_s: float | None = None
    end_s: float | None = None


@dataclass(frozen=True)
class Line:
    """One turn of the transcript."""

    turn: int
    who: Literal["agent", "customer", "unknown"]
    text: str
    start_s: float
    end_s: float
    source: str = ""


@dataclass(frozen=True)
class Debrief:
    """Everything the debrief screen shows; nothing here is made up by the screen."""

    folder: Path
    title: str
    customer: str
    status: str
    seconds: float
    spoken: bool
    csat: float | None = None
    feeling: str = ""
    story: tuple[str, ...] = ()
    points: tuple[Point, ...] = ()
    track: Track | None = None
    went_well: tuple[Remark, ...] = ()
    improve: tuple[Remark, ...] = ()
    action: Remark | None = None
    note: str = ""
    measures: tuple[tuple[str, str], ...] = ()
    not_measured: tuple[tuple[str, str], ...] = ()
    scores: tuple[tuple[str, str, str], ...] = ()
    critical: tuple[tuple[str, str], ...] = ()
    own: tuple[tuple[str, str], ...] = ()
    behind: tuple[tuple[str, str], ...] = ()
    agreed: tuple[tuple[str, str, str], ...] = ()
    transcript: tuple[Line, ...] = ()
    engines: tuple[tuple[str, str], ...] = ()
    files: tuple[tuple[str, Path], ...] = ()


@dataclass(frozen=True)
class JudgeStep:
    """How far the language model is that marks a finished call.

    Attributes:
        what: the behaviour it is asked about, in words; empty at the end.
        done: behaviours asked.
        of: behaviours in all.
        cost: what it cost so far, in words; empty when that is not known, or nothing.
    """

    what: str
    done: int
    of: int
    cost: str = ""


class SoundCheck(Protocol):
    """An open microphone and speaker, for the device check. Close it before a call starts."""

    def levels(self) -> AsyncIterator[float]:
        """The microphone's level, dB relative to full scale, about ten per second.

        Raises:
            EngineMissing: no microphone.
        """

    async def tone(self) -> None:
        """Play a short pleasant sound."""

    async def echo(self, seconds: float) -> float:
        """Record for `seconds`, then play it back; returns the loudest level heard, dB."""

    async def close(self) -> None:
        """Release the devices. Safe to call twice."""


Progress = Callable[[EngineState], None]

Judged = Callable[[JudgeStep], None]
"""Told how far the judge is, from the thread it works in."""


@dataclass(frozen=True)
class Services:
    """The program behind the screens. Callables may block: screens call them from threads.

    Attributes:
        customers: all customers that can be called.
        calls: recorded calls, newest first.
        cast: one customer made ready, the seed chooses the telling.
        warm: load the engines behind the home screen, telling each one's state; awaited once.
        open_call: a call ready to run: cast, typed?, observer. Raises EngineMissing, BadInput.
        debrief: the debrief of the call in a folder. Raises TrainerError.
        delete: remove every byte of a call.
        play: play seconds a..b of a call's recording; cancelling the task stops the sound.
        open_file: show a file in the desktop's own program; False where there is none.
        sound_check: microphone and speaker for the device check.
        echo_test: plays a voice and listens for its echo; (can be interrupted by voice, in words).
            Takes some seconds. Raises TrainerError.
        devices: names of what is plugged in.
        save: keep one setting in config.toml.
        workshop: what trainers work with.
        choices: setting name to (value, words) offered for it.
        close: end every engine; awaited when the app leaves.
        judge: let the model of the setting `judge` mark a finished call beside the rules, and keep
            the result (folder, progress, cancelled); nothing happens when it is off. Takes up to
            minutes. Raises TrainerError; whatever it raises, the result by rules stands.
        care: the warm-up, the private tap, breaks; None: nobody looks after the agent.
        own: the agent's own view of a call, asked before its debrief; None: nobody is asked.
        again: a moment of a call taken up again; None: it cannot be.
    """

    customers: Callable[[], Sequence[CustomerItem]]
    calls: Callable[[], Sequence[CallItem]]
    cast: Callable[[str], Cast]
    warm: Callable[[Progress], Awaitable[None]]
    open_call: Callable[[Cast, bool, Observer], Awaitable[OpenCall]]
    debrief: Callable[[Path], Debrief]
    delete: Callable[[Path], None]
    play: Callable[[Path, float, float], Awaitable[None]]
    open_file: Callable[[Path], bool]
    sound_check: Callable[[], SoundCheck]
    echo_test: Callable[[], tuple[bool, str]]
    devices: Callable[[], DeviceNames]
    save: Callable[[str, Any], None]
    workshop: Callable[[], Workshop]
    choices: dict[str, Sequence[tuple[str, str]]] = field(default_factory=dict)
    close: Callable[[], Awaitable[None]] | None = None
    judge: Callable[[Path, Judged, Callable[[], bool]], None] | None = None
    care: Care | None = None
    own: Own | None = None
    again: Again | None = None
