"""`trainer review`: the debrief of a recorded call, in the terminal, as JSON and as a page."""

import shutil
import textwrap
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

import click

from trainer import settings as preferences
from trainer.cli import judge_bar, judging, page
from trainer.cli.person import person
from trainer.cli.rate import rate as ask
from trainer.domain.errors import BadInput
from trainer.domain.persona import Cast
from trainer.domain.record import CallRecord
from trainer.review import agreed, curve, report, reveal, self_rating
from trainer.review.debrief import review
from trainer.review.model import Item, OwnView, Reveal, Review
from trainer.review.scale import clock
from trainer.review.track import track
from trainer.settings import Settings
from trainer.store import kept_cast
from trainer.store import self_rating as own_view
from trainer.store.calls import find, load
from trainer.store.inside import write_private


@click.command("review")
@click.argument("call")
@click.option("--rate", is_flag=True, help="Say how you saw the call, before the result.")
@click.option("--judge", metavar="MODEL", help="A model that marks the words too, or off.")
@click.option("--clips", is_flag=True, help="Moments of the feedback can be heard in the page.")
@click.option("--json", "as_json", is_flag=True, help="Print the debrief as JSON.")
def command(call: str, rate: bool, judge: str | None, clips: bool, as_json: bool) -> None:
    """The debrief of CALL: an id, the beginning of one, `last`, or the path of a call folder.

    Writes review.json and report.html into the call folder. The recording stays as it is.
    """
    given = preferences.load(judge=judge)
    record, roots = load(find(given.data_dir, call)), given.content_roots()
    if rate:
        ask(record, roots, given.rubric)
    by_rules = review(record, roots, person(record), given.rubric)
    result = settle(by_rules, record, roots, given)  # kept first, whatever becomes of the judge
    if given.judge != "off" and (result.judge is None or result.judge.status != "done"):
        with judge_bar.shown() as told:
            marked = judging.ask(
                by_rules, record, roots, given,
                named=judge is not None, before=judge_bar.before, progress=told,
            )  # fmt: skip
        result = settle(marked, record, roots, given)
    heard = page.write(result, record, roots, clips)
    click.echo(result.model_dump_json(indent=2) if as_json else terminal(result, _width()))
    if not as_json:
        click.echo("\n" + page.told(record.folder, heard, clips))


def keep(record: CallRecord, roots: Sequence[Path]) -> Review:
    """Review a call and write `review.json` and `report.html` into its folder.

    Raises:
        BadInput: the folder cannot be written.
    """
    given = preferences.load()
    return settle(review(record, roots, person(record), given.rubric), record, roots, given)


def settle(
    result: Review, record: CallRecord, roots: Sequence[Path], given: Settings | None = None
) -> Review:
    """Put the agent's own view and what lay behind the call beside a result, and write all of it.

    What a judge said of the call counts as the settings say.

    Raises:
        BadInput: the folder cannot be written.
    """
    result = judging.with_kept(result, record, roots, given or preferences.load())
    result = reveal.beside(result, record, _kept(record), roots)
    result = self_rating.beside(result, own_view.load(record.folder), roots)
    write_private(record.folder / "review.json", result.model_dump_json(indent=2) + "\n")
    page.write(result, record, roots)
    return result


def _kept(record: CallRecord) -> Cast | None:
    """The customer as they were in this call; a damaged copy is none."""
    with suppress(BadInput):
        return kept_cast.kept(record.folder)
    return None


def terminal(result: Review, width: int) -> str:
    """The debrief for reading, `width` columns wide, no colour needed."""
    minutes = clock(result.length_s)
    lines = [
        result.title or result.persona or result.call,
        f"{report.STATUS.get(result.status, result.status)}, {minutes}, {result.mode}",
        "",
        *_story(result, width),
        *_picture(result, width),
        *_feedback(result, width),
        *_agreed(result, width),
        *_measured(result, width),
        *_rubric(result, width),
        *_own(result.self_rating, width),
        *_behind(result.reveal, width),
    ]
    return "\n".join(lines)


def _story(result: Review, width: int) -> list[str]:
    if not result.story:
        return []
    lines = [*_head("The customer's side of the story")]
    lines += textwrap.wrap(" ".join(result.story), width)
    if result.csat is not None:
        lines.append(f"Simulated customer's rating: {result.csat:.1f} of 5")
    return [*lines, ""]


def _picture(result: Review, width: int) -> list[str]:
    own, moved = track(result), len(result.curve) > 1
    if not moved and own is None:
        return []
    head = f"How the customer's {result.feeling} moved" if moved else "Your voice over the call"
    drawn = curve.text(result.curve if moved else [], result.feeling, width, track=own)
    return [*_head(head), drawn, ""]


def _feedback(result: Review, width: int) -> list[str]:
    said, lines = result.feedback, []
    names = {behaviour.id: behaviour.name for behaviour in result.behaviours}
    for title, items in (
        ("What went well", said.went_well),
        ("To improve", said.improve),
    ):
        if items:
            lines += _head(title)
            for item in items:
                lines += [*_item(item, names.get(item.behaviour, item.behaviour), width), ""]
    if said.action:
        lines += _head("For the next call")
        lines += textwrap.wrap(said.action.what, width)
        if said.action.say_instead:
            lines += textwrap.wrap(f"Say: “{said.action.say_instead}”", width)
        lines.append("")
    if said.note:
        lines += [*textwrap.wrap(said.note, width), ""]
    return lines


def _agreed(result: Review, width: int) -> list[str]:
    lines = []
    for what, how, quote in agreed.rows(result.ground):
        lines += textwrap.wrap(f"{what}: {how}", width, subsequent_indent="  ")
        lines += textwrap.wrap(
            f"you: “{quote}”", width, initial_indent="  ", subsequent_indent="  "
        )
    return [*_head("What was agreed"), *lines, ""] if lines else []


def _measured(result: Review, width: int) -> list[str]:
    lines = _head("Measured")
    for name, value, note in report.numbers(result):
        rest = f"  ({note})" if note else ""
        lines += textwrap.wrap(f"{name}: {value}{rest}", width, subsequent_indent="  ")
    return [*lines, ""]


def _rubric(result: Review, width: int) -> list[str]:
    lines = _head("By the rubric")
    for dimension in result.dimensions:
        score = f"{dimension.score:.1f}  {dimension.band}" if dimension.score is not None else ""
        reason = f"{'  ' if score else ''}{dimension.reason}" if dimension.reason else ""
        lines.append(f"{dimension.name:<16}{score}{reason}")
    for error in result.critical:
        lines += textwrap.wrap(f"! {error.name}: “{error.quote}”", width, subsequent_indent="  ")
    for one in result.behaviours:
        if one.remark:
            told = f"{one.name} ({one.level}): {one.remark}"
            lines += textwrap.wrap(told, width, subsequent_indent="  ")
    return lines + textwrap.wrap(result.note, width)


def _behind(told: Reveal | None, width: int) -> list[str]:
    if told is None:
        return []
    lines = ["", *_head("What lay behind it")]
    for name, text in reveal.rows(told):
        lines += textwrap.wrap(f"{name}: {text}" if name else text, width)
    return lines


def _own(view: OwnView | None, width: int) -> list[str]:
    if view is None:
        return []
    lines = ["", *_head("How you saw it")]
    for name, text in self_rating.rows(view):
        lines += textwrap.wrap(f"{name:<20}{text}", width, subsequent_indent="  ")
    return lines + textwrap.wrap(view.about, width)


def _head(text: str) -> list[str]:
    return [text, "─" * len(text)]


def _item(item: Item, name: str, width: int) -> list[str]:
    def wrap(text: str, mark: str) -> list[str]:
        return textwrap.wrap(text, width, initial_indent=mark, subsequent_indent=" " * len(mark))

    lines = wrap(item.what, "• ")
    lines += wrap(f"{name}, {clock(item.start_s)}–{clock(item.end_s)}", "  ")
    if item.theirs and item.say_instead:
        lines += wrap(f"“{item.theirs}”", "  customer: ")
    if item.quote:
        lines += wrap(f"“{item.quote}”", "  you: ")
    if item.number:
        lines += wrap(item.number, "  ")
    lines += wrap(item.effect, "  ")
    if item.say_instead:
        lines += wrap(f"“{item.say_instead}”", "  say: ")
    return lines


def _width() -> int:
    return max(60, min(100, shutil.get_terminal_size((80, 24)).columns))
