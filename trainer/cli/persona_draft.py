"""`trainer persona draft`: a language model proposes a customer from what somebody wrote."""

import asyncio
import contextlib
import json
import re
import sys
from pathlib import Path

import click

from trainer import backends
from trainer.cli.persona_new import check_new, free
from trainer.content import drafting, personas, roots, writing
from trainer.content.drafting import Draft
from trainer.customer import guard
from trainer.domain.errors import BadInput, EngineMissing
from trainer.ports.wording import Message, Prompt, Wording
from trainer.settings import Settings

_MOST = 24_000
_MOST_SMALL = 3_000
"""Characters of the text that are sent; small models lose the thread of more."""

_TOKENS = 700

_WITHIN_S = 60.0
_WITHIN_SMALL_S = 240.0
"""Seconds for one part; a small model shares the processor with everything else here."""

_PARTS = {
    "person": "who they are",
    "story": "why they ring",
    "facts": "what they know",
    "offers": "what can be done",
    "sheet": "what they know beside it",
    "lines": "what they say",
}
_NO_MODEL = (
    "A language model is needed for a draft, and none is set up.",
    "On this machine: trainer models pull local-llm, then add --wording local. "
    "Or name any model: --wording provider/model. Without one: trainer persona new",
)


@click.command("draft")
@click.argument("name", required=False)
@click.option("--from", "source", required=True, metavar="FILE",
              help="A comment or a transcript, as text; - reads standard input.")  # fmt: skip
@click.option("--wording", help="The model: local, or a litellm model; else the settings' own.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def command(name: str | None, source: str, wording: str | None, as_json: bool) -> None:
    """Draft a customer from a comment or transcript. Nothing is overwritten; invented is marked."""
    from trainer.settings import load

    settings = load(wording=wording)
    extra = settings.content_roots()
    folder = settings.data_dir / "personas"
    name = name or free(folder, extra, _slug(source))
    check_new(folder, name, extra)
    written = _read(source)
    model = _model(settings)
    most = _MOST_SMALL if model.small else _MOST
    text = drafting.material(written, most)
    _say_where(model, text, len(drafting.material(written, len(written))) > most)
    made = asyncio.run(_draft(model, text, name, extra))
    file = writing.save(folder, name, made.text)
    wrong = [str(problem) for problem in personas.check(file, extra)]
    if as_json:
        row = {
            "name": name,
            "file": str(file),
            "model": model.name,
            "left_machine": model.leaves_machine,
            "used": list(made.used),
            "not_used": made.left,
            "problems": wrong,
        }
        click.echo(json.dumps(row, ensure_ascii=False))
        return
    _tell(file, name, made)


async def _draft(model: Wording, text: str, name: str, extra: list[Path]) -> Draft:
    async def ask(system: str, message: str) -> str:
        messages = (
            Message(role="system", content=system),
            Message(role="user", content=message),
        )
        within_s = _WITHIN_SMALL_S if model.small else _WITHIN_S
        wish = Prompt(messages, max_tokens=_TOKENS, temperature=0.5, within_s=within_s)
        pieces = model.stream(wish)
        return "".join([piece async for piece in pieces])

    def told(part: str, wrong: str) -> None:
        click.echo(f"  {wrong}" if wrong else f"Asking {model.name}: {_PARTS[part]} …", err=True)

    try:
        await model.warm()
        return await drafting.draft(text, name, ask, extra, _unfit, told)
    finally:
        await model.close()


def _unfit(line: str) -> str | None:
    """Why nobody may be played this line: the guard's reasons that hold for an author too."""
    return guard.check(line, guard.Context(known=(line,), may_yield=True, words_left=guard.LONGEST))


def _model(settings: Settings) -> Wording:
    """The model of the settings; `auto` takes the local one too, which a draft has time for."""
    found = backends.wording(settings)
    if found is None and settings.wording == "auto":
        with contextlib.suppress(EngineMissing):
            found = backends.wording(settings.model_copy(update={"wording": "local"}))
    if found is None:
        raise EngineMissing(*_NO_MODEL)
    return found


def _say_where(model: Wording, text: str, cut: bool) -> None:
    words = len(text.split())
    if model.leaves_machine:
        click.echo(
            f"These words leave this machine: {words} words of the text go to {model.name}. "
            "Mail addresses, links, streets and long numbers have been taken out; names have not.",
            err=True,
        )
    if cut:
        click.echo(f"The text is long: its first {words} words are used.", err=True)


def _read(source: str) -> str:
    if source != "-":
        return roots.read_text(Path(source).expanduser())
    try:
        return sys.stdin.read(roots.MAX_BYTES)
    except UnicodeDecodeError:
        raise BadInput("What came in is not UTF-8 text.") from None


def _slug(source: str) -> str:
    """A name for the customer from the name of the file."""
    stem = "draft" if source == "-" else Path(source).stem.lower()
    return re.sub(r"[^a-z0-9]+", "-", stem).strip("-") or "draft"


def _tell(file: Path, name: str, made: Draft) -> None:
    click.echo(f"Written: {file}")
    for part, why in made.left.items():
        click.echo(f"Not proposed, but taken from what every new customer has: {_PARTS[part]}.")
        click.echo(f"  {why}", err=True)
    marked = made.text.count("# invented")
    click.echo(
        f"It is a draft: {marked} values are marked “# invented”. Read it, mend it, take out the "
        "line “draft: true”, and then:"
    )
    click.echo(f"  trainer persona bench {name}")
