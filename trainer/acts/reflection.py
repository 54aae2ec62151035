"""Reflection: saying back, in other words, what *this* customer said.

After the reference: stems, a “you” start, and content words shared with the customer's last turns
(AUC .78 on AnnoMI).
"""

import re
from collections.abc import Sequence
from functools import lru_cache

LAST_TURNS = 3
"""Customer turns that a reflection is matched against."""

ECHO = 0.95
"""Likeness to the customer's own wording from which it is said back rather than understood."""

_WORD = re.compile(r"[a-z0-9']+")
_STOP_WORDS = """
a about after again all also am an and any are aren't as at be because been before being but by
can can't cannot could couldn't did didn't do does doesn't doing don't down for from get getting
go going got had has have having he her here hers him his how i i'd i'll i'm i've if in into is
isn't it it's its just know let like me more most my no nor not now of off oh ok okay on once one
only or other our out over own please really right said say see she should so some such sure tell
than thank that that's the their them then there there's these they they're thing things this
those through to too under until up us very was wasn't we we'll we're we've well were what what's
when where which while who why will with won't would yes yeah you you'd you'll you're you've your
yours want need sounds sound hear hearing understand mean come back even still much way
"""
_STOP = frozenset(_STOP_WORDS.split())
_YOU_START = re.compile(
    r"^(?:(?:so|and|but|okay|ok|well|right|oh|ah|yeah|yes|because|i see|then|now)[\s,.]+)*"
    r"(?:you(?:'ve|'re|'d| have| are| were| had| feel| felt| want| wanted| need"
    r"| needed| just| thought| think| took| paid| "
    r"lost| got| called| waited| tried| did| made| don't| didn't| can't| couldn't"
    r"| never| expected| trusted| asked| only)"
    r"|your\s+\w+|it(?:'s| is| was) (?:not )?(?:really )?(?:about|hard|been)|nobody"
    r"|no one|they|there(?:'s| is| was))\b",
    re.IGNORECASE,
)
_INSTRUCTION = re.compile(
    r"\byou(?:'ll| will| can| could| should| must| may| might| need to| have to| ought| would need"
    r"|'d need)\b|\byour (?:account|balance|order|contract|policy|plan|bill|payment) (?:is|was|has|"
    r"shows|says|number)\b|\byou (?:are|were) (?:on|through|entitled|eligible|listed|registered)\b",
    re.IGNORECASE,
)
_ABOUT_YOU = re.compile(r"\b(?:you|you're|you've|you'd|yourself)\b", re.IGNORECASE)
_ABOUT_ME = re.compile(r"\b(?:i|i'm|i'll|i'd|i've|let me|we|we're|we'll|my|let's)\b", re.IGNORECASE)
_BUSINESS = re.compile(
    r"\byou(?:'d| would)? (?:just |only |simply |then |first )?(?:press|click|go to"
    r"|call|check|open|"
    r"send|turn|fill|log|get|receive|pay|owe|choose|pick|try|sign|enter|chose|signed)\b"
    r"|\byou (?:have|had|get|got) (?:a|an|no|the|two|three|one|any|until|to) "
    r"(?!hard|rough|tough|lot|bad|difficult)"
    r"|\b(?:for|to|from|with|on|by|of|thank|thanks|tell|told|give|gives|send|call|help|see|show|ask|"
    r"let|get|bring|put|offer|transfer) you\b(?!.*\byou\b)"
    r"|\b(?:if|when|once|unless|before|after) you\b",
    re.IGNORECASE,
)
"""What an agent says about the matter rather than about the person."""

FAINT = 0.55
"""Under this strength it may well be something else, and any other act in the piece decides."""

RULES = 0.7
"""What the rules weigh beside the score of likeness, which is about as wide."""

ENOUGH = 0.2


def content(text: str) -> list[str]:
    """Stems of the words that carry meaning, in order."""
    words = [word.strip("'") for word in _WORD.findall(text.lower().replace("’", "'"))]
    return [_stem(word) for word in words if word and word not in _STOP and len(word) > 1]


def shared(text: str, customer: Sequence[str]) -> tuple[int, float]:
    """How many content words of `text` the customer used, and their share of its content words."""
    own = content(text)
    said = {stem for turn in customer[-LAST_TURNS:] for stem in content(turn)}
    hits = len({stem for stem in own if stem in said})
    return hits, hits / len(set(own)) if own else 0.0


def strength(text: str, stem: bool, asks: bool, tag: bool, customer: Sequence[str]) -> float:
    """How surely `text` reflects this customer, 0..1; 0 when it does not.

    Args:
        text: one piece of the agent's turn.
        stem: a reflection stem was found (“so you're…”, “it sounds like…”).
        asks: it is a question.
        tag: the question only asks for confirmation.
        customer: the customer's turns so far, oldest first.
    """
    hits, share = shared(text, customer)
    starts = _YOU_START.match(text) is not None
    if _INSTRUCTION.search(text) and not stem:
        return 0.0
    if asks and not tag and not (stem and hits >= 1):
        return 0.0
    if is_echo(text, customer):
        return 0.35
    if stem:
        return 0.92 if hits >= 2 else 0.85 if hits == 1 else 0.6
    if starts and hits >= 2 and share >= 0.34:
        return 0.75
    if starts and hits >= 1 and share >= 0.5:
        return 0.6
    if asks or len(text.split()) < 4 or _BUSINESS.search(text) or _ABOUT_ME.search(text):
        return 0.0
    return 0.5 if _ABOUT_YOU.search(text) else 0.0


def together(ruled: float, over: float) -> float | None:
    """How surely it is a reflection by `strength` and by likeness to examples; None: it is none.

    Args:
        ruled: `strength`.
        over: the score of its likeness over the limit.
    """
    both = over + RULES * ruled
    if both < ENOUGH:
        return None
    return round(min(0.92, max(ruled, FAINT + (both - ENOUGH) / 2)), 2)


def is_echo(text: str, customer: Sequence[str]) -> bool:
    """Whether the words are the customer's own, only said back."""
    from rapidfuzz import fuzz

    plain = " ".join(_WORD.findall(text.lower()))
    if len(plain.split()) < 5:
        return False
    return any(
        fuzz.partial_ratio(plain, " ".join(_WORD.findall(turn.lower()))) >= 100 * ECHO
        for turn in customer[-LAST_TURNS:]
        if len(turn) >= len(plain)
    )


@lru_cache(maxsize=4096)
def _stem(word: str) -> str:
    import snowballstemmer

    return str(snowballstemmer.stemmer("english").stemWord(word))
