"""The simulated customer's rating, 1..5. Fiction, and labelled so wherever it is shown."""

from trainer.customer.mood import State, clip
from trainer.domain.mood import Feeling, Status
from trainer.domain.persona import Temper

FAIR_NO = 0.7
"""The best that a call without what they asked for can get, as a share of the scale."""

_LEFT = frozenset({Status.HUNG_UP, Status.WITHDREW})


def rating(state: State, lead: Feeling, temper: Temper, status: Status) -> float:
    """Outcome, treatment and procedure in the customer's own weights, less what feeling is left.

    After the reference model (distributive > interactional > procedural justice); 1.0..5.0,
    one decimal.
    """
    outcome = 0.45 if temper.outcome_weight is None else temper.outcome_weight
    interaction = 0.37 if temper.interaction_weight is None else temper.interaction_weight
    interaction = min(interaction, 1 - outcome)
    share = (
        outcome * state.mood.resolution
        + interaction * state.interaction
        + (1 - outcome - interaction) * state.procedure
    )
    if status in _LEFT:
        share = min(share, 0.15)
    if (
        status is Status.REFUSAL_ACCEPTED
    ):  # a fair no, well told, is worth something, not everything
        unsolved = 1 - state.mood.resolution
        share = min(share + 0.5 * outcome * state.mood.heard * unsolved, FAIR_NO)
    left = state.mood.of(lead)
    return round(1 + 4 * clip(share - (0.25 * left if left > 0.4 else 0.0)), 1)
