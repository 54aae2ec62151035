"""With sentence vectors: acts, offers and questions that share no words with the rules."""

import csv
from collections import defaultdict
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from trainer.acts import library
from trainer.acts.history import Context
from trainer.acts.reader import Reader
from trainer.backends import make
from trainer.content import personas
from trainer.domain.acts import ActKind as K

pytestmark = pytest.mark.engine


@pytest.fixture(scope="module")
def reader() -> Reader:
    return Reader(make("embed", "minilm"))


def test_vectors_have_unit_length_and_put_like_beside_like() -> None:
    vectors = make("embed", "minilm").embed(
        ["I'll send an engineer.", "We'll have a technician come out.", "Nice weather today."]
    )
    assert vectors.shape == (3, 384)
    assert np.allclose(np.linalg.norm(vectors, axis=1), 1.0, atol=1e-4)
    assert vectors[0] @ vectors[1] > vectors[0] @ vectors[2] + 0.2


def test_kept_vectors_are_the_computed_ones(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    engine = make("embed", "minilm")
    texts = [f"This is sentence number {n}." for n in range(70)]
    monkeypatch.setattr("trainer.embed.minilm.cache_dir", lambda: tmp_path)
    first, kept = engine.embed(texts), engine.embed(texts)
    assert len(list(tmp_path.rglob("*.npy"))) == 1
    assert np.array_equal(first, kept)
    engine.embed(texts[:3])  # what somebody said is never kept
    assert len(list(tmp_path.rglob("*.npy"))) == 1


def test_examples_and_near_misses_fall_on_their_sides(reader: Reader) -> None:
    wrong = []
    known = {k: a for k, a in library.load(()).items() if a.by not in ("history", "reflection")}
    sides = [(k, text, True) for k, act in known.items() for text in act.examples[::2]]
    sides += [(k, text, False) for k, act in known.items() for text in act.near[::2]]
    for kind, text, wanted in sides:
        if (reader.read(text).find(kind) is not None) != wanted:
            wrong.append((kind.value, text))
    assert len(wrong) <= 0.09 * len(sides), wrong


@pytest.mark.parametrize("name", ["olsen-outage", "mercer-billing", "voss-return"])
def test_offers_and_questions_are_known_in_other_words(reader: Reader, name: str) -> None:
    """One example of everything, left out of the customer's file, is found by those that stay."""
    cast = personas.load(name, [], 0)
    scenario = cast.persona.scenario
    remedies = [r.model_copy(update={"examples": r.examples[1:]}) for r in scenario.remedies]
    facts = [f.model_copy(update={"asks": f.asks[1:]}) for f in scenario.facts]
    part = scenario.model_copy(update={"remedies": remedies, "facts": facts})
    other = replace(
        cast, persona=cast.persona.model_copy(update={"scenario": part}), digest=f"part of {name}"
    )
    offers = [(r.id, reader.read(r.examples[0], cast=other).offers) for r in scenario.remedies]
    asks = [(f.id, reader.read(f.asks[0], cast=other).asks) for f in scenario.facts]
    right = sum(wanted in found for wanted, found in (*offers, *asks))
    wrong = sum(bool(found) and wanted not in found for wanted, found in (*offers, *asks))
    assert right >= 0.5 * len([*offers, *asks])
    assert wrong <= 0.3 * len([*offers, *asks])


def test_what_cannot_be_done_is_no_offer(reader: Reader) -> None:
    cast = personas.load("olsen-outage", [], 0)
    for text in (
        "I can't send you a mobile backup router.",
        "We won't be able to get an engineer out to you.",
        "Did somebody offer you a credit?",
    ):
        assert reader.read(text, cast=cast).offers == ()


def test_two_offers_in_one_turn_are_both_known(reader: Reader) -> None:
    cast = personas.load("olsen-outage", [], 0)
    text = (
        "I can send you a mobile backup router by courier. "
        "I'll credit your account for every day you've been without service."
    )
    assert set(reader.read(text, cast=cast).offers) == {"backup", "credit"}


def test_questions_agree_with_people_on_real_talk(reader: Reader, eval_data: Path) -> None:
    """AnnoMI, development half: expert labels of what a counsellor's turn holds."""
    found: dict[str, list[bool]] = defaultdict(list)
    rules = Reader()  # questions and reflections need no vectors
    for turns in _conversations(eval_data / "annomi" / "annomi_dev.csv"):
        said: list[str] = []
        for row in turns:
            if row["interlocutor"] == "client":
                said.append(row["utterance_text"])
                continue
            reading = rules.read(row["utterance_text"], Context(customer=tuple(said[-3:])))
            found["q"].append(reading.find(K.OPEN_QUESTION, K.CLOSED_QUESTION) is not None)
            found["Q"].append(row["question_exists"] == "True")
            found["r"].append(reading.find(K.REFLECT) is not None)
            found["R"].append(row["reflection_exists"] == "True")
    assert _kappa(found["q"], found["Q"]) >= 0.82
    assert _kappa(found["r"], found["R"]) >= 0.38


def _conversations(path: Path) -> list[list[dict[str, str]]]:
    talks: dict[str, dict[str, dict[str, str]]] = defaultdict(dict)
    with path.open(newline="", encoding="utf-8") as file:
        for row in csv.DictReader(file):
            talks[row["transcript_id"]].setdefault(row["utterance_id"], row)
    return [sorted(rows.values(), key=lambda r: int(r["utterance_id"])) for rows in talks.values()]


def _kappa(found: list[bool], labelled: list[bool]) -> float:
    n = len(found)
    agree = sum(a == b for a, b in zip(found, labelled, strict=True)) / n
    a, b = sum(found) / n, sum(labelled) / n
    chance = a * b + (1 - a) * (1 - b)
    return (agree - chance) / (1 - chance)
