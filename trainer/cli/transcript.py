"""A call as lines of text while it runs: what was said, what happened, who worded it."""

import sys

import click

from trainer.cli.compose import Part, Phase
from trainer.cli.plain import plain
from trainer.conversation.call import Level, Notice
from trainer.domain.audio import RATE
from trainer.domain.events import ClauseSpoken, Event, Happened, TurnTaken

_PARTS = {
    "words": "language",
    "stt": "speech-to-text",
    "voice": "voice",
    "wording": "wording",
}


class Transcript:
    """An observer that prints. `quiet`: only notices, on standard error."""

    def __init__(self, quiet: bool = False) -> None:
        self._quiet = quiet

    def loading(self, part: Part, phase: Phase, detail: str) -> None:
        """How far an engine is."""
        if phase == "loading":
            self._aside(f"{_PARTS[part]}: loading …")
        elif phase != "missing":  # what is missing becomes an error with its own message
            self._aside(f"{_PARTS[part]}: {detail}")

    def __call__(self, what: Event | Level | Notice) -> None:
        """One event or notice of the call."""
        match what:
            case Notice(text):
                self._aside(text)
            case TurnTaken(who="agent"):
                self._line(what.start, "agent", what.text)
            case ClauseSpoken():
                self._line(what.t, "customer", f"{what.text}  [{what.source}]")
            case Happened():
                self._line(what.t, "", f"· {what.kind.replace('_', ' ')} {what.detail}".rstrip())
            case _:
                pass

    def _line(self, at: int, who: str, text: str) -> None:
        if not self._quiet:
            minutes, seconds = divmod(at / RATE, 60)
            click.echo(f"{int(minutes):02d}:{seconds:04.1f}  {who:>8}  {plain(text)}")

    def _aside(self, text: str) -> None:
        print(text, file=sys.stderr)
