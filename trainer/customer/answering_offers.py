"""The answer to an offer: taken, weighed, its condition asked about, its refusal taken in."""

import re

from trainer.customer.second_part import Answer, Asking, fresh
from trainer.domain.ground import Standing
from trainer.domain.mood import Mood
from trainer.domain.moves import TAKEN, Offer, OfferState
from trainer.domain.persona import Cast, Remedy
from trainer.domain.plan import Intent

TOO_HOT = 0.7
"""Of the lead feeling: from here on nobody says yes to what they weighed before."""

_ASKS_WHAT = re.compile(
    r"\b(?:if (?:what|which)|when what|hangs? on|depends? on|depending|(?:does|would) (?:it|that|he"
    r"|she|they|your \w+|the \w+) (?:need|want|take)|what (?:do|would) you need|say what|just say"
    r"|tell me what)\b",
    re.IGNORECASE,
)
"""Lines that ask for the condition."""

WORTH = 0.2
"""What an offer that was weighed before must at least be worth to be taken the second time."""


def answered(asking: Asking, offer: Offer) -> Answer | None:
    """What to say to one offer; None where it wants no answer."""
    remedy = next(r for r in asking.cast.persona.scenario.remedies if r.id == offer.remedy)
    about = (f"remedy:{remedy.id}",)
    if offer.state in TAKEN:
        if is_settled(asking, remedy):
            return Answer(Intent.TAKE_OFFER, minor=True)
        if asking.takes or _second_time(asking, remedy):
            new = {remedy.id: Standing.ACCEPTED}
            says = fresh(asking, remedy.accept)
            return Answer(Intent.TAKE_OFFER, says, about=about, standing=new)
        new = {remedy.id: Standing.WEIGHED}
        return Answer(Intent.WEIGH_OFFER, fresh(asking, remedy.weigh), about=about, standing=new)
    if offer.state is OfferState.CONDITIONAL:
        return None if is_settled(asking, remedy) else _to_a_condition(asking, offer, remedy)
    if offer.state is OfferState.REFUSED:
        return Answer(Intent.REFUSED, fresh(asking, remedy.refused), about=about)
    if offer.state is OfferState.WITHDRAWN:
        return Answer(Intent.WITHDRAWN)
    return None


def _to_a_condition(asking: Asking, offer: Offer, remedy: Remedy) -> Answer:
    """What it hangs on is asked where nobody said it; else they say what they make of it."""
    about = (f"remedy:{remedy.id}",)
    again = asking.ground.said(about[0]) is not None
    if not offer.condition:
        lines = fresh(asking, remedy.conditional)
        return Answer(Intent.CONDITION, lines, about=about, minor=again)
    said = fresh(asking, [line for line in remedy.conditional if not _ASKS_WHAT.search(line)])
    if said:
        return Answer(Intent.CONDITION, said, about=about, minor=again)
    if asking.takes:
        return Answer(Intent.TAKE_OFFER, about=about, minor=again)
    return Answer(Intent.WEIGH_OFFER, fresh(asking, remedy.weigh), about=about, minor=again)


def is_settled(asking: Asking, remedy: Remedy) -> bool:
    """Whether they have said yes to it already, so that naming it again wants no new yes."""
    stands = asking.ground.standing(remedy.id)
    if stands is None:
        return False
    told = asking.ground.said(f"remedy:{remedy.id}") is not None
    return stands.state is Standing.ACCEPTED or (stands.state is Standing.DONE and told)


def accepted(asking: Asking) -> Answer | None:
    """Yes to a summary: everything named in it that is allowed is agreed on."""
    named = {offer.remedy for offer in asking.reading.offers if offer.state in TAKEN}
    known = [one for one in asking.ground.offers if one.remedy in named]
    before = [one for one in known if asking.ground.said(f"remedy:{one.remedy}") is not None]
    if len(before) * 2 <= len(known):
        return None
    new = {one.remedy: Standing.ACCEPTED for one in known if one.allowed}
    return Answer(Intent.CONFIRM, standing=new)


def to_what_lies_on_the_table(asking: Asking) -> Answer | None:
    """“Does that suit you?”: yes or not yet to what was offered before; None where nothing was."""
    remedies = {r.id: r for r in asking.cast.persona.scenario.remedies}
    live = asking.ground.of(Standing.OFFERED, Standing.WEIGHED)
    if not live or asking.reading.offers:
        return None
    latest = max(one.turn for one in live)
    best = max(
        (one for one in live if one.turn == latest), key=lambda one: remedies[one.remedy].solves
    )
    return answered(asking, Offer(best.remedy, OfferState.OFFERED, quote=best.quote))


def _second_time(asking: Asking, remedy: Remedy) -> bool:
    """Asked again about what they weighed before, a person makes up their mind."""
    weighed = asking.ground.said(f"remedy:{remedy.id}") is not None
    cool = _lead(asking.cast, asking.mood) < TOO_HOT
    return weighed and cool and asking.worth.get(remedy.id, 0.0) >= WORTH


def _lead(cast: Cast, mood: Mood) -> float:
    return mood.of(cast.persona.lead)
