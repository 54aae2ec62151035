"""The sheet of a draft: what a model found in a text, and what everybody begins with beside it."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from trainer.content import checks, knowledge, proposal
from trainer.content.proposal import Sheet, Thing


def invented(knows: Mapping[str, Any]) -> dict[str, str]:
    """What nobody has, by kind: what a text may hold of somebody real is replaced by these."""
    identity = knows["identity"]
    found = {
        name: identity.get(name, {}).get("is", "")
        for name in ("email", "address", "postcode", "phone")
    }
    number = next((one["is"] for one in identity.get("references", []) if "is" in one), "")
    return {kind: value or "a number I have here" for kind, value in found.items()} | {
        "number": number or "a number I have here"
    }


def items(
    usual: Sequence[Mapping[str, Any]],
    sheet: Sheet | None,
    facts: Sequence[Mapping[str, Any]],
    may_be_said: Callable[[str], bool],
) -> Iterator[tuple[dict[str, Any], str]]:
    """Items with the quote that supports each: the model's, then the usual of kinds it left out.

    Nothing is taken that asks for a fact, that tells one, or that is there already.
    """
    asked = [text for fact in facts for text in fact["asks"]]
    keys = [key for fact in facts for key in fact["keys"]]
    kinds: set[str] = set()
    number = 0
    for thing in sheet.items if sheet else []:
        asks = _new(thing.asks, asked)
        told = any(checks.says(text, key) for text in (thing.says, thing.topic) for key in keys)
        if asks and not told and may_be_said(thing.says):
            number += 1
            asked += asks
            kinds.add(thing.kind.value)
            yield _item(f"known_{number}", thing, asks), thing.quote
    for one in usual:
        asks = _new(one["asks"], asked)
        told = any(checks.says(one[part], key) for part in ("says", "topic") for key in keys)
        if asks and not told and one["kind"] not in kinds:
            asked += asks
            yield {**one, "asks": asks}, ""


def _new(asks: Sequence[str], asked: Sequence[str]) -> list[str]:
    found: list[str] = []
    for ask in asks:
        if not any(knowledge.same_question(ask, other) for other in (*asked, *found)):
            found.append(ask)
    return found


def _item(name: str, thing: Thing, asks: list[str]) -> dict[str, Any]:
    topic = proposal.plain(thing.topic) or "that"
    return {"id": name, "kind": thing.kind.value, "topic": topic, "asks": asks, "says": thing.says}
