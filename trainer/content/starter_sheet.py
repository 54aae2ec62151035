"""The sheet that a new customer begins with: what they are asked for, and a few plain answers."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from datetime import date
from typing import TYPE_CHECKING, Any

from trainer.content import checks, fictional, knowledge

if TYPE_CHECKING:
    from trainer.content.source import Loc
    from trainer.content.starter import Question, Starter

Answers = Mapping[str, Any]

SLOTS = ("birth_date", "address", "postcode", "phone", "email")
"""Questions whose answer is the value of the slot of that name."""

ASKED = (1, 2, 3)
"""Numbers of the questions `ask_1` … that are asked with an answer, `say_1` …, for the sheet."""

REPLACE = "example: replace it"
GUESSED = "guessed: name it in two to six words"

_QUESTION = "question_"
_KINDS = (
    ("tried", r"\btr(?:y|ied)\b|\balready\b|\bhave you (?:done|checked|looked)\b"),
    ("wants", r"\b(?:rather|prefer|want|like|settle)\b"),
    ("timeline", r"\bwhen (?:did|was|were|do)\b|\bhow (?:long|often|many times)\b|\bsince\b"),
    ("people", r"\bwho\b"),
    ("home", r"\bwhen\b|\bwhere are you\b|\bring you\b|\breach you\b|\bat home\b"),
)


def default(question: Question, answers: Answers) -> Any:
    """The answer of who has none: a date and an address that follow from age and name."""
    if question.kind == "birth_date":
        return f"{date.today().year - int(answers['age'])}-03-11"
    if question.kind == "email":
        plain = unicodedata.normalize("NFKD", answers["name"]).encode("ascii", "ignore").decode()
        who = re.sub(r"[^a-z]+", ".", plain.lower()).strip(".") or "customer"
        return f"{who}@mailbox.example"
    return question.default


def mistake(question: Question, answer: str, said: Sequence[str], answers: Answers) -> str:
    """What is wrong with an answer for the sheet; empty when nothing is.

    Args:
        question: what was asked.
        answer: the text.
        said: of a question, those that ask for something else; of an answer, words that tell it.
        answers: what was answered so far.
    """
    if question.kind == "birth_date":
        wrong = fictional.birth_date(answer, int(answers.get("age", 0)))
    elif question.kind == "reference":
        called, number = reference(answer)
        wrong = "" if called and number else "Write both, like this: order number NH 4417 206."
    elif question.kind == "address":
        kind = fictional.kind(answer)
        found = fictional.UK_POSTCODE.search(answer) or fictional.US_ZIP.search(answer)
        wrong = fictional.postcode(found[0]) if found else ""
        wrong = f"this is {fictional.KINDS[kind]}, not where they live." if kind else wrong
    elif question.kind == "asked":
        wrong = "is asked already."
        wrong = wrong if any(knowledge.same_question(answer, one) for one in said) else ""
    elif question.kind == "known":
        key = next((one for one in said if checks.says(answer, one)), "")
        wrong = f"“{key}” tells what they tell as a fact." if key else ""
    else:
        check = {
            "phone": fictional.phone,
            "email": fictional.email,
            "postcode": fictional.postcode,
        }.get(question.kind)
        wrong = check(answer) if check else ""
    return wrong[:1].upper() + wrong[1:]


def build(starter: Starter, answers: Answers) -> dict[str, Any]:
    """`knows`, as a file holds it."""
    name = answers["name"]
    identity: dict[str, Any] = {"name": {"is": name}, "spelling": {"is": name.split()[-1]}}
    identity |= {slot: {"is": answers[slot]} for slot in SLOTS if answers.get(slot)}
    called, number = reference(answers.get("reference") or "")
    if called and number:
        identity["references"] = [{"called": called, "is": number}]
    if starter.account_holder:
        identity["account_holder"] = {"says": starter.account_holder}
    items = [
        _item(f"{_QUESTION}{number}", ask, say)
        for number in ASKED
        if (ask := answers.get(f"ask_{number}")) and (say := answers.get(f"say_{number}"))
    ]
    taken = [ask for item in items for ask in item["asks"]] + [answers.get("question") or ""]
    for one in starter.items:
        if not any(knowledge.same_question(ask, other) for ask in one.asks for other in taken):
            items.append(one.model_dump(mode="json", by_alias=True, exclude_unset=True))
    return {"identity": identity, "items": items}


def marked(knows: Mapping[str, Any], usual: Mapping[str, Any], loc: Loc) -> str:
    """What stands behind a value of the sheet that waits for a better one; else nothing.

    Args:
        knows: the sheet.
        usual: the sheet of somebody who answered every question about it by Enter.
        loc: a place in `knows`.
    """
    if loc[-1] == "topic" and _at(knows, (*loc[:-1], "id")).startswith(_QUESTION):
        return GUESSED
    if loc[-1] not in ("is", "says") or loc[1] in ("name", "spelling"):
        return ""
    value = _at(knows, loc)
    if loc[0] == "identity":
        return REPLACE if value == _at(usual, loc) else ""
    return REPLACE if value in [item["says"] for item in usual["items"]] else ""


def _at(value: Any, loc: Loc) -> Any:
    """What stands at a place; None where there is no such place."""
    for part in loc:
        try:
            value = value[part]
        except (KeyError, IndexError):
            return None
    return value


def _item(name: str, ask: str, say: str) -> dict[str, Any]:
    return {"id": name, "kind": _kind(ask), "topic": topic(ask), "asks": [ask], "says": say}


def _kind(ask: str) -> str:
    return next((kind for kind, words in _KINDS if re.search(words, ask.lower())), "object")


def topic(ask: str) -> str:
    """What a question is about, as the customer would name it: “the light”."""
    found = re.search(r"\b(?:the|your) ([a-z]{3,})(?= |\?|,)(?! (?:time|way|one|thing)\b)", ask)
    return f"the {found[1]}" if found else "that"


def reference(answer: str) -> tuple[str, str]:
    """“order number NH 4417 206” as its name and the number; empty where there is none."""
    words = answer.split()
    first = next((n for n, word in enumerate(words) if any(c.isdigit() for c in word)), len(words))
    if first > 1 and re.fullmatch(r"[A-Z]{1,4}", words[first - 1]):
        first -= 1
    return " ".join(words[:first]), " ".join(words[first:])
