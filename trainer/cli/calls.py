"""`trainer calls`: what was recorded, to read, to hear and to delete."""

import json
import sys
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path
from typing import Any

import click

from trainer import settings as preferences
from trainer.cli.plain import plain
from trainer.domain.audio import RATE
from trainer.domain.errors import BadInput
from trainer.domain.events import CallEnded
from trainer.review import agreed
from trainer.store import calls
from trainer.store.summary import summary

_FEELINGS = ("anger", "anxiety", "sadness", "warmth")
_STANDING = ("trust", "heard", "patience", "resolution")


@click.group("calls")
def command() -> None:
    """Recorded calls. CALL is an id, the beginning or end of one, `last`, or a folder."""


@command.command("list")
@click.option("--json", "as_json", is_flag=True, help="Print the list as JSON.")
def list_(as_json: bool) -> None:
    """All recorded calls, newest first."""
    listed = calls.list_calls(_data_dir())
    if as_json:
        click.echo(json.dumps([asdict(call) for call in listed], ensure_ascii=False))
        return
    if not listed:
        click.echo("No calls yet. Take one: trainer practice")
    for call in listed:
        when = call.started[:16].replace("T", " ") or "?"
        ended = call.status.replace("_", " ")
        rating = "" if call.csat is None else f"{call.csat:.1f} of 5"
        line = f"{when:16}  {_clock(call.seconds):>6}  {ended:16}  {rating:8}  {call.title}"
        click.echo(plain(line))
        click.echo(f"    {plain(call.id)}")


@command.command()
@click.argument("call")
@click.option("--json", "as_json", is_flag=True, help="Print what `trainer call --json` prints.")
def show(call: str, as_json: bool) -> None:
    """What was said, how the customer took it, and what happened."""
    record = calls.load(calls.find(_data_dir(), call))
    told = summary(record)
    if as_json:
        click.echo(json.dumps(told, ensure_ascii=False))
        return
    title = record.meta.get("title") or record.meta.get("persona") or record.folder.name
    click.echo(plain(f"{title} · {str(record.meta.get('started', ''))[:16].replace('T', ' ')}"))
    ended = next((one for one in reversed(record.events) if isinstance(one, CallEnded)), None)
    for line in (*_story(told), *_agreed(ended)):
        click.echo(plain(line))


@command.command()
@click.argument("call")
@click.option("--from", "start_s", type=click.FloatRange(min=0), default=0.0, help="Seconds.")
@click.option("--to", "end_s", type=click.FloatRange(min=0), help="Seconds.")
def play(call: str, start_s: float, end_s: float | None) -> None:
    """Hear a call, or a part of it: both voices together."""
    from trainer.audio.playback import play as aloud

    record = calls.load(calls.find(_data_dir(), call))
    length_s = len(record.agent) / RATE
    if not length_s:
        if record.meta.get("mode") == "imported":
            raise BadInput(
                f"{record.folder} holds no sound: the recording of this real call was not kept.",
                "Import it again with --keep-audio to hear it here.",
            )
        raise BadInput(f"{record.folder} holds no sound.", "A typed call has none.")
    end_s = length_s if end_s is None else min(end_s, length_s)
    if not start_s < end_s:
        raise BadInput(f"There is nothing to hear from {start_s:g} s to {end_s:g} s of the call.")
    part = record.both(start_s, end_s)
    with click.progressbar(
        length=len(part),
        label=f"{_clock(start_s)}–{_clock(end_s)}",
        file=sys.stderr,
        show_eta=False,
    ) as bar:
        aloud(
            part,
            preferences.load().output_device,
            progress=lambda played_s: bar.update(round(played_s * RATE) - bar.pos),
        )


@command.command()
@click.argument("call", nargs=-1, required=True)
@click.option("--yes", is_flag=True, help="Do not ask.")
@click.option("--json", "as_json", is_flag=True, help="Print what was deleted as JSON.")
def delete(call: tuple[str, ...], yes: bool, as_json: bool) -> None:
    """Delete calls with everything that belongs to them, for good."""
    folders = list(dict.fromkeys(calls.find(_data_dir(), name) for name in call))
    for folder in folders:
        if not yes:
            files = sum(1 for path in folder.rglob("*") if not path.is_dir())
            question = f"Delete {plain(str(folder))} ({files} files) for good?"
            if not click.confirm(question, err=True):
                click.echo("Nothing more was deleted.", err=True)
                raise click.exceptions.Exit(1)
        calls.delete(folder)
        if not as_json:
            click.echo(f"Deleted {plain(str(folder))}")
    if as_json:
        click.echo(json.dumps({"deleted": [str(folder) for folder in folders]}))


def _data_dir() -> Path:
    return preferences.load().data_dir


def _story(told: dict[str, Any]) -> Iterator[str]:
    """The call as lines: each turn, under it the mood it left and why, and what happened in it."""
    moods = {mood["turn"]: mood for mood in told["mood"]}
    happened: dict[int, list[dict[str, Any]]] = {}
    for event in told["events"]:
        happened.setdefault(event["turn"], []).append(event)
    for turn in told["transcript"]:
        yield ""
        at = f"{turn['turn']:>3}  {_clock(turn['start_s']):>6}"
        yield f"{at}  {turn['who']:>8}  {turn['text']}"
        if mood := moods.get(turn["turn"]):
            yield from _mood(mood)
        for event in happened.pop(turn["turn"], []):
            yield f"{'':16}· {event['kind'].replace('_', ' ')} at {_clock(event['t_s'])}"
    for event in sorted((each for rest in happened.values() for each in rest), key=_time):
        yield f"{_clock(event['t_s']):>6}  {'':8}  · {event['kind'].replace('_', ' ')}"
    yield ""
    yield f"Ended: {told['status'].replace('_', ' ')}"
    if told["csat"] is not None:
        yield f"Simulated customer's rating: {told['csat']:.1f} of 5"
    yield from told["story"]


def _agreed(ended: CallEnded | None) -> Iterator[str]:
    for what, how, quote in agreed.rows(ended.ground if ended is not None else None):
        yield f"{what}: {how}: “{quote}”"


def _mood(mood: dict[str, Any]) -> Iterator[str]:
    shown = [name for name in _FEELINGS if (mood[name] or 0) >= 0.05]
    words = [f"{name} {mood[name] or 0:.2f}" for name in (*shown, *_STANDING)]
    yield f"{'':16}customer: {', '.join(words)}"
    for cause in mood["cause"]:
        sign = "+" if cause["good"] else "−"
        quote = f": “{cause['quote']}”" if cause["quote"] else ""
        yield f"{'':16}{sign} {cause['appraisal'].replace('_', ' ')}{quote}"


def _time(event: dict[str, Any]) -> float:
    return float(event["t_s"])


def _clock(seconds: float) -> str:
    minutes, rest = divmod(int(seconds), 60)
    return f"{minutes}:{rest:02d}"
