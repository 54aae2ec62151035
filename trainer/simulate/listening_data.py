"""Labelled agents' turns for `trainer bench listening`: calls, offers, questions, sentences."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from trainer.domain.errors import BadInput
from trainer.domain.moves import MoveKind

OWN = Path("tests/data/listening")
"""Where the labelled turns lie in a checkout."""

STATES = ("offered", "done", "conditional", "refused", "withdrawn", "asked", "mentioned")
"""What a turn may make of a remedy, as labelled; the first two are real offers."""

REAL = frozenset({"offered", "done"})


@dataclass(frozen=True)
class Said:
    """One turn of an agent and what people say it does.

    Attributes:
        text: the words.
        persona: the customer's name; empty where the turn is said to nobody in particular.
        before: what the customer had said last; empty in a call, where it is not known.
        kinds: what the turn does.
        offers: what it makes of remedies, by id: one of `STATES`; None where nobody labelled it.
        asks: a fact's id, `identity:SLOT`, `remedy:ID`, `sheet`, `outside`, `ground` or `none`.
        accuses: the act that is really there; empty for none; None where nobody labelled it.
    """

    text: str
    persona: str = ""
    before: str = ""
    kinds: tuple[MoveKind, ...] = ()
    offers: Mapping[str, str] | None = None
    asks: str = "none"
    accuses: str | None = None


@dataclass(frozen=True)
class Data:
    """Everything that is played and read.

    Attributes:
        calls: by the name of the file: the agent's turns of one call, in order.
        offers, sentences: turns labelled for remedies.
        questions: turns labelled for what they ask.
        accusing: turns labelled for accusations, real ones and harmless ones.
    """

    calls: Mapping[str, tuple[Said, ...]]
    offers: tuple[Said, ...] = ()
    sentences: tuple[Said, ...] = ()
    questions: tuple[Said, ...] = ()
    accusing: tuple[Said, ...] = field(default=())

    @property
    def turns(self) -> int:
        """How many turns there are in all."""
        single = (*self.offers, *self.sentences, *self.questions, *self.accusing)
        return len(single) + sum(len(call) for call in self.calls.values())


def load(folder: Path, held: bool = False, only: frozenset[str] = frozenset()) -> Data:
    """Read the labelled turns.

    Args:
        folder: holds `calls/`, `calls_held/` and the files of single turns.
        held: the calls that nobody tuned on, and nothing else.
        only: customers; empty for all.

    Raises:
        BadInput: there is nothing there, or a line is no labelled turn.
    """
    place = folder / ("calls_held" if held else "calls")
    calls = {
        file.stem: tuple(_said(row, file.stem.rsplit("-", 1)[0]) for row in _rows(file))
        for file in sorted(place.glob("*.jsonl"))
        if not only or file.stem.rsplit("-", 1)[0] in only
    }
    if not calls:
        raise BadInput(
            f"{place} holds no calls{' of these customers' if only else ''}.",
            "Give a folder with calls/*.jsonl: trainer bench listening --data FOLDER",
        )
    if held:
        return Data(calls)
    offers, sentences, questions = (
        tuple(one for one in _single(folder / f"{name}.jsonl") if not only or one.persona in only)
        for name in ("offers", "sentences", "questions")
    )
    files = () if only else ("harmless", "accusing")
    accusing = tuple(one for name in files for one in _single(folder / f"{name}.jsonl"))
    return Data(calls, offers, sentences, questions, accusing)


def _single(file: Path) -> list[Said]:
    return [_said(row, "") for row in _rows(file)] if file.is_file() else []


def _rows(file: Path) -> Iterator[dict[str, Any]]:
    for number, line in enumerate(file.read_text("utf-8", "replace").splitlines(), start=1):
        if not line.strip():
            continue
        try:
            row = json.loads(line)
            _said(row, "")
        except (ValueError, KeyError, TypeError, AttributeError):
            raise BadInput(
                f"{file}:{number}: this is no labelled turn.",
                'A line looks like {"text": "…", "kind": "offer", "offers": {"visit": "offered"}}.',
            ) from None
        yield row


def _said(row: Mapping[str, Any], persona: str) -> Said:
    kinds = row.get("kind", ())
    offers = row.get("offers", row.get("r"))
    found = Said(
        str(row["text"]),
        persona or str(row.get("persona", row.get("p", ""))),
        str(row.get("before") or ""),
        tuple(MoveKind(kind) for kind in ([kinds] if isinstance(kinds, str) else kinds)),
        None if offers is None else {str(name): str(state) for name, state in offers.items()},
        str(row.get("asks", row.get("about", "none"))),
        str(row.get("act", "")) if "act" in row or "frame" in row else None,
    )
    if found.offers and not set(found.offers.values()) <= set(STATES):
        raise ValueError(found.offers)
    return found
