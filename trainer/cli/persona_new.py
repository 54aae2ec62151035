"""`trainer persona new`: asks, and writes a customer who can be called at once."""

import json
import shutil
import textwrap
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import click

from trainer.content import personas, problems, starter, writing
from trainer.content.starter import Question, Starter
from trainer.domain.errors import BadInput

_AGES = click.IntRange(16, 110)
_NAME = "my-customer"


@click.command("new")
@click.argument("name", required=False)
@click.option("--yes", is_flag=True, help="Ask nothing: take what Enter stands for everywhere.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def command(name: str | None, yes: bool, as_json: bool) -> None:
    """Write a new customer: a few questions, each of which Enter answers too."""
    from trainer.settings import load

    settings = load()
    extra = settings.content_roots()
    folder = settings.data_dir / "personas"
    begin = starter.read(extra)
    if name is None and not yes:
        click.echo(
            "A few questions. Enter takes what stands in [brackets]; Ctrl-C stops.", err=True
        )
        name = _named(folder, extra)
    name = name or free(folder, extra)
    check_new(folder, name, extra)
    answers = {} if yes else _asked(begin, extra)
    file = writing.save(folder, name, starter.file(begin, answers, extra, name))
    wrong = personas.check(file, extra)
    if as_json:
        shown = {"name": name, "file": str(file), "problems": [str(problem) for problem in wrong]}
        click.echo(json.dumps(shown, ensure_ascii=False))
        return
    click.echo("" if yes else "\n", nl=False)
    for problem in wrong:
        click.echo(str(problem), err=True)
    told(file, name)


def told(file: Path, name: str) -> None:
    """Where the new file is, and what to do with it."""
    click.echo(f"Written: {file}")
    click.echo("Open it in your editor; every field says what it is for. Then:")
    for words, what in (
        (f"check {name}", "names every mistake by line"),
        (f"hear {name}", "speaks a line for each mood"),
        (f"bench {name}", "lets scripted agents try it first"),
    ):
        click.echo(f"  trainer persona {words:<{len(name) + 8}}{what}")
    click.echo(f"  trainer practice {name} --typed")


def free(folder: Path, extra: Sequence[Path], wish: str = _NAME) -> str:
    """`wish`, or the first of `wish-2`, `wish-3` … that no customer is called yet."""
    taken = {*personas.names(extra), *(file.stem for file in folder.glob("*.yaml"))}
    numbered = (f"{wish}-{number}" for number in range(2, len(taken) + 3))
    return wish if wish not in taken else next(one for one in numbered if one not in taken)


def check_new(folder: Path, name: str, extra: Sequence[Path]) -> None:
    """Raise BadInput unless a new customer may be called `name`."""
    writing.check_free(folder, name)
    if name in personas.names(extra):
        raise BadInput(
            f"There is a customer called {name} already; a file of yours would replace it.",
            "Choose another name.",
        )


def _named(folder: Path, extra: Sequence[Path]) -> str:
    while True:
        name: str = click.prompt("Name of the file", default=free(folder, extra))
        try:
            check_new(folder, name, extra)
        except BadInput as error:
            click.echo(f"  {error.message} {error.hint}", err=True)
        else:
            return name


def _asked(begin: Starter, extra: Sequence[Path]) -> dict[str, Any]:
    answers: dict[str, Any] = {}
    for question in begin.questions:
        if question.part:
            click.secho(f"\n{question.part}", bold=True)
            continue
        click.echo("")
        default = starter.default(begin, question, answers, extra)
        answers[question.id] = _answer(begin, question, default, answers, extra)
    return answers


def _answer(
    begin: Starter,
    question: Question,
    default: Any,
    answers: dict[str, Any],
    extra: Sequence[Path],
) -> Any:
    if question.kind == "age":
        return click.prompt(question.ask, default=default, type=_AGES)
    if question.kind in ("one", "several"):
        return _chosen(question, starter.choices(begin, question, extra), default)
    if question.kind == "list":
        words = click.prompt(f"{question.ask} [none]", default="", show_default=False)
        return [word.strip() for word in words.split(",") if word.strip()]
    said = starter.beside(begin, question, answers, extra)
    while True:
        asked = f"{question.ask}\n{_wrapped(f'[{default}]', '  ')}\n"
        answer: str = click.prompt(asked, default, show_default=False, prompt_suffix="  > ")
        answer = " ".join(answer.split())
        wrong = starter.mistake(question, answer, said, answers) if answer != default else ""
        if not wrong:
            return answer
        click.echo(f"  {wrong}", err=True)


def _chosen(question: Question, offered: dict[str, str], default: Any) -> Any:
    """One of what is offered, or several, by number or name."""
    click.echo(question.ask)
    wide = max(len(name) for name in offered)
    for number, (name, about) in enumerate(offered.items(), 1):
        label = "" if name == str(number) else f"{name.replace('_', ' '):<{wide}}  "
        click.echo(_wrapped(about, f"  {number:>2}  {label}"))
    many = question.kind == "several"
    usual = (", ".join(default) if many else str(default)).replace("_", " ")
    how = "  Numbers or names, with commas" if many else "  A number or a name"
    while True:
        words = (
            click.prompt(how, default=usual).split(",")
            if many
            else [click.prompt(how, default=usual)]
        )
        try:
            picked = list(dict.fromkeys(_pick(word, list(offered)) for word in words))
        except BadInput as error:
            click.echo(f"  {error.message}", err=True)
            continue
        if wrong := starter.clash(question, picked):
            click.echo(f"  {wrong}", err=True)
            continue
        return picked if many else picked[0]


def _wrapped(text: str, start: str) -> str:
    """`text` behind `start`, in the width of the terminal, its later lines under its first."""
    wide = max(shutil.get_terminal_size((100, 24)).columns - 1, len(start) + 20)
    return textwrap.fill(
        text, wide, initial_indent=start, subsequent_indent=" " * len(start), break_on_hyphens=False
    )


def _pick(word: str, offered: list[str]) -> str:
    plain = word.strip().lower().replace(" ", "_")
    by_name = {name.lower(): name for name in offered}
    if plain in by_name:
        return by_name[plain]
    if plain.isdecimal() and 1 <= int(plain) <= len(offered):
        return offered[int(plain) - 1]
    near = problems.closest(plain, offered)
    raise BadInput(
        f"“{word.strip()}” is not one of them." + (f" Did you mean “{near}”?" if near else "")
    )
