"""What the command palette offers, in a call and outside."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from textual.app import SystemCommand

if TYPE_CHECKING:
    from trainer.tui.app import TrainerApp
    from trainer.tui.screens.call import CallScreen


def commands(app: TrainerApp, call: CallScreen | None) -> Iterator[SystemCommand]:
    """Everything that makes sense now; `call`: the running one."""
    if call is None:
        yield SystemCommand(
            "Settings",
            "Devices, model, voice, captions, patience, content",
            app.action_settings,
        )
        yield SystemCommand(
            "Customers, for trainers",
            "Their files: cards, bench, mistakes, editing, a try",
            app.action_workshop,
        )
        yield SystemCommand(
            "Progress",
            "Behaviours over calls, your own marks, hard moments",
            app.action_progress,
        )
        yield SystemCommand(
            "Device check", "Microphone level, room noise, speaker", app.action_device_check
        )
        yield SystemCommand(
            "Warm-up", "Your usual voice, to compare calls with", app.action_warm_up
        )
        yield SystemCommand("A minute to breathe", "Six slow breaths", app.action_breathe)
    else:
        yield SystemCommand("My card", "What my system says, what I may grant", call.action_card)
        yield SystemCommand(
            "Not what I said", "Correct the last transcription", call.action_correct
        )
        yield SystemCommand("Hold", "Put the customer on hold, or take them back", call.action_hold)
        yield SystemCommand(
            "Freeze and think",
            "The call stands still until a key is pressed",
            call.action_freeze,
        )
        yield SystemCommand("Captions", "Show or hide them", call.action_captions)
        yield SystemCommand("Stop at once", "End the call now, unscored", call.action_stop)
    if app.judging is not None:
        yield SystemCommand(
            "Stop the judge", "Leave the call as rules have it", app.action_stop_judge
        )
    yield SystemCommand("Help", "What the keys do", app.action_help)
    yield SystemCommand("Light or dark", "Change the look", app.action_light_or_dark)
    yield SystemCommand("Quit", "Leave the trainer", app.action_quit)
