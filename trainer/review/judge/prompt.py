"""What is sent to a judge: one behaviour, its anchors, two worked examples, and the transcript."""

from collections.abc import Sequence
from pathlib import Path

from trainer.content import prompts
from trainer.domain.errors import BadInput
from trainer.ports.wording import Message
from trainer.review.judge import texts
from trainer.review.judge.answer import Reply
from trainer.review.judge.transcript import Transcript
from trainer.review.rubric import LEVELS, Behaviour

Messages = tuple[Message, ...]

_FRAME = "judge/frame.md"
_LINE = "\n---\n"


def write(behaviour: Behaviour, transcript: Transcript, extra: Sequence[Path]) -> Messages:
    """The messages that ask for one behaviour.

    Raises:
        BadInput: a prompt file of a content root has a mistake.
    """
    known = texts.about(behaviour.id, extra)
    whole = prompts.render(
        _FRAME,
        extra,
        name=behaviour.name,
        anchors=[(level, behaviour.anchors[level]) for level in LEVELS],  # type: ignore[index]
        look_for=known.look_for if known is not None else "",
        examples=[(one.turns, as_json(one.answer)) for one in known.examples] if known else [],
        id=transcript.id,
        lines=transcript.lines,
    )
    system, _, message = whole.partition(_LINE)
    if not message.strip():
        raise BadInput(
            f"{prompts.path(_FRAME, extra)}: the line “---” before the transcript is missing.",
            "Mend the template, or delete your own copy of it.",
        )
    return (
        Message(role="system", content=system.strip()),
        Message(role="user", content=message.strip()),
    )


def again(asked: Messages, answer: str, wrong: str, extra: Sequence[Path]) -> Messages:
    """The same once more, with what was wrong with the answer.

    Raises:
        BadInput: a prompt file of a content root has a mistake.
    """
    text = prompts.render("judge/again.md", extra, wrong=wrong).strip()
    return (
        *asked,
        Message(role="assistant", content=answer),
        Message(role="user", content=text),
    )


def as_json(reply: Reply) -> str:
    """A worked answer, as a judge is to write it."""
    return reply.model_dump_json()
