"""What a new customer begins with: questions in plain words, an answer to each, a whole person."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from trainer.content import (
    checks,
    personas,
    problems,
    prompts,
    reach,
    roots,
    secrets,
    slots,
    source,
    starter_sheet,
    writing,
)
from trainer.content.source import Loc
from trainer.domain.errors import BadInput
from trainer.domain.mood import Feeling
from trainer.domain.persona import Exit, Fact, Item, Lines, Remedy, Temperament

Kind = Literal[
    "text", "spoken", "secret", "deed", "age", "one", "several", "list",
    "birth_date", "address", "postcode", "phone", "email", "reference", "asked", "known",
]  # fmt: skip
Answers = Mapping[str, Any]
"""Answers by question: a text, a number, or a list of texts."""

_FILE = "persona_new.yaml"
_MOST = 600
"""Characters of one answer."""

_SPOKEN = ("spoken", "secret", "deed", "known")

SLOTS = ("name", "company", "thing", "since")
"""Slots that an answer may hold."""


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Question(_Strict):
    """One question; `part` alone is a heading.

    Attributes:
        kind: what an answer is: a text, a text that is spoken (by the customer; a deed by the
            agent), an age, one or several of the choices called `of`, a list of words; for the
            sheet, a value of that kind, a question and the answer to it.
        default: the answer of who has none; None: it follows from earlier answers.
    """

    part: str = ""
    id: str = ""
    ask: str = ""
    kind: Kind = "text"
    of: str = ""
    default: str | int | list[str] | None = None


class _Start(_Strict):
    feeling: float = Field(ge=0, le=1)
    trust: float = Field(ge=0, le=1)


class _Leading(_Strict):
    exits: list[Exit]
    lines: Lines


class _Telling(_Strict):
    id: str
    since: str
    feeling: float


class Starter(_Strict):
    """prompts/persona_new.yaml."""

    head: str
    draft_head: str
    questions: list[Question]
    choices: dict[str, dict[str | int, str]]
    starts: dict[int, _Start]
    leads: dict[Feeling, _Leading]
    background: str
    system: list[str]
    promise: Fact
    items: list[Item] = []
    account_holder: str = ""
    secret_asks: list[str]
    secret_gate: dict[str, float]
    offers: list[str]
    accept: list[str]
    forbidden_accept: list[str]
    posted: Remedy
    variants: list[_Telling]
    sayings: list[str]

    def question(self, name: str) -> Question:
        """The question called `name`."""
        return next(one for one in self.questions if one.id == name)


def read(extra: Sequence[Path]) -> Starter:
    """What is asked and what is begun with.

    Raises:
        BadInput: the file is missing or wrong; the message names file, line and column.
    """
    return prompts.model(_FILE, Starter, extra)


def choices(starter: Starter, question: Question, extra: Sequence[Path]) -> dict[str, str]:
    """What may be answered, each with a few words that explain it."""
    if question.of == "temperaments":
        return {name: _temperament(name, extra).about for name in personas.temperaments(extra)}
    if question.of == "behaviours":
        path = roots.find("rubrics", "core.yaml", extra)
        listed = source.read(path).data.get("behaviours", []) if path else []
        return {str(one["id"]): str(one["name"]) for one in listed}
    return {str(name): about for name, about in starter.choices[question.of].items()}


def default(starter: Starter, question: Question, answers: Answers, extra: Sequence[Path]) -> Any:
    """The answer of who has none, given the answers before."""
    if question.id == "lead":
        mood = _temperament(answers["extends"], extra).mood
        return max(Feeling, key=lambda feeling: getattr(mood, feeling.value) or 0.0).value
    if question.id == "exits":
        return [way.value for way in starter.leads[Feeling(answers["lead"])].exits]
    return starter_sheet.default(question, answers)


def beside(
    starter: Starter, question: Question, answers: Answers, extra: Sequence[Path]
) -> Sequence[str]:
    """Texts that an answer has to keep away from, for `mistake`."""
    if question.kind == "secret":
        # what they hold back must not stand in anything that they say or show anyway
        return everyone_hears(build(starter, complete(starter, answers, extra), extra), extra)
    if question.kind == "known":
        return starter.promise.keys
    if question.kind == "asked":
        asked = [answers[name] for name in answers if starter.question(name).kind == "asked"]
        others = [] if question.id == "question" else starter.secret_asks
        return [*starter.promise.asks, *others, *asked]
    return ()


def mistake(
    question: Question, answer: str, said: Sequence[str] = (), answers: Answers | None = None
) -> str:
    """What is wrong with a text given as an answer; empty when nothing is.

    Args:
        question: what was asked.
        answer: the text.
        said: what `beside` gives: a secret must hold something else.
        answers: what was answered so far.
    """
    unknown = [name for name in slots.used(answer) if name not in SLOTS]
    bare = slots.fill(answer, dict.fromkeys(SLOTS, ""))
    if len(answer) > _MOST:
        return f"That is long. At most {_MOST} characters, please; the file can hold more later."
    if not answer.isprintable():
        return "There is a character in it that cannot be shown."
    if unknown or "{" in bare or "}" in bare or (question.id == "thing" and "{" in answer):
        return "Leave out { and }: here they stand for something else."
    if question.kind in _SPOKEN and checks.MARKUP.search(answer):
        return "Leave out * _ # [ ] < > and stage directions: they would be read aloud."
    if question.kind == "secret" and not secrets.keys(answer, said):
        return "Everything in it is known already. Say something that only they know."
    return starter_sheet.mistake(question, answer, said, answers or {})


def clash(question: Question, picked: Sequence[str]) -> str:
    """Why several choices cannot stand together; empty when they can."""
    ends = [way.value.replace("_", " ") for way in reach.ENDINGS if way.value in picked]
    if question.id == "exits" and len(ends) > 1:
        return f"Choose one of {' and '.join(ends)}: only one way out of a call is taken."
    return ""


def everyone_hears(data: Mapping[str, Any], extra: Sequence[Path]) -> list[str]:
    """What a customer may say or an agent may read whatever happens, their temperament's too."""
    tellings = data["scenario"]["variants"]
    open_texts = list(checks.open_texts(data))
    texts = [text for _, text in open_texts]
    texts += [slots.fill(text, one["slots"]) for one in tellings for text in texts]
    stock = _temperament(data["extends"], extra)
    return texts + [text for _, text in slots.texts(stock.model_dump(mode="json")["lines"])]


def build(starter: Starter, answers: Answers, extra: Sequence[Path]) -> dict[str, Any]:
    """The whole customer, as a file holds it.

    Args:
        starter: what they begin with.
        answers: an answer to every question.
        extra: extra content roots, later ones first in line.
    """
    lead = Feeling(answers["lead"])
    start = starter.starts[int(answers["difficulty"])]
    lines = _plain(starter.leads[lead])["lines"]
    first = lines.setdefault("greet", {}).setdefault("any", [])
    lines["greet"]["any"] = list(dict.fromkeys([answers["greet"], *first]))
    data: dict[str, Any] = {
        "title": answers["title"],
        "extends": answers["extends"],
        "identity": {key: answers[key] for key in ("name", "age", "about", "speech")},
        "voice": {"register": answers["register"]},
        "language": "en",
        "difficulty": int(answers["difficulty"]),
        "trains": list(answers["trains"]),
        "content_notes": list(answers["notes"]),
        "lead": lead.value,
        "exits": list(answers["exits"]),
        "need": answers["need"],
        "mood": {lead.value: start.feeling, "trust": start.trust},
        "scenario": {
            "card": {
                "company": answers["company"],
                "agent_role": answers["agent_role"],
                "situation": answers["situation"],
                "system": list(starter.system),
                "may_grant": [sentence(answers["grant"])],
                "may_not": [sentence(answers["forbidden"])],
            },
            "background": starter.background,
            "demand": answers["demand"],
            "facts": [_plain(starter.promise)],
            "remedies": [
                remedy(starter, "deed", answers["grant"], True, 0.85),
                _plain(starter.posted),
                remedy(starter, "forbidden", answers["forbidden"], False, 0.6),
            ],
            "knows": starter_sheet.build(starter, answers),
            "variants": [
                _variant(one, answers["thing"], lead, start.feeling) for one in starter.variants
            ],
        },
        "lines": lines,
        "sayings": list(starter.sayings),
    }
    asks = list(dict.fromkeys([answers["question"], *starter.secret_asks]))
    secret = {
        "id": "secret",
        "text": answers["secret"],
        "line": answers["secret"],
        "asks": asks,
        "keys": secrets.keys(answers["secret"], everyone_hears(data, extra)),
        "gate": dict(starter.secret_gate),
        "importance": 3,
    }
    data["scenario"]["facts"].append(secret)
    return data


def complete(starter: Starter, answers: Answers, extra: Sequence[Path]) -> dict[str, Any]:
    """`answers` with the default wherever there is none."""
    whole: dict[str, Any] = {}
    for question in starter.questions:
        if question.id:
            given = answers.get(question.id)
            whole[question.id] = (
                default(starter, question, whole, extra) if given is None else given
            )
    return whole


def file(starter: Starter, answers: Answers, extra: Sequence[Path], name: str) -> str:
    """The text of a new customer's file; `writing.save` keeps it."""
    head = starter.head.replace("<file>", name)
    whole = complete(starter, answers, extra)
    data = build(starter, whole, extra)
    plain = {key: whole[key] for key in ("name", "age")}
    usual = starter_sheet.build(starter, complete(starter, plain, extra))

    def mark(loc: Loc) -> str:
        if loc[:2] != ("scenario", "knows"):
            return ""
        return starter_sheet.marked(data["scenario"]["knows"], usual, loc[2:])

    return writing.compose(data, head, mark, occasions(extra))


def occasions(extra: Sequence[Path]) -> dict[str, str]:
    """What each occasion of a customer's lines is, in plain words."""
    wants: dict[str, str] = prompts.data("customer_wants.yaml", extra)["wants"]
    return wants


def remedy(starter: Starter, name: str, deed: str, allowed: bool, solves: float) -> dict[str, Any]:
    """Something an agent might offer, in all the ways in which “I can …” may be said."""
    done = _deed(deed)
    return {
        "id": name,
        "examples": [text.replace("<deed>", done) for text in starter.offers],
        "allowed": allowed,
        "solves": solves,
        "accept": list(starter.accept if allowed else starter.forbidden_accept),
    }


def _variant(one: _Telling, thing: str, lead: Feeling, feeling: float) -> dict[str, Any]:
    found: dict[str, Any] = {"id": one.id, "slots": {"thing": thing, "since": one.since}}
    if one.feeling:
        found["mood"] = {lead.value: round(min(max(feeling + one.feeling, 0.0), 1.0), 2)}
    return found


def _temperament(name: str, extra: Sequence[Path]) -> Temperament:
    path = roots.find("personas/temperaments", f"{name}.yaml", extra)
    if path is None:
        raise BadInput(f"There is no temperament called “{name}”.")
    return problems.valid(Temperament, source.read(path))


def _deed(text: str) -> str:
    """What follows “I can”: no full stop, no “I can” of its own."""
    deed = text.strip().rstrip(".!?")
    for start in ("I can ", "I could ", "I will ", "I'll ", "to "):
        if deed.lower().startswith(start.lower()):
            deed = deed[len(start) :]
    return deed


def sentence(deed: str) -> str:
    """What the card says of something the agent may or may not do."""
    text = _deed(deed)
    return text[:1].upper() + text[1:]


def _plain(model: BaseModel) -> dict[str, Any]:
    found: dict[str, Any] = model.model_dump(mode="json", by_alias=True, exclude_unset=True)
    return found
