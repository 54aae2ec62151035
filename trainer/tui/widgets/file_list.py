"""Customers' files: who, how hard, whose file, and whether it is fit."""

from collections.abc import Mapping, Sequence

from textual.content import Content
from textual.events import Click
from textual.widgets import OptionList
from textual.widgets.option_list import Option

from trainer.tui.words import dots
from trainer.tui.workshop import Entry

_WHOSE = {"ours": "", "team": "team", "yours": "yours"}


def matches(entry: Entry, wanted: str) -> bool:
    """Whether every word of `wanted` is found in what the file says of the customer."""
    words = [entry.name, _WHOSE[entry.origin]]
    if entry.persona is None:
        words.append("mistakes broken")
    else:
        persona = entry.persona
        words += [persona.identity.name, persona.title, persona.extends, persona.lead.value]
        words += [persona.need.value, *persona.exits, *persona.trains, *persona.content_notes]
        words += [persona.scenario.card.company, f"level {persona.difficulty}"]
        words += ["draft"] if persona.draft else []
    text = " ".join(words).replace("_", " ").lower()
    return all(word in text for word in wanted.lower().replace("_", " ").split())


def line(entry: Entry, mistakes: int | None, benched: str, here: bool) -> Content:
    """Two lines: who, how hard, whose, what is wrong; the file and why they call.

    Args:
        mistakes: how many; None while the file is being checked.
        benched: a sign of how the bench ended; empty when it was not run.
        here: the highlighted one.
    """
    persona = entry.persona
    marks = []
    if _WHOSE[entry.origin]:
        marks.append(Content.styled(_WHOSE[entry.origin], "$primary"))
    if persona is not None and persona.draft:
        marks.append(Content.styled("draft", "$warning"))
    if mistakes:
        marks.append(Content.styled(f"△{mistakes}", "$error"))
    if benched:
        marks.append(Content.styled(benched, "$success" if benched == "✓" else "$error"))
    return Content.assemble(
        Content.from_markup(
            "[$primary]$sign[/] [bold]$who[/] [$accent]$dots[/] ",
            sign="▸" if here else " ",
            who=entry.who,
            dots=dots(persona.difficulty) if persona else "✗",
        ),
        Content(" ").join(marks),
        Content.from_markup(
            "\n  [$quiet]$title[/]", title=persona.title if persona else entry.mistake
        ),
    )


class FileList(OptionList):
    """The files, one highlighted."""

    DEFAULT_CSS = """
    FileList { text-wrap: nowrap; text-overflow: ellipsis; }
    """

    _entries: tuple[Entry, ...] = ()
    _mistakes: Mapping[str, int] = {}
    _benched: Mapping[str, str] = {}
    _here: int | None = None

    def fill(
        self,
        entries: Sequence[Entry],
        mistakes: Mapping[str, int],
        benched: Mapping[str, str],
        highlight: str,
    ) -> None:
        """Show these files; `highlight` names the one to stand on."""
        same = [entry.name for entry in entries] == [entry.name for entry in self._entries]
        self._entries, self._mistakes, self._benched = tuple(entries), mistakes, benched
        if same:  # the person may be scrolling in it
            for place in range(len(self._entries)):
                self.replace_option_prompt_at_index(place, self._line(place))
            return
        self._here = None
        self.clear_options()
        self.add_options(
            [Option(self._line(place), id=entry.name) for place, entry in enumerate(entries)]
        )
        names = [entry.name for entry in entries]
        if entries:
            self.highlighted = names.index(highlight) if highlight in names else 0

    def _line(self, place: int) -> Content:
        entry = self._entries[place]
        return line(
            entry,
            self._mistakes.get(entry.name),
            self._benched.get(entry.name, ""),
            place == self._here,
        )

    def on_click(self, event: Click) -> None:
        """The mouse only looks at a customer; a call is begun with a key."""
        place = event.style.meta.get("option")
        if place is not None:
            self.highlighted = place
        event.prevent_default()

    def watch_highlighted(self, highlighted: int | None) -> None:
        """The sign moves with the highlight."""
        super().watch_highlighted(highlighted)
        if highlighted is None or highlighted >= len(self._entries):
            return
        left, self._here = self._here, highlighted
        for place in {left, highlighted} - {None}:
            if place is not None and place < len(self._entries):
                self.replace_option_prompt_at_index(place, self._line(place))
