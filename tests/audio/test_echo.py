"""The customer taken out of the microphone: their own voice never counts as the agent's."""

from collections import deque
from pathlib import Path

import numpy as np
import pytest
from scipy.signal import correlate

from tests.audio.speech import human_speech
from trainer.audio.echo import LAG, WARM_S, CancelledLine, Canceller
from trainer.audio.echo_test import listen
from trainer.audio.vad import Silero
from trainer.domain.audio import BLOCK, RATE, Samples, samples
from trainer.ports.line import Frame
from trainer.simulate.room import EchoPath, impulse

SPEAKS = 0.6


class Loudspeaker:
    """A line whose microphone hears its own speaker, some noise, and an agent at `says[0]`."""

    name, paced = "a room", False

    def __init__(
        self, gain_db: float, delay_s: float = 0.12, says: tuple[float, Samples] | None = None
    ) -> None:
        self._path = EchoPath(impulse(delay_s), gain_db)
        self._noise = np.random.default_rng(1)
        self._queue: deque[Samples] = deque()
        self._at = 0
        self._start, self._agent = (
            (samples(says[0]), says[1]) if says else (0, np.zeros(0, np.float32))
        )
        self.closed = False

    def open(self) -> None:
        pass

    def read(self) -> Frame:
        played = self._queue.popleft() if self._queue else np.zeros(BLOCK, np.float32)
        mic = self._path.hear(played) + self._noise.normal(size=BLOCK) * 10 ** (-65 / 20)
        near = self._agent[max(0, self._at - self._start) : max(0, self._at - self._start + BLOCK)]
        mic[: len(near)] += near
        self._at += BLOCK
        return Frame(mic.astype(np.float32), played)

    def write(self, block: Samples) -> None:
        self._queue.append(block)

    def drop(self) -> int:
        return 0

    def queued(self) -> int:
        return BLOCK * len(self._queue)

    def status(self) -> str:
        return ""

    def close(self) -> None:
        self.closed = True


@pytest.fixture(scope="module")
def voice(tmp_path_factory: pytest.TempPathFactory) -> Samples:
    speech = human_speech(tmp_path_factory.mktemp("speech"))
    speech = np.concatenate([speech] * (1 + samples(6) // len(speech)))[: samples(6)]
    whole: Samples = speech[: len(speech) // BLOCK * BLOCK] * np.float32(0.7 / np.abs(speech).max())
    return whole


def through(line: Loudspeaker, voice: Samples) -> list[Frame]:
    cleaned = CancelledLine(line)
    frames = []
    for block in voice.reshape(-1, BLOCK):
        cleaned.write(block)
        frame = cleaned.read()
        assert frame is not None
        frames.append(frame)
    return frames


def taken_for_agent(frames: list[Frame]) -> float:
    """Seconds that count as the agent's speech."""
    meter = Silero()
    heard = [meter.speech(frame.mic) >= SPEAKS and not frame.echo for frame in frames]
    return sum(heard) * BLOCK / RATE


@pytest.mark.parametrize("gain_db", [-6, -20])
@pytest.mark.parametrize("delay_s", [0.03, 0.25])
def test_a_customer_on_loudspeakers_is_never_the_agent(
    voice: Samples, gain_db: float, delay_s: float
) -> None:
    raw = [Frame(f.mic, f.played) for f in _uncleaned(Loudspeaker(gain_db, delay_s), voice)]
    assert taken_for_agent(raw) > 2.0, "the room itself must fool the meter, or this shows nothing"
    assert taken_for_agent(through(Loudspeaker(gain_db, delay_s), voice)) == 0.0


def _uncleaned(line: Loudspeaker, voice: Samples) -> list[Frame]:
    frames = []
    for block in voice.reshape(-1, BLOCK):
        line.write(block)
        frames.append(line.read())
    return frames


def test_an_agent_who_speaks_over_the_customer_is_still_heard(voice: Samples) -> None:
    agent = np.roll(voice, samples(2.5))[: samples(3)] * 0.5
    frames = through(Loudspeaker(-15, says=(2.0, agent)), voice)
    assert taken_for_agent(frames) > 1.0


def test_without_a_speaker_the_agent_keeps_level_and_colour(voice: Samples) -> None:
    canceller = Canceller()
    silence = np.zeros(BLOCK, np.float32)
    out = np.concatenate([canceller.clean(block, silence)[0] for block in voice.reshape(-1, BLOCK)])
    kept, said = (np.abs(np.fft.rfft(sound)) ** 2 for sound in (out, voice))
    hz = np.fft.rfftfreq(len(voice), 1 / RATE)
    for low, high in ((100, 300), (300, 1000), (1000, 3000), (3000, 6000)):
        there = (hz >= low) & (hz < high)
        assert abs(10 * np.log10(kept[there].sum() / said[there].sum())) < 1.0, (low, high)


def test_the_agent_is_as_late_as_the_customer(voice: Samples) -> None:
    canceller = Canceller()
    silence = np.zeros(BLOCK, np.float32)
    out = np.concatenate([canceller.clean(block, silence)[0] for block in voice.reshape(-1, BLOCK)])
    late = int(np.argmax(correlate(out, voice))) - len(voice) + 1
    assert abs(late - LAG) <= 2


def test_both_sides_stay_in_step_and_as_long_as_the_call(voice: Samples) -> None:
    frames = through(Loudspeaker(-15), voice)
    played = np.concatenate([frame.played for frame in frames])
    assert {frame.mic.shape for frame in frames} == {(BLOCK,)}
    np.testing.assert_allclose(played[LAG:], voice[:-LAG], atol=1e-6)


def test_while_the_room_is_being_learned_what_sounds_is_marked(voice: Samples) -> None:
    frames = through(Loudspeaker(-15), voice)
    marked = [at * BLOCK / RATE for at, frame in enumerate(frames) if frame.echo]
    assert marked
    assert WARM_S * 0.9 < marked[-1] < WARM_S + 1.0


@pytest.mark.parametrize(("gain_db", "way"), [(-12, "cancel"), (-90, "headset")])
def test_the_echo_test_says_what_suits_the_devices(
    voice: Samples, gain_db: float, way: str
) -> None:
    shares: list[float] = []
    found = listen(Loudspeaker(gain_db), voice, SPEAKS, 0.2, shares.append)
    assert found.way == way
    assert found.left_db is not None
    assert found.left_db <= found.echo_db + 1
    assert shares[-1] == 1.0


def test_a_speaker_that_distorts_beyond_help_means_taking_turns(
    voice: Samples, tmp_path: Path
) -> None:
    class Torn(Loudspeaker):
        """Its echo has nothing to do with what was sent to it: a radio stands beside it."""

        def read(self) -> Frame:
            frame = super().read()
            radio = np.roll(voice, samples(3))[self._at - BLOCK : self._at]
            mic = frame.mic.copy()
            mic[: len(radio)] += radio if self._at > samples(1) else 0 * radio
            return Frame(mic, frame.played)

    assert listen(Torn(-15), voice, SPEAKS, 0.2).way == "half_duplex"
