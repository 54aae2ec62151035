"""The agent of the turn-taking tests behaves as people do: they wait, speak over, give up."""

import numpy as np

from trainer.domain.audio import BLOCK, RATE, Samples, samples
from trainer.simulate.turntaking.agent import ANSWER_S, Agent
from trainer.simulate.turntaking.line import RoomLine
from trainer.simulate.turntaking.moves import Case, Kind, Move, Room


def sound(seconds: float) -> Samples:
    return np.full(samples(seconds), 0.1, np.float32)


def move(kind: Kind = "clean", seconds: float = 1.0, **fields: float) -> Move:
    return Move(kind, sound(seconds), **fields)  # type: ignore[arg-type]


def run(agent: Agent, *customer: tuple[float, float], seconds: float = 30.0) -> Samples:
    """What the agent says while the customer speaks in these stretches (seconds)."""
    said = []
    for block in range(int(seconds * RATE / BLOCK)):
        at = block * BLOCK / RATE
        loud = any(start <= at < end for start, end in customer)
        said.append(agent.block(np.full(BLOCK, 0.2 if loud else 0.0, np.float32)))
    return np.concatenate(said)


def times(agent: Agent) -> list[tuple[float, float]]:
    return [(round(one.start / RATE, 1), round(one.end / RATE, 1)) for one in agent.done]


def test_an_agent_waits_until_the_customer_has_finished() -> None:
    agent = Agent([move(after_s=1.0)])
    said = run(agent, (0.5, 3.0), (3.6, 5.0))
    assert times(agent) == [(6.0, 7.0)]
    assert np.flatnonzero(said)[[0, -1]].tolist() == [agent.done[0].start, agent.done[0].end - 1]


def test_the_next_turn_waits_for_an_answer() -> None:
    agent = Agent([move(), move()])
    run(agent, (0.5, 3.0), (7.0, 8.0))
    assert times(agent) == [(4.3, 5.3), (9.3, 10.3)]


def test_an_answer_that_never_comes_is_given_up() -> None:
    agent = Agent([move(), move()])
    run(agent, (0.5, 3.0))
    first, second = agent.done
    assert ANSWER_S <= (second.start - first.end) / RATE < ANSWER_S + 0.1


def test_speaking_over_begins_while_the_customer_speaks() -> None:
    agent = Agent([move("interruption", over=True, after_s=1.5)])
    run(agent, (0.5, 6.0))
    assert times(agent) == [(2.0, 3.0)]


def test_speaking_over_is_dropped_once_the_customer_has_finished() -> None:
    agent = Agent([move("backchannel", over=True, after_s=2.0), move()])
    run(agent, (0.5, 1.5))
    assert [skipped.kind for skipped in agent.skipped] == ["backchannel"]
    assert [one.move.kind for one in agent.done] == ["clean"]


def test_a_murmur_leaves_the_floor_with_the_customer() -> None:
    agent = Agent([move("backchannel", 0.4, over=True, after_s=1.0), move()])
    run(agent, (0.5, 6.0))
    assert times(agent) == [(1.5, 1.9), (7.3, 8.3)]


def test_after_a_noise_nobody_is_answered_for_a_while() -> None:
    agent = Agent([move("cough", 0.4), move()])
    run(agent, (0.5, 2.0))
    assert (agent.done[1].start - agent.done[0].end) / RATE >= 2.4


def test_the_line_ends_when_the_last_answer_has_been_heard() -> None:
    line, ended = RoomLine(Case((move(),))), []
    line.over = lambda: ended.append(True)
    for block in range(int(20 * RATE / BLOCK)):
        at = block * BLOCK / RATE
        speaks = 0.5 < at < 2.0 or 5.0 < at < 6.0
        line.write(np.full(BLOCK, 0.2 if speaks else 0.0, np.float32))
        line.read()
        if at < 6.5:
            assert not ended
    assert ended == [True]


def test_a_loudspeaker_comes_back_late_and_softer() -> None:
    line = RoomLine(Case((), Room(noise_db=-90, echo_db=-20, delay_s=0.1)))
    rng, mic = np.random.default_rng(1), []
    played = rng.normal(0, 0.1, (40, BLOCK)).astype(np.float32)
    for block in played:
        line.write(block)
        mic.append(line.read().mic)
    heard = np.concatenate(mic)
    assert np.abs(heard[: samples(0.095)]).max() < 0.001
    ratio = np.sqrt(np.mean(heard[samples(0.5) :] ** 2) / np.mean(played**2))
    assert -23 < 20 * np.log10(ratio) < -17
