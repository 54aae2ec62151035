"""What a language model is told: the persona, the call so far as data, and what the plan names.

The texts are `prompts/customer_screenplay.md` (small models put the draft into other words) and
`prompts/customer_chat.md` (large ones answer the agent).
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from trainer.content.prompts import render
from trainer.domain.errors import BadInput
from trainer.domain.persona import Cast
from trainer.domain.plan import Plan, Reply
from trainer.domain.transcript import Turn
from trainer.ports.wording import Message, Prompt

_WINDOW = 12
"""Turns of the call that a model sees."""

_LONGEST_TURN = 60
"""Words of one turn that a model sees: the last ones."""

_LINE = re.compile(r"^---\s*$", re.MULTILINE)


@dataclass(frozen=True)
class Scene:
    """Everything one reply is worded from.

    Attributes:
        cast: who speaks.
        reply: what to say, and the authored draft of it.
        history: the call as heard so far, in order, up to the agent's turn that is being answered.
        roots: extra content roots whose prompts shadow the shipped ones.
    """

    cast: Cast
    reply: Reply
    history: tuple[Turn, ...] = ()
    roots: tuple[Path, ...] = ()


def prompt(scene: Scene, small: bool) -> Prompt:
    """The request for the continuation after `reply.draft[0]`.

    Raises:
        BadInput: a prompt file of the user's own is broken.
    """
    plan, draft = scene.reply.plan, scene.reply.draft
    steady, moving = _render(
        scene.cast, scene.history, scene.roots, small=small, plan=plan, draft=draft
    )
    words = _words(plan, draft)
    if small:
        return Prompt(
            messages=(
                Message(role="user", content=f"{steady}\n{moving}"),
                Message(role="assistant", content=draft[0]),  # it goes on from here
            ),
            stop=("\n", "Agent:", f"{_name(scene.cast)}:"),
            max_tokens=round(words * 1.6) + 8,
        )
    return Prompt(
        messages=(Message(role="system", content=steady), Message(role="user", content=moving)),
        stop=("\n\n", "AGENT:"),
        max_tokens=words * 2 + 40,
    )


def steady(cast: Cast, roots: Sequence[Path]) -> Prompt:
    """The part of a small model's prompts that stays the same, to be read before it is needed."""
    text, _ = _render(cast, (), roots, small=True, plan=None, draft=())
    return Prompt(messages=(Message(role="user", content=f"{text}\nLine"),), max_tokens=1)


def _render(
    cast: Cast,
    history: Sequence[Turn],
    roots: Sequence[Path],
    *,
    small: bool,
    plan: Plan | None,
    draft: Sequence[str],
) -> tuple[str, str]:
    persona = cast.persona
    file = "customer_screenplay.md" if small else "customer_chat.md"
    text = render(
        file,
        roots,
        customer=_name(cast),
        age=persona.identity.age,
        about=persona.identity.about,
        speech=persona.identity.speech,
        sayings=list(persona.sayings),
        company=persona.scenario.card.company,
        lead=persona.lead.value,
        band=plan.band.value if plan else "calm",
        intent=plan.intent.value if plan else "",
        want=plan.want if plan else "",
        disclose=list(plan.disclose) if plan else [],
        question=as_data(plan.question) if plan else "",
        answer=plan.answer if plan else "",
        words=_words(plan, draft) if plan else 0,
        opening=draft[0] if draft else "",
        draft=" ".join(draft[1:]),
        turns=[{"who": turn.who, "text": as_data(turn.text)} for turn in history[-_WINDOW:]],
    )
    parts = _LINE.split(text, maxsplit=1)
    if len(parts) != 2:
        raise BadInput(f"{file} has no line “---” between what stays and what is new in each turn.")
    return parts[0].strip(), parts[1].strip()


def _words(plan: Plan, draft: Sequence[str]) -> int:
    """Words that the continuation may have."""
    return max(plan.max_words - len(draft[0].split()), 8)


def _name(cast: Cast) -> str:
    return cast.persona.identity.name.split()[0]


def as_data(words: str) -> str:
    """Somebody's words as one harmless line, which cannot end its place or forge a speaker.

    Line breaks, brackets, quotation marks and markup are taken out, and colons: they make speakers.
    Of a long speech the last words stay.
    """
    plain = re.sub(r"[<>\[\]{}()|`*#\"“”\\:]|-{3,}", " ", words)
    return " ".join("".join(c if c.isprintable() else " " for c in plain).split()[-_LONGEST_TURN:])
