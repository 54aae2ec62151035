"""What was agreed in a call: each offer as it stood at the end, and which promises policy forbids.

Reads the common ground that the call has logged; a call without one has nothing to show here.
"""

from collections.abc import Sequence

from trainer.domain.events import ActFound, OfferFound
from trainer.domain.ground import Ground, Offered, Standing
from trainer.domain.moves import TAKEN

_HOW = {
    Standing.OFFERED: "you offered it, they have not answered",
    Standing.CONDITIONAL: "you offered it on a condition",
    Standing.ACCEPTED: "they took it",
    Standing.WEIGHED: "they are thinking about it",
    Standing.DECLINED: "they did not want it",
    Standing.REFUSED: "you said no to it",
    Standing.WITHDRAWN: "you took it back",
    Standing.DONE: "you did it",
}
"""How an offer stands, in plain words."""

_STANDS = (Standing.OFFERED, Standing.ACCEPTED, Standing.WEIGHED, Standing.DONE)


def rows(ground: Ground | None) -> list[tuple[str, str, str]]:
    """For reading, in the order of the call: (what, how it stands and by when, the agent's words).

    Empty where nothing was offered or nothing is known.
    """
    if ground is None:
        return []
    return [
        (_name(one), _how(one), one.quote)
        for one in sorted(ground.offers, key=lambda one: (one.turn, one.remedy))
    ]


def _name(one: Offered) -> str:
    name = one.called or one.remedy.replace("_", " ").replace("-", " ")
    return name[:1].upper() + name[1:]


def _how(one: Offered) -> str:
    parts = [_HOW[one.state]]
    if one.condition and one.state is Standing.CONDITIONAL:
        parts[0] += f": {one.condition}"
    if one.when:
        parts.append(one.when)
    if not one.allowed and one.state in _STANDS:
        parts.append("policy does not allow it")
    return " · ".join(parts)


def overpromises(
    act: ActFound, turn: int, offers: Sequence[OfferFound], ground: Ground | None
) -> bool:
    """Whether what looks like a promise that nobody may give is held against the agent.

    It is where something that policy forbids was really put on the table in this turn. It is not
    where the turn only refused it, asked about it, hung it on a condition or took it back, nor
    where a later turn cleared up that it was never meant. Where no remedy is touched, only words
    that promise by themselves count (“I guarantee it”), never mere likeness.

    Args:
        act: the over-promise that was read.
        turn: the agent's turn it stands in.
        offers: remedies that this turn touched.
        ground: what both had established by the end; None where nothing is known of it.
    """
    corrections = ground.corrections if ground is not None else ()
    undone = {one for fix in corrections if fix.turn > turn for one in fix.undone}
    taken = {one.remedy for one in offers if one.state in TAKEN} - undone
    if ground is None:
        return bool(taken) or not offers
    allowed = {one.remedy: one.allowed for one in ground.offers}
    if any(not allowed.get(remedy, True) for remedy in taken):
        return True
    if any(not one.allowed and one.turn == turn for one in ground.of(*_STANDS)):
        return True
    if offers and not taken:
        return False
    return act.method == "rule"
