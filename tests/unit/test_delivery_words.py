"""The debrief names sounds and words of the agent, never a state of mind.

Every string it can print is looked at: templates, texts, rubrics, code, and whole reviews.
"""

import ast
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

import trainer
from tests.unit.test_delivery_levels import conversation, spoken
from trainer.cli import review as command
from trainer.content import roots
from trainer.review import report
from trainer.review.debrief import review
from trainer.review.model import Review

CODE = Path(trainer.__file__).parent
SHIPPED = roots.shipped()

STATES = (
    r"ang(?:er|ry|rily)|rage|furious|stress\w*|calm(?:er|ly|ed)?|compos(?:ed|ure)|nervous\w*|upset|"
    r"anxi(?:ous|ety)|irritat\w+|emotion\w*|defensive\w*|annoy\w+|frustrat\w+|impatien\w+|tense|"
    r"agitat\w+|hostil\w+|aggressi\w+|bored|insecure|unsure|confident|sad(?:ness)?|relaxed|"
    r"overwhelmed|panic\w*|afraid|scared|happy|unhappy|friendly mood|bad mood|temper"
)
STATE = re.compile(rf"\b(?:{STATES})\b", re.IGNORECASE)
OF_AGENT = re.compile(
    r"\b(?:you|your|agent|agent's|voice|tone|pitch|pace)\b(?:\W+(?!customer|they|their)\w+){0,4}?\W+"
    rf"(?:{STATES})\b",
    re.IGNORECASE,
)
QUOTED = re.compile(r"“[^”]*”|‘[^’]*’")


def names_a_state_of_the_agent(text: str) -> bool:
    """A word for a feeling is only ever said of the customer, or quoted."""
    told = QUOTED.sub("", text)
    if not STATE.search(told):
        return False
    about_customer = re.search(r"\b(?:customers?|caller)\b", told, re.IGNORECASE)
    return about_customer is None or OF_AGENT.search(told) is not None


@pytest.mark.parametrize(
    ("text", "wrong"),
    [
        ("You sounded angry here.", True),
        ("Your voice was calm.", True),
        ("Stressed", True),
        ("When the customer pushed, your voice became tense.", True),
        ("2.4 semitones higher and 5 dB louder than your warm-up", False),
        ("The customer's anger went from 40 to 60.", False),
        ("“Calm down” twice", False),
        ("The voice rises with the customer's anger", False),
    ],
)
def test_the_rule_tells_the_agent_from_the_customer(text: str, wrong: bool) -> None:
    assert names_a_state_of_the_agent(text) == wrong


def in_code(file: Path) -> Iterator[str]:
    """The strings of a module, without docstrings."""
    tree = ast.parse(file.read_text("utf-8"))
    notes = {
        id(line.value)
        for node in ast.walk(tree)
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef)
        for line in node.body
        if isinstance(line, ast.Expr)
    }
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in notes:
            yield node.value


def in_data(value: Any, skipped: tuple[str, ...] = ()) -> Iterator[str]:
    if isinstance(value, dict):
        for key, inner in value.items():
            if key not in skipped:
                yield from in_data(inner, skipped)
    elif isinstance(value, list):
        for inner in value:
            yield from in_data(inner, skipped)
    elif isinstance(value, str):
        yield value


LOOKED_FOR = {
    "debrief.py": {"calm down"},
    "bench_delivery.py": {"angry", "emotion"},
    "trial.py": {"calm"},
    "self_rating.py": {"unsure"},
}
"""Words that are looked for in what the agent said, labels of acted speech, keys of answers."""


def printed() -> list[Path]:
    """Modules whose strings a debrief may print; scale.py has only words for the customer."""
    others: tuple[str, ...] = (
        "cli/review",
        "cli/measure",
        "cli/person",
        "cli/bench_delivery",
        "tui/told",
    )
    others += ("cli/page", "tui/widgets/mood_curve", "tui/widgets/remarks")
    files = [*(CODE / "review").rglob("*.py"), CODE / "tui" / "screens" / "debrief.py"]
    files += [CODE / f"{name}.py" for name in others]
    return sorted(file for file in files if file.name != "scale.py")


@pytest.mark.parametrize("file", printed(), ids=lambda file: str(file.relative_to(CODE)))
def test_no_string_of_the_code_names_one(file: Path) -> None:
    wrong = {text for text in in_code(file) if names_a_state_of_the_agent(text)}
    assert wrong <= LOOKED_FOR.get(file.name, set())


# the customer's own words that are looked for, lines to say to them, words for their mood
OF_THE_CUSTOMER = ("telling", "say", "effect", "marks", "causes")


@pytest.mark.parametrize(
    "file",
    [SHIPPED / "prompts" / "feedback.yaml", *sorted((SHIPPED / "rubrics").glob("*.yaml"))],
    ids=lambda file: file.name,
)
def test_no_text_and_no_anchor_names_one(file: Path) -> None:
    texts = list(in_data(yaml.safe_load(file.read_text("utf-8")), OF_THE_CUSTOMER))
    assert texts
    assert [text for text in texts if names_a_state_of_the_agent(text)] == []


def test_the_page_names_none() -> None:
    page = Path(report.__file__).with_name("report.html").read_text("utf-8")
    texts = re.findall(r">([^<>]+)<", re.sub(r"<style.*?</style>", "", page, flags=re.DOTALL))
    assert [text for text in texts if names_a_state_of_the_agent(text)] == []


@pytest.fixture(scope="module")
def loud(tmp_path_factory: pytest.TempPathFactory) -> tuple[Review, str]:
    scratch = tmp_path_factory.mktemp("loud")
    usual = spoken(scratch, "-p", "40", "-a", "40", "-s", "150")
    raised = spoken(scratch, "-p", "85", "-a", "190", "-s", "190")
    call = conversation([usual] * 3 + [raised] * 4)
    result = review(call)
    return result, report.html(result, call)


def test_a_whole_debrief_of_a_raised_voice_names_none(loud: tuple[Review, str]) -> None:
    result, page = loud
    assert any(one.level is not None and one.source == "acoustic" for one in result.behaviours)
    told = result.model_dump()
    of_the_customer = ("quote", "theirs", "say_instead", "story", "transcript", "curve", "effect")
    texts = list(in_data(told, (*of_the_customer, "feeling")))
    assert [text for text in texts if names_a_state_of_the_agent(text)] == []
    for shown in (page, command.terminal(result, 80)):
        assert not OF_AGENT.search(QUOTED.sub("", re.sub(r"<[^>]+>", "\n", shown)))
