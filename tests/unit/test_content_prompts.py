"""Prompt templates are untrusted: they fill in, and do nothing else."""

from pathlib import Path

import pytest

from trainer.content import prompts
from trainer.domain.errors import BadInput


def template(root: Path, text: str, name: str = "try.md") -> list[Path]:
    file = root / "prompts" / name
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text)
    return [root]


def test_values_are_filled_in(tmp_path: Path) -> None:
    roots = template(tmp_path, "Dear {{ name }}{% for x in list %}, {{ x }}{% endfor %}")
    assert prompts.render("try.md", roots, name="Ada", list=["one", "two"]) == "Dear Ada, one, two"


def test_what_an_agent_said_is_never_run_as_a_template(tmp_path: Path) -> None:
    roots = template(tmp_path, "{{ said }}")
    attack = "{{ 7 * 7 }}{% include 'x' %}"
    assert prompts.render("try.md", roots, said=attack) == attack


@pytest.mark.parametrize(
    "text",
    [
        "{{ missing }}",
        "{{ name.__class__.__mro__ }}",
        "{{ ''.__class__ }}",
        "{{ list.append(4) }}",
        "{% for x in range(10**9) %}x{% endfor %}",
        "{% include '/etc/passwd' %}",
        "{{ 1 / 0 }}",
        "{% if %}",
    ],
)
def test_a_template_that_reaches_out_is_refused(tmp_path: Path, text: str) -> None:
    with pytest.raises(BadInput, match=r"try\.md"):
        prompts.render("try.md", template(tmp_path, text), name="Ada", list=[1])


@pytest.mark.parametrize(
    "name", ["../secret.md", "/etc/passwd", "acts/../../x.yaml", "x.py", "", ".md"]
)
def test_a_prompt_name_is_not_a_way_out(tmp_path: Path, name: str) -> None:
    (tmp_path / "secret.md").write_text("secret")
    with pytest.raises(BadInput):
        prompts.render(name, template(tmp_path, "x"))


def test_an_edited_template_is_read_again(tmp_path: Path) -> None:
    import os

    roots = template(tmp_path, "one")
    assert prompts.render("try.md", roots) == "one"
    file = tmp_path / "prompts" / "try.md"
    file.write_text("two")
    os.utime(file, ns=(1, 1))
    assert prompts.render("try.md", roots) == "two"
