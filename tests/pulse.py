"""A sound card for tests: a private PulseAudio with a speaker nobody hears and a fed microphone.

`speaker` is what the program plays to; what left it is recorded from its monitor. `agent_mic` is
what tests play to; its monitor is the microphone `mic` that the program hears. ALSA programs, such
as PortAudio, reach both as the device `pulse`.
"""

import os
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np

from trainer.domain.audio import RATE, Samples

_SCRIPT = """
.fail
load-module module-native-protocol-unix auth-anonymous=1 socket={folder}/native
load-module module-null-sink sink_name=speaker rate=48000 channels=2
load-module module-null-sink sink_name=agent_mic rate=48000 channels=1
load-module module-remap-source master=agent_mic.monitor source_name=mic channels=1
set-default-sink speaker
set-default-source mic
"""


class Pulse:
    """One private PulseAudio server. Make it with `running`."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._server: subprocess.Popen[bytes] | None = None
        self._awake: list[subprocess.Popen[bytes]] = []
        (folder / "default.pa").write_text(_SCRIPT.format(folder=folder))
        self.env = {
            "PULSE_SERVER": f"unix:{folder}/native",
            "PULSE_RUNTIME_PATH": str(folder),
            "PULSE_STATE_PATH": str(folder),
            "PULSE_COOKIE": str(folder / "cookie"),
        }
        """What a process needs in its environment to use this sound card and no other."""

    def start(self) -> None:
        """Start the server and wait until it answers."""
        command = ["pulseaudio", "-n", "--daemonize=no", "--use-pid-file=no", "--exit-idle-time=-1"]
        command += ["--disable-shm=yes", "-F", str(self._folder / "default.pa")]
        self._server = subprocess.Popen(
            command,
            env=os.environ | self.env,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        until = time.monotonic() + 15
        while self._run("pactl", "info").returncode:
            if self._server.poll() is not None or time.monotonic() > until:
                raise RuntimeError("PulseAudio does not start")
            time.sleep(0.05)
        # A null sink wakes up every two seconds until somebody wants its sound sooner.
        for source in ("mic", "speaker.monitor"):
            self._keep_awake(source)

    def stop(self) -> None:
        """Kill the server, as a sound card that is pulled out."""
        if self._server is not None:
            self._server.kill()
            self._server.wait()
            self._server = None
        while self._awake:
            listener = self._awake.pop()
            listener.kill()
            listener.wait()
        (self._folder / "native").unlink(missing_ok=True)

    @contextmanager
    def frozen(self) -> Iterator[None]:
        """The server stands still while the block runs."""
        assert self._server is not None
        self._server.send_signal(signal.SIGSTOP)
        try:
            yield
        finally:
            self._server.send_signal(signal.SIGCONT)

    def play(self, sound: Samples, to: str = "agent_mic") -> subprocess.Popen[bytes]:
        """Play 16 kHz mono sound into a sink; returns at once, ends when it has been played."""
        command = ["paplay", "--raw", f"--rate={RATE}", "--channels=1", "--format=float32le"]
        file = self._folder / f"play-{time.monotonic_ns()}.raw"
        file.write_bytes(sound.astype("<f4").tobytes())
        command += [f"--device={to}", "--latency-msec=50", str(file)]
        return subprocess.Popen(command, env=os.environ | self.env)

    def heard(self, sound: Samples, to: str = "agent_mic") -> bool:
        """Play it to its end; False when the stream stays mute, as some do on a busy machine."""
        playing = self.play(sound, to)
        try:
            playing.wait(len(sound) / RATE + 20)
        except subprocess.TimeoutExpired:
            playing.kill()
            playing.wait()
            return False
        return True

    @contextmanager
    def recording(self, source: str = "speaker.monitor") -> Iterator["Recording"]:
        """Record what a source hears while the block runs; `sound` holds it afterwards."""
        command = ["parec", "--raw", f"--rate={RATE}", "--channels=1", "--format=float32le"]
        file = self._folder / f"rec-{time.monotonic_ns()}.raw"
        recording = Recording()
        with file.open("wb") as out:
            command += [f"--device={source}", "--latency-msec=50"]
            recorder = subprocess.Popen(command, env=os.environ | self.env, stdout=out)
            try:
                _wait_for_sound(file)
                yield recording
                time.sleep(0.2)
            finally:
                recorder.terminate()
                recorder.wait()
        whole = file.read_bytes()
        recording.sound = np.frombuffer(whole[: len(whole) // 4 * 4], "<f4").astype(np.float32)

    def _keep_awake(self, source: str) -> None:
        command = ["parec", "--raw", f"--device={source}", "--latency-msec=20"]
        command += ["--rate=8000", "--channels=1", "--format=u8"]
        file = self._folder / f"awake-{source}.raw"
        with file.open("wb") as out:
            self._awake.append(subprocess.Popen(command, env=os.environ | self.env, stdout=out))
        _wait_for_sound(file)

    def _run(self, *command: str) -> subprocess.CompletedProcess[bytes]:
        return subprocess.run(command, env=os.environ | self.env, capture_output=True, check=False)


def _wait_for_sound(file: Path) -> None:
    until = time.monotonic() + 10
    while file.stat().st_size == 0:
        if time.monotonic() > until:
            raise RuntimeError("PulseAudio delivers no sound")
        time.sleep(0.02)


class Recording:
    """Sound recorded from a source, 16 kHz mono, shape (n,)."""

    def __init__(self) -> None:
        self.sound: Samples = np.zeros(0, np.float32)


@contextmanager
def running() -> Iterator[Pulse]:
    """A private PulseAudio for as long as the block runs."""
    if shutil.which("pulseaudio") is None:
        import pytest

        pytest.skip("PulseAudio is not installed")
    folder = Path(tempfile.mkdtemp(prefix="pulse-"))
    pulse = Pulse(folder)
    try:
        pulse.start()
        yield pulse
    finally:
        pulse.stop()
        shutil.rmtree(folder, ignore_errors=True)
