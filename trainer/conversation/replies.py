"""A customer's reply as events: what the agent's turn did to them, and what they mean to say."""

from dataclasses import asdict

from trainer.customer import mood as engine
from trainer.domain.events import ActFound, CauseFound, MoodMoved, OfferFound, Planned
from trainer.domain.plan import Reply


def moved(t: int, turn: int, reply: Reply) -> MoodMoved:
    """What the agent turn `turn` did.

    Args:
        t: call clock, samples.
        turn: number of the agent's turn.
        reply: the customer's reply to it.
    """
    return MoodMoved(
        t=t,
        turn=turn,
        acts=[
            ActFound(
                act=act.kind,
                quote=act.quote,
                start=act.start,
                end=act.end,
                confidence=round(act.confidence, 3),
                method=act.method,
            )
            for act in reply.reading.acts
        ],
        appraisal={name: round(value, 4) for name, value in reply.appraisal.items()},
        mood={name: round(value, 4) for name, value in asdict(reply.mood).items()},
        cause=[
            CauseFound(
                appraisal=cause.appraisal,
                quote=cause.quote,
                weight=round(cause.weight, 4),
                good=cause.good,
            )
            for cause in reply.causes
        ],
        remedy=reply.reading.remedy,
        asks=list(reply.reading.asks),
        offers=[OfferFound(**asdict(offer)) for offer in reply.reading.offers],
        engine=engine.ENGINE,
    )


def planned(t: int, turn: int, generation: int, reply: Reply) -> Planned:
    """What the customer decided to say in the turn `turn`."""
    return Planned(
        t=t,
        turn=turn,
        generation=generation,
        intent=reply.plan.intent,
        band=reply.plan.band,
        facts=list(reply.plan.fact_ids),
        draft=list(reply.draft),
        about=list(dict.fromkeys((*reply.plan.about, *reply.plan.fact_ids))),
    )
