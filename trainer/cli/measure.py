"""`trainer measure`: how a recording of one speaker sounds."""

import sys
from pathlib import Path

import click

from trainer.audio.files import load_turn
from trainer.review.delivery.measured import Delivery, measure
from trainer.review.delivery.raised import CLEARLY, RAISED

_FILE = click.Path(path_type=Path, exists=True, dir_okay=False)

_LINES = (
    ("f0_median_st", "pitch", "{:.1f} semitones over 100 Hz"),
    ("f0_range_st", "pitch range", "{:.1f} semitones"),
    ("alpha_db", "high over low tones", "{:.1f} dB"),
    ("level_db", "level", "{:.0f} dB"),
    ("articulation_rate", "pace", "{:.1f} syllables a second"),
    ("syllables", "syllables", "{}"),
    ("words_per_minute", "words a minute", "{:.0f}"),
    ("snr_db", "over the noise", "{:.0f} dB"),
)


@click.command("measure")
@click.argument("wav", type=_FILE)
@click.option(
    "--baseline",
    multiple=True,
    type=_FILE,
    help="The same speaker's usual voice; may be given again.",
)
@click.option(
    "--json",
    "as_json",
    is_flag=True,
    help="Print JSON, as it does anyway where no terminal reads it.",
)
def command(wav: Path, baseline: tuple[Path, ...], as_json: bool) -> None:
    """How the voice in WAV sounds; with --baseline, how far it is raised above its usual self."""
    found = measure(load_turn(wav), [load_turn(each) for each in baseline])
    to_read = sys.stdout.isatty() and not as_json
    click.echo(table(found) if to_read else found.model_dump_json(indent=1))


def table(found: Delivery) -> str:
    """What was measured, one line each, for people."""
    lines = []
    for field, label, form in _LINES:
        value = getattr(found, field)
        said = form.format(value) if value is not None else _missing(found, field)
        lines.append(f"{label:<20} {said}")
    lines.append(f"{'voice in it':<20} {found.voiced_s:.1f} s")
    if found.raised_voice is None:
        lines.append(f"{'raised voice':<20} {_missing(found, 'raised_voice')}")
    else:
        z = found.raised_voice.z
        how = "clearly raised" if z > CLEARLY else "raised" if z > RAISED else "as usual"
        parts = ", ".join(f"{name} {part:+.1f}" for name, part in found.raised_voice.parts.items())
        lines.append(f"{'raised voice':<20} {z:+.1f}, {how} ({parts})")
    return "\n".join(lines)


def _missing(found: Delivery, field: str) -> str:
    return f"– {found.not_measured.get(field, '')}".rstrip()
