"""Help: the keys, and the few things worth knowing before a call."""

from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import VerticalScroll
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Static

from trainer.tui.words import OVER_A_CALL

_EVERYWHERE = (
    ("Tab", "next part of the screen"),
    ("↑ ↓", "move, scroll"),
    ("Enter", "do what is highlighted"),
    ("Esc", "back"),
    ("g", "at home: your progress over calls"),
    ("Ctrl+P", "all commands, by name"),
    ("? or F1", "this page"),
    ("u", "at home: warm up, so that your voice is compared with itself"),
    ("b", "at home: a minute to breathe"),
    ("Ctrl+Q", "quit"),
)
_CALL = (
    ("Space", "talk: hold the key, or tap to take the floor and tap to give it back"),
    ("m", "microphone off and on"),
    ("h · F3", "put the customer on hold, take them back. Say so first: it counts"),
    ("c · F2", "my card: what the system says, what I may and may not grant"),
    ("n · F4", "not what I said: put the last transcription right"),
    ("v · F5", "captions on and off"),
    ("f · F6", "freeze and think: the call stands still until you press a key"),
    ("e · F8", "end the call (press twice)"),
    ("x · F10", "stop at once; the call is not scored. F10 works from every screen"),
)
_RATING = (
    ("1 to 5", "mark how you saw it, before the result; ↑ ↓ go from row to row"),
    ("0 to 9", "choose from a list; ↑ ↓ and Enter do it too"),
    ("Tab · F2", "leave a question out, go back a page"),
    ("Esc", "not this time: straight to the result"),
)
_DEBRIEF = (
    ("← →", "walk the moments on the curve; p plays the chosen one"),
    ("r", "retry it: the same customer in the same mood, just before your words there"),
    ("F4", "misheard: put right what was understood of your words there"),
    ("s", "say it now: a better line, typed or aloud, and what it would have done"),
    ("n", "two lines for yourself"),
    ("o", "the report in a browser"),
    ("d", "delete the call for good"),
)
_TRAINERS = (
    ("p", "at home: the customers' files"),
    ("e", "open the file in your editor ($EDITOR); it is read again when you save"),
    ("n", "a new customer, whole from the start: change it into yours"),
    ("t", "a typed call with the mood visible. Nothing of it is kept"),
    ("b", "scripted agents call them; b again stops that"),
    ("v", "the next telling: other names, amounts, moods"),
    ("1 2 3", "card, bench, mistakes (or ← →); PgUp and PgDn read on"),
    ("/", "find by name, feeling, need, level, “yours”"),
    ("F5 F6", "in a try: start over, the next telling; F7 other words, F8 mood"),
)
_GOOD = (
    "You do not need a key to talk: just speak, and pause when you are done.",
    "You may interrupt, and so may they. “Mm-hm” and “I see” do not interrupt.",
    "A breath before a hard answer is fine. Long silence is not: say what you are doing.",
    "Letters work in spoken calls. When you type, use the F keys.",
    "The customer is simulated. Their rating is part of the exercise, not a verdict on you.",
)


class HelpScreen(ModalScreen[None]):
    """A page that scrolls."""

    BINDINGS: ClassVar[list[BindingType]] = [
        ("escape", "dismiss", "Back"),
        ("question_mark,f1,q", "dismiss", "Back"),
    ]

    def __init__(self, *, in_call: bool, at_work: bool = False) -> None:
        """`at_work`: a trainer is working on customers."""
        super().__init__()
        self._in_call = in_call
        self._at_work = at_work

    def compose(self) -> ComposeResult:
        """What can be done where the person is comes first."""
        call, work = ("During a call", _CALL), ("For trainers", _TRAINERS)
        everywhere = ("Everywhere", _EVERYWHERE)
        debrief = ("In a debrief", _DEBRIEF)
        rating = ("After a call", _RATING)
        sections = [everywhere, call, rating, debrief, work]
        if self._in_call:
            sections = [call, everywhere]
        elif self._at_work:
            sections = [work, everywhere, call]
        with VerticalScroll(classes="dialog") as box:
            box.border_title = "Help"
            box.border_subtitle = OVER_A_CALL if self._in_call else "Esc back"
            for heading, keys in sections:
                yield Static(Content.from_markup("[bold $secondary]$heading[/]", heading=heading))
                yield Static(
                    Content("\n").join(
                        [
                            Content.from_markup("[bold]$key[/] $does", key=f"{key:<9}", does=does)
                            for key, does in keys
                        ]
                    ),
                    classes="block",
                )
            yield Static(Content.from_markup("[bold $secondary]Good to know[/]"))
            yield Static(
                Content("\n").join(
                    [Content.from_markup("[$primary]›[/] $text", text=text) for text in _GOOD]
                )
            )

    def on_mount(self) -> None:
        """Arrow keys scroll at once."""
        self.query_one(VerticalScroll).focus()
