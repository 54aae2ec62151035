"""The calls of the turn-taking bench: the same every time, and what they are said to be."""

from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner

from trainer.acts.reader import Reader
from trainer.cli import trainer
from trainer.content import personas
from trainer.customer.customer import Customer
from trainer.domain.audio import RATE, Samples, edges, samples
from trainer.domain.errors import BadInput
from trainer.domain.mood import Status
from trainer.domain.plan import AgentTurn
from trainer.domain.transcript import Word
from trainer.simulate.turntaking import sounds
from trainer.simulate.turntaking.cases import QUICK, Agents, cases, human, lines
from trainer.simulate.turntaking.moves import NO_TURN
from trainer.simulate.turntaking.talkative import Talkative


async def hum(text: str, voice: int) -> Samples:
    """A tone whose length tells the text and whose pitch tells the voice."""
    time = np.arange(samples(0.05 * len(text))) / RATE
    return (0.3 * np.sin(2 * np.pi * (500 + 50 * (voice % 6)) * time)).astype(np.float32)


async def even(sound: Samples, text: str) -> list[Word]:
    """Every word as long as the next."""
    each = len(sound) / RATE / len(text.split())
    return [Word(word, i * each, (i + 1) * each, 1.0) for i, word in enumerate(text.split())]


def agents(number: int = 0) -> Agents:
    return Agents(lines([]), hum, even, number)


async def test_a_case_is_the_same_whether_or_not_others_are_tried() -> None:
    built = cases(QUICK)
    alone = await built["thinking"](agents(3))
    await built["clean"](agents(0))
    again = await built["thinking"](agents(3))
    assert [m.said for m in alone.moves] == [m.said for m in again.moves]
    for one, other in zip(alone.moves, again.moves, strict=True):
        np.testing.assert_array_equal(one.sound, other.sound)


async def test_every_move_begins_and_ends_audibly() -> None:
    for name, build in cases(QUICK).items():
        for move in (await build(agents())).moves:
            if move.speech or move.over:
                assert edges(move.sound) is not None, name
                first, last = edges(move.sound) or (0, 0)
                assert first <= RATE // 50, (name, move.said)
                assert len(move.sound) - last <= RATE // 50, (name, move.said)


async def test_what_is_said_over_the_customer_comes_after_a_turn_that_makes_them_talk() -> None:
    case = await cases(QUICK)["over, headset"](agents())
    assert case.chatty
    for before, move in zip(case.moves[::2], case.moves[1::2], strict=True):
        assert before.kind not in NO_TURN
        assert move.over


@pytest.mark.parametrize("pause_s", [0.6, 2.5])
async def test_a_pause_is_as_long_as_it_says(pause_s: float) -> None:
    sound = (await agents().broken("pause", pause_s)).sound
    still = np.flatnonzero(np.diff(np.flatnonzero(np.abs(sound) > 0.01)) > RATE // 10)
    assert len(still) == 1
    loud = np.flatnonzero(np.abs(sound) > 0.01)
    assert np.diff(loud)[still[0]] / RATE == pytest.approx(pause_s, abs=0.02)


def test_people_interrupt_with_their_own_voices() -> None:
    sound = np.full(RATE, 0.2, np.float32)
    made = human([("reader", sound)], [("actor", sound)])
    assert [m.kind for m in made["people, interrupting"].moves] == ["clean", "interruption"]
    assert all(move.human for case in made.values() for move in case.moves)
    assert human([], []) == {}


def test_a_telephone_leaves_nothing_above_its_band() -> None:
    noise = np.random.default_rng(0).normal(0, 0.1, 2 * RATE).astype(np.float32)
    power = np.abs(np.fft.rfft(sounds.phone_band(noise))) ** 2
    hz = np.fft.rfftfreq(2 * RATE, 1 / RATE)
    inside = power[(hz > 500) & (hz < 3000)].mean()
    assert power[hz > 4500].mean() < inside / 1000
    assert power[hz < 100].mean() < inside / 100


@pytest.mark.parametrize("level_db", [-60.0, -33.0])
def test_a_room_is_as_loud_as_asked(level_db: float) -> None:
    noise = sounds.room_noise(5.0, level_db)
    assert 10 * np.log10(np.mean(noise**2)) == pytest.approx(level_db, abs=0.1)


def test_a_talkative_customer_opens_as_usual_never_leaves_and_goes_on_with_a_story() -> None:
    who, reader = personas.load("olsen-outage", [], 1), Reader(None, [])
    usual, chatty = Customer(who, reader, 1), Talkative(who, reader, 1, ("And then it rained.",))
    assert chatty.greet().draft == (usual.greet().draft[0], "And then it rained.")
    for number in range(2, 30, 2):
        reply = chatty.hear(AgentTurn(number, "That is your own fault, you idiot."))
        assert reply.status is Status.OPEN
        assert reply.draft[-1] == "And then it rained."
        assert reply.pause_s == 0.0


def test_the_lines_can_be_replaced_by_ones_own(tmp_path: Path) -> None:
    file = tmp_path / "prompts" / "turntaking.yaml"
    file.parent.mkdir()
    file.write_text("turns: [Hello.]\n")
    assert lines([tmp_path]) == {"turns": ["Hello."]}


def test_a_case_nobody_knows_is_named_with_those_there_are() -> None:
    with pytest.raises(BadInput, match=r"echoo.*\n.*room noise"):
        CliRunner().invoke(
            trainer,
            ["bench", "turntaking", "--case", "echoo"],
            standalone_mode=False,
            catch_exceptions=False,
        )
