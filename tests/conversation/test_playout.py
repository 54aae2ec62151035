"""The ledger knows, to the sample, what the agent has heard."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from tests.conversation.fakes import Loudness, Memory, TimedLine
from trainer.conversation.playout import Playout
from trainer.conversation.pump import Pump
from trainer.domain.audio import BLOCK, Samples


def tone(count: int) -> Samples:
    return np.full(count, 0.5, np.float32)


def drain(playout: Playout, blocks: int) -> Samples:
    return np.concatenate([playout.pull() for _ in range(blocks)])


def test_sound_comes_out_whole_and_in_order() -> None:
    playout = Playout()
    first, second = playout.clause("one two", "authored"), playout.clause("three", "llm")
    playout.feed(first, tone(700))
    playout.feed(second, -tone(300))
    heard = drain(playout, 3)
    np.testing.assert_array_equal(heard[:700], tone(700))
    np.testing.assert_array_equal(heard[700:1000], -tone(300))
    assert not heard[1000:].any()


def test_only_what_has_left_the_speaker_counts_as_heard() -> None:
    playout = Playout()
    clause = playout.clause("one two three four", "authored")
    playout.feed(clause, tone(4 * BLOCK))
    drain(playout, 4)
    assert clause.heard_text(left=2 * BLOCK) == "one two"
    assert clause.heard_text(left=4 * BLOCK) == "one two three four"


def test_a_pause_plays_silence_and_loses_nothing() -> None:
    playout = Playout()
    clause = playout.clause("one two", "authored")
    playout.feed(clause, tone(2 * BLOCK))
    drain(playout, 1)
    playout.pause(True)
    assert not drain(playout, 5).any()
    playout.pause(False)
    assert drain(playout, 1).all()
    assert clause.heard(left=playout.handed) == 1.0


def test_cutting_takes_back_what_the_line_had_not_played() -> None:
    playout = Playout()
    clause = playout.clause("one two three four", "authored")
    playout.feed(clause, tone(8 * BLOCK))
    drain(playout, 4)
    left = playout.cut(dropped=2 * BLOCK)
    assert left == 2 * BLOCK
    assert clause.heard(left) == 0.25
    assert not playout.pull().any()


def test_silence_at_the_end_of_a_clause_is_not_audible() -> None:
    playout = Playout()
    clause = playout.clause("one", "authored")
    playout.feed(clause, np.concatenate([tone(100), np.zeros(4000, np.float32)]))
    drain(playout, 10)
    assert clause.audible == [0, 99]


@given(st.lists(st.integers(1, 3000), min_size=1, max_size=8), st.integers(0, 40))
def test_the_share_heard_never_falls_and_ends_at_one(pieces: list[int], paused_at: int) -> None:
    playout = Playout()
    clause = playout.clause("a b c", "authored")
    for count in pieces:
        playout.feed(clause, tone(count))
    shares = []
    for block in range(60):
        playout.pause(block == paused_at)
        playout.pull()
        shares.append(clause.heard(playout.handed))
    assert shares == sorted(shares)
    assert shares[-1] == 1.0


def test_a_clause_begins_where_it_is_first_audible_however_early_it_was_made() -> None:
    """All of it is there at once; its first block holds nothing audible."""
    playout = Playout()
    clause = playout.clause("one two", "authored")
    playout.feed(clause, np.concatenate([np.zeros(BLOCK, np.float32), tone(BLOCK)]))
    clause.complete = True
    drain(playout, 1)
    assert clause.begins is None
    drain(playout, 1)
    assert clause.begins == BLOCK


def test_a_clause_without_any_sound_begins_where_it_lies() -> None:
    playout = Playout()
    clause = playout.clause("…", "authored")
    playout.feed(clause, np.zeros(BLOCK // 2, np.float32))
    clause.complete = True
    assert clause.begins is None
    drain(playout, 1)
    assert clause.begins == 0


def test_what_the_pump_hands_over_in_the_middle_of_a_cut_is_silence() -> None:
    class Between(TimedLine):
        """Its own thread takes a block just after the line forgot what it had."""

        def drop(self) -> int:
            count = super().drop()
            self.write(playout.pull())
            return count

    playout, line = Playout(), Between()
    pump = Pump(line, Loudness(), playout, Memory())
    playout.feed(playout.clause("one two three four", "authored"), tone(40 * BLOCK))
    line.write(playout.pull())
    pump.cut()
    assert not any(block.any() for block in line._queue)


@given(
    st.lists(st.integers(1, 3000), min_size=1, max_size=6),
    st.lists(st.tuples(st.integers(1, 4), st.integers(0, 3)), max_size=12),
)
def test_what_the_line_forgets_is_handed_over_again(
    pieces: list[int], moves: list[tuple[int, int]]
) -> None:
    playout = Playout()
    sound = np.arange(1, sum(pieces) + 1, dtype=np.float32)
    at = 0
    for number, count in enumerate(pieces):
        clause = playout.clause(f"clause {number}", "authored")
        playout.feed(clause, sound[at : at + count])
        at += count
    line: list[Samples] = []
    for pulled, most in [*moves, (len(sound) // BLOCK + 1, 0)]:
        line += [playout.pull() for _ in range(pulled)]
        forgotten = min(most, len(line))
        del line[len(line) - forgotten :]
        playout.take_back(forgotten * BLOCK)
        assert playout.handed == len(line) * BLOCK
    played = np.concatenate(line)
    assert np.array_equal(played[played > 0], sound)
    at = 0
    for clause, count in zip(playout.clauses, pieces, strict=True):
        assert clause.heard(playout.handed) == 1.0
        assert clause.audible == [
            int(np.flatnonzero(played == sound[at + k])[0]) for k in (0, count - 1)
        ]
        at += count


def test_a_customer_who_is_interrupted_falls_silent_at_once_and_loses_no_word() -> None:
    playout, line = Playout(), TimedLine()
    line.paced = True
    pump = Pump(line, Loudness(), playout, Memory())
    clause = playout.clause("one two three four", "authored")
    playout.feed(clause, tone(20 * BLOCK))
    heard = []
    for block in range(40):
        pump.pause(4 <= block < 12)
        tick = pump.tick()
        assert tick is not None
        heard.append(tick.played_db > -60)
    assert heard == [True] * 4 + [False] * 8 + [True] * 16 + [False] * 12
    assert clause.heard(playout.handed - line.queued()) == 1.0
