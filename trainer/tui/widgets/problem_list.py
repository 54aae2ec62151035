"""What is wrong with a file: where, which field, what to write instead."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from textual.content import Content
from textual.widgets import OptionList
from textual.widgets.option_list import Option

if TYPE_CHECKING:
    from trainer.content.problems import Problem


def entry(problem: "Problem") -> Content:
    """Two lines: the place and the field; what is wrong with it."""
    maybe = f" Did you mean “{problem.nearest}”?" if problem.nearest else ""
    return Content.from_markup(
        "[$error]△[/] [bold]$file:$line:$column[/] [$quiet]$field[/]\n  $what[$accent]$maybe[/]",
        file=problem.file.name,
        line=str(problem.line),
        column=str(problem.column),
        field=problem.field,
        what=problem.message,
        maybe=maybe,
    )


class ProblemList(OptionList):
    """The mistakes of one file. Selecting one opens the file there."""

    _problems: "tuple[Problem, ...] | None" = None

    @property
    def line(self) -> int:
        """The line of the highlighted mistake; 0 when there is none."""
        if not self._problems:
            return 0
        return self._problems[self.highlighted or 0].line

    def fill(self, problems: "Sequence[Problem] | None") -> None:
        """Show these; None shows nothing."""
        given = tuple(problems) if problems is not None else None
        if given == self._problems and self.option_count:
            return
        self._problems = given
        self.clear_options()
        if given:
            self.add_options([Option(entry(problem)) for problem in given])
            self.highlighted = 0
        elif given is not None:
            fit = Content.from_markup(
                "[$success]✓ All good:[/] every field is known, every slot is filled, no fact is"
                " given away before its time.\n[$quiet]Checked each time you save.[/]"
            )
            self.add_option(Option(fit, disabled=True))
