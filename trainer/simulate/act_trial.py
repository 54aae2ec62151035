"""How well acts are found: against labelled sentences, and against people's labels of real talk."""

import csv
import hashlib
import json
import statistics
import time
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from trainer.acts import library
from trainer.acts.history import Context
from trainer.acts.phrases import normal
from trainer.acts.reader import Reader
from trainer.domain.acts import ActKind
from trainer.domain.errors import BadInput

_QUESTIONS = (ActKind.OPEN_QUESTION, ActKind.CLOSED_QUESTION)

_TIMES = 20
"""Readings from which a median and a 95th percentile are told."""

_BEFORE = 3
"""Turns of the client that a turn of the counsellor is read with."""


APOLOGIES = (ActKind.APOLOGY_OWNED, ActKind.APOLOGY_HOLLOW)


@dataclass(frozen=True)
class Sentence:
    """A sentence that holds an act, or is a near miss of it.

    `context`: what came before. `apology`: it is an explicit apology of either kind; None where
    that is not labelled.
    """

    text: str
    act: ActKind
    holds: bool
    context: Context = field(default_factory=Context)
    apology: bool | None = None

    @property
    def held_out(self) -> bool:
        """Whether it is in the half that nobody tuned on; told by a digest of its words."""
        plain = " ".join(self.text.lower().split())
        return hashlib.sha256(plain.encode()).digest()[0] % 2 == 1


@dataclass(frozen=True)
class Score:
    """How often something was found (`found`), is there (`there`), and both (`both`)."""

    sentences: int = 0
    found: int = 0
    there: int = 0
    both: int = 0
    agreed: int = 0

    @property
    def precision(self) -> float | None:
        """Share of what was found that is there; None when nothing was found."""
        return self.both / self.found if self.found else None

    @property
    def recall(self) -> float | None:
        """Share of what is there that was found; None when there is nothing."""
        return self.both / self.there if self.there else None

    @property
    def kappa(self) -> float | None:
        """Cohen's kappa (1960): agreement beyond chance; None when chance alone agrees fully."""
        if not self.sentences:
            return None
        found, there = self.found / self.sentences, self.there / self.sentences
        chance = found * there + (1 - found) * (1 - there)
        return (self.agreed / self.sentences - chance) / (1 - chance) if chance < 1 else None


def score(pairs: Iterable[tuple[bool, bool]]) -> Score:
    """The score of (found, there) pairs."""
    seen = list(pairs)
    return Score(
        len(seen),
        sum(found for found, _ in seen),
        sum(there for _, there in seen),
        sum(found and there for found, there in seen),
        sum(found == there for found, there in seen),
    )


def total(scores: Iterable[Score]) -> Score:
    """All of them as one."""
    every = list(scores)
    return Score(
        sum(one.sentences for one in every),
        sum(one.found for one in every),
        sum(one.there for one in every),
        sum(one.both for one in every),
        sum(one.agreed for one in every),
    )


EXPLICIT_APOLOGY = "explicit apology"
"""The row for an apology of either kind, over the sentences of both."""


@dataclass(frozen=True)
class Trial:
    """What a reader did with labelled sentences. Times are milliseconds a turn."""

    acts: dict[str, Score]
    median_ms: float | None
    p95_ms: float | None


def by_act(sentences: Iterable[Sentence], reader: Reader) -> Trial:
    """A score for each act over the sentences that were written for it, and one for apologies."""
    pairs: dict[str, list[tuple[bool, bool]]] = defaultdict(list)
    took: list[float] = []
    reader.read("Good morning, what can I do for you?")  # loads what loads on first use
    for one in sentences:
        began = time.perf_counter()
        reading = reader.read(one.text, one.context)
        took.append(1000 * (time.perf_counter() - began))
        pairs[one.act.value].append((reading.find(one.act) is not None, one.holds))
        if one.apology is not None:
            found = reading.find(*APOLOGIES) is not None
            pairs[EXPLICIT_APOLOGY].append((found, one.apology))
    scores = {act: score(pairs[act]) for act in sorted(pairs)}
    if len(took) < _TIMES:
        return Trial(scores, None, None)
    return Trial(scores, statistics.median(took), statistics.quantiles(took, n=20)[-1])


def unknown(sentences: Iterable[Sentence], roots: Sequence[Path] = ()) -> list[Sentence]:
    """Without those that stand word for word among the phrases of prompts/acts.

    A sentence that the reader has as an example says nothing about the reader.
    """
    acts = library.load(tuple(roots)).values()
    known = {normal(text) for act in acts for text in (*act.examples, *act.near)}
    return [one for one in sentences if normal(one.text) not in known]


def shipped(roots: Sequence[Path] = ()) -> list[Sentence]:
    """Example phrases and near misses from `prompts/acts`; acts that need a history left out.

    A reader with vectors knows them by heart: only what its rules find says anything.
    """
    return [
        Sentence(text, kind, holds)
        for kind, known in library.load(tuple(roots)).items()
        if known.by not in ("history", "reflection")
        for holds, texts in ((True, known.examples), (False, known.near))
        for text in texts
    ]


def written(path: Path) -> list[Sentence]:
    """Sentences from JSONL: {"text", "act", "holds"} and perhaps "context", the customer's turns.

    Args:
        path: a file, or a folder of *.jsonl.

    Raises:
        BadInput: a line is not such a sentence; file and line are named.
    """
    files = sorted(path.rglob("*.jsonl")) if path.is_dir() else [path]
    found = []
    for file in files:
        for number, line in enumerate(file.read_text("utf-8", "replace").splitlines(), start=1):
            if not line.strip():
                continue
            try:
                row = json.loads(line)
                context = Context(customer=tuple(str(turn) for turn in row.get("context", ())))
                found.append(
                    Sentence(
                        str(row["text"]),
                        ActKind(row["act"]),
                        bool(row["holds"]),
                        context,
                        row.get("apology"),
                    )
                )
            except (ValueError, KeyError, TypeError, AttributeError):
                raise BadInput(
                    f"{file}:{number}: this is no labelled sentence.",
                    'A line looks like {"text": "Calm down.", "act": "dismiss", "holds": true}.',
                ) from None
    return found


def annomi(path: Path, reader: Reader) -> dict[str, Score]:
    """Counsellors' turns with expert labels (AnnoMI): questions, their kind, reflections.

    Args:
        path: the CSV of the data set; the first annotator of each utterance counts.
        reader: reads the turns.

    Returns:
        Scores of "question", "open_question" (among turns in which both found a question) and
        "reflect".
    """
    question, kind, reflect = [], [], []
    for row, said in _turns(path):
        reading = reader.read(row["utterance_text"], Context(customer=tuple(said[-_BEFORE:])))
        asked = reading.find(*_QUESTIONS)
        question.append((asked is not None, row["question_exists"] == "True"))
        if asked is not None and row["question_exists"] == "True":
            found_open = reading.find(ActKind.OPEN_QUESTION) is not None
            kind.append((found_open, row["question_subtype"] == "open"))
        reflect.append(
            (reading.find(ActKind.REFLECT) is not None, row["reflection_exists"] == "True")
        )
    return {"question": score(question), "open_question": score(kind), "reflect": score(reflect)}


def _turns(path: Path) -> Iterator[tuple[dict[str, str], list[str]]]:
    """The counsellors' turns, each with what the client had said by then."""
    talks: dict[str, dict[str, dict[str, str]]] = defaultdict(dict)
    with path.open(newline="", encoding="utf-8") as file:
        for row in csv.DictReader(file):
            talks[row["transcript_id"]].setdefault(row["utterance_id"], row)
    for talk in talks.values():
        said: list[str] = []
        for row in sorted(talk.values(), key=lambda row: int(row["utterance_id"])):
            if row["interlocutor"] == "client":
                said.append(row["utterance_text"])
            else:
                yield row, said
