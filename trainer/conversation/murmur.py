"""Words that are nothing but listening: “mm-hm”, “right”, “I see”."""

from pathlib import Path

from trainer.acts import library
from trainer.domain.acts import ActKind


class Murmur:
    """Knows them by the patterns of `prompts/acts/backchannel.yaml`."""

    def __init__(self, roots: tuple[Path, ...]) -> None:
        self._patterns = library.load(roots)[ActKind.BACKCHANNEL].patterns

    def only(self, text: str) -> bool:
        """Whether there is nothing else in `text`."""
        words = text.strip().lower()
        return self._patterns is not None and self._patterns.fullmatch(words) is not None
