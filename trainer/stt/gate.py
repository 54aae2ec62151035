"""Whether Whisper heard the words or made them up.

On silence, hum and clicks Whisper writes "you", "Thank you." or a whole sentence; sometimes it
repeats itself to the end of the window. Limits were set on silence, noises and real turns of a
telephone call (docs/measurements.md).
"""

from dataclasses import dataclass

NO_SPEECH = "no speech"
REPETITION = "repetition"
UNCLEAR = "unclear"


@dataclass(frozen=True)
class Guess:
    """What one decoding gave.

    Attributes:
        text: the words.
        no_speech: probability that nobody speaks, 0..1.
        logprob: mean log probability of the tokens.
        compression: length of the text over its length when zipped; high when it repeats.
        ended: Whisper came to an end by itself, before the limit of tokens.
    """

    text: str
    no_speech: float
    logprob: float
    compression: float
    ended: bool


def reason(guess: Guess) -> str:
    """Why the words are to be thrown away; empty when they stand."""
    if loops(guess):
        return REPETITION
    if not any(letter.isalnum() for letter in guess.text):
        return NO_SPEECH
    # sure of silence, and not sure of the words; or half sure of silence and guessing the words
    if guess.no_speech > 0.6 and guess.logprob < -0.35:
        return NO_SPEECH
    if guess.no_speech > 0.45 and guess.logprob < -1.0:
        return NO_SPEECH
    if guess.logprob < -1.6:
        return UNCLEAR
    return ""


def loops(guess: Guess) -> bool:
    """The text goes round in circles, as people do not."""
    return not guess.ended or guess.compression > 2.4 or _repeats(guess.text)


def doubtful(guess: Guess) -> bool:
    """Worth a second look in the full window: it loops, or the words are guesses over speech."""
    return loops(guess) or (guess.no_speech < 0.6 and guess.logprob < -0.7)


def _repeats(text: str) -> bool:
    """A phrase of three words or more comes three times in a row; a shorter one, six times."""
    words = "".join(c for c in text.lower() if c.isalnum() or c in " '").split()
    for size in range(1, len(words) // 3 + 1):
        times = 3 if size >= 3 else 6
        for at in range(len(words) - size * times + 1):
            if words[at : at + size] * times == words[at : at + size * times]:
                return True
    return False
