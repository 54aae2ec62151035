"""Headless calls: repeatable, and nothing that goes wrong in them goes unseen."""

import json
from pathlib import Path

import pytest

from tests.unit import customer_cast as made
from trainer.acts.reader import Reader
from trainer.content import personas
from trainer.domain.mood import Status
from trainer.domain.persona import Cast
from trainer.simulate import scripts
from trainer.simulate.order import orders
from trainer.simulate.runs import Agent, agent, play, talk
from trainer.simulate.verdict import AGENTS, BESIDE

READER = Reader()


def kinds(cast: Cast, turns: tuple[str, ...]) -> set[str]:
    return {kind for kind, _ in play(cast, Agent("somebody", turns), READER, 0).faults}


def test_the_same_seed_is_the_same_call(tmp_path: Path) -> None:
    cast = made.cast(tmp_path)
    who = agent("dismissive", cast, 3)
    assert play(cast, who, READER, 3) == play(cast, who, READER, 3)


@pytest.mark.parametrize("name", AGENTS)
def test_every_agent_has_words_for_a_customer_they_never_heard_of(
    tmp_path: Path, name: str
) -> None:
    cast = made.cast(tmp_path)
    who = agent(name, cast, 5)
    assert not any("{" in turn for turn in who.turns if scripts.LAST not in turn)
    assert len(play(cast, who, READER, 5).spoken) >= 2


def test_a_parrot_says_the_customers_last_words(tmp_path: Path) -> None:
    cast = made.cast(tmp_path)
    call = talk(cast, agent("parrot", cast, 0), READER, 0)
    said = " ".join(next(call).reply.draft)
    assert call.send(said).history[-1].text == said


def test_an_empty_turn_is_a_silence(tmp_path: Path) -> None:
    cast = made.cast(tmp_path)
    run = play(cast, agent("silent", cast, 0), READER, 0)
    assert "presence_check" in run.happenings
    assert run.final > run.start


def test_seeds_go_through_the_ways_of_making_an_offer(tmp_path: Path) -> None:
    cast = made.cast(tmp_path)
    assert agent("fixer", cast, 0).turns != agent("fixer", cast, 1).turns


def test_a_caller_who_goes_on_shouting_is_warned_and_let_go(tmp_path: Path) -> None:
    who = made.persona() | {
        "mood": {"anger": 0.97, "trust": 0.0},
        "temper": {"forgiveness": 0.3, "exit_at": 1.0, "supervisor_at": 1.0},
    }
    cast = made.cast(tmp_path, who=who)
    run = play(cast, agent("boundary", cast, 0), READER, 0)
    assert run.status is Status.CLOSED_BY_AGENT


def test_a_fact_spoken_before_its_time_is_a_leak(tmp_path: Path) -> None:
    who = made.persona()
    who["lines"]["greet"]["any"] = ["Ada Finch. They were meant for her memorial on Sunday."]
    assert "leak" in kinds(made.cast(tmp_path, who=who), ("Okay.",))


def test_what_the_agent_has_said_is_no_leak(tmp_path: Path) -> None:
    who = made.persona()
    lines = [f"The memorial. That is what I said, for row {n}." for n in ("one", "two", "three")]
    who["lines"]["vent"] = {"any": lines}
    who["lines"]["push"] = {"any": [*lines]}
    assert "leak" not in kinds(made.cast(tmp_path, who=who), ("Is it about a memorial?", "I see."))


def test_a_customer_who_talks_like_a_helper_is_seen(tmp_path: Path) -> None:
    who = made.persona()
    who["lines"]["greet"]["any"] = ["Ada Finch. How can I help you today?"]
    assert "role" in kinds(made.cast(tmp_path, who=who), ("Okay.",))


def test_a_fact_in_what_the_model_reads_is_seen(tmp_path: Path) -> None:
    who = made.persona()
    who["identity"]["about"] = "Keeps a nursery. The plants were for a memorial."
    assert "prompt" in kinds(made.cast(tmp_path, who=who), ("Okay.",))


def test_words_spoken_other_than_the_draft_are_the_ones_that_count(tmp_path: Path) -> None:
    cast = made.cast(tmp_path)
    call = talk(cast, Agent("somebody", ("Okay.",)), READER, 0)
    next(call)
    call.send("Ada here. They were for my sister.")
    with pytest.raises(StopIteration) as end:
        call.send("I've said it.")
    run = end.value.value
    assert run.spoken[0].text == "Ada here. They were for my sister."
    assert [kind for kind, _ in run.faults].count("leak") == 1


def test_no_prompt_of_five_hundred_calls_holds_what_is_not_told_yet() -> None:
    names = personas.names([])
    casts = {(name, seed): personas.load(name, [], seed) for name in names for seed in range(3)}
    who = (*AGENTS, *BESIDE)
    calls, looked, found = 0, 0, []
    seed = 0
    while calls < 500:
        for name in names:
            cast = casts[name, seed % 3]
            run = play(cast, agent(who[seed % len(who)], cast, seed), READER, seed)
            found += [(name, run.agent, what) for kind, what in run.faults if kind == "prompt"]
            looked += len(run.spoken)
            calls += 1
        seed += 1
    assert looked > 3000
    assert found == []


def test_listening_before_offering_ends_better_than_the_other_way_round(tmp_path: Path) -> None:
    made.write(tmp_path)
    assert all(one.counts for one in orders(["finch"], Reader(None, [tmp_path])))


def test_an_agent_in_no_order_says_the_same_things_in_another_order(tmp_path: Path) -> None:
    cast = made.cast(tmp_path)
    one, two = agent("muddler", cast, 0), agent("muddler", cast, 18)
    assert one.turns != two.turns
    assert len(one.turns) == len(two.turns)
    assert agent("muddler", cast, 0) == one


def test_own_scripts_are_agents_too(tmp_path: Path) -> None:
    folder = tmp_path / "prompts" / "scripts"
    folder.mkdir(parents=True)
    folder.joinpath("mumbler.yaml").write_text(
        json.dumps({"about": "Mumbles.", "turns": ["Mm, {name}."]})
    )
    cast = made.cast(tmp_path)
    assert agent("mumbler", cast, 0, [tmp_path]).turns == ("Mm, Ada Finch.",)
