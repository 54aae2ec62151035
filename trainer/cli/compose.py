"""Puts a call together: settings → engines, customer, recording. The one place that knows all."""

import asyncio
import platform
import secrets
import threading
from collections.abc import Awaitable, Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from trainer import __version__, backends
from trainer.acts.reader import Reader
from trainer.audio.vad import Silero
from trainer.cli import echo, line_sound, moments, warming
from trainer.content import personas
from trainer.conversation import coaching
from trainer.conversation.call import Observer
from trainer.conversation.coaching import Level
from trainer.conversation.fork import Moment
from trainer.conversation.machine import State
from trainer.conversation.spoken import SpokenCall
from trainer.conversation.turns import Policy
from trainer.conversation.typed import TypedCall
from trainer.conversation.words import Words
from trainer.customer.customer import Customer
from trainer.customer.lines import said_before
from trainer.domain.audio import Samples
from trainer.domain.errors import BadInput, TrainerError
from trainer.domain.events import CallStarted
from trainer.domain.mood import Mood
from trainer.domain.persona import Cast
from trainer.ports.embedding import Embedding
from trainer.ports.line import Line
from trainer.ports.sink import CallSink
from trainer.ports.speech_to_text import SpeechToText
from trainer.ports.voice import Voice
from trainer.ports.wording import Wording
from trainer.review.said import Said
from trainer.settings import Settings
from trainer.store import calls, forks, kept_cast, reading
from trainer.store.call_folder import CallFolder, create
from trainer.store.said import KeptLine

Part = Literal["words", "stt", "voice", "wording"]
Phase = Literal["loading", "ready", "off", "missing"]
Mode = Literal["spoken", "typed"]
Told = Callable[[Part, Phase, str], None]
"""Told how far a part is: (part, phase, the engine's name or what is wrong)."""


@dataclass
class Engines:
    """What a call runs on. `voices`: the first speaks, the others stand behind it.

    `missing` holds, per part, why it cannot be had; a call decides which parts it needs.
    """

    embedding: Embedding | None = None
    stt: SpeechToText | None = None
    voices: list[Voice] = field(default_factory=list)
    wording: Wording | None = None
    missing: dict[Part, TrainerError] = field(default_factory=dict)

    def require(self, *parts: Part) -> None:
        """Raise what is missing of these parts."""
        for part in parts:
            if part in self.missing:
                raise self.missing[part]

    def names(self) -> dict[str, str]:
        """Engine by part, for the record and the screen."""
        return {
            "stt": self.stt.name if self.stt else "typed",
            "wording": self.wording.name if self.wording else "authored",
            "voice": self.voices[0].name if self.voices else "none",
        }

    def leaves_machine(self) -> bool:
        """Whether words or sound go to another machine."""
        parts = (self.stt, self.wording, *self.voices[:1])
        return any(part.leaves_machine for part in parts if part is not None)

    async def close(self) -> None:
        """End every worker process."""
        engines = [self.stt, self.wording, *self.voices]
        closing = (engine.close() for engine in engines if engine is not None)
        await asyncio.gather(*closing, return_exceptions=True)


def _quiet(part: Part, phase: Phase, detail: str) -> None:
    """Tell nobody."""


async def load(settings: Settings, *, listen: bool, told: Told = _quiet) -> Engines:
    """Make and warm everything a call may need, all at once, so that nothing cold is left in it.

    Never raises: what cannot be had stands in `missing`. `listen`: speech-to-text too.
    """
    made = Engines()

    async def words() -> str:
        embedding: Embedding = await asyncio.to_thread(backends.make, "embed", "minilm")
        await asyncio.to_thread(embedding.embed, ["hello"])
        made.embedding = embedding
        return embedding.name

    async def stt() -> str:
        made.stt = await asyncio.to_thread(backends.speech_to_text, settings)
        await made.stt.warm()
        return made.stt.name

    async def voice() -> str:
        made.voices = await asyncio.to_thread(backends.voices, settings)
        for engine in made.voices[:1]:
            await engine.warm()
        return made.names()["voice"]

    async def wording() -> str:
        made.wording = await asyncio.to_thread(backends.wording, settings)
        if made.wording is not None:
            try:
                await made.wording.warm()
            except TrainerError:
                if settings.wording != "auto":
                    raise
                made.wording = None  # "auto" asks for what works, and the author always does
        return made.names()["wording"]

    async def attempt(part: Part, work: Callable[[], Awaitable[str]]) -> None:
        told(part, "loading", "")
        try:
            name = await work()
        except TrainerError as error:
            made.missing[part] = error
            told(part, "missing", str(error))
        else:
            told(part, "off" if name in {"none", "authored"} else "ready", name)

    parts: dict[Part, Callable[[], Awaitable[str]]]
    parts = {"words": words, "voice": voice, "wording": wording}
    if listen:
        parts["stt"] = stt
    await asyncio.gather(*(attempt(part, work) for part, work in parts.items()))
    return made


def seed_or_new(seed: int | None) -> int:
    """The seed given, else a fresh one."""
    return secrets.randbelow(2**31) if seed is None else seed


def cast(settings: Settings, persona: str, seed: int) -> Cast:
    """The customer, by name or path.

    Raises:
        BadInput: no such customer, or the file has mistakes (file:line:column).
    """
    return personas.load(persona, settings.content_roots(), seed)


def open_record(
    settings: Settings, who: Cast, seed: int, mode: Mode, out: Path | None = None
) -> CallFolder:
    """A new call folder, with everything in its meta that a later reader needs.

    Raises:
        BadInput: the folder cannot be written.
    """
    sink = create(settings.data_dir, who.name, out)
    sink.meta(
        title=who.persona.title,
        variant=who.variant,
        digest=who.digest,
        seed=seed,
        mode=mode,
        profile=settings.profile,
        program=__version__,
        python=platform.python_version(),
    )
    with suppress(BadInput):  # the call is worth more than the chance to retry it
        kept_cast.keep(sink.folder, who)
    return sink


@contextmanager
def record(
    settings: Settings, who: Cast, seed: int, mode: Mode, out: Path | None = None
) -> Iterator[CallFolder]:
    """The same, complete on disk at the end; of a call that never began nothing is left.

    Raises:
        BadInput: as `open_record`; or the end of the call could not be written.
    """
    sink = open_record(settings, who, seed, mode, out)
    try:
        yield sink
    finally:
        sink.close()
        with suppress(TrainerError):
            if not reading.events(sink.folder):
                calls.delete(sink.folder)
    if fault := sink.fault():
        raise BadInput(fault, "What was recorded until then has been kept.")


def moment_of(settings: Settings, folder: Path, turn: int, engines: Engines) -> Moment:
    """The recorded call in `folder` as it stood before agent turn `turn`.

    Raises:
        EngineMissing: the sentence embeddings are not here.
        BadInput: see `moments.at`.
    """
    engines.require("words")
    return moments.at(settings, engines.embedding, folder, turn)


async def say_now(
    settings: Settings, folder: Path, turn: int, engines: Engines, words: str | Samples
) -> tuple[Said, KeptLine]:
    """A line said now, typed or as sound, in place of agent turn `turn`; see `moments.say`.

    Raises:
        EngineMissing: the sentence embeddings, or speech-to-text for sound, are not here.
        BadInput: see `moments.say`.
    """
    engines.require("words", *(() if isinstance(words, str) else ("stt",)))
    return await moments.say(settings, engines.embedding, engines.stt, folder, turn, words)


def put_right(settings: Settings, folder: Path, turn: int, engines: Engines, text: str) -> None:
    """As `moments.put_right`; EngineMissing where the sentence embeddings are not here."""
    engines.require("words")
    moments.put_right(settings, engines.embedding, folder, turn, text)


def warm_up(settings: Settings) -> warming.Taking:
    """A warm-up on the devices and the chain of a call; nothing is open yet."""
    return warming.Taking(settings)


def warm_up_standing(settings: Settings) -> str:
    """How it stands with the warm-up of the microphone in use; see `warming.standing`."""
    return warming.standing(settings)


def open_retry(settings: Settings, folder: Path, moment: Moment, mode: Mode) -> CallFolder:
    """A new folder inside the call in `folder`, for what comes of taking it up at `moment`.

    Raises:
        BadInput: it cannot be written.
    """
    sink = open_record(settings, moment.cast, moment.seed, mode, forks.fresh(folder))
    sink.meta(retry_of=folder.name, turn=moment.then.turn)
    return sink


def note_engines(sink: CallSink, engines: Engines) -> None:
    """Write into the meta what this call runs on."""
    sink.meta(engines=engines.names(), leaves_machine=engines.leaves_machine())


def _customer(
    settings: Settings,
    who: Cast,
    seed: int,
    engines: Engines,
    recent: Iterable[str],
    sink: CallSink,
) -> Customer:
    reader = Reader(engines.embedding, settings.content_roots())
    threading.Thread(target=_meet, args=(reader, who), daemon=True).start()
    heard = said_before(who, tuple(recent))
    sink.meta(recent=heard)
    return Customer(who, reader, seed, heard)


def _meet(reader: Reader, who: Cast) -> None:
    """Read the customer's story while they greet, so that the first answer waits for nothing."""
    with suppress(TrainerError):  # the first turn will say so, in its place
        reader.meet(who)


def _words(settings: Settings, engines: Engines) -> Words:
    return Words(engines.wording, engines.embedding, tuple(settings.content_roots()))


def _started(
    sink: CallSink,
    observer: Observer,
    who: Cast,
    seed: int,
    engines: Engines,
    mode: Mode,
    mood: Mood,
) -> None:
    event = CallStarted(
        t=0,
        persona=who.name,
        variant=who.variant,
        seed=seed,
        mode=mode,
        engines=engines.names(),
        lead=who.persona.lead,
        mood={name: round(value, 4) for name, value in vars(mood).items()},
    )
    sink.event(event)
    observer(event)


def spoken(
    settings: Settings,
    who: Cast,
    engines: Engines,
    line: Line,
    sink: CallSink,
    seed: int,
    observer: Observer,
    *,
    recent: Iterable[str] = (),
    moment: Moment | None = None,
    most: int | None = None,
) -> SpokenCall:
    """A call over a line, ready to run; see `typed` for `moment` and `most`.

    Raises:
        EngineMissing: speech-to-text or the sentence embeddings are not here.
    """
    engines.require("stt", "words")
    assert engines.stt is not None
    sink.meta(microphone=echo.microphone(settings, line))
    line, half_duplex = echo.without(settings, line)
    _started(sink, observer, who, seed, engines, "spoken", moment.mood if moment else who.mood)
    call = SpokenCall(
        who,
        moment.customer if moment else _customer(settings, who, seed, engines, recent, sink),
        sink,
        observer,
        line=line,
        meter=Silero(),
        stt=engines.stt,
        voices=engines.voices,
        words=_words(settings, engines),
        policy=Policy(patience=settings.patience),
        half_duplex=half_duplex,
    )
    heard = line_sound.through(settings, who, lambda: call.dialogue.state is State.ON_HOLD)
    if heard is not None:
        call.playout.through, call.playout.taken_back = heard.through, heard.taken_back
    sink.meta(heard=line_sound.told(settings, who))
    if moment is not None:
        call.dialogue.resume(moment, most)
    return call


def coach(
    settings: Settings, who: Cast, call: SpokenCall | TypedCall, sink: CallSink, level: Level
) -> tuple[str, ...]:
    """Put a coach beside a practice call, and into its record that there was one.

    Returns what to think about while the call stands still.

    Raises:
        BadInput: a coaching.yaml of a content root has a mistake.
    """
    sink.meta(coaching=str(level))
    texts = coaching.load(settings.content_roots())
    call.dialogue.coach = coaching.Coach(who, texts, level)
    return tuple(texts.still)


def typed(
    settings: Settings,
    who: Cast,
    engines: Engines,
    sink: CallSink,
    seed: int,
    observer: Observer,
    *,
    script: Iterable[str] | None = None,
    play: Callable[[Samples], Awaitable[None]] | None = None,
    recent: Iterable[str] = (),
    moment: Moment | None = None,
    most: int | None = None,
) -> TypedCall:
    """A call by keyboard, ready to run. `script` gives the agent's turns, else they are typed.

    `moment`: take an earlier call up there, for `most` agent turns at most.
    """
    engines.require("words")
    _started(sink, observer, who, seed, engines, "typed", moment.mood if moment else who.mood)
    call = TypedCall(
        who,
        moment.customer if moment else _customer(settings, who, seed, engines, recent, sink),
        sink,
        observer,
        words=_words(settings, engines),
        voices=engines.voices,
        play=play,
        script=script,
    )
    if moment is not None:
        call.dialogue.resume(moment, most)
    return call
