"""Whether a language model would have been told what the customer keeps to themselves."""

from trainer.customer import guard
from trainer.customer.prompt import Scene, prompt


def slips(scene: Scene) -> list[str]:
    """Ids of facts that stand in a prompt for this moment though nobody has told them yet.

    Looks at both forms of the prompt. What the agent or the customer has said counts as told.
    """
    plan, draft = scene.reply.plan, scene.reply.draft
    if not draft:
        return []
    said = " ".join((*(turn.text for turn in scene.history), *draft))
    locked = [
        fact
        for fact in scene.cast.persona.scenario.facts
        if fact.id not in plan.fact_ids and not guard.betrays(said, (*fact.keys, fact.text))
    ]
    if not locked:
        return []
    shown = " ".join(
        message["content"] for small in (True, False) for message in prompt(scene, small).messages
    )
    return [fact.id for fact in locked if guard.betrays(shown, (*fact.keys, fact.text))]
