"""“Say it now”: a better line, typed or aloud, held against what was said in the call."""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, ClassVar

from textual import work
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Horizontal, Vertical, VerticalScroll
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Input, Static

from trainer.domain.errors import TrainerError
from trainer.tui import mistakes
from trainer.tui.again import Again, Recorder
from trainer.tui.services import Debrief, Line, Remark, Services

_KEYS = "Enter typed · F2 record · F3 ▶ then · F4 ▶ now · F6 next · Esc"


@dataclass(frozen=True)
class Better:
    """A turn of the agent, a line to say instead, and what the customer had just said."""

    then: Line
    instead: str
    asked: str = ""


def better(told: Debrief, turn: int) -> list[Better]:
    """The lines that the feedback proposes, that of agent turn `turn` first where there is one."""
    own = [line for line in told.transcript if line.who == "agent"]
    found: dict[int, Better] = {}
    remarks: Sequence[Remark] = (*told.improve, *((told.action,) if told.action else ()))
    for remark in remarks:
        if remark.turn is None or not remark.say_instead:
            continue
        # a silence belongs to the customer's turn before it
        then = next((line for line in own if line.turn >= (remark.turn or 0)), None)
        if then is not None:
            heard = [one for one in told.transcript if one.who == "customer"]
            asked = [one.text for one in heard if one.turn < then.turn]
            answers = asked[-1] if asked else ""
            found.setdefault(then.turn, Better(then, remark.say_instead, answers))
    return sorted(found.values(), key=lambda one: one.then.turn != turn)


class SayScreen(ModalScreen[None]):
    """What was said on the left, what is said now on the right, and what it would have done."""

    BINDINGS: ClassVar[list[BindingType]] = [
        ("escape", "leave", "Back"),
        ("f2", "record", "Record, or stop"),
        ("f3", "then", "Play then"),
        ("f4", "now", "Play now"),
        ("f6", "other", "Another line"),
        ("pageup", "scroll(-1)", "Up"),
        ("pagedown", "scroll(1)", "Down"),
    ]

    def __init__(
        self, folder: Path, spoken: bool, lines: Sequence[Better], services: Services, again: Again
    ) -> None:
        """`lines`: at least one. `spoken`: the call has a sound to play."""
        super().__init__()
        self._folder = folder
        self._spoken = spoken
        self._lines = tuple(lines)
        self._services = services
        self._again = again
        self._chosen = 0
        self._clip: Path | None = None
        self._recorder: Recorder | None = None
        self._busy = False
        self._left = False

    def compose(self) -> ComposeResult:
        """The two lines side by side, the result, and a line to type."""
        with Vertical(classes="dialog", id="say-it") as box:
            box.border_title = "Say it now"
            box.border_subtitle = _KEYS
            yield Static(id="instead")
            with Horizontal(id="said-both"):
                yield Static(id="said-then")
                yield Static(id="said-now")
            with VerticalScroll(id="said-result", can_focus=False):
                yield Static(id="said-told")
            yield Input(placeholder="Type what you would say now, or F2 and say it", id="say-line")

    def on_mount(self) -> None:
        """The first line, with what was said for it before."""
        self.query_one("#said-then").border_title = "Then"
        self.query_one("#said-now").border_title = "Now"
        self._turn_to(0)

    @property
    def _line(self) -> Better:
        return self._lines[self._chosen]

    def _turn_to(self, place: int) -> None:
        self._chosen = place
        line = self._line
        self.query_one("#instead", Static).update(
            Content.from_markup(
                "[$secondary]They:[/] “$asked”\n[$primary]One way to say it:[/] “$line”",
                asked=line.asked,
                line=line.instead,
            )
        )
        self.query_one("#said-then", Static).update(Content(f"“{line.then.text}”"))
        kept = self._again.said(self._folder, line.then.turn)
        if kept:
            self._show(kept[-1].facts, kept[-1].clip)
        else:
            self._clip = None
            self.query_one("#said-now", Static).update(Content.styled("nothing yet", "$quiet"))
            self._tell(Content.styled("Say it your own way. Nobody else hears it.", "$quiet"))
        self.query_one("#say-line", Input).focus()

    def _tell(self, what: Content) -> None:
        self.query_one("#said-told", Static).update(what)

    def _show(self, facts: Mapping[str, Any], clip: Path | None) -> None:
        """A try, new or kept."""
        self._clip = clip
        text = str(facts.get("text", "")) or "…"
        self.query_one("#said-now", Static).update(Content(f"“{text}”"))
        lines = [Content.styled(str(facts.get("told", "")), "bold")]
        lines += [
            Content.from_markup(
                "[$success]·[/] $what [$quiet]“$quote”[/]",
                what=str(act.get("what", "")),
                quote=str(act.get("quote", "")),
            )
            for act in facts.get("acts", ())
            if isinstance(act, dict)
        ]
        if answer := str(facts.get("answer", "")):
            lines.append(
                Content.from_markup("[$secondary]They would have said:[/] “$answer”", answer=answer)
            )
        self._tell(Content("\n").join(lines))

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Enter says the typed line."""
        event.stop()
        if (text := event.value.strip()) and not self._busy and self._recorder is None:
            event.input.clear()
            self._ask(text)

    @work(group="record")
    async def action_record(self) -> None:
        """Open the microphone; pressed again, what was said is looked at."""
        if self._busy:
            return
        recorder, self._recorder = self._recorder, None
        self._busy = True
        try:
            if recorder is None:
                await asyncio.to_thread(self._open_microphone)
            else:
                sound = await asyncio.to_thread(recorder.stop)
        except TrainerError as error:
            self._failed(TrainerError(error.message, "You can type the line instead."))
            return
        finally:
            self._busy = False
        if recorder is None:
            self._tell(Content.from_markup("[bold $error]● recording[/]  F2 when you are done"))
        else:
            self._ask(sound)

    def _open_microphone(self) -> None:
        """In a thread, which may still be at it when the screen was left."""
        self._recorder = self._again.record()
        if self._left:
            self._close_microphone()

    def _close_microphone(self) -> None:
        recorder, self._recorder = self._recorder, None
        if recorder is not None:
            recorder.stop()

    @work(group="say", exclusive=True)
    async def _ask(self, words: Any) -> None:
        self._busy = True
        turn = self._line.then.turn
        self._tell(Content.styled("Taking it in …", "$quiet"))
        try:
            said, kept = await self._again.say(self._folder, turn, words)
        except TrainerError as error:
            self._failed(error)
        except Exception as error:  # the person is told, not shown a traceback
            self._tell(Content.styled(mistakes.told(error), "$error"))
        else:
            self._show(asdict(said), kept.clip)
        finally:
            self._busy = False

    def _failed(self, error: TrainerError) -> None:
        self._tell(
            Content.from_markup("[$error]$what[/]\n$hint", what=error.message, hint=error.hint)
        )

    @work(group="play", exclusive=True)
    async def action_then(self) -> None:
        """My turn as it was."""
        then = self._line.then
        if not self._spoken:
            self.app.notify("This call was typed: there is no sound to play.")
            return
        await self._heard(self._services.play(self._folder, then.start_s, then.end_s))

    @work(group="play", exclusive=True)
    async def action_now(self) -> None:
        """What I said now."""
        if self._clip is None:
            self.app.notify("There is no sound to play: F2 records.")
            return
        await self._heard(self._again.play(self._clip))

    async def _heard(self, playing: Any) -> None:
        try:
            await playing
        except TrainerError as error:
            self._failed(error)

    def action_other(self) -> None:
        """The next remark's line."""
        if not self._busy and self._recorder is None:
            self._turn_to((self._chosen + 1) % len(self._lines))

    def action_scroll(self, step: int) -> None:
        """Read on."""
        page = self.query_one("#said-result")
        page.scroll_relative(y=3 * step, animate=False, immediate=True)

    def action_leave(self) -> None:
        """Back to the debrief; an open microphone is closed."""
        self._left = True
        self._close_microphone()
        self.dismiss(None)
