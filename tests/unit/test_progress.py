"""Progress: never a mean without its n, never a change by chance, only one's own calls."""

import json
import os
import random
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner

from tests.unit.many_calls import curve, keep, made, plain
from tests.unit.test_review import ABOUT_YOU
from trainer.cli import progress as command
from trainer.content import roots
from trainer.domain.errors import BadInput
from trainer.domain.mood import Status
from trainer.domain.record import Finished
from trainer.review import hot_events, phrases, progress_text, rubric, uncertain
from trainer.review.model import OwnGap, OwnView, Review
from trainer.review.progress import Progress, progress, read
from trainer.settings import load
from trainer.store import results
from trainer.store.forks import fresh

CALM = (0.7, 0.5, 0.3)


def never(folder: Path) -> Review:
    raise AssertionError(f"{folder.name} was reviewed once more")


def told(*reviews: Review) -> Progress:
    calls = [
        (Finished(Path(f"call-{n}"), f"2026-01-{n + 1:02d}T08:00:00+00:00", None), one)
        for n, one in enumerate(reviews)
    ]
    return progress(calls, rubric.load([]), "default", {})


def of(found: Progress, name: str) -> tuple[int, float | None]:
    one = next(one for one in found.behaviours if one.id == name)
    return one.n, one.mean


# --- how sure ---


def test_the_interval_is_student_s() -> None:
    found = uncertain.mean([2, 4, 4, 6])  # s = 1.63299, t(.975, 3) = 3.18245
    assert found is not None
    assert found.mean == 4
    assert found.high - found.mean == pytest.approx(3.18245 * 1.63299 / 2, abs=1e-4)
    assert found.mean - found.low == pytest.approx(found.high - found.mean)


def test_under_three_calls_there_is_no_mean() -> None:
    assert uncertain.mean([5, 5]) is None
    assert uncertain.mean([5, 5, 5]) is not None


def test_equal_levels_are_no_certainty() -> None:
    few, many = uncertain.mean([3] * 3), uncertain.mean([3] * 20)
    assert few is not None
    assert many is not None
    assert few.high - few.low > many.high - many.low > 0


def draws(rng: random.Random, n: int, *weights: int) -> list[float]:
    return [float(level) for level in rng.choices((1, 2, 3, 4, 5), weights, k=n)]


def test_the_interval_holds_the_mean_nineteen_times_in_twenty() -> None:
    rng, inside = random.Random(1), 0
    for _ in range(600):
        found = uncertain.mean(draws(rng, 8, 1, 2, 4, 2, 1))
        assert found is not None
        inside += found.low <= 3 <= found.high
    assert inside / 600 > 0.92


@pytest.mark.parametrize("n", [6, 12, 40])
def test_somebody_who_stays_the_same_is_hardly_ever_told_of_a_change(n: int) -> None:
    rng = random.Random(2)
    alarms = sum(uncertain.change(draws(rng, n, 1, 2, 4, 2, 1)) is not None for _ in range(600))
    assert alarms / 600 < 0.03


def test_a_change_needs_three_calls_on_each_side_and_more_than_a_step() -> None:
    assert uncertain.change([1, 1, 5, 5, 5]) is None
    rise = uncertain.change([1, 2, 1, 4, 4, 5])
    assert rise is not None
    assert (rise.earlier, rise.later) == (3, 3)
    assert 0 < rise.low < rise.by < rise.high
    assert uncertain.change([3, 3, 3, 4, 4, 4]) is None


def test_over_many_calls_a_smaller_change_counts() -> None:
    assert uncertain.change([2.0] * 9 + [2.8] * 9) is None
    grown = uncertain.change([2.0] * 12 + [2.8] * 12)
    assert grown is not None
    assert grown.by == pytest.approx(0.8)
    fallen = uncertain.change([2.8] * 12 + [2.0] * 12)
    assert fallen is not None
    assert fallen.high < 0


# --- series ---


def test_what_was_not_measured_is_left_out_and_never_a_zero() -> None:
    found = told(*(made({"E1": level}) for level in (4, None, 4, None, 5)))
    one = next(one for one in found.behaviours if one.id == "E1")
    assert one.n == 3
    assert one.mean == pytest.approx(4.33)
    assert [point.value for point in one.points] == [4, None, 4, None, 5]
    assert of(found, "E2") == (0, None)


def test_a_rise_is_told_with_its_interval_and_a_flat_row_is_not() -> None:
    found = told(*(made({"E1": up, "E2": 3}) for up in (1, 1, 2, 1, 4, 5, 4, 5)))
    change = {one.id: one.change for one in found.behaviours}
    assert change["E1"] is not None
    assert change["E1"].low > 0
    assert change["E2"] is None


def rated(result: float | None, own: int) -> Review:
    gap = None if result is None else round(own - result, 1)
    row = OwnGap(dimension="empathy", name="Empathy", own=own, result=result, gap=gap, says="")
    view = OwnView.model_validate(
        {
            "made": "2026-01-01T08:00:00Z",
            "gap": [row],
            "about": "",
            "moment": None,
            "body": "",
            "felt": None,
            "needed": None,
            "seen": [],
            "reframe": "",
            "journal": [],
        }
    )
    return made(scores={"empathy": result}, self_rating=view)


def test_own_marks_come_nearer_to_the_result() -> None:
    results = [(2.0, 5), (2.0, 5), (2.0, 4), (2.1, 5), (3.0, 3), (3.0, 3), (3.0, 3), (3.1, 3)]
    found = told(*(rated(score, own) for score, own in results), rated(None, 4), made())
    empathy = next(one for one in found.self_rating if one.id == "empathy")
    assert empathy.n == 8
    assert empathy.closer is not None
    assert empathy.closer.by < -1


# --- hard moments ---


def test_the_next_turn_after_a_hard_moment_is_counted_by_what_it_did() -> None:
    # hot at the start (0.7), so the first turn answers it; then a rise of .2, answered by the third
    one = made(curve=curve(0.7, 0.5, 0.7, 0.7, 0.3))
    hot = hot_events.table([one])[0]
    assert (hot.event, hot.n, hot.calls, hot.answered) == ("hot", 3, 1, 3)
    assert (hot.down, hot.same, hot.up) == (2, 1, 0)
    assert hot.mean_change == pytest.approx((-20 + 0 - 40) / 3, abs=0.1)


def test_an_event_is_followed_by_the_next_turn_or_by_none() -> None:
    asked = {1: ("supervisor_demand",), 3: ("supervisor_demand", "sarcasm")}
    rows = {
        row.event: row for row in hot_events.table([made(curve=curve(*CALM, 0.4, happened=asked))])
    }
    demand = rows["supervisor_demand"]
    assert (demand.n, demand.answered, demand.down) == (2, 1, 1)
    assert rows["sarcasm"].mean_change is None
    assert "crying" not in rows


def test_a_turn_that_showed_it_had_heard_is_told_by_its_acts() -> None:
    turn = (
        plain()
        .transcript[0]
        .model_copy(
            update={"turn": 2, "who": "agent", "acts": [{"act": "acknowledge", "quote": "x"}]}
        )
    )
    hot = hot_events.table([made(curve=curve(0.7, 0.6, 0.5), transcript=[turn])])[0]
    assert (hot.answered, hot.acknowledged) == (2, 1)


def test_recoveries_count_from_the_hottest_moment() -> None:
    back = made(curve=curve(0.6, 0.9, 0.7, 0.5, 0.3))
    lost = made(curve=curve(0.7, 0.9), status=Status.HUNG_UP)
    mild = made(curve=curve(0.5, 0.3))
    found = hot_events.recoveries([back, lost, mild])
    assert (found.hot_calls, found.recovered, found.turns, found.hung_up) == (2, 1, 3.0, 1)


# --- which calls ---


def test_only_finished_calls_that_the_person_took_count(tmp_path: Path) -> None:
    mine = keep(tmp_path, 1, made())
    keep(tmp_path, 2, made(), profile="somebody else")
    keep(tmp_path, 3, made(), status=Status.ABORTED)
    keep(tmp_path, 4, made(), rehearsed="empathic")
    retry = fresh(mine)
    retry.mkdir(parents=True)
    (retry / "events.jsonl").write_bytes((mine / "events.jsonl").read_bytes())
    found = results.of(tmp_path, "default")
    assert [call.folder for call in found.finished] == [mine]
    assert found.left_out == {"stopped": 1, "rehearsed": 1}
    assert [call.folder.name[:8] for call in results.of(tmp_path, "somebody else").finished] == [
        "20260103"
    ]


def gathered(data: Path, redo: Callable[[Path], Review]) -> Progress:
    return command.gather(load(data_dir=data), redo)


def test_calls_stand_oldest_first_and_up_to_date_reviews_are_not_made_again(tmp_path: Path) -> None:
    for number in (5, 1, 3):
        keep(tmp_path, number, made({"E1": number}))
    found = gathered(tmp_path, never)
    one = next(one for one in found.behaviours if one.id == "E1")
    assert [point.value for point in one.points] == [1, 3, 5]
    assert (found.first[:10], found.last[:10]) == ("2026-01-02", "2026-01-06")


@pytest.mark.parametrize("fault", ["missing", "damaged", "version", "rubric", "older", "own view"])
def test_a_review_that_does_not_fit_any_more_is_made_again(tmp_path: Path, fault: str) -> None:
    result: Review | None = made({"E1": 2})
    assert result is not None
    if fault == "version":
        result = result.model_copy(update={"version": result.version - 1})
    elif fault == "rubric":
        result = result.model_copy(update={"rubric": {"name": "core", "version": 99}})
    folder = keep(tmp_path, 1, None if fault == "missing" else result)
    if fault == "damaged":
        (folder / "review.json").write_text("{")
    elif fault == "older":
        os.utime(folder / "review.json", (1, 1))
    elif fault == "own view":
        (folder / "self.json").write_text("{}")
        os.utime(folder / "self.json", (4e9, 4e9))
    again: list[Path] = []

    def redo(path: Path) -> Review:
        again.append(path)
        return made({"E1": 5})

    found = gathered(tmp_path, redo)
    assert again == [folder]
    assert next(one.points[0].value for one in found.behaviours if one.id == "E1") == 5


def test_a_call_that_cannot_be_read_costs_only_itself(tmp_path: Path) -> None:
    keep(tmp_path, 1, made())
    keep(tmp_path, 2, None)

    def redo(_: Path) -> Review:
        raise BadInput("damaged")

    found = gathered(tmp_path, redo)
    assert found.calls == 1
    assert found.left_out == {"damaged": 1}


def test_whoever_waits_is_told_how_far_it_is(tmp_path: Path) -> None:
    for number in range(3):
        keep(tmp_path, number, made())
    calls = results.of(tmp_path, "default").finished
    done: list[int] = []
    read(calls, rubric.load([]), never, done.append)
    assert done == [1, 2, 3]


# --- for reading ---


def drawn(found: Progress, width: int) -> str:
    sections = progress_text.sections(found, progress_text.load([]), phrases.load([]), width)
    return "\n".join(line for one in sections for line in (one.title, *one.lines))


def rich_history() -> Progress:
    levels = (1, 1, 2, 1, 2, 1, 2, 5, 4, 5, 4, 5, 4, 5)
    return told(
        *(
            made({"E1": level, "SR2": 3}, {"empathy": float(level)}, curve=curve(0.8, 0.9, 0.3))
            for level in levels
        )
    )


@pytest.mark.parametrize("width", [72, 80, 140])
def test_no_line_is_wider_than_the_terminal_and_none_needs_colour(width: int) -> None:
    text = drawn(rich_history(), width)
    assert max(len(line) for line in text.splitlines()) <= width
    assert "\x1b" not in text
    assert "▲ higher than in the first 7 of these calls" in text


def test_every_number_stands_with_its_n_and_its_interval() -> None:
    row = next(
        line for line in drawn(rich_history(), 80).splitlines() if "Names the feeling" in line
    )
    assert "n 14" in row
    low, high = row.split("–")
    assert float(low.split()[-1]) < float(high.split()[0])


def test_two_calls_are_too_few_and_none_is_said() -> None:
    text = drawn(told(made({"E1": 4}), made({"E1": 4})), 80)
    assert "too few calls (2)" in text
    assert "no call with a result yet" in text
    assert "nothing to show yet" in drawn(told(), 80)


def test_no_word_of_it_names_a_state_of_mind_of_the_agent() -> None:
    path = roots.shipped() / "prompts" / "progress.yaml"
    assert not ABOUT_YOU.search(path.read_text("utf-8"))
    assert not ABOUT_YOU.search(drawn(rich_history(), 80))


# --- the command ---


def test_the_json_has_the_keys_scripts_rely_on(tmp_path: Path) -> None:
    data = load().data_dir
    for number in range(4):
        keep(data, number, made({"E1": 3}, {"empathy": 3.0}, curve=curve(0.7, 0.5)))
    done = CliRunner().invoke(command.command, ["--json"])
    assert done.exit_code == 0, done.output
    told_ = json.loads(done.stdout)
    assert {"profile", "rubric", "calls", "left_out", "recoveries"} <= set(told_)
    assert len(told_["behaviours"]) == 16
    one = next(one for one in told_["behaviours"] if one["id"] == "E1")
    assert {"n", "mean", "low", "high", "change", "points", "dimension"} <= set(one)
    assert set(one["points"][0]) == {"call", "started", "value"}
    assert {"event", "n", "calls", "down", "same", "up", "mean_change"} <= set(
        told_["hot_events"][0]
    )
    assert [one["id"] for one in told_["self_rating"]] == [one["id"] for one in told_["dimensions"]]


def test_another_profile_has_a_progress_of_its_own(tmp_path: Path) -> None:
    data = load().data_dir
    keep(data, 1, made())
    keep(data, 2, made(), profile="Ana")
    keep(data, 3, made(), profile="Ana")
    done = CliRunner().invoke(command.command, ["--json", "--profile", "Ana"])
    assert json.loads(done.stdout)["calls"] == 2


def test_a_call_without_a_debrief_gets_one_on_the_way(tmp_path: Path) -> None:
    folder = keep(load().data_dir, 1, None)
    done = CliRunner().invoke(command.command, [])
    assert done.exit_code == 0, done.output
    assert (folder / "review.json").is_file()
    assert "Names the feeling" in done.stdout
