"""Home: pick a customer, see the last calls, watch the engines get ready."""

from collections.abc import Sequence
from typing import ClassVar

from textual import work
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.screen import Screen
from textual.widgets import OptionList, Static

from trainer.domain.errors import TrainerError
from trainer.tui.care import Note
from trainer.tui.later import tell
from trainer.tui.services import CallItem, CustomerItem, Services
from trainer.tui.widgets.care_note import CareNote
from trainer.tui.widgets.customer_card import CustomerCard
from trainer.tui.widgets.customer_list import CustomerList
from trainer.tui.widgets.engine_lines import EngineLines
from trainer.tui.widgets.key_bar import Key, KeyBar
from trainer.tui.widgets.recent_calls import RecentCalls
from trainer.tui.widgets.top_bar import TopBar
from trainer.tui.wishes import Keep, Listed, ShowDebrief, TakeCall

KEYS = (
    Key("Enter", "Take the call", "screen.take"),
    Key("t", "By keyboard", "screen.take_typed"),
    Key("Tab", "Last calls", "app.focus_next"),
    Key("w", "Device check", "app.device_check"),
    Key("u", "Warm-up", "app.warm_up"),
    Key("g", "Progress", "app.progress"),
    Key("s", "Settings", "app.settings"),
    Key("p", "For trainers", "app.workshop"),
    Key("?", "Help", "app.help"),
    Key("q", "Quit", "app.quit"),
)


class HomeScreen(Screen[None]):
    """The first screen. It paints empty and fills itself from threads."""

    BINDINGS: ClassVar[list[BindingType]] = [
        ("enter", "take", "Take the call"),
        ("t", "take_typed", "By keyboard"),
        ("w", "app.device_check", "Device check"),
        ("u", "app.warm_up", "Warm-up"),
        ("b", "app.breathe", "A minute to breathe"),
        ("n", "not_now", "Not now"),
        ("g", "app.progress", "Progress"),
        ("s", "app.settings", "Settings"),
        ("p", "app.workshop", "For trainers"),
        ("q", "app.quit", "Quit"),
        ("j", "down", "Down"),
        ("k", "up", "Up"),
    ]

    def __init__(self, services: Services, avoid: Sequence[str]) -> None:
        super().__init__()
        self._services = services
        self._avoid = frozenset(avoid)
        self._customers: dict[str, CustomerItem] = {}
        self._calls: list[CallItem] = []
        self._empty = "Looking for customers…"
        self._note: Note | None = None

    def compose(self) -> ComposeResult:
        """Lists on the left, the highlighted customer and the engines on the right."""
        yield TopBar(
            Content.from_markup(
                "[$primary]◖◗[/] Voice trainer [$quiet]· hard conversations, practised[/]"
            )
        )
        with Horizontal(id="home"):
            with Vertical(id="home-left"):
                customers = CustomerList(id="customers", classes="panel")
                customers.border_title = "Who is calling?"
                yield customers
                calls = RecentCalls(id="calls", classes="panel")
                calls.border_title = "Last calls"
                yield calls
            with Vertical(id="home-right"):
                yield CustomerCard(id="customer", classes="panel still")
                with Vertical(id="engines", classes="panel still") as engines:
                    engines.border_title = "Getting ready"
                    yield EngineLines()
        yield CareNote()
        yield Static(id="hidden-note")
        yield KeyBar(KEYS)

    def on_mount(self) -> None:
        """Paint first, read files after."""
        self.query_one(CustomerCard).show(None, self._empty)
        self.query_one(CustomerList).focus()
        self._load_customers()

    def on_screen_resume(self) -> None:
        """Coming back from a call or a debrief: the list has changed."""
        self._load_calls()
        self._look_after()

    @work(thread=True, exclusive=True, group="care")
    def _look_after(self) -> None:
        if self._services.care is not None:
            try:
                note = self._services.care.note()
            except TrainerError:
                note = None
            tell(self, self._take_note, note)

    def _take_note(self, note: Note | None) -> None:
        self._note = note
        self.query_one(CareNote).show(note)

    def action_not_now(self) -> None:
        """A break: not before another call. The warm-up: not offered again."""
        if self._note is not None and self._services.care is not None:
            if self._note.kind == "break":
                self._services.care.dismiss_break()
            else:
                self.post_message(Keep("offer_warm_up", False))
            self._take_note(None)

    def avoid(self, notes: Sequence[str]) -> None:
        """Customers with these content notes are hidden from now on."""
        self._avoid = frozenset(notes)
        self._show_customers()

    def reload(self) -> None:
        """A customer's file has changed."""
        self._load_customers()

    @work(thread=True, exclusive=True, group="customers")
    def _load_customers(self) -> None:
        try:
            items = list(self._services.customers())
            empty = "No customers found in the personas folders."
        except TrainerError as error:
            items, empty = [], str(error)
        tell(self, self._take_customers, items, empty)

    def _take_customers(self, items: list[CustomerItem], empty: str) -> None:
        self._customers = {item.name: item for item in items}
        self._empty = empty
        self._show_customers()
        self.post_message(Listed())

    def _show_customers(self) -> None:
        shown = [item for item in self._customers.values() if not self._avoid & set(item.notes)]
        hidden = len(self._customers) - len(shown)
        note = self.query_one("#hidden-note", Static)
        note.display = hidden > 0
        note.update(
            Content.from_markup(
                "[$quiet]$count hidden because of your content settings (s)[/]",
                count="1 customer is" if hidden == 1 else f"{hidden} customers are",
            )
        )
        self.query_one(CustomerList).fill(shown, self.customer.name if self.customer else "")
        if not shown:
            self.query_one(CustomerCard).show(None, self._empty)

    @work(thread=True, exclusive=True, group="calls")
    def _load_calls(self) -> None:
        try:
            calls = list(self._services.calls())
        except TrainerError as error:
            calls = []
            tell(self, self.notify, str(error), severity="warning")
        tell(self, self._take_calls, calls)

    def _take_calls(self, calls: list[CallItem]) -> None:
        self._calls = calls[:50]
        self.query_one(RecentCalls).fill(self._calls)

    @property
    def customer(self) -> CustomerItem | None:
        """The highlighted customer."""
        option = self.query_one(CustomerList).highlighted_option
        return self._customers.get(option.id or "") if option else None

    def on_option_list_option_highlighted(self, event: OptionList.OptionHighlighted) -> None:
        """The card follows the list."""
        if isinstance(event.option_list, CustomerList):
            self.query_one(CustomerCard).show(self.customer, self._empty)

    def on_option_list_option_selected(self, event: OptionList.OptionSelected) -> None:
        """Enter or a click: take the call, or open a debrief."""
        if isinstance(event.option_list, CustomerList):
            self.action_take()
        elif event.option.id is not None:
            self.post_message(ShowDebrief(self._calls[int(event.option.id)].folder))

    def action_take(self) -> None:
        """The highlighted customer, by microphone."""
        if self.customer:
            self.post_message(TakeCall(self.customer.name, typed=False))

    def action_take_typed(self) -> None:
        """The highlighted customer, by keyboard."""
        if self.customer:
            self.post_message(TakeCall(self.customer.name, typed=True))

    def action_down(self) -> None:
        """Vi keys."""
        if isinstance(self.focused, OptionList):
            self.focused.action_cursor_down()

    def action_up(self) -> None:
        """Vi keys."""
        if isinstance(self.focused, OptionList):
            self.focused.action_cursor_up()
