import numpy as np
import pytest

from trainer.audio.outlet import Outlet
from trainer.audio.resample import stream
from trainer.audio.ring import Ring
from trainer.domain.audio import BLOCK, RATE, Samples


def tone(length: int) -> Samples:
    return (0.4 * np.sin(2 * np.pi * 500 * np.arange(length) / RATE)).astype(np.float32)


@pytest.mark.parametrize("rate", [16_000, 44_100, 48_000, 96_000])
def test_what_is_queued_is_counted_to_the_sample_whatever_the_rate(rate: int) -> None:
    ring = Ring(10 * rate, 1)
    outlet = Outlet(ring, rate)
    for block in range(1, 60):
        outlet.write(tone(BLOCK))
        assert outlet.queued() == pytest.approx(block * BLOCK, abs=1)
    ring.read(rate)
    assert outlet.queued() == pytest.approx(59 * BLOCK - RATE, abs=1)
    assert outlet.drop() == pytest.approx(59 * BLOCK - RATE, abs=1)
    assert outlet.queued() == 0


@pytest.mark.parametrize("rate", [44_100, 48_000])
def test_there_and_back_again_the_sound_is_the_same(rate: int) -> None:
    ring = Ring(4 * rate, 1)
    outlet = Outlet(ring, rate)
    sent = tone(RATE)
    for start in range(0, RATE - BLOCK, BLOCK):
        outlet.write(sent[start : start + BLOCK])
    back = stream(rate, RATE, 1).resample_chunk(ring.read(4 * rate)[:, 0])
    spectrum = np.abs(np.fft.rfft(back[2000:12000] * np.hanning(10000)))
    assert np.fft.rfftfreq(10000, 1 / RATE)[spectrum.argmax()] == pytest.approx(500, abs=2)
    assert np.abs(back[2000:12000]).max() == pytest.approx(0.4, abs=0.01)


def test_every_block_comes_out_at_once_and_not_in_bursts() -> None:
    up = stream(RATE, 48_000, 1)
    lengths = [len(up.resample_chunk(tone(BLOCK))) for _ in range(20)]
    assert all(length == 3 * BLOCK for length in lengths[1:])


def test_another_device_plays_what_the_old_one_has_not() -> None:
    old, new = Ring(10 * 48_000, 1), Ring(10 * 44_100, 1)
    outlet = Outlet(old, 48_000)
    outlet.write(tone(RATE))
    outlet.move(new, 44_100)
    assert outlet.queued() == pytest.approx(RATE, abs=300)
    played = new.read(44_100)[2000:-2000, 0]
    assert np.abs(played).max() == pytest.approx(0.4, abs=0.01)


def test_more_than_the_queue_holds_is_refused() -> None:
    outlet = Outlet(Ring(1000, 1), 48_000)
    with pytest.raises(BufferError):
        outlet.write(tone(RATE))
