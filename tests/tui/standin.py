"""A scripted program behind the screens: a customer, a call that runs by itself, a debrief."""

import asyncio
import math
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from trainer.conversation.machine import State
from trainer.domain.errors import EngineMissing, TrainerError
from trainer.domain.events import (
    CallEnded,
    CallStarted,
    ClauseSpoken,
    Corrected,
    Event,
    Frozen,
    Happened,
    StateChanged,
    TurnTaken,
)
from trainer.domain.mood import Happening, Mood, Status
from trainer.domain.persona import Cast, Persona, Temper
from trainer.review.model import TrackMark
from trainer.review.track import Bar, Track
from trainer.settings import Settings
from trainer.simulate.verdict import Verdict
from trainer.tui.app import TrainerApp
from trainer.tui.care import Care
from trainer.tui.customer_files import CustomerFiles
from trainer.tui.own import Own
from trainer.tui.services import (
    CallItem,
    CustomerItem,
    Debrief,
    DeviceNames,
    EngineState,
    Line,
    Point,
    Progress,
    Remark,
    Services,
    SoundCheck,
)
from trainer.tui.session import Controls, Level, Notice, Observer, OpenCall
from trainer.tui.workshop import Workshop

CUSTOMERS = (
    CustomerItem(
        "olsen-outage",
        "Three days without internet, and the third technician never came",
        "Rita Olsen",
        3,
        (
            "Acknowledging a feeling before fixing",
            "Pausing before you answer heat",
            "Letting them finish",
        ),
        ("shouting",),
        "anger",
        "Runs a small dental lab from home. Talks fast, and remembers every date.",
    ),
    CustomerItem(
        "mercer-billing",
        "A bill she does not understand, and rent due on Friday",
        "June Mercer",
        2,
        ("Checking that you understood", "Speaking at an easy pace"),
        ("crying", "money trouble"),
        "anxiety",
        "Retired school secretary. Circles back to the same worry until it is answered.",
    ),
    CustomerItem(
        "voss-return",
        "A return refused twice. He has kept the e-mails",
        "Daniel Voss",
        4,
        ("Saying no with a reason", "No blame, no wall of policy"),
        (),
        "anger",
        "Contract lawyer. Ice-cold, courteous, keeps score.",
    ),
)


def cast() -> Cast:
    """A customer ready for a call."""
    persona = Persona.model_validate(
        {
            "title": CUSTOMERS[0].title,
            "extends": "volcano",
            "identity": {"name": "Rita Olsen", "age": 47, "about": CUSTOMERS[0].about},
            "difficulty": 3,
            "trains": ["E1", "SR2", "P1"],
            "content_notes": ["shouting"],
            "lead": "anger",
            "exits": ["hangs_up", "supervisor"],
            "need": "to_be_heard",
            "scenario": {
                "card": {
                    "company": "Northline Broadband",
                    "agent_role": "Customer care",
                    "situation": "No internet since Monday. Two visits are logged as done.",
                    "system": [
                        "Fault ticket open since Monday 08:10, area cabinet 14",
                        "Technician visits: Tuesday “customer absent”, Wednesday “access refused”",
                        "Next free slot: tomorrow 08:00–10:00",
                    ],
                    "may_grant": [
                        "A priority visit tomorrow, with a call half an hour before",
                        "Three days' fee credited",
                        "A mobile router by courier today",
                    ],
                    "may_not": [
                        "Compensation for lost earnings",
                        "Giving out a technician's number",
                    ],
                },
                "background": "The technician rang the wrong bell.",
                "demand": "Someone here today.",
                "facts": [
                    {
                        "id": "bell",
                        "text": "The bell is round the back.",
                        "line": "The bell's round the back.",
                        "asks": ["Where is the bell?"],
                        "keys": ["round the back"],
                    },
                ],
                "remedies": [
                    {
                        "id": "visit",
                        "examples": ["I can send someone tomorrow", "a visit tomorrow"],
                        "allowed": True,
                        "solves": 0.7,
                    },
                ],
                "variants": [{"id": name, "slots": {}} for name in ("a", "b", "c")],
            },
        }
    )
    return Cast(
        name="olsen-outage",
        persona=persona,
        temperament="volcano",
        variant="a",
        mood=Mood(anger=0.7),
        temper=Temper(),
        lines={},
        stock={},
        digest="0" * 64,
    )


@dataclass
class ScriptedCall:
    """A call that tells a fixed story and writes down what was wished of it."""

    see: Observer
    typed: bool
    wishes: list[tuple[str, Any]] = field(default_factory=list)
    turns: asyncio.Queue[Callable[[], None] | Status] = field(default_factory=asyncio.Queue)
    state: State = State.CONNECTING
    number: int = 1
    t: int = 0

    def _now(self) -> int:
        self.t += 16_000
        return self.t

    def go(self, state: State) -> None:
        self.see(StateChanged(t=self._now(), before=self.state, after=state, on="speech"))
        self.state = state

    def tell(self, event: Event | Level | Notice) -> None:
        self.see(event)

    def customer(self, *clauses: str) -> None:
        self.number += 1
        self.go(State.CUSTOMER_SPEAKING)
        for clause in clauses:
            self.see(
                ClauseSpoken(
                    t=self._now(), turn=self.number, generation=1, text=clause, source="authored"
                )
            )
        self.see(
            TurnTaken(
                t=self._now(),
                turn=self.number,
                who="customer",
                text=" ".join(clauses),
                start=0,
                end=1,
                source="authored",
            )
        )
        self.go(State.LISTENING)

    def agent(self, text: str) -> None:
        self.number += 1
        self.see(
            TurnTaken(
                t=self._now(),
                turn=self.number,
                who="agent",
                text=text,
                start=0,
                end=1,
                source="stt",
            )
        )
        self.go(State.THINKING)

    async def run(self) -> Status:
        self.see(
            CallStarted(
                t=0,
                persona="olsen-outage",
                variant="a",
                seed=1,
                mode="typed" if self.typed else "spoken",
                engines={},
                mood={},
            )
        )
        self.go(State.THINKING)
        self.customer("Three days.", "Three days without internet, and nobody has rung me once.")
        self.see(Level(-24.0, -60.0))
        while True:
            wish = await self.turns.get()
            if isinstance(wish, Status):
                self.see(CallEnded(t=self._now(), status=wish))
                self.go(State.ENDED)
                return wish
            wish()

    def talk(self, down: bool) -> None:
        self.wishes.append(("talk", down))

    def mute(self, on: bool) -> None:
        self.wishes.append(("mute", on))

    def hold(self, on: bool) -> None:
        self.wishes.append(("hold", on))
        self.go(State.ON_HOLD if on else State.LISTENING)
        kind = Happening.HOLD_START if on else Happening.HOLD_END
        self.see(Happened(t=self._now(), kind=kind, turn=self.number))

    def freeze(self, on: bool) -> None:
        self.wishes.append(("freeze", on))
        self.see(Frozen(t=self.t, turn=self.number, on=on))

    def say(self, text: str) -> None:
        self.wishes.append(("say", text))

        def answer() -> None:
            self.agent(text)
            self.customer("Right.", "And what does that mean for tomorrow?")

        self.turns.put_nowait(answer)

    def correct(self, turn: int, text: str) -> None:
        self.wishes.append(("correct", (turn, text)))
        self.see(Corrected(t=self._now(), turn=turn, before="", after=text))

    def end(self) -> None:
        self.wishes.append(("end", None))
        self.turns.put_nowait(Status.AGENT_ENDED)

    def stop(self) -> None:
        self.wishes.append(("stop", None))
        self.turns.put_nowait(Status.ABORTED)


class ScriptedSound:
    """A microphone in a quiet room where somebody speaks now and then."""

    def __init__(self, missing: bool = False) -> None:
        self.missing = missing
        self.did: list[str] = []

    async def levels(self) -> AsyncIterator[float]:
        if self.missing:
            raise EngineMissing(
                "No microphone was found.", "trainer practice --typed works without one."
            )
        for step in range(10_000):
            yield -52.0 + 30 * abs(math.sin(step / 9)) if step > 30 else -58.0
            await asyncio.sleep(0.04)

    async def tone(self) -> None:
        self.did.append("tone")

    async def echo(self, seconds: float) -> float:
        self.did.append("echo")
        return -18.0

    async def close(self) -> None:
        self.did.append("close")


def track() -> Track:
    """Seven turns of 6 s: the first two stand in for a warm-up, the third is raised."""
    voices = ((None, None), (None, None), (1.6, 1.3), (0.2, 0.8), (-0.4, 1.0), (0.6, 0.9), (0.1, 1))
    bars = tuple(
        Bar(2 * number + 1, 9 + 14.0 * number, 15 + 14.0 * number, z, pace)
        for number, (z, pace) in enumerate(voices)
    )
    marks = (TrackMark(kind="silence", turn=4, start_s=58, end_s=64),)
    return Track(131.0, bars, marks, "your first two turns")


def debrief(folder: Path, *, spoken: bool = True) -> Debrief:
    """A debrief with something in every part."""
    curve = (0.7, 0.78, 0.84, 0.66, 0.52, 0.38, 0.27, 0.18)
    quotes = (
        "As I said, you were not at home.",
        "Please calm down.",
        "I'm sorry. Three days, and we told you twice that someone came.",
        "So the bell is round the back, and they rang the front?",
        "I can have someone with you tomorrow at eight.",
        "You'll get a call half an hour before.",
        "Is there anything I missed?",
    )
    causes = (
        "blame",
        "dismissal",
        "acknowledgement",
        "reflection",
        "action",
        "a time frame",
        "check",
    )
    points = [Point(0, 2.0, curve[0], curve[0])]
    points += [
        Point(
            2 * number + 1,
            9.0 + 14 * number,
            curve[number + 1],
            curve[number],
            causes[number],
            quotes[number],
            9.0 + 14 * number,
            15.0 + 14 * number,
            ("She asked for a supervisor.",) if number == 1 else (),
            voice="raised (+1.6)" if number == 2 and spoken else "",
        )
        for number in range(7)
    ]
    lines = []
    for number, quote in enumerate(quotes):
        lines.append(
            Line(
                2 * number,
                "customer",
                "And nobody rang me. Not once.",
                4 + 14.0 * number,
                8 + 14.0 * number,
            )
        )
        lines.append(
            Line(2 * number + 1, "agent", quote, 9 + 14.0 * number, 15 + 14.0 * number, "stt")
        )
    return Debrief(
        folder=folder,
        title=CUSTOMERS[0].title,
        customer="Rita Olsen",
        status="satisfied",
        seconds=131.0,
        spoken=spoken,
        csat=3.8,
        feeling="anger",
        story=(
            "I rang because nobody had told me the truth for three days.",
            "When you said I was not at home, I nearly put the phone down.",
            "Then you said sorry and meant our three days, and I could breathe.",
            "Tomorrow at eight I will see. But I believe you.",
        ),
        points=tuple(points),
        track=track() if spoken else None,
        went_well=(
            Remark(
                "You named what happened to her",
                quotes[2],
                effect="Her anger fell from 84 to 66.",
                turn=5,
                start_s=37.0,
                end_s=43.0,
            ),
            Remark(
                "You checked that you understood",
                quotes[3],
                effect="She told you about the bell.",
                turn=7,
                start_s=51.0,
                end_s=57.0,
            ),
        ),
        improve=(
            Remark(
                "“Calm down” heats up",
                quotes[1],
                effect="Her anger rose from 78 to 84; she asked for a supervisor.",
                say_instead="You've waited three days. I'd be furious too. Let me look right now.",
                turn=3,
                start_s=23.0,
                end_s=29.0,
            ),
        ),
        action=Remark(
            "Say what you heard before you explain",
            quotes[0],
            effect="Her anger rose from 70 to 78.",
            say_instead="Our notes say “absent”, and you were at home. I believe you.",
            turn=1,
            start_s=9.0,
            end_s=15.0,
        ),
        measures=(
            ("Answer after", "0.9 s (median)"),
            ("Your share of the talk", "43 %"),
            ("Interruptions", "1"),
        ),
        not_measured=(("Delivery", "no warm-up recorded yet"),)
        if spoken
        else (("Delivery", "typed call"),),
        behind=(
            ("They asked for", "“Somebody here today.”"),
            ("What they needed", "somebody who sees what this did to them"),
            ("What had happened", "The technician rang the wrong bell."),
        ),
        transcript=tuple(lines),
        engines=(
            ("Hears you", "whisper base"),
            ("Speaks", "piper en_US-joe-medium"),
            ("Words", "authored 9, llm 4"),
        ),
        files=(("Report", folder / "report.html"), ("Recording", folder / "call.wav")),
    )


@dataclass
class Program:
    """The stand-in program: what the screens asked of it can be read back."""

    folder: Path
    fault: TrainerError | None = None
    sound: ScriptedSound = field(default_factory=ScriptedSound)
    customers: tuple[CustomerItem, ...] = CUSTOMERS
    engines: tuple[EngineState, ...] = (
        EngineState("stt", "ready", "whisper base"),
        EngineState("voice", "loading", "piper en_US-joe-medium"),
        EngineState("wording", "off", "authored lines"),
    )
    calls: list[ScriptedCall] = field(default_factory=list)
    saved: dict[str, Any] = field(default_factory=dict)
    deleted: list[Path] = field(default_factory=list)
    played: list[tuple[float, float]] = field(default_factory=list)
    opened: list[Path] = field(default_factory=list)
    spoken: bool = True
    own: Own | None = None
    care: Care | None = None

    async def _warm(self, progress: Progress) -> None:
        for state in self.engines:
            progress(replace(state, phase="loading"))
            progress(state)

    async def _open(self, cast: Cast, typed: bool, see: Observer) -> OpenCall:
        if self.fault and not typed:
            raise self.fault
        call = ScriptedCall(see, typed)
        self.calls.append(call)
        self.spoken = not typed
        return OpenCall(call, self.folder / "call")

    async def _play(self, folder: Path, start: float, end: float) -> None:
        self.played.append((start, end))

    def _last(self) -> list[CallItem]:
        now = datetime.now().astimezone()
        kept = [
            CallItem(
                self.folder / "one", "Rita Olsen", now - timedelta(minutes=1), 131, "satisfied", 3.8
            ),
            CallItem(
                self.folder / "two", "Daniel Voss", now - timedelta(days=1), 245, "hung_up", 1.4
            ),
            CallItem(
                self.folder / "three", "June Mercer", now - timedelta(days=9), 61, "aborted", None
            ),
        ]
        return [call for call in kept if call.folder not in self.deleted]

    def _open_file(self, path: Path) -> bool:
        self.opened.append(path)
        return True

    def _sound(self) -> SoundCheck:
        return self.sound

    def _workshop(self) -> Workshop:
        """The real files; calls and benches that need no engine."""

        async def open_try(who: Cast, seed: int, see: Observer) -> Controls:
            return ScriptedCall(see, True)

        def bench(name: str, told: Callable[[int, int], None]) -> Verdict:
            told(3, 16)
            return Verdict(name, {}, 0.5, 1.0, 0, 0, {}, (), failures=("nothing was played",))

        settings = Settings(data_dir=self.folder)
        return Workshop(CustomerFiles(lambda: settings), bench, open_try)

    def services(self) -> Services:
        return Services(
            customers=lambda: self.customers,
            calls=self._last,
            cast=lambda name: cast(),
            warm=self._warm,
            open_call=self._open,
            debrief=lambda folder: debrief(folder, spoken=self.spoken),
            delete=self.deleted.append,
            play=self._play,
            open_file=self._open_file,
            sound_check=self._sound,
            echo_test=lambda: (True, "the echo is cancelled: you can interrupt by voice"),
            care=self.care,
            devices=lambda: DeviceNames(("USB headset", "Built-in microphone"), ("USB headset",)),
            save=self.saved.__setitem__,
            workshop=self._workshop,
            own=self.own,
            choices={
                "stt": (("base", "base: better words"), ("tiny.en", "tiny.en: faster")),
                "wording": (("auto", "auto: what works here"), ("authored", "authored lines only")),
                "voice": (
                    ("auto", "auto"),
                    ("piper", "Piper"),
                    ("pyttsx3", "pyttsx3"),
                    ("none", "no voice"),
                ),
            },
        )

    def app(self, *, theme: str = "dark", **settings: Any) -> TrainerApp:
        return TrainerApp(Settings(data_dir=self.folder, theme=theme, **settings), self.services())
