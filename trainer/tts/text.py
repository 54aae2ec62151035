"""A line as a voice needs it: no stage directions, no marks, numbers the way people say them."""

import re
import unicodedata

_PLAIN = str.maketrans(
    {"’": "'", "‘": "'", "“": '"', "”": '"', "—": ", ", "–": ", ", "…": "... ", "\u00a0": " "}
)

_DIRECTIONS = [
    re.compile(r"\([^()]*\)"),
    re.compile(r"\[[^\[\]]*\]"),
    re.compile(r"<[^<>]*>"),
    re.compile(r"\{[^{}]*\}"),
]
_SMILEY = re.compile(r"(?<!\w)[:;=]-?[()\[\]DPp/](?!\w)")
_BOLD = re.compile(r"\*\*([^*]+)\*\*")
_ASIDE = re.compile(r"\*[^*]+\*")
_CUT_OFF = re.compile(r"[(\[{].*$", re.DOTALL)

_UNITS = {"$": ("dollar", "cent"), "£": ("pound", "penny"), "€": ("euro", "cent")}
_MONEY = re.compile(
    r"([$£€])\s?(\d[\d,]*)(?:\.(\d{2})\b|\.(\d+))?(?:\s(thousand|million|billion)\b)?"
)
_CLOCK = re.compile(r"\b(\d{1,2}):(\d{2})\b(\s?[ap](?:m\b|\.m\.))?", re.IGNORECASE)
_HALF = re.compile(r"(?<=\d)\s?([ap])(?:m\b|\.m\.)", re.IGNORECASE)
_PHONE = re.compile(r"\b\d{3,4}(?:-\d{3,4})+\b")
_LONG_NUMBER = re.compile(r"(?<![\d.,])\d{5,}(?![\d,]*\.\d)")
_THOUSANDS = re.compile(r"(?<=\d),(?=\d{3}\b)")

_WORDS = [
    (re.compile(r"\b24/7\b"), "twenty-four seven"),
    (re.compile(r"#\s?(?=\d)"), "number "),
    (re.compile(r"\bno\.\s?(?=\d)", re.IGNORECASE), "number "),
    (re.compile(r"(?<=\d)\s?%"), " percent"),
    (re.compile(r"\be\.g\.,?", re.IGNORECASE), "for example"),
    (re.compile(r"\bi\.e\.,?", re.IGNORECASE), "that is"),
    (re.compile(r"\betc\.", re.IGNORECASE), "et cetera"),
    (re.compile(r"\bvs\.", re.IGNORECASE), "versus"),
    (re.compile(r"\bapprox\.", re.IGNORECASE), "approximately"),
    (re.compile(r"\s?&\s?"), " and "),
    (re.compile(r"(?<=\w)@(?=\w)"), " at "),
    (re.compile(r"(?<=[A-Za-z])/(?=[A-Za-z])"), " "),
]


def speakable(text: str) -> str:
    """What of a line is to be said aloud; empty when nothing is.

    Stage directions in any bracket or between single asterisks go, and a bracket left open takes
    the rest with it (a clause may end inside a direction). Amounts, times, percentages and
    abbreviations become words; numbers of five and more digits are read digit by digit, as people
    read account numbers.
    """
    text = _BOLD.sub(r"\1", _SMILEY.sub(" ", text.translate(_PLAIN)))
    before = ""
    while before != text:
        before = text
        for direction in _DIRECTIONS:
            text = direction.sub(" ", text)
    text = _ASIDE.sub(" ", _CUT_OFF.sub(" ", text))
    text = _HALF.sub(_half, _CLOCK.sub(_time, _MONEY.sub(_money, text)))
    for pattern, words in _WORDS:
        text = pattern.sub(words, text)
    text = _THOUSANDS.sub("", _LONG_NUMBER.sub(_digits, _PHONE.sub(_digits, text)))
    text = "".join(" " if _unsayable(mark) else mark for mark in text)
    text = re.sub(r"([!?])[!?]+", r"\1", re.sub(r"\s+", " ", text))
    text = re.sub(r"\s+([,.!?;:])", r"\1", re.sub(r",\s*(?=[,.!?;:])", "", text)).strip(" ,;:")
    return text if any(mark.isalnum() for mark in text) else ""


def _money(found: re.Match[str]) -> str:
    sign, whole, cents, part, scale = found.groups()
    unit, small = _UNITS[sign]
    if part or scale:
        fraction = f".{cents or part}" if cents or part else ""
        return f"{whole}{fraction} {f'{scale} ' if scale else ''}{unit}s"
    said = []
    if int(whole.replace(",", "")) or not cents:
        said.append(f"{whole} {unit}{'' if whole == '1' else 's'}")
    if cents and int(cents):
        many = "pence" if small == "penny" else f"{small}s"
        said.append(f"{int(cents)} {small if int(cents) == 1 else many}")
    return " and ".join(said) or f"0 {unit}s"


def _time(found: re.Match[str]) -> str:
    hour, minute, half = found.groups()
    if minute == "00":
        return f"{hour}{half}" if half else f"{hour} o'clock"
    minute = f"oh {minute[1]}" if minute[0] == "0" else minute
    return f"{hour} {minute}{half or ''}"


def _half(found: re.Match[str]) -> str:
    return f" {found[1].upper()} M"  # a small a would be read as the article


def _digits(found: re.Match[str]) -> str:
    return " ".join(mark for mark in found[0].replace("-", ",") if mark != ",")


def _unsayable(mark: str) -> bool:
    return mark in "*_`#~^|\\<>()[]{}" or unicodedata.category(mark) in {
        "So",
        "Sk",
        "Cs",
        "Co",
        "Cc",
        "Cf",
    }
