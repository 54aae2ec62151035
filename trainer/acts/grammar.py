"""What the grammar of a clause says, whatever it is about: denied or not, can or will, if and when.

Everything here looks at one clause or sentence and knows nothing of any customer.
"""

import re

from trainer.acts.phrases import normal
from trainer.domain.moves import Modality, Polarity

_NEGATIVE = re.compile(
    r"\b(?:not|never|no longer|nobody|no one|none|neither|nor|unable|impossible|nothing|nowhere"
    r"|(?:however much|much as) i would (?:like|love)|i (?:only )?wish (?:i|we) could"
    r"|hardly|out of the question|beyond me|no way|no (?:refund|chance|point))\b"
)

_NO_DENIAL = re.compile(
    r"\b(?:or not|(?<!can )(?<!could )not (?:only|just)|not at all|no (?:rush|charge|trouble"
    r"|problem|cost|fee|hurry|bother|need|wonder|matter)|why not|without (?:charge|a fee|any fee"
    r"|fail)|not a (?:penny|problem)|nobody (?:will )?(?:adds?|charges?|chases?))\b"
)
"""Words of denial that deny nothing of the thing."""

_CONDITION = re.compile(
    r"\b(?:if|once|unless|provided(?: that)?|providing|as soon as|as long as|so long as"
    r"|the (?:moment|minute|second|day) (?=\w+ ?)|assuming|in case|on condition|subject to"
    r"|depending on|depends on|hangs on|not (?:before|until|till)|only (?:when|after|if)"
    r"|when(?=(?:ever)? (?:i|we|you|they|he|she|it|the|your|my|that|there)\b)|after(?= (?:i|we|you"
    r"|they|he|she|it|the engineer|my manager)\b)|should (?=(?:you|it|that|the|they|he|she)\b)"
    r"|until|till)\b[^,;.?!]*"
)
_HANGING = re.compile(
    r"\b(?:i (?:can|could|will|shall|am going to)?(?: only| just)? ?(?:(?:ask|try) (?:whether|if"
    r"|my|the|them|for|and see|what)|see (?:whether|if|what can))"
    r"|i (?:can|could|may|might) be able to|may be able|might be able"
    r"|can not (?:swear|promise|guarantee|be sure)|no (?:promises|guarantees?)|pencil(?:led)? in"
    r"|all being well|touch wood|fingers crossed|with (?:any )?luck|(?:it|that) (?:might|may)\b"
    r"|would have to (?:ask|check|go)|need(?:s)? (?:to be )?(?:approved|approval|sign(?:ed|ing))"
    r"|has to (?:sign|approve|agree|say yes|clear)|waiting (?:on|for)|depends|hangs on"
    r"|subject to)\b"
)
"""Words by which a thing hangs on something that is not yet so, without “if”."""

_HYPOTHETICAL = re.compile(
    r"\b(?:would it (?:help|suit|be|do|work|make)|what would you say|how would (?:it be|you feel)"
    r"|what if (?:i|we)|how about|would you (?:like|prefer|want|mind|take|accept|rather)"
    r"|do you want|shall (?:i|we)|suppose (?:i|we)|if i (?:were to|sent|gave|put|got|took|booked"
    r"|moved|said|could|offered|made|had|set|rang|called)"
    r"|if (?:that|it) (?:helps|suits|is (?:all right|okay|ok|easier|any help|of use)|would help"
    r"|works)|if you (?:like|want|wish|prefer|would like|will let me|are happy|would rather"
    r"|do not mind|fancy))\b"
)
"""An “if” that offers: it asks for a yes and hangs on nothing else."""

_DID = re.compile(
    r"\b(?:(?:i|we) (?:have|'ve) (?:just |already |now )?\w+|(?:has|have) (?:just |already |now )?"
    r"(?:been|gone)|is (?:all )?(?:done|booked|sent|on its way|in the post|off|sorted|set)"
    r"|(?:that|it)(?: is|'s) (?:gone|done|you))\b"
)
_MODAL: tuple[tuple[Modality, re.Pattern[str]], ...] = (
    ("may", re.compile(r"\b(?:may|might|perhaps|maybe|possibly)\b")),
    ("would", re.compile(r"\b(?:would|could|should|were to)\b")),
    ("can", re.compile(r"\b(?:can|able to|allowed to)\b")),
    ("will", re.compile(r"\b(?:will|shall|going to|let me|i am \w+ing|we are \w+ing)\b")),
    ("must", re.compile(r"\b(?:must|have to|has to|need to|needs to|got to)\b")),
)

_NUMBER = (
    r"(?:\d+|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|fifteen|twenty|thirty"
    r"|half an?|an?|a few|a couple of)"
)
_DAY = r"(?:mon|tues|wednes|thurs|fri|satur|sun)day"
_MONTH = (
    r"(?:january|february|march|april|may|june|july|august|september|october|november|december)"
)
_WHEN = re.compile(
    rf"\b(?:(?:by|before|within|from|at|on|in|until|this|next|after|between|no later than) )?"
    rf"(?:the )?(?:(?:end of )?(?:this |next |tomorrow |{_DAY} )?(?:today|tonight|tomorrow|{_DAY}"
    rf"|(?:this|next) (?:morning|afternoon|evening|week|month|weekend)"
    rf"|(?:in|within) (?:the )?{_NUMBER} (?:\w+ )?(?:minutes?|hours?|days?|weeks?|months?)"
    rf"|(?:in|within) the (?:hour|day|week)"
    rf"|{_NUMBER} (?:working |business )?(?:minutes?|hours?|days?|weeks?|months?)"
    rf"|(?:at|by|before|after|around|about) {_NUMBER}(?: ?o'clock|[ap]m|:\d\d)?(?=[ ,.?!]|$)"
    rf"|\d{{1,2}}(?:st|nd|rd|th)?(?: of)? {_MONTH}|{_MONTH} \d{{1,2}}"
    rf"|right (?:now|away)|straight away|immediately|at once|by lunchtime|noon|midday))"
    rf"(?: (?:morning|afternoon|evening|night|at \w+))?\b"
)


_WITHDRAWN = re.compile(
    r"\b(?:take (?:that|it) back|strike that|scratch that|(?:i was|that was) (?:wrong|a mistake"
    r"|daft"
    r"|my mistake)|should not have (?:said|promised|told|offered)|spoke too soon"
    r"|got ahead of myself"
    r"|forget (?:what i said|that)|i (?:said|told you|promised)\b.{0,60}\b(?:wrong|can not"
    r"|could not))\b"
)
_ASKED = re.compile(
    r"\b(?:(?:could|can|do) you (?:\w+ )?(?:see|hear|read|notice|remember)\b"
    r"|did (?:you|they|anyone|anybody|someone|he|she|we)|have (?:you|they|we) (?:been|had|ever)"
    r"|has (?:anyone|anybody|someone|he|she)|were you (?:offered|told|ever|after|hoping)|was there"
    r"|had you|what did they|is that what you)\b"
)


def polarity(clause: str) -> Polarity:
    """Whether the clause denies something; “whether or not” and “no charge” do not."""
    plain = _NO_DENIAL.sub(" ", normal(clause))
    return "negative" if _NEGATIVE.search(plain) else "positive"


def modality(clause: str) -> Modality:
    """The mood of its verb: what is done already, else the first modal that stands in it."""
    plain = normal(clause)
    if _DID.search(plain):
        return "did"
    found = [(hit.start(), name) for name, pattern in _MODAL if (hit := pattern.search(plain))]
    return min(found)[1] if found else ""


def condition(clause: str) -> str:
    """The words of what it hangs on; empty when it hangs on nothing.

    An “if” that only asks for a yes (“if you like”, “would it help if”) is none.
    """
    plain = normal(clause)
    if _HYPOTHETICAL.search(plain) and not _HANGING.search(plain):
        return ""
    found = _CONDITION.search(plain) or _HANGING.search(plain)
    return found[0].strip() if found else ""


def when(clause: str) -> str:
    """The words of the time it names; empty for none."""
    found = _WHEN.search(normal(clause))
    return found[0].strip() if found else ""


def takes_back(clause: str) -> bool:
    """Whether it takes back what was said before."""
    return _WITHDRAWN.search(normal(clause)) is not None


def asks_of_the_past(clause: str) -> bool:
    """Whether it asks what was done or offered before: “did anybody send you one?”."""
    return _ASKED.search(normal(clause)) is not None
