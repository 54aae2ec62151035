"""Reads one agent turn: which acts it holds, what it offered, what it asked for."""

import threading
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from trainer.acts import (
    accusing,
    asked,
    history,
    library,
    moves,
    phrases,
    questions,
    reflection,
    units,
)
from trainer.acts.asked import Asked, AskReader
from trainer.acts.history import Context
from trainer.acts.library import Known
from trainer.acts.likeness import Likeness
from trainer.acts.offers import OfferReader
from trainer.acts.recent import Recent
from trainer.acts.units import Unit
from trainer.domain.acts import Act, ActKind, Method, Reading
from trainer.domain.moves import QUESTIONS, TAKEN, Offer
from trainer.domain.persona import Cast
from trainer.ports.embedding import CrossEncoder, Embedding

K = ActKind

MAX_CHARS = 4000
"""What is read of one turn: about five minutes of speech."""

BY_PATTERN = 0.9

SHORTEST = 2
"""Words from which likeness to phrases is looked at."""

RULED = 0.2
"""A pattern is believed unless the score of its act is further than this under its limit."""

UNKIND = frozenset(
    {
        K.BLAME, K.JUDGEMENT, K.DISMISS, K.POLICY_WALL, K.INSULT, K.OVERPROMISE, K.OVERFAMILIAR,
        K.SYMPATHY_TAKEOVER, K.CANNED,
    }
)  # fmt: skip
"""What an agent is not told lightly: `accusing` looks for words that carry it, and are meant."""

CLEAR = 0.65
"""Confidence from which an apology looks hollow although a pattern takes it for owned."""

LONG = frozenset({K.REFUSE_REASONED, K.RECAP, K.NEXT_STEP})
"""Acts that may take more than one sentence."""

WHOLE_WORDS = 60
"""A turn up to this long is also looked at in one."""

EARLY_TURNS = 2
"""Agent turns in which advice can come too early; later it is only unkind."""

CARING = frozenset({K.ACKNOWLEDGE, K.VALIDATE, K.REFLECT, K.APOLOGY_OWNED})
"""Acts after which advice is no longer premature."""


class Reader:
    """Finds acts by rules, then by nearness to example phrases where an embedding is given.

    Args:
        embedding: sentence vectors; without it, rules only.
        roots: extra content roots, later ones first in line.
    """

    def __init__(self, embedding: Embedding | None = None, roots: Sequence[Path] = ()) -> None:
        self.roots = tuple(roots)
        self._known = library.load(self.roots)
        self._earnest = accusing.load(self.roots)
        self._embedding = Recent(embedding) if embedding is not None else None
        self._cross = embedding if isinstance(embedding, CrossEncoder) else None
        self._words = moves.words(self.roots)
        self._scenarios: dict[str, tuple[OfferReader, AskReader]] = {}
        self._meeting = threading.Lock()
        self._like = Likeness(self._known, self._embedding) if self._embedding is not None else None

    def read(
        self, text: str, context: Context | Sequence[str] = (), cast: Cast | None = None
    ) -> Reading:
        """What one agent turn did.

        Args:
            text: the agent's words; punctuation helps and is not needed.
            context: what was said before; a plain sequence holds customer turns, oldest first.
            cast: the customer, to match offers and questions against their story.

        Returns:
            Acts in the order of their words, each with `text[start:end] == quote`.
        """
        before = context if isinstance(context, Context) else Context(customer=tuple(context))
        turn = text[:MAX_CHARS]
        whole = self._known[K.BACKCHANNEL].patterns
        stripped = turn.strip()
        if stripped and whole is not None and whole.fullmatch(phrases.normal(stripped)):
            start = turn.index(stripped)
            return Reading(
                (self._act(K.BACKCHANNEL, Unit(stripped, start, start + len(stripped)), 0.95),)
            )
        pieces = units.split(turn)
        name = cast.persona.identity.name if cast else ""
        like = self._like.over([piece.text for piece in pieces]) if self._like else None
        acts: list[Act] = []
        for index, piece in enumerate(pieces):
            said = turn[_sentence_start(turn, piece) : piece.start]
            acts += self._found(piece, said, before, name, like[index] if like else {})
        if self._like and len(pieces) > 1 and len(turn.split()) <= WHOLE_WORDS:
            acts += self._of_the_whole(turn, pieces, {act.kind for act in acts})
        acts = [act for act in acts if self._has_need(act.kind, turn)]
        acts = self._settle(acts, turn, before, like)
        offers, sought = self._about(turn, before, cast)
        offers = _without_identity(offers, sought, turn)
        acts = [self._narrowed(act) for act in self._against_card(turn, acts, offers, cast)]
        acts.sort(key=lambda act: (act.start, list(ActKind).index(act.kind)))
        found = moves.read(turn, acts, offers, sought, self._words)
        about = next((m.about for m in found if m.kind in QUESTIONS and m.about != "none"), "")
        facts = (about,) if about and ":" not in about and about != "ground" else ()
        return Reading(tuple(acts), found, facts, offers, about)

    def _found(
        self, piece: Unit, said: str, before: Context, name: str, over: dict[ActKind, float]
    ) -> list[Act]:
        """The acts of one piece.

        `said`: what its sentence says before it. `over`: how far each act's score is over its
        limit, if known.
        """
        found: list[Act] = []
        asked = questions.kind(piece.text)
        if asked == "open" and self._known[K.OPEN_QUESTION].spares(piece.text):
            asked = "closed"
        for known in self._known.values():
            if known.by in ("phrase", "canned", "refusal") and (
                act := self._shown(known, piece, said, over)
            ):
                found.append(act)
        if asked is not None:
            sure = 0.9 if piece.text.rstrip().endswith("?") else 0.75
            kind = K.OPEN_QUESTION if asked == "open" else K.CLOSED_QUESTION
            found.append(self._act(kind, piece, sure))
        if (asked is not None or history.wants(piece.text)) and self._again(piece, before, name):
            found.append(self._act(K.REPEAT_ASK, piece, 0.85))
        said_back = self._reflected(piece, asked is not None, before, over.get(K.REFLECT))
        if said_back is not None and (said_back.confidence >= reflection.FAINT or not found):
            found.append(said_back)
        return found

    def _again(self, piece: Unit, before: Context, name: str) -> bool:
        if history.asks_again(piece.text, self._known[K.REPEAT_ASK], before, name):
            return True
        known = self._known[K.REPEAT_ASK]
        if self._embedding is None or known.spares(piece.text):
            return False
        if history.first_asked(piece.text, known, before):
            return False
        return history.was_told(piece.text, before, self._embedding)

    def _shown(
        self, known: Known, piece: Unit, said: str, over: dict[ActKind, float]
    ) -> Act | None:
        """The act, where its patterns or its likeness to phrases show it."""
        score = over.get(known.kind)
        how: Method | None
        if known.kind in UNKIND:
            how = accusing.method(known, self._earnest, piece.text, said, score)
        else:
            how = self._method(known, piece, score)
        if how is None or (how == "examples" and not self._has_need(known.kind, piece.text)):
            return None
        if how == "rule" or score is None:
            return self._act(known.kind, piece, BY_PATTERN)
        return replace(self._act(known.kind, piece, min(0.85, 0.6 + score / 2)), method=how)

    def _method(self, known: Known, piece: Unit, score: float | None) -> Method | None:
        ruled = known.by != "refusal" and known.shows(piece.text)
        if ruled and (score is None or score + RULED >= 0):
            return "rule"
        long = len(piece.text.split()) >= SHORTEST
        near = score is not None and score >= 0 and long and not known.spares(piece.text)
        return "examples" if near else None

    def _of_the_whole(self, turn: str, pieces: list[Unit], have: set[ActKind]) -> list[Act]:
        """Acts that take more than one sentence: a no and its reason, several things summed up."""
        whole = turn.strip()
        start = turn.index(whole)
        piece = Unit(whole, start, start + len(whole))
        texts = [one.text for one in pieces]
        over = self._like.of_the_whole(whole, texts) if self._like else {}
        return [
            replace(self._act(kind, piece, min(0.8, 0.6 + over[kind] / 2)), method="examples")
            for kind in LONG - have
            if over.get(kind, -1.0) >= 0 and not self._known[kind].spares(whole)
        ]

    def _has_need(self, kind: ActKind, turn: str) -> bool:
        needs = self._known[kind].needs
        return needs is None or needs.search(phrases.normal(turn)) is not None

    def _reflected(
        self, piece: Unit, asks: bool, before: Context, over: float | None
    ) -> Act | None:
        known = self._known[K.REFLECT]
        if known.spares(piece.text):
            return None
        stem = (
            known.patterns is not None
            and known.patterns.search(phrases.normal(piece.text)) is not None
        )
        ruled = reflection.strength(
            piece.text, stem, asks, questions.has_tag(piece.text), before.customer
        )
        if over is None or reflection.is_echo(piece.text, before.customer):
            return self._act(K.REFLECT, piece, ruled) if ruled > 0 else None
        sure = reflection.together(ruled, over)
        if sure is None:
            return None
        act = self._act(K.REFLECT, piece, sure)
        return act if ruled > 0 else replace(act, method="examples")

    def _settle(
        self, acts: list[Act], turn: str, before: Context, like: list[dict[ActKind, float]] | None
    ) -> list[Act]:
        """Let acts that say the same thing better stand for the others, and add what history
        shows.
        """
        kinds = {act.kind for act in acts}
        if any(act.kind is K.APOLOGY_OWNED and act.method == "rule" for act in acts):
            acts = [a for a in acts if a.kind is not K.APOLOGY_HOLLOW or a.confidence >= CLEAR]
        acts = _drop_same_place(acts, K.APOLOGY_HOLLOW, {K.APOLOGY_OWNED})
        acts = _drop_same_place(acts, K.ESCALATE, {K.ACTION, K.CHOICE})
        acts = _drop_same_place(
            acts, K.INSULT, {K.JUDGEMENT, K.DISMISS, K.VALIDATE, K.ACKNOWLEDGE, K.REFLECT}
        )
        acts = _drop_same_place(
            acts, K.BOUNDARY, {K.POLICY_WALL, K.JUDGEMENT, K.ACTION, K.DISMISS, K.REFLECT}
        )
        acts = _drop_same_place(acts, K.DISMISS, {K.ACKNOWLEDGE, K.VALIDATE, K.REFLECT, K.WARMTH})
        acts = _drop_same_place(acts, K.BLAME, {K.VALIDATE, K.REFLECT, K.JUDGEMENT, K.ACTION})
        acts = _drop_same_place(acts, K.SELF_REPAIR, {K.APOLOGY_HOLLOW, K.ACTION, K.DISMISS})
        acts = _drop_same_place(acts, K.SYMPATHY_TAKEOVER, {K.ACKNOWLEDGE})
        acts = _drop_same_place(acts, K.HOLD_REQUEST, {K.ACTION, K.CHOICE})
        refusal = self._refusal(turn)
        if refusal is not None:
            acts = [a for a in acts if a.kind not in (K.POLICY_WALL, K.REFUSE_REASONED)]
            acts.append(refusal)
        elif K.REFUSE_REASONED in kinds:
            acts = [a for a in acts if a.kind is not K.POLICY_WALL or a.method == "rule"]
        else:
            acts = [
                act
                for act in acts
                if act.kind is not K.POLICY_WALL or not self._shows_a_way(turn[act.start :])
            ]
        worn = [
            act
            for act in acts
            if act.kind in CARING | {K.APOLOGY_HOLLOW, K.THANKS, K.WARMTH}
            and history.is_worn(act.quote, before)
        ]
        if K.CANNED not in kinds and (worn or history.is_recited(turn, before)):
            place = worn[0] if worn else None
            whole = turn.strip()
            start = place.start if place else turn.index(whole)
            end = place.end if place else start + len(whole)
            acts.append(Act(K.CANNED, turn[start:end], start, end, 0.8, "rule"))
        early = self._premature(acts, turn, before, like)
        return [*acts, early] if early is not None else acts

    def _refusal(self, turn: str) -> Act | None:
        """A no with a reason or another way, within its sentence and the next."""
        known, wall = self._known[K.REFUSE_REASONED], self._known[K.POLICY_WALL].patterns
        if known.patterns is None or known.reasons is None or known.ways is None:
            return None
        sentences = units.sentences(turn)
        for index, sentence in enumerate(sentences):
            following = " ".join(piece.text for piece in sentences[index : index + 2])
            around = phrases.normal(following)
            said = known.patterns.search(phrases.normal(sentence.text))
            if said is None:
                continue
            reason = known.reasons.search(around)
            ruled = reason and wall and wall.search(around[reason.start :])
            way = known.ways.search(around[said.end :])
            if way or (reason and not ruled):
                return self._act(K.REFUSE_REASONED, sentence, 0.9 if way and reason else 0.75)
        return None

    def _shows_a_way(self, text: str) -> bool:
        known = self._known[K.REFUSE_REASONED]
        return known.ways is not None and known.ways.search(phrases.normal(text)) is not None

    def _premature(
        self,
        acts: list[Act],
        turn: str,
        before: Context,
        like: list[dict[ActKind, float]] | None,
    ) -> Act | None:
        """Advice or a fix before anything that shows understanding, in this turn or an earlier
        one.
        """
        if not before.customer or len(before.agent) >= EARLY_TURNS:
            return None
        caring = [act.start for act in acts if act.kind in CARING]
        if any(reading.find(*CARING) for reading in before.readings):
            return None
        if not before.readings and any(self._cares(earlier) for earlier in before.agent):
            return None
        known = self._known[K.PREMATURE_ADVICE]
        for index, piece in enumerate(units.split(turn)):
            doing = next((a for a in acts if a.kind is K.ACTION and a.start == piece.start), None)
            over = like[index].get(K.PREMATURE_ADVICE, -1.0) if like else -1.0
            advice = known.shows(piece.text) or (over >= 0 and not known.spares(piece.text))
            if (advice or doing is not None) and not any(start <= piece.start for start in caring):
                return self._act(K.PREMATURE_ADVICE, piece, 0.85 if advice else 0.7)
        return None

    def _cares(self, text: str) -> bool:
        return any(
            self._known[kind].shows(piece.text) for kind in CARING for piece in units.split(text)
        )

    def _about(
        self, turn: str, before: Context, cast: Cast | None
    ) -> tuple[tuple[Offer, ...], Mapping[int, Asked]]:
        """The remedies it touches, and what each of its questions asks for."""
        if cast is None:
            return (), asked.plain(turn)
        offers, asks = self.meet(cast)
        return offers.read(turn, before), asks.read(turn, before.last)

    def meet(self, cast: Cast) -> tuple[OfferReader, AskReader]:
        """The readers of a customer's story; made on the first call, which takes seconds where
        their vectors are not kept yet. May be called ahead from another thread.
        """
        key = f"{cast.digest} {cast.variant}"
        with self._meeting:
            if key not in self._scenarios:
                scenario = cast.persona.scenario
                self._scenarios[key] = (
                    OfferReader(scenario.remedies, self._embedding, self._cross),
                    AskReader(scenario, self._embedding, self._cross, self.roots),
                )
            return self._scenarios[key]

    def _against_card(
        self, turn: str, acts: list[Act], offers: Sequence[Offer], cast: Cast | None
    ) -> list[Act]:
        """An offer that the policy card forbids is an over-promise; one that it allows is none."""
        if cast is None:
            return acts
        allowed = {r.id: r.allowed for r in cast.persona.scenario.remedies}
        broken = [o for o in offers if o.state in TAKEN and not allowed[o.remedy]]
        if any(act.kind is K.OVERPROMISE for act in acts) or not broken:
            return acts
        start = max(0, turn.find(broken[0].quote))
        unit = Unit(broken[0].quote, start, start + len(broken[0].quote))
        return [*acts, self._act(K.OVERPROMISE, unit, 0.8)]

    def _narrowed(self, act: Act) -> Act:
        """The act with only the part between commas that shows it, where one part alone does."""
        known = self._known[act.kind]
        if act.method != "rule" or known.by != "phrase":
            return act
        parts = [part for part in units.parts(act.quote, act.start) if known.shows(part.text)]
        if len(parts) != 1 or len(parts[0].text.split()) < 2:
            return act
        return replace(act, quote=parts[0].text, start=parts[0].start, end=parts[0].end)

    @staticmethod
    def _act(kind: ActKind, piece: Unit, sure: float) -> Act:
        return Act(kind, piece.text, piece.start, piece.end, round(sure, 2), "rule")


def _without_identity(
    offers: Sequence[Offer], sought: Mapping[int, Asked], turn: str
) -> tuple[Offer, ...]:
    """Without offers heard in a question for a name or a number: that gives nothing."""
    asks = {start for start, one in sought.items() if one.slots}
    return tuple(
        one for one in offers if one.state not in TAKEN or turn.find(one.quote) not in asks
    )


def _sentence_start(turn: str, piece: Unit) -> int:
    """Where the sentence begins in which `piece` stands."""
    return max(one.start for one in units.sentences(turn[: piece.end]) if one.start <= piece.start)


def _drop_same_place(acts: list[Act], winner: ActKind, losers: set[ActKind]) -> list[Act]:
    """Without the losers where the winner is; likeness alone never drops what a rule found."""
    won = {act.start: act.method for act in acts if act.kind is winner}
    return [
        act
        for act in acts
        if act.kind not in losers
        or act.start not in won
        or (won[act.start] == "examples" and act.method != "examples")
    ]
