"""With sentence vectors: acts, offers and questions that share no words with the rules."""

import csv
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from trainer.acts import features, fit, library
from trainer.acts.reader import Reader
from trainer.backends import make
from trainer.content import personas, prompts
from trainer.domain.acts import ActKind as K
from trainer.simulate.act_trial import (
    EXPLICIT_APOLOGY,
    Trial,
    annomi,
    by_act,
    total,
    unknown,
    written,
)

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
    sides = [(k, text, True) for k, act in known.items() for text in act.examples[::5]]
    sides += [(k, text, False) for k, act in known.items() for text in act.near[::5]]
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
    offers = [(r.id, reader.read(r.examples[0], cast=other).offered) for r in scenario.remedies]
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
        assert reader.read(text, cast=cast).offered == ()


def test_two_offers_in_one_turn_are_both_known(reader: Reader) -> None:
    cast = personas.load("olsen-outage", [], 0)
    text = (
        "I can send you a mobile backup router by courier. "
        "I'll credit your account for every day you've been without service."
    )
    assert set(reader.read(text, cast=cast).offered) == {"backup", "credit"}


def test_questions_agree_with_people_on_real_talk(eval_data: Path) -> None:
    """AnnoMI, development half: expert labels of what a counsellor's turn holds."""
    rules = Reader()  # questions need no vectors
    found = annomi(eval_data / "annomi" / "annomi_dev.csv", rules)
    question, kind = found["question"], found["open_question"]
    assert question.kappa is not None
    assert question.kappa >= 0.84
    assert kind.agreed / kind.sentences >= 0.78


@pytest.mark.slow
def test_reflections_agree_with_people_on_real_talk(
    reader: Reader, eval_data: Path, tmp_path: Path
) -> None:
    """Every third dialogue of it, for time; all of it is `trainer bench acts`."""
    lines = (eval_data / "annomi" / "annomi_dev.csv").read_text(encoding="utf-8").splitlines(True)
    rows = list(csv.DictReader(lines))
    third = set(list(dict.fromkeys(row["transcript_id"] for row in rows))[::3])
    part = tmp_path / "part.csv"
    with part.open("w", newline="", encoding="utf-8") as file:
        out = csv.DictWriter(file, rows[0].keys())
        out.writeheader()
        out.writerows(row for row in rows if row["transcript_id"] in third)
    kappa = annomi(part, reader)["reflect"].kappa
    assert kappa is not None
    assert kappa >= 0.42


def test_asking_whether_it_is_all_right_asks_for_nothing_in_the_story(reader: Reader) -> None:
    for name in ("olsen-outage", "rees-account", "tolliver-washer"):
        cast = personas.load(name, [], 3)
        assert reader.read("Is that all right?", (), cast).asks == ()


def test_a_promise_of_nothing_in_particular_breaks_no_policy(reader: Reader) -> None:
    cast = personas.load("tolliver-washer", [], 3)
    assert (
        reader.read("I'll put it right today and send you a confirmation.", (), cast).offered == ()
    )
    assert reader.read("I'm sending you a brand new one today.", (), cast).find(K.OVERPROMISE)


LABELLED = Path(__file__).parent.parent / "data" / "acts"

FLOORS = {
    "acknowledge": (0.90, 0.95),
    "action": (0.95, 0.85),
    "apology_hollow": (0.85, 0.85),
    "apology_owned": (0.90, 0.95),
    "backchannel": (0.95, 0.95),
    "blame": (0.80, 0.90),
    "boundary": (0.90, 0.95),
    "canned": (0.95, 0.85),
    "choice": (0.95, 0.90),
    "closed_question": (0.85, 0.95),
    "dismiss": (0.80, 0.70),
    "escalate": (0.95, 0.95),
    "explain": (0.85, 0.85),
    "hold_request": (0.85, 0.90),
    "insult": (0.95, 0.95),
    "judgement": (0.90, 0.75),
    "next_step": (0.95, 0.95),
    "open_question": (0.95, 0.95),
    "overfamiliar": (0.90, 0.75),
    "overpromise": (0.95, 0.70),
    "policy_wall": (0.85, 0.75),
    "premature_advice": (0.75, 0.85),
    "recap": (0.95, 0.90),
    "reflect": (0.75, 0.45),
    "refuse_reasoned": (0.75, 0.65),
    "repeat_ask": (0.95, 0.35),
    "self_repair": (0.95, 0.75),
    "sympathy_takeover": (0.95, 0.95),
    "thanks": (0.90, 0.90),
    "timeframe": (0.80, 0.95),
    "validate": (0.90, 0.95),
    "verify": (0.80, 0.90),
    "warmth": (0.85, 0.70),
}
"""Precision and recall that were reached on the tuned half, a little lower."""


@pytest.fixture(scope="module")
def halves(reader: Reader) -> tuple[Trial, Trial]:
    """The tuned half and the held-out one."""
    given = unknown(written(LABELLED))
    tuned = by_act([one for one in given if not one.held_out], reader)
    return tuned, by_act([one for one in given if one.held_out], reader)


@pytest.mark.parametrize("act", list(FLOORS))
def test_an_act_is_told_from_its_near_misses(halves: tuple[Trial, Trial], act: str) -> None:
    one = halves[0].acts[act]
    assert ((one.precision or 0) >= FLOORS[act][0], (one.recall or 0) >= FLOORS[act][1]) == (
        True,
        True,
    ), one


def test_what_nobody_tuned_on_is_found_too(halves: tuple[Trial, Trial]) -> None:
    unseen = total(s for act, s in halves[1].acts.items() if act != EXPLICIT_APOLOGY)
    assert (unseen.precision or 0) >= 0.79
    assert (unseen.recall or 0) >= 0.71


def test_an_explicit_apology_is_hardly_ever_seen_where_there_is_none(
    halves: tuple[Trial, Trial],
) -> None:
    both = total(half.acts[EXPLICIT_APOLOGY] for half in halves)
    assert both.sentences >= 200
    assert (both.precision or 0) >= 0.97
    assert (both.recall or 0) >= 0.88


def test_kind_words_are_hardly_ever_read_as_unkind(reader: Reader) -> None:
    kind = [
        one
        for one in written(LABELLED)
        if one.holds and not one.held_out and one.act in (K.ACKNOWLEDGE, K.VALIDATE, K.WARMTH)
    ]
    harsh = (K.INSULT, K.BLAME, K.JUDGEMENT, K.DISMISS, K.POLICY_WALL)
    wrong = [one.text for one in kind if reader.read(one.text, one.context).find(*harsh)]
    assert len(wrong) <= 0.1 * len(kind), wrong


def test_an_example_that_somebody_adds_counts_at_once(tmp_path: Path) -> None:
    text = "The heron has landed on the chimney, madam."
    plain = Reader(make("embed", "minilm"))
    assert plain.read(text).find(K.ESCALATE) is None
    _with_example(tmp_path, "escalate", text)
    found = Reader(make("embed", "minilm"), [tmp_path]).read(text).find(K.ESCALATE)
    assert found is not None
    assert found.method == "examples"


def test_adding_an_example_changes_nothing_for_other_words(tmp_path: Path) -> None:
    _with_example(tmp_path, "escalate", "The heron has landed on the chimney, madam.")
    own, plain = Reader(make("embed", "minilm"), [tmp_path]), Reader(make("embed", "minilm"))
    for text in ("I'll have a senior colleague ring you.", "That must have been awful."):
        assert own.read(text) == plain.read(text)


def _with_example(root: Path, act: str, text: str) -> None:
    shipped = prompts.path(f"acts/{act}.yaml", []).read_text(encoding="utf-8")
    own = root / "prompts" / "acts" / f"{act}.yaml"
    own.parent.mkdir(parents=True)
    own.write_text(shipped.replace("examples:\n", f"examples:\n  - {text}\n"), encoding="utf-8")


def test_fitting_anew_tells_phrases_it_has_not_seen_from_their_near_misses() -> None:
    known: dict[K, library.Known] = {
        kind: replace(one, examples=one.examples[::2], near=one.near[::2])
        for kind, one in library.load(()).items()
        if kind in (K.ACTION, K.EXPLAIN, K.CHOICE, K.HOLD_REQUEST)
    }
    engine = make("embed", "minilm")
    fitted = fit.fit(known, engine)
    right = []
    for column, kind in enumerate(fitted.kinds):
        whole = library.load(())[kind]
        unseen = [*whole.examples[1::2], *whole.near[1::2]]
        rows = features.matrix(engine.embed(unseen), unseen, fitted.runs, fitted.run_weights)
        over = rows @ fitted.weights[:, column] >= fitted.limits[column]
        wanted = np.arange(len(unseen)) < len(whole.examples[1::2])
        right.append(float(np.mean(over == wanted)))
    assert np.mean(right) >= 0.7, right
