"""Rate yourself first: what is asked of which call, what is kept, what is said of the gap."""

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest
from click.testing import CliRunner

from tests.unit.test_review import ended, exchange, on_disk, record, said, started
from trainer.cli import review as command
from trainer.content import roots
from trainer.domain.errors import BadInput
from trainer.domain.events import Event
from trainer.domain.mood import Feeling, Status
from trainer.domain.persona import Need
from trainer.domain.self_rating import SelfRating
from trainer.review.debrief import review
from trainer.review.model import DimensionScore, OwnGap, Reveal, Review
from trainer.review.ruler import ruler
from trainer.review.self_rating import asked, beside, load, rows, told
from trainer.store import self_rating as store

NOW = datetime(2026, 3, 1, 9, 30, tzinfo=UTC)


def call(*, anger: float = 0.7, status: Status = Status.AGENT_ENDED) -> list[Event]:
    turns = [e for n in (1, 3, 5) for e in exchange(n, n * 8.0, "I can do that today.", anger)]
    return [started(), *turns, ended(status)]


def scored(**scores: float | None) -> Review:
    result = review(record(call()))
    return result.model_copy(
        update={
            "dimensions": [
                DimensionScore(id=name, name=name.title(), score=score, band="", reason="")
                for name, score in scores.items()
            ],
            "reveal": Reveal(need=Need.FAIRNESS.value),
        }
    )


def own(**fields: object) -> SelfRating:
    return SelfRating.model_validate({"made": NOW, **fields})


# --- what is asked ---


@pytest.mark.parametrize("status", [Status.ABORTED, Status.OPEN, Status.IMPORTED])
def test_a_call_that_was_stopped_or_was_a_real_one_asks_nothing(status: Status) -> None:
    assert asked(record(call(status=status))) is None


def test_a_call_without_a_word_of_the_agent_asks_nothing() -> None:
    greeting = said(1, "customer", "Hello?", 0, 2)
    assert asked(record([started(), greeting, ended(Status.HUNG_UP)])) is None


def test_the_moments_offered_are_what_the_customer_said() -> None:
    found = asked(record(call()))
    assert found is not None
    assert [moment.turn for moment in found.moments] == [1, 3, 5]
    assert found.moments[1].start_s == 24.0


def test_a_keyboard_has_neither_voice_nor_rhythm_to_mark() -> None:
    typed = asked(record([started("typed"), *exchange(1, 0, "Hello.", 0.5), ended()]))
    spoken = asked(record([started(), *exchange(1, 0, "Hello.", 0.5), ended()]))
    assert typed is not None
    assert spoken is not None
    assert [name for name, *_ in typed.dimensions] == ["empathy", "self_regulation"]
    assert [name for name, *_ in spoken.dimensions][:2] == ["tone", "pacing"]


def test_a_breath_is_offered_after_a_hard_call_only() -> None:
    def hard(events: list[Event]) -> bool:
        found = asked(record(events))
        return found is not None and found.hard

    assert not hard(call(anger=0.6))
    assert hard(call(anger=0.85))
    assert hard(call(anger=0.3, status=Status.HUNG_UP))


def test_every_feeling_and_every_need_of_the_customers_has_words() -> None:
    words = load([])
    assert set(words.feelings) == set(Feeling)
    assert set(words.needs) == set(Need)
    assert list(words.scale) == [1, 2, 3, 4, 5]


def test_a_mistake_in_a_team_s_questions_is_named_with_its_place(tmp_path: Path) -> None:
    (tmp_path / "prompts").mkdir()
    text = (roots.shipped() / "prompts" / "self_rating.yaml").read_text("utf-8")
    (tmp_path / "prompts" / "self_rating.yaml").write_text(text.replace("unsure:", "unsur:", 1))
    with pytest.raises(BadInput, match=r"self_rating\.yaml:\d+:\d+"):
        load([tmp_path])


# --- beside the result ---


def gaps(result: Review) -> dict[str, OwnGap]:
    assert result.self_rating is not None
    return {gap.dimension: gap for gap in result.self_rating.gap}


def test_the_gap_is_own_mark_minus_result_and_none_where_there_is_no_result() -> None:
    found = gaps(
        beside(scored(tone=3.4, pacing=None, empathy=2.0), own(dimensions={"tone": 5, "pacing": 4}))
    )
    assert found["tone"].gap == pytest.approx(1.6)
    assert found["pacing"].gap is None
    assert found["pacing"].says == load([]).gap.no_result
    assert found["empathy"].own is None
    assert not found["empathy"].says


def test_within_three_quarters_of_a_step_the_two_agree() -> None:
    words = load([]).gap
    assert told(0.7, words) == told(-0.7, words) == words.same
    assert told(0.8, words) == words.above
    assert told(-0.8, words) == words.below
    assert told(2.0, words) == words.far_above
    assert told(-2.0, words) == words.far_below


def test_the_own_view_moves_no_score() -> None:
    plain = scored(tone=3.0)
    rated = beside(plain, own(dimensions={"tone": 1}, reframe="They are tired."))
    assert rated.model_copy(update={"self_rating": None}) == plain


def test_nothing_answered_leaves_no_trace() -> None:
    assert beside(scored(tone=3.0), own()).self_rating is None
    assert beside(scored(tone=3.0), None).self_rating is None


def test_how_the_customer_was_read_is_set_beside_how_they_were() -> None:
    view = beside(scored(tone=3.0), own(felt="anger", needed="speed")).self_rating
    assert view is not None
    words = load([])
    assert words.feelings[Feeling.ANGER] in view.seen[0]
    assert words.needs[Need.SPEED] in view.seen[1]
    assert words.needs[Need.FAIRNESS] in view.seen[1]
    unsure = beside(scored(tone=3.0), own(needed="none")).self_rating
    assert unsure is not None
    assert unsure.seen == [words.seen.needed_unsure.replace("{was}", words.needs[Need.FAIRNESS])]


def test_the_moment_is_quoted_with_its_time_and_where_it_was_noticed() -> None:
    view = beside(scored(tone=3.0), own(moment=3, body="jaw")).self_rating
    assert view is not None
    told_ = dict(rows(view))["What got to you"]
    assert "I have been waiting for 3 days now." in told_
    assert "0:24" in told_
    assert "jaw" in told_


def test_the_ruler_has_a_place_of_its_own_for_each_whole_number() -> None:
    drawn = [ruler({place: "●"}).index("●") for place in (1.0, 2.0, 3.0, 4.0, 5.0)]
    assert drawn == [0, 4, 8, 12, 16]
    assert ruler({9.0: "●"})[-1] == "●"
    assert ruler({}, span=(2.0, 3.0)).count("━") == 5


# --- on disk ---


def test_what_was_said_is_readable_by_its_owner_only_and_comes_back(tmp_path: Path) -> None:
    rating = own(dimensions={"tone": 2}, moment=3, body="none", journal=("One.", ""))
    store.save(tmp_path, rating)
    assert (tmp_path / "self.json").stat().st_mode & 0o777 == 0o600
    assert store.load(tmp_path) == rating


@pytest.mark.parametrize(
    "content", ["", "{", "[]", '{"made": "soon"}', '{"dimensions": {"tone": 9}}']
)
def test_a_damaged_file_never_keeps_a_call_from_being_read(tmp_path: Path, content: str) -> None:
    folder = on_disk(tmp_path / "call", call())
    (folder / "self.json").write_text(content)
    assert store.load(folder) is None
    assert CliRunner().invoke(command.command, [str(folder)]).exit_code == 0


def test_a_link_out_of_the_folder_is_not_followed(tmp_path: Path) -> None:
    (tmp_path / "call").mkdir()
    (tmp_path / "theirs.json").write_text(own(reframe="x").model_dump_json())
    (tmp_path / "call" / "self.json").symlink_to(tmp_path / "theirs.json")
    assert store.load(tmp_path / "call") is None


# --- trainer review --rate ---


def rate(folder: Path, *lines: str) -> str:
    given = "".join(f"{line}\n" for line in lines)
    done = CliRunner().invoke(command.command, [str(folder), "--rate", "--json"], input=given)
    assert done.exit_code == 0, done.output
    return done.stdout


def test_rating_on_a_terminal_asks_before_the_result_and_keeps_the_answers(tmp_path: Path) -> None:
    folder = on_disk(tmp_path / "call", call())
    printed = rate(folder, "4", "9", "3", "", "2", "2", "3", "1", "0", "They wait.", "Jaw.", "")
    kept = store.load(folder)
    assert kept is not None
    assert kept.dimensions == {"tone": 4, "pacing": 3, "self_regulation": 2}
    assert (kept.moment, kept.body, kept.felt, kept.needed) == (3, "chest", "anger", "none")
    assert (kept.reframe, kept.journal) == ("They wait.", ("Jaw.", ""))
    told_ = json.loads(printed)["self_rating"]
    assert told_["reframe"] == "They wait."
    assert json.loads((folder / "review.json").read_text())["self_rating"] == told_
    assert "They wait." in (folder / "report.html").read_text()


def test_the_end_of_the_input_keeps_nothing_and_still_shows_the_result(tmp_path: Path) -> None:
    folder = on_disk(tmp_path / "call", call())
    assert json.loads(rate(folder, "4", "3"))["self_rating"] is None
    assert not (folder / "self.json").exists()


def test_a_stopped_call_says_that_there_is_nothing_to_rate(tmp_path: Path) -> None:
    folder = on_disk(tmp_path / "call", call(status=Status.ABORTED))
    done = CliRunner().invoke(command.command, [str(folder), "--rate"])
    assert isinstance(done.exception, BadInput)
