"""Questions that only ask for a yes: “does that suit you?”, “shall I do that?”.

What they are about stands elsewhere: in an offer, in a plan.
"""

import re

from trainer.acts.phrases import normal

_FINE = (
    r"(?:a bit |any |of any |some |more |quite )?(?:all right|alright|okay|ok|fine|good|fair"
    r"|fair enough|better|acceptable|suitable|use|help|easier|happy|content|comfortable"
    r"|reasonable|settled|clear|a deal|enough|what you (?:want|need|had in mind))"
)
_IT = r"(?:that|this|it|them|both|those|either(?: of those)?)"
_DO = r"(?:do|arrange|set up|start|book|send|get|set|put|leave|take|leaving|having|doing|have)"
_ON = r"(?: (?:going|started|moving|done|booked|in|up|set up|through|off|on|there))"

_FORMS = (
    rf"(?:is|would|will|was|does|do) {_IT}(?: (?:be|sound|seem|feel|look|go|strike you as))?"
    rf"(?: {_FINE}| (?:suit|work|help|do|appeal|tempt)(?: (?:you|it|a bit|at all))?)",
    rf"how (?:does|would|is|do|will) {_IT}"
    r"(?: (?:sound|be|suit|feel|work|do|strike|grab|land|look))?(?: (?:to|for|with)? ?you)?",
    rf"(?:would|do) you (?:like|want|prefer|fancy|take|accept|agree to|mind)"
    rf"(?: {_IT}| to| me to(?: {_DO} (?:{_IT}|so))?)?(?: done| set up| started)?",
    rf"(?:shall|should|can|may) (?:i|we) (?:(?:go|carry) (?:ahead|on)|{_DO} (?:{_IT}|so){_ON}*"
    r"|start|get started)",
    rf"(?:are|would) you (?:be )?{_FINE}(?: (?:with|about|to))?(?: {_DO})?(?: {_IT})?"
    r"(?: there| like this| that way)?",
    rf"what (?:do|would) you (?:say|think|reckon|make)(?: (?:to|about|of) {_IT})?",
    r"does \w+(?: \w+)? (?:suit|work)(?: (?:you|for you))?",
    r"(?:could|can|would) you live with (?:that|it)",
    r"sounds? (?:good|fair|all right|okay|like a plan)",
    r"how about (?:that|it)|fancy (?:that|it)|(?:any|some) (?:good|use|help)|fair enough|deal"
    r"|is it a deal|agreed|okay|ok|all right|alright|yes|want me to|shall (?:i|we)|would it help"
    r"|have we a deal",
)
_LEAD = r"(?:(?:so|and|but|okay|ok|right|well|now|then|there|lovely|please|tell me),? )*"
_TAIL = (
    r"(?:,? (?:with|by|for|to|from) (?:you|now|today|me|us|that|it|this)|,? (?:then|now|today|too"
    r"|at all|instead|as well|please|yet|so far|(?:mr|mrs|ms|miss) \w+|do you think))*"
)
_SOUGHT = re.compile(f"{_LEAD}(?:{'|'.join(_FORMS)}){_TAIL}")


def sought(question: str) -> bool:
    """Whether a question asks for nothing but a yes to what was said beside it."""
    return _SOUGHT.fullmatch(normal(question.strip()).strip(" ?.!,")) is not None
