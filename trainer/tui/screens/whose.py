"""Whose file it is, asked before it is changed: ours never is, the team's only if that is meant."""

from trainer.tui.screens.choice import ChoiceScreen
from trainer.tui.workshop import Entry


def whose(entry: Entry) -> ChoiceScreen:
    """Answers “copy” or “theirs”; anything else leaves the file alone."""
    copy = ("c", "Copy and edit", "copy")
    back = ("Esc", "Back", "back")
    if entry.origin == "ours":
        return ChoiceScreen(
            "A copy of your own?",
            f"“{entry.name}” comes with the program and stays as it is. A copy goes into your own"
            " folder and takes its place from then on.",
            "Delete the copy to have the original back.",
            (copy, back),
        )
    return ChoiceScreen(
        "Your team's file",
        f"“{entry.name}” lies in your team's folder: what you change there changes for everybody.",
        "A copy of your own takes its place for you alone.",
        (copy, ("t", "Edit the team's", "theirs"), back),
    )
