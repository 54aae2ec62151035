"""Questions, open or closed, with or without a question mark.

Rules after the reference markers (any question: κ .82 on AnnoMI with punctuation; open against
closed: accuracy .79).
"""

import re
from typing import Literal

from trainer.acts import phrases

_LEAD = (
    r"^\W*(?:(?:so|and|but|okay|ok|well|alright|all right|right|now|then|sorry|please|also|just"
    r"|i see|oh|ah|yeah|yes|yep|no|great|good|sure|thanks|thank you|hi|hello|hey|like|because|or"
    r"|first|first of all|for example|i mean|you know|let us see|mm-?hmm?|uh-huh|gosh|perfect"
    r"|lovely|actually|maybe|i guess|i suppose|in that case|tell me(?=,)|let me ask(?: you)?"
    r"(?: something| this| that)?|can i ask(?: you)?|may i ask(?: you)?"
    r"|(?:hi |hello )?\w+(?=,)(?<!what)(?<!how)"
    r"(?<!why))[\s,.:-]+)*"
)
"""Words before a question that are none of it; one word before a comma is likely a name."""

_OPEN = re.compile(
    _LEAD + r"(?:what(?!\s+(?:time|number|date|day|color|colour|size"
    r"|kind(?! of (?:thing|impact|effect|help|support|trouble|difference|solution|outcome))"
    r"|type|model|name"
    r"|postcode|address|email|"
    r"(?:is|was)\s+your\s+(?:[\w']+\s+){0,2}(?:name|number|account|address|postcode|email|date)|"
    r"(?:is|was|'s)\s+the\s+(?:\w+\s+)?(?:number|name|date|reference|address|postcode|code|amount|total|order|account)))\b"
    r"|how(?!\s+(?:many|much|long|old|often|far|soon|big|about|do\s+you\s+do)\b)\b"
    r"|why\b(?!\s+(?:don't|do\s+not)\s+(?:you|we|i)\b(?!\s+(?:tell|say|describe|explain|think|want|like|feel|trust)))"
    r"|(?:do|would)\s+you\s+(?:want|like)\s+to\s+(?:tell|talk|say\s+more|share|describe)\b"
    r"|in\s+what\s+way|where\s+(?:do|would|are)\s+you\b(?!\s+live)|anything\s+else\b"
    r"|(?:i\s+guess\s+)?(?:i\s+)?(?:am\s+|was\s+)?(?:just\s+|kind\s+of\s+)*wonder(?:ing)?,?\s+"
    r"(?:what|how|why|where|about)"
    r"|(?:do\s+you\s+have\s+|have\s+you\s+(?:had\s+|got\s+|given\s+(?:it\s+)?)?)?(?:any|some)\s+(?:\w+\s+)?"
    r"(?:thoughts?|ideas)\b"
    r"|have\s+you\s+(?:\w+\s+)?thought\s+(?:\w+\s+){0,2}about\s+(?:how|what|why|where)"
    r"|do\s+you\s+have\s+(?:a|any)\s+(?:sense|idea)\s+(?:of\s+)?(?:how|what|why)"
    r"|tell\s+me\s+(?!your\b|the\s+(?:number|name|date|order|account))"
    r"|(?:can|could|would|will)\s+you\s+(?:please\s+|just\s+|maybe\s+)*(?:mind\s+)?(?:tell(?:ing)?\s+me\s+(?:more|about|what|how|why|a\s+(?:bit|little)|exactly|in\s+your"
    r"|some|everything|anything|the\s+(?:whole|rest|story|worst|best|hardest|main))"
    r"|(?:walk|talk|tak|run|lead)(?:e|ing)?\s+me\s+(?:\w+\s+)?through|fill(?:ing)?\s+me\s+in|giv(?:e|ing)\s+me\s+(?:an?|some|the)\s+(?:\w+\s+)?(?:idea|sense|picture|background|example|feel)|put(?:ting)?\s+me\s+in\s+the\s+picture|describe|describing|explain|explaining|help\s+me\s+understand|share|sharing|say\s+more|elaborate)"
    r"|i'?d\s+(?:like|love)\s+to\s+(?:hear|understand|know)\s+(?:more|what|how|about)"
    r"|help\s+me\s+(?:understand|see)|walk\s+me\s+through|talk\s+me\s+through|describe\b|say\s+more)",
    re.IGNORECASE,
)
_SCALE = re.compile(
    r"\b(?:scale|(?:out of|one to|1 to|zero to|0 to) (?:ten|10|five|5)|(?:what|which) number)\b",
    re.IGNORECASE,
)
"""What asks for a number on a scale is closed, whatever its first word."""

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
_NO_QUESTION = re.compile(
    _LEAD
    + r"(?:(?:which|who)\s+(?:is|was|are|were)\s+(?:why|what|how|when|where|because|good|fine)"
    r"|(?:would|could|will|can)\s+you\s+(?:please\s+|just\s+)*(?:bear|hold|hang|excuse|stop|calm|stay|wait)"
    r"|should\s+(?:you|that|this|it|there|anything)\s+(?:need|have|want|happen|be|come|get|fail|go|ring)"
    r"|(?:have|do)\s+(?:the|a|an|your|that|this|it)\b|were\s+you\s+(?:see|find)\b"
    r"|had\s+(?:you|we|i|it|they)\b.*,)",
    re.IGNORECASE,
)
"""Words in the order of a question that ask nothing: conditions, requests, what is added."""

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


Form = Literal["which", "whether", "request"]

TAIL = 4
"""Words from which what follows a comma is looked at by itself."""

_TOLD = re.compile(
    _LEAD + r"(?:(?:can|could|would|will) (?:you|i) (?:please |just |possibly |also |quickly )*"
    r"(?:tell|give|read|spell|say|have|take|get|ask|confirm|let me have|remind|show|describe)\b"
    r"|(?:tell|give|read|spell|describe|remind)\b|do you (?:know|remember|happen to)\b"
    r"|(?:may|might|can|could) i (?:just |please |possibly )*(?:ask|have|take|know|get)\b)",
    re.IGNORECASE,
)
_WH = re.compile(
    _LEAD + r"(?:what|which|who|whose|whom|when|where|why|how|(?:at|by|on|in|for"
    r"|to|with|from|since) (?:what|which|who|whom|when|where))\b(?! about | if )",
    re.IGNORECASE,
)
_AUX_ANY = re.compile(
    _LEAD + r"(?:do|does|did|is|are|was|were|have|has|had|can|could|will|would|shall|should|may"
    r"|might|am|isn't|aren't|don't|didn't|doesn't|haven't|hasn't|can't|couldn't|won't|wouldn't"
    r"|wasn't|weren't|any|anything|anyone|anybody|someone|somebody|still)\b",
    re.IGNORECASE,
)
_OR = re.compile(r"\w,? or (?!not\b|so\b|something\b|anything\b|other\b|less\b|two\b)")

_REQUEST = re.compile(
    _LEAD + r"(?:(?:can you |could you |would you |will you |do |just |please )*)"
    r"(?:(?:tell|give|remind|show|read|take|talk|walk) me|let me (?:have|take)|spell|describe"
    r"|read (?:it|that|them|out|the|your)|say (?:it|that|them)|repeat|start (?:at|from|with|where)"
    r"|go (?:on|ahead)$|(?:tell|give|read) (?!you\b|us\b)|i(?: will| would| just)? (?:like"
    r"|need|want)(?: to (?:take|know|have|check|ask))?)\b(?! you\b| that to)",
    re.IGNORECASE,
)
"""Asks to be told something in the form of a request."""


def kind(text: str) -> Literal["open", "closed"] | None:
    """Whether one piece of a turn asks something, and how; None when it does not."""
    plain = phrases.normal(text.strip())
    marked = plain.rstrip("\"'”) ").endswith("?")
    asked = _kind(plain, marked)
    if asked and _SCALE.search(plain):
        return "closed"
    if asked != "open" and any(_kind(tail, marked) == "open" for tail in _tails(plain)):
        return "open"
    return asked


def _tails(plain: str) -> list[str]:
    """What follows each comma or dash: “when she rings, what happens then”."""
    return [
        plain[found.end() :] for found in re.finditer(r",\s+|\s*-+\s+", plain) if found.start() > 0
    ]


def _kind(plain: str, marked: bool) -> Literal["open", "closed"] | None:
    if not marked and (_STATEMENT.match(plain) or _NO_QUESTION.match(plain)):
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


def requests(text: str) -> bool:
    """Whether it asks to be told something without being a question: “spell that for me”."""
    return _REQUEST.match(phrases.normal(text.strip())) is not None


def asks_which(text: str) -> bool:
    """Whether it asks for a detail: who, when, which, how many."""
    plain = phrases.normal(text.strip())
    return _WH_CLOSED.match(plain) is not None or _OPEN.match(plain) is not None


def forms(text: str) -> frozenset[Form]:
    """How a question is built: with a question word, with an auxiliary first, as a request to be
    told; its parts between commas count as well (“when she rings, does it work?”).
    """
    plain = phrases.normal(text.strip())
    parts = [part for part in _tails(plain) if len(part.split()) >= TAIL]
    return frozenset(form for part in (plain, *parts) if (form := _form(part)) is not None)


def _form(plain: str) -> Form | None:
    if _TOLD.match(plain):
        return "request"
    if _WH.match(plain):
        return "which"
    return "whether" if _AUX_ANY.match(plain) else None


def alternatives(text: str) -> bool:
    """Whether it names two things with “or” between them; “or not”, “or so” name none."""
    plain = phrases.normal(text)
    return _OR.search(plain) is not None


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
