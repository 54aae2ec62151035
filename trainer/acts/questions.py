"""Questions, open or closed, with or without a question mark.

Rules after the reference markers (any question: κ .82 on AnnoMI with punctuation; open against
closed: accuracy .79).
"""

import re
from typing import Literal

from trainer.acts import phrases

_LEAD = (
    r"^(?:(?:so|and|but|okay|ok|well|alright|right|now|then|sorry|please|also|just|i see|oh)"
    r"[\s,.]+)*"
)

_OPEN = re.compile(
    _LEAD + r"(?:what(?!\s+(?:time|number|date|day|color|colour|size|kind|type|model|name"
    r"|postcode|address|email|"
    r"is\s+your\s+(?:\w+\s+)?(?:name|number|account|address|postcode|email|date)|"
    r"(?:is|was|'s)\s+the\s+(?:\w+\s+)?(?:number|name|date|reference|address|postcode|code|amount|total|order|account)))\b"
    r"|how(?!\s+(?:many|much|long|old|often|far|soon|big|about|come|do\s+you\s+do)\b)\b"
    r"|why\b"
    r"|in\s+what\s+way|where\s+(?:do|would|are)\s+you\b(?!\s+live)|anything\s+else\b"
    r"|(?:i\s+guess\s+)?(?:i\s+)?(?:am\s+|was\s+)?(?:just\s+|kind\s+of\s+)*wonder(?:ing)?\s+"
    r"(?:what|how|why|where|if|whether|about)"
    r"|tell\s+me\s+(?!your\b|the\s+(?:number|name|date|order|account))"
    r"|(?:can|could|would|will)\s+you\s+(?:please\s+|just\s+|maybe\s+)*(?:mind\s+)?(?:tell(?:ing)?\s+me\s+(?:more|about|what|how|why|a\s+(?:bit|little)|exactly|in\s+your)"
    r"|walk(?:ing)?\s+me|talk(?:ing)?\s+me|describe|describing|explain|explaining|help\s+me\s+understand|share|sharing|say\s+more|elaborate)"
    r"|i'?d\s+(?:like|love)\s+to\s+(?:hear|understand|know)\s+(?:more|what|how|about)"
    r"|help\s+me\s+(?:understand|see)|walk\s+me\s+through|talk\s+me\s+through|describe\b|say\s+more)",
    re.IGNORECASE,
)
_AUX = re.compile(
    _LEAD
    + r"(?:do|does|did|is|are|was|were|have|has|had|can|could|will|would|shall|should|may|might|am|"
    r"isn'?t|aren'?t|don'?t|didn'?t|doesn'?t|haven'?t|hasn'?t|can'?t|couldn'?t|won'?t|wouldn'?t|wasn'?t|weren'?t)\s+"
    r"(?:you|i|we|they|it|that|this|there|he|she|your|the|any|anyone|anybody|someone|everything)\b",
    re.IGNORECASE,
)
_WH_CLOSED = re.compile(
    _LEAD + r"(?:when|where|who|which|whose|what\s+(?:time|number|date|day|colou?r|size|kind"
    r"|type|model|name|postcode|address|email|is\s+your|was\s+your|is\s+the|was\s+the)|"
    r"what's\s+(?:your|the)|how\s+(?:many|much|long|old|often|far|soon|big))\b",
    re.IGNORECASE,
)
_STATEMENT = re.compile(
    _LEAD + r"(?:what|how|why|when|where|which|who)\s+(?:i|we|you|they|it|a|an|the\s+\w+\s+\w+"
    r"|matters|happens|happened\s+(?:is|was)|"
    r"i'?m|i'?ll|i've|we'?ll|we'?re|we've|you'?re|that\s+means|this\s+means)\b(?!.*\?)",
    re.IGNORECASE,
)
_TAG = re.compile(
    r",?\s+(?:is that (?:right|correct|fair)|right|correct|okay|isn't it|don't you"
    r"|do you see|does that make sense|have i got that right|yes)\s*\?$",
    re.IGNORECASE,
)
_IMPERATIVE = re.compile(
    _LEAD + r"(?:tell\s+me|help\s+me|walk\s+me|talk\s+me|describe|say\s+more|i'?d\s+(?:like|love)"
    r"|(?:i\s+guess\s+)?i\s+(?:am\s+|was\s+)?(?:just\s+|kind\s+of\s+)*wonder)",
    re.IGNORECASE,
)


def kind(text: str) -> Literal["open", "closed"] | None:
    """Whether one piece of a turn asks something, and how; None when it does not."""
    plain = phrases.normal(text.strip())
    marked = plain.rstrip("\"'”) ").endswith("?")
    if not marked and _STATEMENT.match(plain):
        return None
    if _OPEN.match(plain):
        if marked or _IMPERATIVE.match(plain) or _asks_without_mark(plain):
            return "open"
        return None
    if marked:
        return "closed"
    if plain.endswith(("!", "…")):
        return None
    if _AUX.match(plain) or _WH_CLOSED.match(plain):
        return "closed" if len(plain.split()) > 2 else None
    return None


def has_tag(text: str) -> bool:
    """Whether it only asks for confirmation at its end (“…, is that right?”)."""
    return _TAG.search(text.strip()) is not None


def _asks_without_mark(plain: str) -> bool:
    """Words in the order of a question: “what did they say”, “how is that for you”."""
    return (
        not plain.endswith(("!", "."))
        or re.match(
            _LEAD + r"(?:what|how|why)(?:'s|\s+(?:do|does|did|is|are|was|were|has|have|would"
            r"|could|can|will|else|happened|made|makes|worries|matters))\b",
            plain,
            re.IGNORECASE,
        )
        is not None
    )
