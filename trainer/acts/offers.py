"""Which remedies of the customer's story a turn touches, and what it makes of them.

A remedy is a thing and an action. Which remedy is meant is told by content: all remedies stand
beside the turn and compete. Whether it is offered, asked about, refused, conditional or done is
told by grammar. With a cross-encoder both readings are fitted; a promise that policy forbids needs
the grammar to agree as well. Without one, likeness to examples and grammar do what they can.
"""

import re
from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from trainer.acts import grammar, shape, units
from trainer.acts.history import Context
from trainer.acts.phrases import normal
from trainer.acts.pool import Near, Pool
from trainer.acts.units import Unit
from trainer.domain.moves import TAKEN, Offer, OfferState
from trainer.domain.persona import Remedy
from trainer.ports.embedding import STATES, CrossEncoder, Embedding

TAKES, UNSAID, ASKING, AGAINST = 0.42, 0.55, 0.8, 0.9
"""Probability from which a remedy is offered, promised or done: where the grammar of its clause
offers, where it does not, where it only asks, and where it says otherwise.
"""

CLEAR, CLOSE = 0.05, 0.75
"""How much nearer than any allowed remedy what policy forbids must be; near enough without that."""

FAINT = 0.3
"""Likeness to every example under which a turn must be read as an offer all but surely."""

DENIED = 0.85
"""Probability from which a remedy is refused in words that deny nothing."""

HANGS, TOUCHES = 0.4, 0.5
"""Probability from which a remedy is conditional; from which any other state is believed."""

FORBIDDEN = 0.8
"""The same as `TAKES` for what policy forbids."""

EXAMPLES = 2
"""Examples by which a remedy stands beside the turn."""

SAME = 0.9
"""Cosine similarity from which a clause is one of the author's own examples."""

LIKE, WORDS = 0.56, 0.6
"""Likeness to an example, or without vectors share of its words, that is enough for a reader of
rules alone, and as a second reading of what policy forbids.
"""

_IF = re.compile(r"(?:if|once|unless|provided|providing|as soon as|as long as|subject to)\b")
"""Conditions that no offer of today begins with."""

_PROMISE = re.compile(
    r"\b(?:i promise|promise you|guarantee[sd]?|my word|rest assured|without fail|hundred per ?cent"
    r"|for certain|definitely|count on (?:it|me))\b"
)
_DONE = re.compile(
    r"\b(?:(?:is|are|has|have|been|that's|it's|you're) (?:now |all |already |just )*(?:been "
    r"|gone )?"
    r"(?:done|sent|booked|gone|set up|in place|cancelled|credited|refunded|paid|added|removed"
    r"|on its"
    r" way|in your (?:inbox|account|name)|reserved|confirmed|ordered|off (?:the|your))"
    r"|(?:i|we) have (?:just |already |now )*(?:done|sent|booked|put|set|taken|cancelled|credited"
    r"|refunded|paid|added|removed|reserved|confirmed|ordered|moved|marked|opened|changed))\b"
)
_OFFERS = re.compile(
    r"\b(?:i will|i can|i could|i am going to|i have|let me|we will|we can|we could|you will"
    r"|you can"
    r"|you could|would you|do you want|shall (?:i|we)|should i|how about|what about|what if"
    r"|what would you say|would it|can i offer|may i offer|happy to|gladly|i am \w+ing"
    r"|we are \w+ing"
    r"|i would like to|i am able|there is|any good|suit you|fancy|care for|all right for you"
    r"|would \w+(?: \w+){0,4} (?:help|suit|do|be)|does \w+(?: \w+){0,3} suit|let us|i am sending"
    r"|you are having|yours|for you)\b"
)
_CLOSING = re.compile(
    r"\b(?:anything else|(?:is there|was there) something else|what else can"
    r"|thank(?:s| you) for (?:call|ring|hold|wait|your)\w*"
    r"|good ?bye|bye|(?:have|enjoy) (?:a|the|your) (?:\w+ )?(?:day|evening|weekend|afternoon"
    r"|night|rest))\b"
)
"""How calls begin and end: nothing is offered in such a clause."""

_SORRY = re.compile(r"\b(?:sorry|apologi[sz]e|apologies)\b")

_NOT_YET = re.compile(
    r"\b(?:(?:not|nothing|nobody|none)\b.*\byet|waiting (?:on|for)|not (?:before|until|till))\b"
)
"""A no that may still become a yes."""

_CANNOT = re.compile(
    r"\b(?:can|could|will|would|shall|am|are|is) not\b|\b(?:unable|never|nobody)\b"
)
"""Denies a deed itself."""

_THAT = re.compile(
    r"\b(?:do|book|arrange|send|get|sort|set|put|go ahead(?: and do)?|go(?:ing)? (?:for|with)|make"
    r"|give you|have|take|say) (?:you )?(?:that|it|both|them|the (?P<nth>first|second|last|other)"
    r"(?: one)?|that one|this)(?: (?:for you|then|now|up|through|one|done))*\b"
    r"|\b(?:yes to|how about|what about) (?:both|that|the (?P<nth2>first|second|last"
    r"|other)(?: one)?)\b"
    r"|\b(?:shall i|should i|want me to|i will) (?:go ahead|do so|do (?:both|that|it))\b"
)
"""Words that point back to what was offered before."""


class OfferReader:
    """Reads offers against one scenario's remedies; example vectors are made once."""

    def __init__(
        self,
        remedies: Sequence[Remedy],
        embedding: Embedding | None,
        cross: CrossEncoder | None = None,
    ) -> None:
        self._remedies = list(remedies)
        self._cross = cross
        self._enough = WORDS if embedding is None else LIKE
        self._pool = Pool([r.examples for r in remedies], [[] for _ in remedies], embedding)
        self._beside = [" / ".join(remedy.examples[:EXAMPLES]) for remedy in remedies]

    def read(self, turn: str, before: Context) -> tuple[Offer, ...]:
        """Every remedy that `turn` touches, in the order of the words that touch it."""
        if not self._remedies or not turn.strip():
            return ()
        said = before.last
        near = self._pool.near(turn, said)
        found = self._by_model(turn, said, near) if self._cross else self._by_rule(turn, near)
        placed = [(turn.find(offer.quote), offer) for offer in found]
        offers = tuple(offer for _, offer in sorted(placed, key=lambda one: one[0]))
        return offers or self._by_reference(turn, before)

    def _by_model(self, turn: str, said: str, near: Near) -> list[Offer]:
        assert self._cross is not None
        grammar_of = [shape.of_clause(near.clause(at).text) for at in range(len(self._remedies))]
        told = np.concatenate([near.features, np.stack(grammar_of)], axis=1)
        seen = self._cross.compare(said, turn, self._beside, told, shape.of_turn(turn))
        found = []
        sure: dict[str, float] = {}
        allowed = max(
            (float(near.likeness[at]) for at, one in enumerate(self._remedies) if one.allowed),
            default=0.0,
        )
        for index, row in enumerate(seen.states):
            remedy = self._remedies[index]
            clause = near.clause(index)
            least = _least(clause.text, remedy.allowed)
            state = _state(row, least if near.likeness[index] >= FAINT else AGAINST)
            hangs = _hangs(near.clauses, clause)
            state = _as_grammar_allows(state, clause.text, hangs, turn, row)
            if state is None and near.likeness[index] >= SAME:
                state = ruled(clause.text)
            if state is None:
                continue
            if not remedy.allowed and state in TAKEN:
                alike = float(near.likeness[index]) >= max(LIKE, min(allowed + CLEAR, CLOSE))
                if not alike or not _commits(clause.text, turn):
                    continue
            found.append(_offer(remedy.id, state, clause.text, hangs))
            sure[remedy.id] = float(row[STATES.index("refused")])
        for index, sentence in self._word_for_word(turn).items():
            name = self._remedies[index].id
            found = [offer for offer in found if offer.remedy != name]
            found.append(_offer(name, OfferState.OFFERED, sentence))
        return self._one_meaning(_one_refusal(found, sure))

    def _one_meaning(self, found: Sequence[Offer]) -> list[Offer]:
        """Without what policy forbids where the same words offer something that it allows."""
        allowed = {remedy.id for remedy in self._remedies if remedy.allowed}
        granted = {one.quote for one in found if one.state in TAKEN and one.remedy in allowed}
        return [
            one
            for one in found
            if one.remedy in allowed or one.state not in TAKEN or one.quote not in granted
        ]

    def _word_for_word(self, turn: str) -> dict[int, str]:
        """Remedies of which the turn says an example in full, with the sentence: offers,
        whatever their grammar.
        """
        said = {_plain(one): one for one in (turn, *(u.text for u in units.sentences(turn)))}
        return {
            index: said[_plain(example)]
            for index, remedy in enumerate(self._remedies)
            for example in remedy.examples
            if _plain(example) in said
        }

    def _by_rule(self, turn: str, near: Near) -> list[Offer]:
        """One remedy a clause, by likeness; its state by the grammar of the clause."""
        found: dict[str, Offer] = {}
        for index, sentence in self._word_for_word(turn).items():
            name = self._remedies[index].id
            found[name] = _offer(name, OfferState.OFFERED, sentence)
        for clause, row in zip(near.clauses, near.rows, strict=True):
            best = int(np.argmax(row))
            if float(row[best]) < self._enough:
                continue
            remedy = self._remedies[best]
            state = ruled(clause.text)
            if state is None or (not remedy.allowed and not _commits(clause.text, "")):
                continue
            found.setdefault(remedy.id, _offer(remedy.id, state, clause.text))
        return list(found.values())

    def _by_reference(self, turn: str, before: Context) -> tuple[Offer, ...]:
        """“I'll do that, then”, “the first one”, “both”: what was offered last."""
        last = before.readings[-1].offers if before.readings else ()
        live = [one.remedy for one in last if one.state in (*TAKEN, OfferState.CONDITIONAL)]
        plain = normal(turn)
        points = _THAT.search(plain)
        if not live or points is None or grammar.polarity(turn) == "negative":
            return ()
        nth = points["nth"] or points["nth2"] or ""
        if "both" in points[0]:
            meant = live[:2]
        elif nth == "first":
            meant = live[:1]
        elif nth:
            meant = live[-1:]
        else:
            meant = live if len(live) == 1 else []
        state = OfferState.CONDITIONAL if grammar.condition(turn) else OfferState.OFFERED
        return tuple(_offer(remedy, state, turn.strip()) for remedy in meant)


def ruled(clause: str) -> OfferState | None:
    """What the grammar of a clause makes of a remedy; None where it only mentions it."""
    plain = normal(clause)
    if grammar.takes_back(clause):
        return OfferState.WITHDRAWN
    if grammar.asks_of_the_past(clause):
        return OfferState.ASKED
    if grammar.polarity(clause) == "negative":
        return OfferState.REFUSED
    if grammar.condition(clause):
        return OfferState.CONDITIONAL
    if _DONE.search(plain):
        return OfferState.DONE
    return OfferState.OFFERED if _OFFERS.search(plain) else None


def _least(clause: str, allowed: bool) -> float:
    """The probability that is enough: less where words and grammar agree."""
    against = ruled(clause) in (OfferState.REFUSED, OfferState.ASKED, OfferState.WITHDRAWN)
    if against and not _denies_later(clause):
        return AGAINST
    says = _OFFERS.search(normal(clause)) or _DONE.search(normal(clause))
    least = TAKES if says else ASKING if clause.rstrip().endswith("?") else UNSAID
    return least if allowed else max(least, FORBIDDEN)


def _denies_later(clause: str) -> bool:
    """Whether only what comes after a comma denies: “it goes over a year, no interest”."""
    first, *rest = units.parts(clause, 0)
    return (
        bool(rest) and len(first.text.split()) >= 3 and grammar.polarity(first.text) == "positive"
    )


def _denied(clause: str, row: NDArray[np.float32]) -> bool:
    return grammar.polarity(clause) == "negative" or float(row[STATES.index("refused")]) >= DENIED


def _only_sorry(clause: str) -> bool:
    """Whether a clause apologises and offers nothing by its words."""
    plain = normal(clause)
    return bool(_SORRY.search(plain)) and not (_OFFERS.search(plain) or _DONE.search(plain))


def _takes_back(turn: str) -> bool:
    """Whether the turn holds words by which something can be taken back."""
    return grammar.takes_back(turn) or grammar.polarity(turn) == "negative"


def _plain(text: str) -> str:
    return normal(text).strip(" .?!")


def _state(row: NDArray[np.float32], takes: float) -> OfferState | None:
    """The state that the fitted reader gives; None where the remedy is only mentioned, or not."""
    of = dict(zip(STATES, (float(value) for value in row), strict=True))
    if of["offered"] + of["done"] >= takes:
        return OfferState.DONE if of["done"] > of["offered"] else OfferState.OFFERED
    other = max(("conditional", "refused", "asked", "withdrawn"), key=lambda name: of[name])
    least = HANGS if other == "conditional" else TOUCHES
    return OfferState(other) if of[other] >= max(least, of["none"], of["mentioned"]) else None


def _commits(clause: str, turn: str) -> bool:
    """Whether the grammar says so too: words of an offer, a deed or a promise, and no denial, no
    condition, no question about the past.
    """
    state = ruled(clause)
    promised = state is None and _PROMISE.search(normal(clause)) is not None
    return (state in TAKEN or promised) and not grammar.takes_back(turn)


def _as_grammar_allows(
    state: OfferState | None, clause: str, hangs: str, turn: str, row: NDArray[np.float32]
) -> OfferState | None:
    """The fitted reader's state where the words of the clause carry it, else what they do carry.

    Args:
        state: as the fitted reader has it.
        clause: the clause that is most like the remedy.
        hangs: the condition it hangs on; empty for none.
        turn: all the agent's words.
        row: probabilities of `STATES`.
    """
    if _CLOSING.search(normal(clause)) or _only_sorry(clause):
        return None
    if state in TAKEN and clause.endswith("?") and grammar.asks_of_the_past(clause):
        return OfferState.ASKED
    if state is OfferState.OFFERED and hangs:
        return OfferState.CONDITIONAL
    if state is OfferState.REFUSED:
        if _may_come(clause, hangs):
            state = OfferState.CONDITIONAL
        elif not _denied(clause, row):
            return None
    if state is OfferState.CONDITIONAL and not (hangs or _conditions(clause)):
        return OfferState.OFFERED if _OFFERS.search(normal(clause)) else None
    if state is OfferState.WITHDRAWN and not _takes_back(turn):
        return None
    return state


def _may_come(clause: str, hangs: str) -> bool:
    """Whether a no may still become a yes: “not yet”, or it begins with an “if” and denies no
    deed.
    """
    plain = normal(clause)
    return bool(_NOT_YET.search(plain)) or bool(hangs and not _CANNOT.search(plain))


def _conditions(clause: str) -> bool:
    """Whether a clause has words by which something hangs on something."""
    return bool(grammar.condition(clause)) or _NOT_YET.search(normal(clause)) is not None


def _one_refusal(found: Sequence[Offer], sure: Mapping[str, float]) -> list[Offer]:
    """Of what the same words refuse only the likeliest."""
    best: dict[str, Offer] = {}
    for one in found:
        other = best.get(one.quote)
        if one.state is OfferState.REFUSED and (
            other is None or sure.get(one.remedy, 1.0) > sure.get(other.remedy, 1.0)
        ):
            best[one.quote] = one
    return [one for one in found if one.state is not OfferState.REFUSED or best[one.quote] is one]


def _hangs(clauses: Sequence[Unit], clause: Unit) -> str:
    """The condition that a clause begins with, or that stands right before it in its sentence."""
    own = grammar.condition(clause.text)
    if _IF.match(own):
        return own
    before = next((one for one in reversed(clauses) if one.end <= clause.start), None)
    if re.match(r"\W*(?:and|but)\b", clause.text, re.IGNORECASE):
        return ""
    if before is None or re.search(r"[.?!;]\W*$", before.text):
        return ""
    found = grammar.condition(before.text)
    opens = _IF.match(normal(before.text).removeprefix("and ").removeprefix("so "))
    return found if opens and _IF.match(found) else ""


def _offer(remedy: str, state: OfferState, quote: str, hangs: str = "") -> Offer:
    if state is OfferState.OFFERED and _PROMISE.search(normal(quote)):
        state = OfferState.PROMISED
    condition = hangs or grammar.condition(quote) if state is OfferState.CONDITIONAL else ""
    return Offer(remedy, state, condition, grammar.when(quote), quote)
