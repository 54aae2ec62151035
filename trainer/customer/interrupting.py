"""When a customer no longer waits for the end of the agent's sentence."""

from trainer.domain.mood import Mood

_HOT = 0.6
_LONGEST_S = 32.0
_SHORTER_S = 20.0


def after_s(mood: Mood) -> float | None:
    """Seconds of the agent's talk after which they cut in; None: they hear them out.

    Twenty seconds when the anger is hot, twelve when it is at its height: about the length from
    which one turn counts as a monologue (measures, P4).
    """
    return _LONGEST_S - _SHORTER_S * mood.anger if mood.anger >= _HOT else None
