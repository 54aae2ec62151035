"""The commands. In: words typed in a shell. Out: text or JSON on stdout, diagnostics on stderr,
exit 0 / 1 / 2.

One file per command group, imported only when it is called, so that `trainer --help` answers at
once.
Knows no engine: it asks `trainer.backends` by name.
"""

import difflib
import importlib
import os
import sys
import traceback

import click

from trainer import __version__
from trainer.domain.errors import BadInput, TrainerError

_COMMANDS = {
    "practice": ("trainer.cli.practice", "A call in the terminal app, by microphone or keyboard."),
    "call": ("trainer.cli.call", "The same call without a screen, from audio files or text."),
    "demo": ("trainer.cli.demo", "A complete unattended call, spoken on both sides."),
    "calls": ("trainer.cli.calls", "Recorded calls: list, show, play, delete."),
    "import": ("trainer.cli.import_", "The recording of a real call, reviewed by the same rubric."),
    "review": ("trainer.cli.review", "The debrief of a recorded call."),
    "retry": ("trainer.cli.retry", "One moment of a call once more, from the same mood."),
    "say": ("trainer.cli.say", "A better line for one turn, said now: what it would have done."),
    "progress": ("trainer.cli.progress", "Your behaviours over calls, and how sure that is."),
    "warmup": ("trainer.cli.warm_up", "Your usual voice, which calls are compared with."),
    "measure": ("trainer.cli.measure", "How a recorded voice sounds, against its calm self."),
    "acts": ("trainer.cli.acts", "What an agent's words do, line by line."),
    "persona": ("trainer.cli.persona", "Customers: list, new, draft, check, hear, bench."),
    "rubric": ("trainer.cli.rubric", "What calls are read by: list, check, schema."),
    "models": ("trainer.cli.models", "Weights: list, pull, verify."),
    "doctor": ("trainer.cli.doctor", "What works here, and how to mend what does not."),
    "setup": ("trainer.cli.setup", "Bring everything a first call needs, then check it."),
    "config": ("trainer.cli.config", "Settings: show, set, unset, path."),
    "bench": ("trainer.cli.bench", "The benchmarks that docs/measurements.md quotes."),
}


class _Lazy(click.Group):
    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(_COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in _COMMANDS:
            near = difflib.get_close_matches(cmd_name, _COMMANDS, n=1)
            raise BadInput(
                f"There is no command “{cmd_name}”.{f' Did you mean “{near[0]}”?' if near else ''}",
                "All of them: trainer --help",
            )
        module = importlib.import_module(_COMMANDS[cmd_name][0])
        command: click.Command = module.command
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Commands"):
            formatter.write_dl([(name, text) for name, (_, text) in _COMMANDS.items()])


@click.group(cls=_Lazy, invoke_without_command=True)
@click.version_option(__version__, prog_name="trainer")
@click.pass_context
def trainer(ctx: click.Context) -> None:
    """Practise hard spoken conversations with an upset customer. Without a command: the app."""
    if ctx.invoked_subcommand is None:
        from trainer.cli.practice import home

        home()


def main(argv: list[str] | None = None) -> int:
    """Entry point: errors become a message and an exit code, never a traceback."""
    try:
        result = trainer.main(args=argv, prog_name="trainer", standalone_mode=False)
        return result if isinstance(result, int) else 0
    except click.exceptions.Exit as leave:
        return leave.exit_code
    except click.ClickException as wrong:
        wrong.show()
        return wrong.exit_code
    except (click.Abort, KeyboardInterrupt):
        click.echo("Stopped.", err=True)
        return 130
    except SystemExit:  # click's way out when nobody reads the output any more; we never raise it
        return 0
    except TrainerError as error:
        click.echo(f"trainer: {error}", err=True)
        return error.exit_code
    except Exception as mistake:  # ours, not theirs: say so, and keep what is needed to mend it
        click.echo(f"trainer: {_noted(mistake)}", err=True)
        return 1


def _noted(mistake: Exception) -> str:
    """Keep where it happened, without the words that may stand in its message."""
    from trainer.settings import cache_dir

    log = cache_dir() / "mistakes.log"
    where = "".join(traceback.format_tb(mistake.__traceback__))
    try:
        log.parent.mkdir(parents=True, exist_ok=True)
        log.touch(mode=0o600)
        log.write_text(f"{__version__} {type(mistake).__name__}\n{where}", encoding="utf-8")
    except OSError:
        return f"Something went wrong in the program itself ({type(mistake).__name__})."
    return f"Something went wrong in the program itself.\nWhere it happened stands in {log}."


def run() -> None:
    """Console script."""
    code = main()
    try:
        sys.stdout.flush()
    except BrokenPipeError:  # whoever read the output, e.g. `head`, has seen enough of it
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    sys.exit(code)
