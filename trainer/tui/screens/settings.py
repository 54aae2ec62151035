"""Settings: look, captions, devices, engines, and what one does not want to hear."""

from asyncio import to_thread
from collections.abc import Iterator, Sequence
from typing import Any, ClassVar

from textual import work
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Horizontal, VerticalScroll
from textual.content import Content
from textual.screen import Screen
from textual.widget import Widget
from textual.widgets import Button, Input, Select, SelectionList, Static, Switch

from trainer.domain.errors import TrainerError
from trainer.settings import Settings
from trainer.tui.later import tell
from trainer.tui.screens.choice import ChoiceScreen, problem
from trainer.tui.services import DeviceNames, Services
from trainer.tui.widgets.key_bar import Key, KeyBar
from trainer.tui.widgets.top_bar import TopBar
from trainer.tui.wishes import Keep

PATIENCE = (
    (0.7, "short pauses end my turn"),
    (1.0, "as usual"),
    (1.5, "give me time"),
    (2.2, "a lot of time"),
)
ECHO = (
    ("auto", "as the echo test found"),
    ("cancel", "loudspeakers: cancel it"),
    ("headset", "a headset: there is none"),
    ("half_duplex", "take turns: Space interrupts"),
)
LINE = (("clear", "clear"), ("telephone", "as through a telephone"))
YES, NO = "yes", "no"
COACHING = (
    ("full", "what shows of them, and a hint; fades as calls go well"),
    ("light", "hints at hard moments only"),
    ("off", "none, and no freezing"),
)
BEHIND = (
    ("customer", "as the customer has it"),
    ("none", "quiet"),
    ("office", "an office"),
    ("street", "a street"),
    ("cafe", "a café"),
    ("rain", "rain"),
    ("machine", "a machine"),
)
OURS = ("auto", "authored", "local")
"""Who finds the words without a model being named."""
SYSTEM = ""
"""A device name left empty: the system's choice."""


class SettingsScreen(Screen[None]):
    """One row per setting; each change is kept at once."""

    BINDINGS: ClassVar[list[BindingType]] = [("escape", "app.pop_screen", "Back")]

    def __init__(self, settings: Settings, services: Services) -> None:
        super().__init__()
        self._settings = settings
        self._services = services

    def compose(self) -> ComposeResult:
        """Rows in the order people look for them."""
        now = self._settings
        yield TopBar(
            Content.from_markup("[$primary]◖◗[/] Settings [$quiet]· kept as you change them[/]")
        )
        with VerticalScroll(id="settings", can_focus=False):
            yield from self._row(
                "Look", self._select("theme", now.theme, (("dark", "dark"), ("light", "light")))
            )
            captions = Switch(now.captions, id="captions", animate=False)
            yield from self._row("Captions", captions, "Show what is said as text during a call.")
            yield from self._row("Echo", self._select("echo", now.echo, ECHO))
            yield from self._row("Their line", self._select("line", now.line, LINE))
            yield from self._row("Behind them", self._select("background", now.background, BEHIND))
            steps = [(str(value), words) for value, words in PATIENCE]
            yield from self._row("Patience", self._select("patience", str(now.patience), steps))
            yield from self._row("Microphone", self._select("input_device", now.input_device, ()))
            yield from self._row("Speaker", self._select("output_device", now.output_device, ()))
            for name, label, measured in (
                ("tone", "Sound of my voice", "measured: pitch, balance, level"),
                ("pacing", "My pace", "measured: speed, pauses, answering times"),
            ):
                offered = ((YES, measured), (NO, "left out, and the debrief says so"))
                value = YES if getattr(now, name) else NO
                yield from self._row(label, self._select(name, value, offered))
            yield from self._row("Coaching", self._select("coaching", now.coaching, COACHING))
            for name, label in (
                ("stt", "Hears you"),
                ("voice", "Customer's voice"),
                ("wording", "Customer's words"),
            ):
                value = getattr(now, name)
                choices = self._services.choices.get(name, ())
                yield from self._row(label, self._select(name, value, choices))
            yield from self._row(
                "Own model",
                Input(
                    "" if now.wording in OURS else now.wording,
                    placeholder="any litellm model, e.g. ollama_chat/llama3.1",
                    id="own-model",
                ),
                "Enter keeps it. A model on another machine is named on every screen.",
            )
            yield from self._row(
                "Marks the words",
                Input(
                    "" if now.judge == "off" else now.judge,
                    placeholder="nobody but rules; or any litellm model",
                    id="judge",
                ),
                "Reads what was said after a call, beside the rules. Enter keeps it.",
            )
            yield from self._row(
                "I would rather not hear",
                SelectionList[str](id="avoid"),
                "Customers with these notes are not offered.",
            )
            if self._services.care is not None:
                yield from self._row(
                    "Yours alone",
                    Button("Delete my warm-ups", id="forget-warm-ups", compact=True),
                    "The numbers of your usual voice, on every microphone.",
                )
                yield from self._row(
                    "",
                    Button("Delete my taps", id="forget-taps", compact=True),
                    "How loaded you said you were before and after calls.",
                )
        yield KeyBar(
            (
                Key("Tab", "Next", "app.focus_next"),
                Key("Enter", "Change"),
                Key("Space", "On or off"),
                Key("Esc", "Back", "app.pop_screen"),
                Key("F1", "Help", "app.help"),
            )
        )

    def _row(self, label: str, control: Widget, note: str = "") -> Iterator[Widget]:
        yield Horizontal(Static(label, classes="label"), control, classes="row")
        if note:
            yield Static(note, classes="note quiet")

    def _select(self, name: str, value: str, choices: Sequence[tuple[str, str]]) -> Select[str]:
        options = _options(value, choices)
        return Select(options, value=value, allow_blank=False, id=name, compact=True)

    def on_mount(self) -> None:
        """Devices and content notes come from threads."""
        self.query_one("#theme").focus()
        self._look_around()

    @work(thread=True)
    def _look_around(self) -> None:
        try:
            devices = self._services.devices()
        except TrainerError:
            devices = DeviceNames()
        try:
            notes = sorted({note for item in self._services.customers() for note in item.notes})
        except TrainerError:
            notes = []
        tell(self, self._take, devices, notes)

    def _take(self, devices: DeviceNames, notes: list[str]) -> None:
        for name, found in (("input_device", devices.inputs), ("output_device", devices.outputs)):
            current = getattr(self._settings, name)
            names = [SYSTEM, *dict.fromkeys([*found, *([current] if current else [])])]
            select: Select[str] = self.query_one(f"#{name}", Select)
            with self.prevent(Select.Changed):
                select.set_options([(known or "the system's choice", known) for known in names])
                select.value = current
        notes = sorted({*notes, *self._settings.avoid})
        avoid: SelectionList[str] = self.query_one("#avoid", SelectionList)
        with self.prevent(SelectionList.SelectedChanged):
            avoid.add_options([(note, note, note in self._settings.avoid) for note in notes])

    def kept(self, name: str, value: Any) -> None:
        """It is in force; the model that finds the words shows in two rows."""
        if name == "wording":
            own = value not in OURS
            self.query_one("#own-model", Input).value = value if own else ""
            select: Select[str] = self.query_one("#wording", Select)
            with self.prevent(Select.Changed):
                if own:
                    offered = self._services.choices.get(name, ())
                    select.set_options(_options(value, offered))
                select.value = value

    def on_select_changed(self, event: Select.Changed) -> None:
        """A choice from a list."""
        if event.select.id and isinstance(event.value, str):
            name = event.select.id
            value: object = float(event.value) if name == "patience" else event.value
            value = value == YES if name in ("tone", "pacing") else value
            self.post_message(Keep(name, value))

    def on_switch_changed(self, event: Switch.Changed) -> None:
        """On or off."""
        self.post_message(Keep(event.switch.id or "", event.value))

    @work(group="forget", exclusive=True)
    async def on_button_pressed(self, event: Button.Pressed) -> None:
        """What is kept of oneself goes, for good, after one question."""
        care = self._services.care
        if care is None:
            return
        taps = event.button.id == "forget-taps"
        answer = await self.app.push_screen_wait(
            ChoiceScreen(
                "Delete your taps?" if taps else "Delete your warm-ups?",
                "All of them. This cannot be undone.",
                "",
                (("y", "Delete", "delete"), ("Esc", "Keep", "keep")),
            )
        )
        if answer != "delete":
            return
        try:
            gone = await to_thread(care.forget_taps if taps else care.forget_warm_ups)
        except TrainerError as error:
            self.app.push_screen(problem(error))
            return
        event.button.disabled = True
        self.notify("There was nothing." if not gone else f"Deleted: {gone}.")

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """A model of one's own."""
        given = event.value.strip()
        if event.input.id == "judge":
            self.post_message(Keep("judge", given or "off"))
        else:
            self.post_message(Keep("wording", given or "auto"))

    def on_selection_list_selected_changed(self, event: SelectionList.SelectedChanged[str]) -> None:
        """What one does not want to hear."""
        self.post_message(Keep("avoid", sorted(event.selection_list.selected)))


def _options(value: str, choices: Sequence[tuple[str, str]]) -> list[tuple[str, str]]:
    """Words and value of each choice; the value in force is one, whatever it is."""
    known = dict(choices)
    if value not in known:
        known = {value: value or "the system's choice", **known}
    return [(words, key) for key, words in known.items()]
