"""One customer from what a model proposed and what every new customer begins with.

Each value says where it comes from: it stands in the text, a quote of the text supports it, or it
is invented.
"""

import re
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from rapidfuzz import fuzz

from trainer.content import (
    checks,
    drafted_sheet,
    nobody,
    personas,
    proposal,
    secrets,
    slots,
    starter,
    starter_sheet,
    writing,
)
from trainer.content.proposal import (
    Facts,
    Known,
    Lines,
    Offers,
    Part,
    Person,
    Proposed,
    Sheet,
    Story,
)
from trainer.content.source import Loc

_SAME = 88
"""Likeness, 0 to 100, from which words stand in the text: a letter or two may differ."""


class Whole:
    """One customer from what was proposed and what every new customer begins with."""

    def __init__(
        self,
        begin: starter.Starter,
        proposed: Proposed,
        text: str,
        extra: Sequence[Path],
        unfit: Callable[[str], str | None],
    ) -> None:
        """`dropped` says which parts turned out to be of no use, and why."""
        self._begin = begin
        self._text = text
        self._extra = extra
        self._unfit = unfit
        self._quotes: dict[Loc, str] = {}
        self.dropped: dict[Part, str] = {}
        self.data = self._build(proposed)

    def file(self, name: str) -> str:
        """The text of the file."""
        head = self._begin.draft_head.replace("<file>", name)
        return writing.compose(self.data, head, self._mark, starter.occasions(self._extra))

    def _build(self, proposed: Proposed) -> dict[str, Any]:
        answers = starter.complete(self._begin, self._answers(proposed), self._extra)
        proposed = _nobodys(proposed, starter_sheet.build(self._begin, answers))
        answers = starter.complete(self._begin, self._answers(proposed), self._extra)
        data = {"draft": True, **starter.build(self._begin, answers, self._extra)}
        scenario = data["scenario"]
        if offers := proposed.get("offers"):
            self._offer(data, offers)
        if lines := proposed.get("lines"):
            self._speak(data, lines)
        if facts := proposed.get("facts"):
            scenario["facts"] = []
            scenario["facts"] = (
                self._facts(data, facts)
                or starter.build(self._begin, answers, self._extra)["scenario"]["facts"]
            )
        self._know(data, proposed.get("sheet"))
        used = {name for _, one in slots.texts(_beside_variants(data)) for name in slots.used(one)}
        for variant in scenario["variants"]:
            variant["slots"] = {key: one for key, one in variant["slots"].items() if key in used}
        return data

    def _answers(self, proposed: Proposed) -> dict[str, Any]:
        answers: dict[str, Any] = {}
        person: Person | None = proposed.get("person")
        story: Story | None = proposed.get("story")
        if person is not None:
            answers |= {"title": person.title, "age": person.age, "about": person.about}
            answers |= {"speech": person.speech, "lead": person.lead.value}
            answers |= {"need": person.need.value, "difficulty": person.difficulty}
            known = personas.temperaments(self._extra)
            answers["extends"] = person.temperament if person.temperament in known else None
            words = set(re.findall(r"\w+", self._text.lower()))
            # a customer is nobody real: a name from the text is not taken
            taken = {word for word in re.findall(r"\w+", person.name.lower()) if word in words}
            answers["name"] = None if taken else person.name
            for field in ("about", "speech"):
                self._quote(("identity", field), person.quotes.get(field, ""))
        if story is not None:
            fields = ("company", "agent_role", "thing", "situation", "demand", "greet")
            answers |= {field: getattr(story, field) for field in fields}
            if not self._may_be_said(story.greet):
                answers["greet"] = None
            self._quote(("scenario", "card", "situation"), story.quotes.get("situation", ""))
            self._quote(("scenario", "demand"), story.quotes.get("demand", ""))
        return answers

    def _offer(self, data: dict[str, Any], offers: Offers) -> None:
        scenario = data["scenario"]
        listed = [("may", one, True) for one in offers.may]
        listed += [("may_not", one, False) for one in offers.may_not]
        made: list[dict[str, Any]] = []
        deeds: set[str] = set()
        for kind, one, allowed in listed:
            if (key := " ".join(one.do.lower().split())) in deeds:
                continue
            deeds.add(key)
            made.append(
                starter.remedy(
                    self._begin, f"{kind}_{len(made) + 1}", one.do, allowed, round(one.solves, 2)
                )
            )
        best = max((one for one in made if one["allowed"]), key=lambda one: one["solves"])
        best["solves"] = max(best["solves"], 0.75)  # somebody must be able to end it well
        scenario["remedies"] = made
        card = scenario["card"]
        card["may_grant"] = [starter.sentence(one.do) for one in offers.may]
        card["may_not"] = [starter.sentence(one.do) for one in offers.may_not]

    def _speak(self, data: dict[str, Any], lines: Lines) -> None:
        stock = data["lines"]
        seen = _said({"greet": stock["greet"]})
        for occasion in ("vent", "answer", "push", "soften", "hurt", "close_glad"):
            own = []
            for line in getattr(lines, occasion):
                if proposal.plain(line) not in seen and self._may_be_said(line):
                    seen.add(proposal.plain(line))
                    own.append(line)
            if own:
                stock[occasion] = {"any": own}
        for occasion, bands in self._usual_lines(data["lead"]).items():
            for line in (one for texts in bands.values() for one in texts):
                said = _said(stock)
                if len(said) < checks.OWN_LINES and proposal.plain(line) not in said:
                    stock.setdefault(occasion, {}).setdefault("any", []).append(line)
        if lines.sayings:
            data["sayings"] = list(lines.sayings)

    def _usual_lines(self, lead: str) -> dict[str, dict[str, list[str]]]:
        """What every new customer says, but for the greeting."""
        answers = starter.complete(self._begin, {"lead": lead}, self._extra)
        found: dict[str, dict[str, list[str]]]
        found = starter.build(self._begin, answers, self._extra)["lines"]
        return {occasion: bands for occasion, bands in found.items() if occasion != "greet"}

    def _facts(self, data: dict[str, Any], proposed: Facts) -> list[dict[str, Any]]:
        made: list[dict[str, Any]] = []
        asked: set[str] = set()
        for one in proposed.facts:
            heard = starter.everyone_hears(data, self._extra)
            others = [other for other in proposed.facts if other is not one]
            heard += [text for other in others for text in (other.text, other.line)]
            keys = secrets.keys(one.line, heard)
            asks = [text for text in dict.fromkeys(one.asks) if proposal.plain(text) not in asked]
            if not keys or not asks or not self._may_be_said(one.line):
                continue
            asked.update(proposal.plain(text) for text in asks)
            number = len(made)
            self._quote(("scenario", "facts", number, "text"), one.quote)
            made.append(self._fact(f"fact_{number + 1}", one, asks, keys))
        return made

    def _fact(self, name: str, one: Known, asks: list[str], keys: list[str]) -> dict[str, Any]:
        fact: dict[str, Any] = {"id": name, "text": one.text, "line": one.line}
        fact |= {"asks": asks, "keys": keys}
        if one.secret:
            fact["gate"] = dict(self._begin.secret_gate)
        return fact | {"volunteer": not one.secret, "importance": 3 if one.secret else 2}

    def _know(self, data: dict[str, Any], sheet: Sheet | None) -> None:
        """The sheet, once the facts are known: it tells none of them."""
        scenario = data["scenario"]
        usual, scenario["knows"]["items"] = scenario["knows"]["items"], []
        found = drafted_sheet.items(usual, sheet, scenario["facts"], self._may_be_said)
        for number, (item, quote) in enumerate(found):
            scenario["knows"]["items"].append(item)
            self._quote(("scenario", "knows", "items", number, "says"), quote)
        if sheet and sheet.account_holder and self._may_be_said(sheet.account_holder):
            keys = [key for fact in scenario["facts"] for key in fact["keys"]]
            if not any(checks.says(sheet.account_holder, key) for key in keys):
                scenario["knows"]["identity"]["account_holder"] = {"says": sheet.account_holder}

    def _may_be_said(self, line: str) -> bool:
        return self._unfit(line) is None

    def _quote(self, loc: Loc, quote: str) -> None:
        """Keep a quote that really is in the text and speaks of what stands at `loc`."""
        words = proposal.clean(quote)
        if len(words.split()) >= 3 and _stands_in(words, self._text):
            self._quotes[loc] = words

    def _mark(self, loc: Loc) -> str:
        """Where a value comes from: nothing for words of the text, a quote, or that it does not."""
        value: Any = self.data
        for part in loc:
            value = value[part]
        if loc == ("draft",) or loc[-1] in ("id", "hidden", "kind", "language"):
            return ""
        named = loc[-1] in ("company", "thing")  # a word or two, but meant as they stand
        long_enough = isinstance(value, str) and (named or len(value.split()) >= 3)
        if long_enough and _stands_in(value, self._text):
            return ""
        if (quote := self._quotes.get(loc)) and _shared(quote, str(value)):
            return f"from: “{quote}”"
        return "invented"


def _nobodys(proposed: Proposed, knows: dict[str, Any]) -> Proposed:
    """The same with invented numbers and addresses where somebody's may stand."""
    put = drafted_sheet.invented(knows)
    return {
        part: type(one).model_validate(nobody.replaced(one.model_dump(mode="json"), put))
        for part, one in proposed.items()
    }


def _stands_in(words: str, text: str) -> bool:
    flat, whole = proposal.plain(words), proposal.plain(text)
    return len(flat) <= len(whole) and fuzz.partial_ratio(flat, whole) >= _SAME


def _shared(one: str, other: str) -> bool:
    """Whether two texts have a word in common that says something."""
    first, second = (
        {w[:5] for w in proposal.plain(text).split() if len(w) > 3} for text in (one, other)
    )
    return bool(first & second)


def _said(lines: dict[str, dict[str, list[str]]]) -> set[str]:
    return {
        proposal.plain(x) for bands in lines.values() for texts in bands.values() for x in texts
    }


def _beside_variants(data: dict[str, Any]) -> dict[str, Any]:
    scenario = {key: value for key, value in data["scenario"].items() if key != "variants"}
    return {**data, "scenario": scenario}
