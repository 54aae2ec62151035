"""The verdict on a customer: what makes one fail, said so that a trainer can mend it."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from tests.unit import customer_cast as made
from trainer.acts.reader import Reader
from trainer.content import personas
from trainer.domain.persona import Exit
from trainer.simulate import effects
from trainer.simulate.bench import bench
from trainer.simulate.runs import agent, play
from trainer.simulate.verdict import AGENTS, BESIDE, Verdict, gentle, judge


def verdict(root: Path, change: dict[str, Any] | None = None, seeds: int = 1) -> Verdict:
    made.write(root, made.persona() | (change or {}))
    casts = [personas.load("finch", [root], seed) for seed in range(seeds)]
    reader = Reader(None, [root])
    runs = [
        play(cast, agent(name, cast, seed, [root]), reader, seed)
        for name in (*AGENTS, *BESIDE)
        for seed, cast in enumerate(casts)
    ]
    return judge(casts, runs)


def test_how_far_agents_part_is_measured_on_the_lead_feeling(tmp_path: Path) -> None:
    found = verdict(tmp_path)
    ends = {name: one.lead[0] for name, one in found.outcomes.items()}
    assert found.gap == pytest.approx(ends["dismissive"] - ends["empathic"], abs=1e-3)
    assert found.gap >= 0.4


def test_a_customer_whom_nothing_moves_fails(tmp_path: Path) -> None:
    found = verdict(tmp_path, {"temper": {"forgiveness": 0.3, "reactivity": 0.3}})
    assert not found.passed
    assert any("apart in the lead feeling" in failure for failure in found.failures)


def test_an_exit_that_nobody_reaches_fails(tmp_path: Path) -> None:
    # whoever hangs up never comes to fall silent
    found = verdict(tmp_path, {"exits": ["hangs_up", "withdraws"]})
    assert "exit withdraws" in found.unreachable
    assert any("exit withdraws" in failure for failure in found.failures)


def test_a_fact_behind_a_gate_that_never_opens_fails(tmp_path: Path) -> None:
    who = made.persona()
    who["scenario"]["facts"][1]["gate"] = {"min_trust": 1.0, "min_heard": 1.0}
    found = verdict(tmp_path, who)
    assert "fact show: no call came to it" in found.failures


def test_lines_for_a_band_that_never_comes_are_named(tmp_path: Path) -> None:
    who = made.persona()
    who["lines"]["cry"] = {"calm": ["Sorry. It's the roses."]}
    assert "lines.cry.calm" in verdict(tmp_path, who).unreachable


def test_a_role_flip_is_told_with_the_line_and_the_agent(tmp_path: Path) -> None:
    who = made.persona()
    who["lines"]["greet"]["any"] = ["Ada Finch. How can I help you today?"]
    found = verdict(tmp_path, who)
    assert found.role_flips >= len(AGENTS)
    assert any("How can I help you today?" in failure for failure in found.failures)


def test_who_never_raises_their_voice_need_not_part_so_far() -> None:
    assert gentle([Exit.WITHDRAWS, Exit.CRIES])
    assert not gentle([Exit.LEAVES_POLITELY, Exit.SUPERVISOR])


def test_a_number_that_repeats_the_temperament_is_idle(tmp_path: Path) -> None:
    made.write(tmp_path, made.persona() | {"temper": {"reactivity": 1.0, "exit_at": 0.7}})
    idle = effects.idle("finch", Reader(None, [tmp_path]))
    assert "temper.reactivity (same as in its temperament)" in idle
    assert not any("exit_at" in field for field in idle)


def test_a_gate_that_never_shuts_is_idle(tmp_path: Path) -> None:
    who = made.persona()
    who["scenario"]["facts"][0]["gate"] = {"max_anger": 0.999}
    who["scenario"]["facts"][1]["gate"] = {"min_trust": 0.5}
    made.write(tmp_path, who)
    idle = effects.idle("finch", Reader(None, [tmp_path]))
    assert "scenario.facts.sun.gate" in idle
    assert "scenario.facts.show.gate" not in idle


def test_questions_that_are_not_heard_as_questions_are_idle(tmp_path: Path) -> None:
    who = made.persona()
    who["scenario"]["facts"][0]["asks"] = ["The box.", "It stood there."]
    made.write(tmp_path, who)
    idle = effects.idle("finch", Reader(None, [tmp_path]))
    assert any(field.startswith("scenario.facts.sun.asks") for field in idle)


def test_more_processes_find_the_same(tmp_path: Path) -> None:
    made.write(tmp_path)
    one, two = (
        list(bench(["finch"], 1, _no_embedding, [tmp_path], workers=count)) for count in (1, 2)
    )
    assert one == two


def _no_embedding() -> None:
    return None


@pytest.mark.parametrize("name", ["reciter", "parrot"])
def test_reciting_and_parroting_end_no_better_than_pleasant_idleness(
    tmp_path: Path, name: str
) -> None:
    found = verdict(tmp_path, seeds=3).outcomes
    assert found[name].lead[0] >= found["polite_useless"].lead[0]
    assert found[name].csat <= found["polite_useless"].csat


def test_a_reciter_who_calms_more_than_pleasant_idleness_fails(tmp_path: Path) -> None:
    made.write(tmp_path)
    cast = personas.load("finch", [tmp_path], 0)
    reader = Reader(None, [tmp_path])
    runs = [play(cast, agent(name, cast, 0), reader, 0) for name in (*AGENTS, *BESIDE)]
    runs = [
        replace(play(cast, agent("empathic", cast, 0), reader, 0), agent="reciter")
        if run.agent == "reciter"
        else run
        for run in runs
    ]
    failures = judge([cast], runs).failures
    assert any("reciter calms them more" in failure for failure in failures)
    assert any("reciter is rated better" in failure for failure in failures)
