import os
import subprocess
import sys
import textwrap
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import numpy as np
import pytest

from tests.audio.speech import human_speech
from tests.pulse import Pulse
from trainer.audio.device_line import DeviceLine
from trainer.audio.devices import check, hushed, list_devices
from trainer.domain.audio import BLOCK, RATE, Samples
from trainer.domain.errors import BadInput

pytestmark = pytest.mark.device


class Talk:
    """Somebody who reads the line all the time and keeps it fed with silence or speech."""

    def __init__(self, line: DeviceLine) -> None:
        self.line = line
        self.mic: list[Samples] = []
        self.played: list[Samples] = []
        self.gaps: list[int] = []
        self.statuses: set[str] = set()
        self._to_play: list[Samples] = []
        self._ending = threading.Event()
        self._thread = threading.Thread(target=self._run)
        self.began = time.monotonic()
        self._thread.start()

    def say(self, sound: Samples) -> None:
        whole = np.zeros(-(-len(sound) // BLOCK) * BLOCK, np.float32)
        whole[: len(sound)] = sound
        self._to_play.extend(whole.reshape(-1, BLOCK))

    def wait_for(self, reached: Callable[[], object], patience_s: float = 20) -> None:
        until = time.monotonic() + patience_s
        while not reached():
            assert time.monotonic() < until, f"it never came to that; {self.statuses}"
            time.sleep(0.02)

    def clock_s(self) -> float:
        return (len(self.mic) * BLOCK + sum(self.gaps)) / RATE

    def end(self) -> None:
        self._ending.set()
        self._thread.join()

    def _run(self) -> None:
        while not self._ending.is_set():
            while self.line.queued() < 3 * BLOCK:
                silence = np.zeros(BLOCK, np.float32)
                self.line.write(self._to_play.pop(0) if self._to_play else silence)
            frame = self.line.read()
            if frame is None:
                return
            if frame.gap:
                self.gaps.append(frame.gap)
            self.mic.append(frame.mic)
            self.played.append(frame.played)
            self.statuses.add(self.line.status())


@pytest.fixture
def line(pulse: Pulse) -> Iterator[DeviceLine]:
    line = DeviceLine()
    line.open()
    yield line
    line.close()


@pytest.fixture
def talk(line: DeviceLine) -> Iterator[Talk]:
    talk = Talk(line)
    yield talk
    talk.end()


def likeness(whole: Samples, sound: Samples) -> float:
    """How well quarter seconds of `sound` are found in `whole`: the median, 0..1, level aside."""
    pieces = sound[: len(sound) // 4000 * 4000].reshape(-1, 4000)
    return float(np.median([_likeness(whole, piece) for piece in pieces if piece.std() > 0.01]))


def _likeness(whole: Samples, part: Samples) -> float:
    size = 1 << (len(whole) + len(part)).bit_length()
    spectrum = np.fft.rfft(whole, size) * np.conj(np.fft.rfft(part, size))
    at = int(np.fft.irfft(spectrum, size)[: len(whole)].argmax())
    found = whole[at : at + len(part)]
    return float(np.corrcoef(found, part[: len(found)])[0, 1])


def test_speech_goes_round_both_ways_and_the_played_channel_is_what_left(
    pulse: Pulse, talk: Talk, tmp_path: Path
) -> None:
    speech = human_speech(tmp_path)[: 4 * RATE]
    with pulse.recording() as at_the_speaker:
        talk.say(speech[::-1])
        assert pulse.play(speech).wait() == 0
        time.sleep(0.5)
    talk.end()
    mic, played = np.concatenate(talk.mic), np.concatenate(talk.played)
    assert likeness(mic, speech) > 0.9
    assert likeness(played, speech[::-1]) > 0.95
    assert likeness(at_the_speaker.sound, played) > 0.9
    assert likeness(mic, speech[::-1]) < 0.6
    assert talk.line.overruns() == 0
    assert talk.gaps == []


def test_dropped_speech_never_leaves_the_speaker(pulse: Pulse, line: DeviceLine) -> None:
    tone = (0.3 * np.sin(np.arange(4 * RATE) * 0.2)).astype(np.float32)
    with pulse.recording() as at_the_speaker:
        line.write(tone)
        played = []
        for _ in range(15):
            frame = line.read()
            assert frame is not None
            played.append(frame.played)
        dropped = line.drop()
        assert line.queued() == 0
        for _ in range(30):
            frame = line.read()
            assert frame is not None
            played.append(frame.played)
    heard = np.flatnonzero(np.abs(np.concatenate(played)) > 0.01)
    assert 0 < len(heard) < 2 * RATE
    assert len(heard) + dropped == pytest.approx(4 * RATE, abs=RATE // 5)
    assert np.abs(np.concatenate(played)[heard[-1] + 1 :]).max() < 0.01
    assert np.count_nonzero(np.abs(at_the_speaker.sound) > 0.01) == pytest.approx(
        len(heard), abs=RATE // 5
    )


def test_a_microphone_that_gives_only_zeros_is_said_to_be_muted(talk: Talk) -> None:
    talk.wait_for(lambda: any("muted" in status for status in talk.statuses))
    assert len(talk.mic) * BLOCK > 3 * RATE


def test_when_the_device_goes_away_time_goes_on_and_it_is_found_again(
    pulse: Pulse, talk: Talk, tmp_path: Path
) -> None:
    talk.wait_for(lambda: talk.clock_s() > 1)
    lag = time.monotonic() - talk.began - talk.clock_s()
    pulse.stop()
    talk.wait_for(lambda: any("lost" in status for status in talk.statuses))
    without = talk.clock_s()
    talk.wait_for(lambda: talk.clock_s() > without + 1)
    pulse.start()
    talk.wait_for(lambda: "lost" not in talk.line.status())
    speech = human_speech(tmp_path)[: 3 * RATE]
    talk.wait_for(lambda: talk.clock_s() > without + 3)
    before = len(talk.mic)
    pulse.play(speech).wait()
    talk.wait_for(lambda: talk.line.queued() >= 0 and len(talk.mic) > before + 3 * RATE // BLOCK)
    assert likeness(np.concatenate(talk.mic[before:]), speech) > 0.8
    # the clock of the call never lost touch with the one on the wall
    assert time.monotonic() - talk.began - talk.clock_s() == pytest.approx(lag, abs=0.35)


def test_what_was_queued_when_the_device_went_away_is_said_when_it_is_back(
    pulse: Pulse, talk: Talk, tmp_path: Path
) -> None:
    speech = human_speech(tmp_path)[: 3 * RATE]
    talk.wait_for(lambda: talk.clock_s() > 0.5)
    pulse.stop()
    talk.wait_for(lambda: "lost" in talk.line.status())
    before = len(talk.played)
    talk.say(speech)
    pulse.start()
    talk.wait_for(lambda: "lost" not in talk.line.status())
    back = len(talk.played)
    talk.wait_for(lambda: len(talk.played) > back + 4 * RATE // BLOCK)
    assert likeness(np.concatenate(talk.played[before:]), speech) > 0.9


def test_a_closed_line_has_ended(line: DeviceLine) -> None:
    line.close()
    assert line.read() is None
    assert line.status() == ""
    line.close()


def test_the_virtual_card_is_listed_and_found_by_part_of_its_name(pulse: Pulse) -> None:
    assert {device.name for device in list_devices()} >= {"pulse", "default"}
    microphone, speaker = check("PULS", "puls")
    assert (microphone.name, speaker.name) == ("pulse", "pulse")
    assert microphone.inputs > 0
    assert [device.name for device in list_devices() if device.default] == ["default"]


def test_a_device_of_unknown_name_is_refused_with_those_that_are_known(pulse: Pulse) -> None:
    with pytest.raises(BadInput, match="no microphone called “kazoo”") as caught:
        DeviceLine("kazoo").open()
    assert "pulse" in caught.value.hint


def run_without_devices(script: str) -> str:
    """What a script prints on a machine whose sound server does not answer."""
    done = subprocess.run(
        [sys.executable, "-c", textwrap.dedent(script)],
        env={"PULSE_SERVER": "unix:/nonexistent/native", "PATH": "/usr/bin:/bin"},
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stderr == ""
    return done.stdout


def test_without_a_device_the_keyboard_is_offered_and_nothing_native_is_printed() -> None:
    said = run_without_devices("""
        from trainer.audio.device_line import DeviceLine
        from trainer.domain.errors import EngineMissing
        try:
            DeviceLine().open()
        except EngineMissing as error:
            print(error)
    """)
    assert "trainer practice --typed" in said


def test_without_the_portaudio_library_the_command_that_brings_it_is_named() -> None:
    said = run_without_devices("""
        import ctypes.util
        ctypes.util.find_library = lambda name: None
        from trainer.audio.devices import check
        from trainer.domain.errors import EngineMissing
        try:
            check()
        except EngineMissing as error:
            print(error)
    """)
    assert "apt install libportaudio2" in said


def test_a_sound_server_that_hangs_does_not_keep_the_program_from_ending(pulse: Pulse) -> None:
    script = """
        import sys
        from trainer.audio.device_line import DeviceLine
        line = DeviceLine()
        line.open()
        line.read()
        print("open", flush=True)
        sys.stdin.readline()
        line.close()
    """
    program = subprocess.Popen(
        [sys.executable, "-c", textwrap.dedent(script)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert program.stdout is not None
    assert program.stdout.readline() == "open\n"
    with pulse.frozen():
        try:
            program.communicate("\n", timeout=15)
        finally:
            program.kill()
    assert program.returncode == 0


def test_of_two_threads_that_want_it_quiet_the_last_one_brings_the_errors_back() -> None:
    before = os.fstat(2)
    with ExitStack() as first, ExitStack() as second:
        first.enter_context(hushed())
        second.enter_context(hushed())
        first.close()
        assert os.fstat(2).st_rdev == os.stat(os.devnull).st_rdev
    assert os.path.samestat(os.fstat(2), before)
