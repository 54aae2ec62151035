"""How far the engines are that load behind the screen, a line each."""

from textual.content import Content
from textual.widgets import Static

from trainer.tui.services import EngineState, Part

_PARTS: dict[Part, str] = {
    "stt": "Hears you",
    "words": "Understands",
    "wording": "Finds words",
    "voice": "Speaks",
}
_SPIN = "◐◓◑◒"


def line(part: Part, state: EngineState | None, beat: int) -> Content:
    """One engine: a sign, what it is for, and how far it is."""
    what = f"{_PARTS[part]:<11}"
    if state is None or state.phase == "waiting":
        return Content.from_markup("[$quiet]· $what waiting[/]", what=what)
    if state.phase == "loading":
        return Content.from_markup(
            "[$accent]$spin[/] $what [$accent]loading[/] [$quiet]$name[/]",
            spin=_SPIN[beat % len(_SPIN)],
            what=what,
            name=state.name,
        )
    if state.phase == "missing":
        return Content.from_markup(
            "[$error]✗ $what not here[/]\n[$accent]→[/] $hint",
            what=what,
            hint=state.hint or state.name,
        )
    sign, style = ("✓", "$success") if state.phase == "ready" else ("–", "$quiet")
    return Content.from_markup(
        f"[{style}]$sign[/] $what [$quiet]$name[/]", sign=sign, what=what, name=state.name or "off"
    )


class EngineLines(Static):
    """The engines' states, moving while something loads."""

    DEFAULT_CSS = """
    EngineLines { height: auto; }
    """

    def on_mount(self) -> None:
        """Follow the engines as they load."""
        self._beat = 0
        self._states: dict[str, EngineState] = {}
        self.watch(self.app, "engines", self._follow)
        self.set_interval(0.25, self._spin)

    def _spin(self) -> None:
        if any(state.phase == "loading" for state in self._states.values()):
            self._beat += 1
            self._follow(self._states)

    def _follow(self, states: dict[str, EngineState]) -> None:
        self._states = states
        self.update(
            Content("\n").join([line(part, states.get(part), self._beat) for part in _PARTS])
        )
