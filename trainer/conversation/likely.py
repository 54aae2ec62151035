"""What an agent is likely to say next to this customer."""

from pathlib import Path

from trainer.content import prompts
from trainer.domain.persona import Cast


def sayings(cast: Cast, roots: tuple[Path, ...]) -> list[str]:
    """Sentences, likeliest first: what agents say, this story's offers, questions for its facts."""
    common = prompts.data("customer_expects.yaml", roots)["agent_says"]
    story = cast.persona.scenario
    offers = [remedy.examples[0] for remedy in story.remedies if remedy.allowed]
    questions = [fact.asks[0] for fact in story.facts]
    return [*(str(text) for text in common), *offers, *questions]
