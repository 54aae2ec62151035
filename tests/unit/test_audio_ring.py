import threading

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from trainer.audio.ring import Ring


@given(steps=st.lists(st.tuples(st.integers(0, 9), st.integers(0, 9)), max_size=60))
def test_what_goes_in_comes_out_once_and_in_order(steps: list[tuple[int, int]]) -> None:
    ring = Ring(16, 2)
    sent, got = 0, 0
    for put, take in steps:
        numbers = np.arange(sent, sent + put, dtype=np.float32)
        sent += ring.write(numbers, -numbers)
        out = ring.read(take)
        assert np.array_equal(out[:, 0], np.arange(got, got + len(out)))
        assert np.array_equal(out[:, 1], -out[:, 0])
        got += len(out)
        assert ring.level == sent - got


def test_a_full_ring_takes_only_what_there_is_room_for() -> None:
    ring = Ring(4, 1)
    assert ring.write(np.ones(3, np.float32)) == 3
    assert ring.write(np.ones(3, np.float32)) == 1
    assert ring.level == 4


def test_what_the_writer_takes_back_is_never_read_and_what_follows_is() -> None:
    ring = Ring(8, 1)
    ring.write(np.array([1, 2, 3], np.float32))
    ring.pass_over()
    assert ring.level == 0
    ring.write(np.array([4], np.float32))
    assert ring.level == 1
    assert ring.read(8)[:, 0].tolist() == [4]


def test_two_threads_lose_nothing() -> None:
    ring = Ring(64, 1)
    total = 2_000
    received: list[float] = []

    def reader() -> None:
        while len(received) < total:
            received.extend(ring.read(13)[:, 0].tolist())

    thread = threading.Thread(target=reader)
    thread.start()
    sent = 0
    while sent < total:
        piece = np.arange(sent, min(total, sent + 7), dtype=np.float32)
        sent += ring.write(piece)
    thread.join()
    assert received == list(range(total))
