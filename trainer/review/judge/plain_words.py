"""Whether a sentence that a model wrote may be shown to the agent.

It may tell what was said. It may not name a state of mind of the agent, nor tell of the sound of a
voice that nobody heard: such a sentence is dropped, not mended.
"""

import re
import unicodedata

from trainer.review.judge import texts

_LONGEST = 240
"""Characters of a remark."""

_QUOTED = re.compile(r"“[^”]*”|‘[^’]*’|\"[^\"]*\"")
_CUSTOMER = re.compile(r"\b(?:customers?|callers?)\b", re.IGNORECASE)
_AGENT = r"\b(?:you|your|yourself|agents?|they|their)\b"
_MARKUP = re.compile(r"[<>{}\[\]`*_#|]|https?:|www\.", re.IGNORECASE)


def remark(text: str) -> str:
    """The text as it may be shown; empty when it may not.

    A word for a feeling may stand in a quote, or be said of the customer in a sentence that names
    them and has no such word near the agent.
    """
    seen = "".join(" " if unicodedata.category(c)[0] in "CZ" else c for c in text)
    plain = " ".join(seen.split())
    if not plain or len(plain) > _LONGEST or _MARKUP.search(plain):
        return ""
    told = _QUOTED.sub("", plain)
    if texts.sounds().search(told) or any(_of_agent(one) for one in re.split(r"[.!?;]", told)):
        return ""
    return plain


def _of_agent(sentence: str) -> bool:
    states = texts.states()
    if not states.search(sentence):
        return False
    near = re.compile(rf"{_AGENT}(?:\W+(?!customers?\b|callers?\b)\w+){{0,4}}?\W+{states.pattern}",
                      re.IGNORECASE)  # fmt: skip
    return _CUSTOMER.search(sentence) is None or near.search(sentence) is not None
