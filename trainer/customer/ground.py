"""Keeps the common ground of a call: pure, one turn at a time."""

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace

from trainer.acts.phrases import normal
from trainer.domain.acts import ActKind, Reading
from trainer.domain.ground import (
    Ground,
    Offered,
    OpenMatter,
    Promised,
    PutRight,
    Standing,
    Told,
)
from trainer.domain.moves import MoveKind, Offer, OfferState
from trainer.domain.persona import Cast

_STANDS = {
    OfferState.OFFERED: Standing.OFFERED,
    OfferState.PROMISED: Standing.OFFERED,
    OfferState.DONE: Standing.DONE,
    OfferState.CONDITIONAL: Standing.CONDITIONAL,
    OfferState.REFUSED: Standing.REFUSED,
    OfferState.WITHDRAWN: Standing.WITHDRAWN,
}
STANDS = (Standing.OFFERED, Standing.ACCEPTED, Standing.WEIGHED, Standing.DONE)
"""States in which the agent's word stands."""

_FIRM = (Standing.ACCEPTED, Standing.DONE)


_NOT_SO = re.compile(
    r"\b(?:(?:did not|never|not) (?:say|said|promise|promised|offer|offered|mean|agree)"
    r"|not (?:yet|quite|booked|done|agreed|settled)|(?:back|slow) (?:a|one) step|hold you back)\b"
)
"""Words by which a correction takes back what was understood, without naming it."""


def heard(ground: Ground, reading: Reading, turn: int, cast: Cast) -> Ground:
    """The ground after an agent turn was heard, before the customer answers it."""
    offers = {one.remedy: one for one in ground.offers}
    remedies = {remedy.id: remedy for remedy in cast.persona.scenario.remedies}
    promises = list(ground.promises)
    for offer in reading.offers:
        stands = _STANDS.get(offer.state)
        before = offers.get(offer.remedy)
        if stands is None or not _moves_on(before, stands):
            continue
        offers[offer.remedy] = Offered(
            offer.remedy, stands, turn, offer.quote, offer.condition, offer.when,
            remedies[offer.remedy].allowed, remedies[offer.remedy].called,
        )  # fmt: skip
        if offer.state in (OfferState.PROMISED, OfferState.DONE) or offer.when:
            promises.append(Promised(turn, offer.quote, offer.when, offer.remedy))
    named = {offer.quote for offer in reading.offers}
    for act in reading.acts:
        if act.kind is ActKind.TIMEFRAME and not any(act.quote in quote for quote in named):
            when = next((m.when for m in reading.moves if act.quote in m.quote and m.when), "")
            promises.append(Promised(turn, act.quote, when))
    return replace(ground, offers=tuple(offers.values()), promises=tuple(promises))


def _moves_on(before: Offered | None, stands: Standing) -> bool:
    """An acceptance or a deed is not undone by naming the thing again; a refusal undoes both."""
    if before is None or stands in (Standing.REFUSED, Standing.WITHDRAWN, Standing.DONE):
        return True
    return before.state not in _FIRM


def answered(ground: Ground, states: dict[str, Standing]) -> Ground:
    """The ground after the customer took, weighed or declined offers."""
    return replace(
        ground,
        offers=tuple(
            replace(one, state=states[one.remedy])
            if one.remedy in states and one.state is not Standing.DONE
            else one
            for one in ground.offers
        ),
    )


def taken_back(ground: Ground, remedies: Collection[str], turn: int, quote: str) -> Ground:
    """The ground after a no that names none of `remedies` and takes them back all the same."""
    return replace(
        ground,
        offers=tuple(
            replace(one, state=Standing.WITHDRAWN, turn=turn, quote=quote)
            if one.remedy in remedies and one.state in STANDS
            else one
            for one in ground.offers
        ),
    )


def broken(ground: Ground) -> tuple[Offered, ...]:
    """What policy forbids and nobody has taken back."""
    return tuple(one for one in ground.of(*STANDS) if not one.allowed)


def as_heard(ground: Ground, said: Mapping[int, str]) -> Ground:
    """The ground in the customer's words as they were heard, where that is known.

    Args:
        ground: with the words that were planned.
        said: what was heard of the customer's turns, by turn; empty for nothing.
    """
    told = (replace(one, quote=said.get(one.turn, one.quote)) for one in ground.told)
    return replace(
        ground,
        told=tuple(one for one in told if one.quote),
        open=tuple(
            one
            for one in ground.open
            if one.who != "agent" or said.get(one.turn, "?").rstrip().endswith("?")
        ),
    )


def told(ground: Ground, about: Sequence[str], turn: int, quote: str) -> Ground:
    """The ground after the customer told something."""
    return replace(ground, told=(*ground.told, *(Told(one, turn, quote) for one in about)))


def opened(ground: Ground, who: str, what: str, turn: int, quote: str) -> Ground:
    """The ground with one more open matter."""
    return replace(ground, open=(*ground.open, OpenMatter(who, what, turn, quote)))


def closed(ground: Ground, who: str) -> Ground:
    """The ground without what `who` was to answer."""
    return replace(ground, open=tuple(one for one in ground.open if one.who != who))


def put_right(ground: Ground, turn: int, quote: str, undone: Collection[str]) -> Ground:
    """The ground after a correction: what was taken by mistake stands no longer."""
    left = tuple(one for one in ground.offers if one.remedy not in undone)
    return replace(
        ground,
        offers=left,
        corrections=(*ground.corrections, PutRight(turn, quote, tuple(sorted(undone)))),
    )


def misread(ground: Ground, reading: Reading) -> tuple[str, ...]:
    """Remedies that a correction says were never offered: denied in it, and taken before.

    A correction that names none (“I said early, I didn't say booked”) is about what was taken last.
    """
    correction = reading.move(MoveKind.CORRECT)
    if correction is None:
        return ()
    live = ground.of(*STANDS)
    denied = [
        offer.remedy
        for offer in reading.offers
        if offer.state in (OfferState.REFUSED, OfferState.WITHDRAWN, OfferState.CONDITIONAL)
    ]
    if not denied and not reading.offered and _NOT_SO.search(normal(correction.quote)):
        last = max(live, key=lambda one: one.turn, default=None)
        return (last.remedy,) if last is not None else ()
    return tuple(one.remedy for one in live if one.remedy in denied)


_TO_HEAR = re.compile(
    r"\b(?:(?:i|we|they|he|she|somebody|someone|you) (?:will|are going to|shall) "
    r"(?:\w+ ){0,3}?(?:ring|call|phone|hear|text|let you know|come back to you|be in touch"
    r"|get back|find out|know by)|(?:let|keep) you (?:know|posted)"
    r"|(?:his|her|their|the) (?:answer|decision|verdict))\b"
)
"""A promise to be heard from: how it turns out is not known yet."""


def to_hear(ground: Ground) -> bool:
    """Whether the outcome is still to come: something hangs on a yes, or they are to be told.

    What hung on something before they agreed on another thing matters no longer.
    """
    agreed = max((one.turn for one in ground.of(*_FIRM)), default=0)
    hangs = any(one.allowed and one.turn >= agreed for one in ground.of(Standing.CONDITIONAL))
    return hangs or any(_TO_HEAR.search(normal(one.quote)) for one in ground.promises)


def pending(ground: Ground) -> tuple[Offered, ...]:
    """What was agreed or is hoped for and has still to come."""
    return tuple(
        one
        for one in ground.offers
        if one.allowed
        and (one.state is Standing.CONDITIONAL or (one.state is Standing.ACCEPTED and one.when))
    )


def as_offers(offers: Sequence[Offer]) -> list[dict[str, str]]:
    """Offers as JSON rows."""
    return [
        {
            "remedy": offer.remedy,
            "state": offer.state.value,
            "condition": offer.condition,
            "when": offer.when,
            "quote": offer.quote,
        }
        for offer in offers
    ]
