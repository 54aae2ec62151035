"""The benches as a trainer calls them."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from tests.unit import customer_cast as made
from trainer.cli import trainer
from trainer.domain.acts import ActKind
from trainer.domain.errors import BadInput
from trainer.simulate.act_trial import score, shipped, written
from trainer.simulate.verdict import AGENTS


def test_the_bench_of_one_file_as_json(tmp_path: Path) -> None:
    file = made.write(tmp_path)
    done = CliRunner().invoke(
        trainer,
        ["persona", "bench", str(file), "--seeds", "1", "--json"],
        standalone_mode=False,
    )
    row = json.loads(done.stdout)
    assert list(row["agents"]) == list(AGENTS)
    assert row["persona"] == "finch"
    assert row["passed"] is (done.return_value == 0)
    one = row["agents"]["empathic"]
    assert one["final_anger"]["min"] <= one["final_anger"]["mean"] <= one["final_anger"]["max"]
    assert sum(one["status"].values()) == 1
    assert row["leaks"] == row["role_flips"] == 0
    assert bool(row["failures"]) is not row["passed"]


def test_the_bench_wants_one_customer_or_all() -> None:
    done = CliRunner().invoke(trainer, ["persona", "bench"])
    assert done.exit_code == 2


def test_precision_counts_what_was_found_and_recall_what_is_there() -> None:
    one = score([(True, True), (True, False), (False, True), (False, False), (True, True)])
    assert one.precision == pytest.approx(2 / 3)
    assert one.recall == pytest.approx(2 / 3)
    assert one.kappa == pytest.approx((0.6 - 0.52) / 0.48)


def test_labelled_sentences_are_read_and_mistakes_named(tmp_path: Path) -> None:
    file = tmp_path / "sentences.jsonl"
    file.write_text('{"text": "Calm down.", "act": "dismiss", "holds": true}\n')
    assert written(tmp_path)[0].act is ActKind.DISMISS
    file.write_text('{"text": "Calm down.", "act": "dismissal", "holds": true}\n')
    with pytest.raises(BadInput, match=r"sentences.jsonl:1"):
        written(file)


def test_shipped_phrases_come_with_near_misses() -> None:
    found = shipped()
    assert any(one.holds for one in found)
    assert any(not one.holds for one in found)
