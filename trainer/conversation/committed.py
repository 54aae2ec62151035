"""An agent turn that is taken to be over, as long as the agent may still go on."""

from dataclasses import dataclass

from trainer.domain.plan import AgentTurn


@dataclass
class Committed:
    """Positions on the call clock, samples.

    Attributes:
        start: first sample of the turn.
        end: its last sample of speech.
        at: when the silence after it was taken for its end.
        heard: what was understood, once it is.
    """

    start: int
    end: int
    at: int
    heard: AgentTurn | None = None
