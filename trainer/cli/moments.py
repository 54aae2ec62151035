"""A recorded call taken up again at one agent turn: who the customer was, and how they stood."""

import asyncio
from dataclasses import asdict
from pathlib import Path
from typing import Any

from trainer.acts.reader import Reader
from trainer.content import personas
from trainer.conversation.fork import Moment, imagined, rebuild
from trainer.domain.audio import Samples
from trainer.domain.errors import BadInput
from trainer.domain.events import ActsRead, Corrected
from trainer.domain.persona import Cast
from trainer.domain.transcript import Heard
from trainer.imports import writing
from trainer.ports.embedding import Embedding
from trainer.ports.speech_to_text import SpeechToText
from trainer.review import log, said
from trainer.review.said import Said
from trainer.settings import Settings
from trainer.store import disputes, forks, kept_cast, reading
from trainer.store.said import KeptLine, keep


def cast(settings: Settings, folder: Path) -> Cast:
    """The customer of a recorded call, as they were then.

    Raises:
        BadInput: nobody was simulated in it, it is itself a retry, or their file has changed since
            and no copy was kept.
    """
    reading.check(folder)
    meta = reading.meta(folder)
    if meta.get("mode") == "imported":
        raise BadInput(
            "This is the recording of a real call: there is no simulated customer to go back to.",
            "Calls that you took here can be retried.",
        )
    if (call := forks.parent(folder)) is not None:
        raise BadInput("This is a retry itself.", f"Retry the call that it belongs to: {call.name}")
    return kept_cast.kept(folder) or _as_their_file_says(settings, meta)


def at(settings: Settings, embedding: Embedding | None, folder: Path, turn: int) -> Moment:
    """The call in `folder` as it stood before agent turn `turn`.

    Raises:
        BadInput: as `cast`; or there is no such turn; or it cannot be brought back.
    """
    who = cast(settings, folder)
    meta = reading.meta(folder)
    seed, recent = meta.get("seed"), meta.get("recent")
    if not isinstance(seed, int):
        raise BadInput(f"{folder} does not say how its customer was chosen.", "Retry another call.")
    heard = [line for line in recent if isinstance(line, str)] if isinstance(recent, list) else []
    reader = Reader(embedding, settings.content_roots())
    return rebuild(who, reader, seed, heard, reading.events(folder), turn)


async def say(
    settings: Settings,
    embedding: Embedding | None,
    stt: SpeechToText | None,
    folder: Path,
    turn: int,
    words: str | Samples,
) -> tuple[Said, KeptLine]:
    """A line said now in place of agent turn `turn`; kept in the call folder with what it does.

    Args:
        settings: the person's.
        embedding: reads the words, with the rules.
        stt: understands them; needed when they are sound.
        folder: the call's.
        turn: number of an agent turn.
        words: typed, or sound of shape (n,) at 16 kHz.

    Raises:
        BadInput: as `at`; or the call folder cannot be written.
        EngineFailed: speech-to-text broke.
    """
    moment = await asyncio.to_thread(at, settings, embedding, folder, turn)
    if isinstance(words, str):
        heard, sound = Heard(words.strip(), 1.0), None
    else:
        assert stt is not None
        heard, sound = await stt.transcribe(words), words
    lead, roots = moment.cast.persona.lead, settings.content_roots()
    if said.relied_on(heard):
        reply = await asyncio.to_thread(imagined, moment, heard.text)
        told = said.tell(heard, reply, lead, moment.mood, moment.moved, roots)
    else:
        told = said.unheard(heard, lead, moment.mood, moment.moved, roots)
    return told, keep(folder, turn, asdict(told), sound)


def put_right(
    settings: Settings, embedding: Embedding | None, folder: Path, turn: int, text: str
) -> None:
    """What the agent really said in a turn of a finished call; kept beside the recording.

    What the customer felt and answered stays as it was: they had understood something else.

    Raises:
        BadInput: there is no such turn of the agent, it was typed, or the folder cannot be written.
    """
    call = log.read(reading.words(folder))
    was = next((one for one in call.agent_turns if one.turn == turn), None)
    if was is None:
        raise BadInput(f"Turn {turn} is none of the agent's in {folder.name}.")
    if was.source == "typed":
        raise BadInput("You typed this turn: it stands as you wrote it.")
    understood = [one for one in call.turns if one is was or one.confidence]
    spoken = [
        writing.Spoken(one.who, text if one is was else one.text, one.start, one.end, one.source)
        for one in understood
    ]
    place = 1 + understood.index(was)
    acts = writing.read(spoken, Reader(embedding, settings.content_roots()))
    disputes.keep(
        folder,
        Corrected(t=was.end, turn=turn, before=was.text, after=text),
        ActsRead(t=was.end, turn=turn, acts=acts.get(place, [])),
    )


def _as_their_file_says(settings: Settings, meta: dict[str, Any]) -> Cast:
    name, seed = str(meta.get("persona", "")), meta.get("seed")
    who = personas.load(name, settings.content_roots(), seed if isinstance(seed, int) else 0)
    if who.digest != meta.get("digest"):
        raise BadInput(
            f"The file of the customer “{name}” has changed since this call, and no copy of them "
            "was kept with it.",
            "A new call keeps one, and can be retried whatever becomes of the file.",
        )
    return who
