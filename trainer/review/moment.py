"""Where in the recording something was: the span to play back. Seconds on the call clock."""

from trainer.domain.audio import seconds
from trainer.domain.events import TurnTaken
from trainer.review.log import Log, plain

_MARGIN_S = 0.3


def turn(taken: TurnTaken) -> tuple[float, float]:
    """A whole turn."""
    return seconds(taken.start), seconds(taken.end)


def quote(log: Log, taken: TurnTaken, words: str) -> tuple[float, float]:
    """The span of a quote inside its turn, by word times where there are any, else all of it."""
    timed = log.words.get(taken.turn)
    wanted = plain(words)
    if not timed or not wanted:
        return turn(taken)
    spoken = [plain(word[0]) for word in timed]
    flat = [(index, part) for index, parts in enumerate(spoken) for part in parts]
    said = [part for _, part in flat]
    for at in range(len(said) - len(wanted) + 1):
        if said[at : at + len(wanted)] == wanted:
            first, last = flat[at][0], flat[at + len(wanted) - 1][0]
            start, end = turn(taken)
            return (
                round(max(start, timed[first][1] - _MARGIN_S), 3),
                round(min(end, timed[last][2] + _MARGIN_S), 3),
            )
    return turn(taken)
