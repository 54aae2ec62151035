"""Decoding that is shown what to expect: the words of the turn as they were a moment ago.

The decoder reads a whole draft in one step, where it would need a step for each token. A token of
the draft counts only where decoding would have chosen it anyway, so that the result is that of
decoding without one (speculative decoding: Leviathan et al. 2023, arXiv:2211.17192, greedy case).
"""

from typing import Any

_RESUME_WITHIN = 4
"""So many tokens of the draft may have been put in or left out before it is followed again."""

_WORTH_READING = 4
"""Fewer tokens are decoded one by one as fast as they are read again with all before them."""


class Drafted:
    """In the place of the `inference` of a `whisper.decoding.DecodingTask` with one candidate.

    Args:
        inference: Whisper's own, whose key-value cache is kept in step with what was decided.
        draft: the tokens that are expected after the initial ones.
    """

    def __init__(self, inference: Any, draft: list[int]) -> None:
        self._inference = inference
        self._draft = draft
        self._begin = 0
        self._read: list[int] = []
        self._logits: Any = None

    def logits(self, tokens: Any, audio_features: Any) -> Any:
        """Logits of the last token, shape (1, 1, vocabulary); of all initial ones at first."""
        decided: list[int] = tokens[0].tolist()
        count = len(decided)
        if not self._read:
            self._begin = count
            self._feed(decided + self._draft, 0, tokens, audio_features)
            return self._logits[:, :count]
        if self._read[:count] != decided:
            self._resume(decided)
            if len(self._draft) >= _WORTH_READING:
                self._feed(decided + self._draft, 0, tokens, audio_features)
            else:
                self._feed(decided, count - 1, tokens, audio_features)
        return self._logits[:, count - 1 : count]

    def probability(self, at: int, tokens: list[int]) -> float:
        """That one of `tokens` stands `at` this place after the initial ones; 0..1.

        Known once decoding is over, for every place up to the end of the text.
        """
        row = self._logits[0, self._begin + at - 1].float().softmax(dim=-1)
        return float(row[tokens].sum())

    def cleanup_caching(self) -> None:
        """Let go of the key-value cache."""
        self._inference.cleanup_caching()

    def rearrange_kv_cache(self, source_indices: list[int]) -> None:
        """One candidate: nothing to rearrange."""

    def _resume(self, decided: list[int]) -> None:
        """The last decided token is not the one of the draft: what is left to expect after it."""
        expected = self._read[len(decided) - 1 :]
        near = expected[: _RESUME_WITHIN + 1]
        self._draft = expected[near.index(decided[-1]) + 1 :] if decided[-1] in near else []

    def _feed(self, sequence: list[int], known: int, tokens: Any, audio_features: Any) -> None:
        """Read `sequence`, of which the first `known` tokens have been read before.

        Several tokens at once are read from the beginning: Whisper's causal attention is only right
        for as many keys as queries.
        """
        import torch

        inference = self._inference
        if not inference.kv_cache:
            inference.kv_cache, inference.hooks = inference.model.install_kv_cache_hooks()
        for module in inference.kv_modules:
            if module in inference.kv_cache:
                inference.kv_cache[module] = inference.kv_cache[module][:, :known]
        fresh = torch.tensor([sequence[known:]], device=tokens.device)
        logits = inference.model.decoder(fresh, audio_features, kv_cache=inference.kv_cache)
        before = self._logits[:, :known] if known else logits[:, :0]
        self._logits = torch.cat([before, logits], dim=1)
        self._read = sequence
