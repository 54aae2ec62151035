"""No accusation without words that carry it: friendly sentences stay friendly, veiled ones show.

The sentences are in tests/data/listening/, written by hand as agents speak.
"""

import json
from pathlib import Path
from typing import Any

import pytest

from trainer.acts import accusing, library
from trainer.acts.history import Context
from trainer.acts.reader import UNKIND, Reader
from trainer.backends import make
from trainer.content import personas
from trainer.customer import appraisal
from trainer.customer.mood import BAD
from trainer.domain.acts import ActKind as K
from trainer.domain.plan import AgentTurn

DATA = Path(__file__).parent.parent / "data" / "listening"
NEUTRAL = "Good morning, this is the service desk."
REFUSING = "refusal"
"""The one bad thing that a kind no may mean."""


def rows(name: str) -> list[dict[str, Any]]:
    lines = (DATA / name).read_text(encoding="utf-8").splitlines()
    return [json.loads(line) for line in lines]


@pytest.fixture(scope="module")
def reader() -> Reader:
    return Reader(make("embed", "minilm"))


@pytest.mark.engine
def test_harmless_sentences_accuse_nobody(reader: Reader) -> None:
    harmless = rows("harmless.jsonl")
    wrong = [
        (act.kind.value, act.quote)
        for one in harmless
        for act in reader.read(one["text"], (one["before"],) if "before" in one else ()).acts
        if act.kind in UNKIND
    ]
    assert len(harmless) >= 440
    assert len(wrong) <= 0.01 * len(harmless), wrong


@pytest.mark.engine
@pytest.mark.parametrize("name", ["olsen-outage", "rees-account"])
def test_harmless_sentences_hurt_no_customer(reader: Reader, name: str) -> None:
    """Causes of every third sentence after a neutral first turn."""
    cast = personas.load(name, [], 0)
    by = appraisal.table(())
    hurt = []
    for one in rows("harmless.jsonl")[::3]:
        before = Context(customer=(one.get("before", "Well."),), agent=(NEUTRAL, NEUTRAL))
        reading = appraisal.believed(reader.read(one["text"], before), by)
        _, causes = appraisal.appraise(
            reading, AgentTurn(3, one["text"]), cast, appraisal.Memory(before=before), by
        )
        hurt += [
            (cause.appraisal, one["text"])
            for cause in causes
            if cause.appraisal in BAD and cause.appraisal != REFUSING
        ]
    assert len(hurt) <= 2, hurt


@pytest.mark.engine
def test_real_accusations_are_found_veiled_ones_too(reader: Reader) -> None:
    real = rows("accusing.jsonl")
    found = [any(act.kind in UNKIND for act in reader.read(one["text"]).acts) for one in real]
    veiled = [hit for hit, one in zip(found, real, strict=True) if one["veiled"]]
    assert len(real) >= 400
    assert sum(found) >= 0.85 * len(found)
    assert sum(veiled) >= 0.7 * len(veiled)


RULES = Reader()


@pytest.mark.parametrize(
    "text",
    [
        "They called you a liar, and that was wrong.",
        "You felt we'd called you a liar.",
        "That was stupid of us.",
        "Our letter was rude.",
        "I'm not saying you're lying.",
        "Nobody thinks you're an idiot.",
        "If he said you were a liar, tell me.",
        "Was your neighbour rude to the driver?",
        "“Grow up” is not something we say to anyone.",
        "And then he said calm down.",
        "If you'd been told in time, you could have planned for it.",
        "If I had a pound for every letter we've lost, I'd be rich.",
        "Next time I'll ring you first.",
    ],
)
def test_hard_words_that_are_not_meant_accuse_nobody(text: str) -> None:
    assert not {act.kind for act in RULES.read(text).acts} & UNKIND


@pytest.mark.parametrize(
    "text",
    [
        "Most people look at the date before they travel.",
        "Perhaps if you'd kept the receipt we could talk.",
        "Next time you might want to read the label first.",
        "You do realise the plug has to go in the wall?",
        "How many times do I have to explain this?",
        "I'm not a mind reader, am I.",
        "That's between you and the courier.",
        "I'm afraid I can't wave a magic wand.",
        "I find that rather hard to believe.",
        "A deadline is a deadline.",
    ],
)
def test_constructions_of_blame_and_brushing_off_are_found_by_rule(text: str) -> None:
    assert {act.kind for act in RULES.read(text).acts} & UNKIND


@pytest.mark.parametrize("kind", sorted(UNKIND))
def test_likeness_alone_never_accuses(kind: K) -> None:
    known = library.load(())[kind]
    assert known.carriers is not None
    earnest = accusing.load(())
    assert accusing.method(known, earnest, "The heron sat on the roof.", score=1.0) is None


def test_the_quote_holds_what_carries_it() -> None:
    text = "I see the bill here, and honestly, you're an idiot."
    act = RULES.read(text).find(K.INSULT)
    assert act is not None
    assert "idiot" in act.quote
    assert text[act.start : act.end] == act.quote


@pytest.mark.parametrize(
    "text",
    [
        "What time did it happen?",
        "That was on Tuesday.",
        "How long have you been with us?",
        "Is there anything else today?",
    ],
)
def test_a_word_of_time_commits_to_nothing(text: str) -> None:
    assert RULES.read(text).find(K.TIMEFRAME) is None


@pytest.mark.parametrize(
    "text",
    ["You'll have it by Friday.", "I'll ring you within the hour.", "You'll have it tomorrow."],
)
def test_a_time_that_the_agent_commits_to_is_one(text: str) -> None:
    assert RULES.read(text).find(K.TIMEFRAME) is not None


@pytest.mark.parametrize(
    "text",
    [
        "What's the registration?",
        "Can I take your postcode?",
        "Is that the red one?",
        "May I ask you something?",
        "Are you somewhere you can talk?",
        "How do you spell that?",
        "What's your mobile?",
    ],
)
def test_identity_routine_and_leave_to_ask_are_not_open(text: str) -> None:
    assert RULES.read(text).find(K.OPEN_QUESTION) is None


@pytest.mark.parametrize(
    ("said", "question"),
    [
        ("It was my birthday on Monday.", "What's your date of birth?"),
        ("I rang from my mobile, 0491 570 006.", "What's the best number to reach you on?"),
        ("You sent me an email.", "Could you give me your e-mail address?"),
        ("My name is Olsen.", "How do you spell that?"),
    ],
)
def test_who_they_are_may_be_asked_once(said: str, question: str) -> None:
    first = Context(customer=(said,), agent=(NEUTRAL,))
    assert RULES.read(question, first).find(K.REPEAT_ASK) is None
