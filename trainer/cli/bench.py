"""`trainer bench`: the measurements that docs/measurements.md quotes. One file per benchmark."""

import importlib

import click

_BENCHMARKS = {
    "stt": ("trainer.cli.bench_stt", "Speech to text: word errors, seconds a turn, memory."),
    "turntaking": ("trainer.cli.bench_turntaking", "Waiting, yielding, noise, echo: whole calls."),
    "latency": ("trainer.cli.bench_latency", "Answers read from the recording; memory of a call."),
    "wording": ("trainer.cli.bench_wording", "Language models: lines usable in time."),
    "customer": ("trainer.cli.bench_customer", "Customers: leaks, roles, exits, model's lines."),
    "listening": (
        "trainer.cli.bench_listening",
        "What a customer makes of agents' turns: answers, offers.",
    ),
    "acts": ("trainer.cli.bench_acts", "Acts in agents' words: precision and recall."),
    "delivery": ("trainer.cli.bench_delivery", "A raised voice told from a calm one, by sex."),
    "voice": ("trainer.cli.bench_voice", "Voices: first sound, speed, memory, moods."),
}


class _Lazy(click.Group):
    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(_BENCHMARKS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in _BENCHMARKS:
            return None
        module = importlib.import_module(_BENCHMARKS[cmd_name][0])
        command: click.Command = module.command
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Commands"):
            formatter.write_dl([(name, text) for name, (_, text) in _BENCHMARKS.items()])


@click.group(name="bench", cls=_Lazy)
def command() -> None:
    """The benchmarks that docs/measurements.md quotes."""
