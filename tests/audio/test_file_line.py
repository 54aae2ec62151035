import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from trainer.audio.file_line import FileLine
from trainer.domain.audio import BLOCK, RATE, Samples
from trainer.ports.line import Frame


def noise(length: int, seed: int = 0) -> Samples:
    return np.random.default_rng(seed).uniform(-0.5, 0.5, length).astype(np.float32)


def read(line: FileLine) -> Frame:
    frame = line.read()
    assert frame is not None
    return frame


class Clock:
    """Time that passes only when somebody sleeps, or when `late` is added to it."""

    def __init__(self) -> None:
        self.time = 100.0

    def now(self) -> float:
        return self.time

    def sleep(self, seconds: float) -> None:
        self.time += seconds


def test_the_line_is_silent_until_a_turn_is_cued() -> None:
    line = FileLine([noise(BLOCK)], paced=False)
    line.open()
    assert not read(line).mic.any()
    assert line.cue()
    assert read(line).mic.any()


@given(length=st.integers(1, 4 * BLOCK))
def test_a_turn_is_heard_whole_and_holds_the_floor_exactly_while_it_runs(length: int) -> None:
    turn = noise(length, seed=length)
    line = FileLine([turn], paced=False)
    line.open()
    line.cue()
    frames = [read(line) for _ in range(6)]
    heard = np.concatenate([frame.mic for frame in frames])
    assert np.array_equal(heard[:length], turn)
    assert not heard[length:].any()
    assert [frame.held for frame in frames] == [n * BLOCK < length for n in range(6)]


def test_a_turn_cued_while_another_runs_follows_it_without_loss() -> None:
    first, second = noise(BLOCK * 2, 1), noise(BLOCK, 2)
    line = FileLine([first, second], paced=False)
    line.open()
    line.cue()
    heard = [read(line).mic]
    line.cue()
    heard += [read(line).mic, read(line).mic]
    assert np.array_equal(np.concatenate(heard), np.concatenate([first, second]))


def test_when_the_turns_have_run_out_silence_goes_on() -> None:
    line = FileLine([noise(10)], paced=False)
    line.open()
    assert line.cue()
    read(line)
    assert not line.cue()
    frame = read(line)
    assert not frame.mic.any()
    assert not frame.held


def test_the_played_channel_is_what_was_queued_in_order_then_silence() -> None:
    line = FileLine([], paced=False)
    line.open()
    blocks = [noise(BLOCK, 1), noise(BLOCK, 2)]
    for block in blocks:
        line.write(block)
    assert line.queued() == 2 * BLOCK
    assert np.array_equal(read(line).played, blocks[0])
    assert np.array_equal(read(line).played, blocks[1])
    assert not read(line).played.any()


def test_dropped_sound_is_never_played() -> None:
    line = FileLine([], paced=False)
    line.open()
    for _ in range(3):
        line.write(noise(BLOCK))
    read(line)
    assert line.drop() == 2 * BLOCK
    assert line.queued() == 0
    assert not read(line).played.any()


def test_a_block_changed_after_it_was_queued_is_played_as_it_was() -> None:
    line = FileLine([], paced=False)
    line.open()
    block = noise(BLOCK)
    line.write(block)
    before = block.copy()
    block[:] = 0
    assert np.array_equal(read(line).played, before)


def test_a_block_of_another_length_is_refused() -> None:
    with pytest.raises(ValueError, match="512"):
        FileLine([], paced=False).write(noise(BLOCK - 1))


def test_real_pace_does_not_drift_when_a_reader_is_late_now_and_then() -> None:
    clock = Clock()
    line = FileLine([], paced=True, now=clock.now, sleep=clock.sleep)
    line.open()
    began = clock.time
    for block in range(1, 501):
        if block % 10 == 0:
            clock.time += 0.02
        read(line)
        assert clock.time >= began + block * BLOCK / RATE - 1e-9
    assert clock.time - began == pytest.approx(500 * BLOCK / RATE)


def test_a_closed_line_has_ended() -> None:
    line = FileLine([noise(BLOCK)], paced=False)
    line.open()
    line.close()
    line.close()
    assert line.read() is None
