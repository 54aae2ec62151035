import os
import subprocess
from pathlib import Path

import numpy as np
import pytest
import soundfile

from trainer.audio.files import LONGEST_TURN_S, load_turn, save_wav
from trainer.domain.audio import RATE, Samples
from trainer.domain.errors import BadInput


def tone(rate: int, length_s: float = 1.0, hz: float = 440.0) -> Samples:
    time = np.arange(round(rate * length_s)) / rate
    return (0.4 * np.sin(2 * np.pi * hz * time)).astype(np.float32)


def pitch(sound: Samples) -> float:
    """The strongest frequency, Hz, at 16 kHz."""
    spectrum = np.abs(np.fft.rfft(sound * np.hanning(len(sound))))
    return float(np.fft.rfftfreq(len(sound), 1 / RATE)[spectrum.argmax()])


@pytest.mark.parametrize("rate", [8_000, 11_025, 16_000, 22_050, 44_100, 48_000, 96_000])
@pytest.mark.parametrize("depth", ["PCM_U8", "PCM_16", "PCM_24", "FLOAT", "ULAW"])
def test_any_rate_and_depth_becomes_16_khz_at_the_same_pitch_and_level(
    tmp_path: Path, rate: int, depth: str
) -> None:
    soundfile.write(tmp_path / "a.wav", tone(rate), rate, subtype=depth)
    sound = load_turn(tmp_path / "a.wav")
    assert sound.dtype == np.float32
    assert abs(len(sound) - RATE) <= 2
    assert pitch(sound) == pytest.approx(440, abs=1.5)
    assert np.sqrt(np.mean(sound[1000:-1000] ** 2)) == pytest.approx(0.4 / np.sqrt(2), rel=0.05)


@pytest.mark.parametrize(
    ("ending", "form"), [("flac", "FLAC"), ("ogg", "OGG"), ("mp3", "MP3"), ("aiff", "AIFF")]
)
def test_other_formats_are_read_too(tmp_path: Path, ending: str, form: str) -> None:
    soundfile.write(tmp_path / f"a.{ending}", tone(44_100), 44_100, format=form)
    assert pitch(load_turn(tmp_path / f"a.{ending}")) == pytest.approx(440, abs=2)


def test_the_channels_of_a_stereo_file_are_averaged(tmp_path: Path) -> None:
    left = tone(RATE)
    soundfile.write(
        tmp_path / "a.wav", np.stack([left, np.zeros_like(left)], axis=1), RATE, subtype="FLOAT"
    )
    assert np.allclose(load_turn(tmp_path / "a.wav"), left / 2, atol=1e-3)


def test_silence_is_a_turn(tmp_path: Path) -> None:
    soundfile.write(tmp_path / "a.wav", np.zeros(RATE, np.float32), RATE)
    assert not load_turn(tmp_path / "a.wav").any()


def test_a_stream_whose_header_promises_no_length_is_read_to_its_end(tmp_path: Path) -> None:
    made = subprocess.run(
        ["sox", "-n", "-r", "48000", "-t", "wav", "-", "synth", "1", "sine", "440"],
        capture_output=True,
        check=True,
    )
    (tmp_path / "a.wav").write_bytes(made.stdout)
    assert pitch(load_turn(tmp_path / "a.wav")) == pytest.approx(440, abs=1.5)


def bad(path: Path) -> BadInput:
    with pytest.raises(BadInput) as caught:
        load_turn(path)
    assert str(path) in caught.value.message
    return caught.value


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    assert "no file" in bad(tmp_path / "nothing.wav").message


def test_a_folder_is_called_a_folder(tmp_path: Path) -> None:
    assert "folder" in bad(tmp_path).message


def test_an_empty_file_is_called_empty(tmp_path: Path) -> None:
    (tmp_path / "a.wav").touch()
    assert "empty" in bad(tmp_path / "a.wav").message


@pytest.mark.parametrize(
    "content",
    [
        b"hello, this is a letter and no sound at all",
        b"\x89PNG\r\n\x1a\n" + bytes(300),
        b"RIFF\x10\x00\x00\x00WAVE",
        os.urandom(5000),
    ],
    ids=["text", "picture", "bare wav header", "noise"],
)
def test_what_is_not_audio_is_said_to_be_no_audio(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "a.wav").write_bytes(content)
    assert "not an audio file" in bad(tmp_path / "a.wav").message


def test_a_damaged_flac_is_refused(tmp_path: Path) -> None:
    soundfile.write(tmp_path / "a.flac", np.random.default_rng(0).uniform(-1, 1, 3 * RATE), RATE)
    whole = (tmp_path / "a.flac").read_bytes()
    (tmp_path / "a.flac").write_bytes(whole[:60] + bytes(len(whole) // 2))
    assert "damaged" in bad(tmp_path / "a.flac").message


def test_a_header_without_sound_is_refused(tmp_path: Path) -> None:
    soundfile.write(tmp_path / "a.wav", np.zeros(0, np.float32), RATE)
    assert "no sound" in bad(tmp_path / "a.wav").message


def test_values_that_are_not_numbers_are_refused(tmp_path: Path) -> None:
    soundfile.write(tmp_path / "a.wav", np.full(RATE, np.nan, np.float32), RATE, subtype="FLOAT")
    assert "damaged" in bad(tmp_path / "a.wav").message


def test_a_recording_of_an_hour_is_no_turn_and_the_message_says_what_one_is(tmp_path: Path) -> None:
    soundfile.write(tmp_path / "a.flac", np.zeros(3600 * 8000, np.int16), 8000)
    error = bad(tmp_path / "a.flac")
    assert "60 minutes" in error.message
    assert f"at most {LONGEST_TURN_S // 60} minutes" in error.message
    assert "agent turn" in error.message


def test_a_pipe_is_refused_without_waiting_for_it(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "a.wav")
    assert "regular file" in bad(tmp_path / "a.wav").message


def test_a_saved_wav_is_private_and_reads_back_the_same(tmp_path: Path) -> None:
    sound = tone(RATE)
    save_wav(tmp_path / "a.wav", sound)
    assert (tmp_path / "a.wav").stat().st_mode & 0o777 == 0o600
    assert np.allclose(load_turn(tmp_path / "a.wav"), sound, atol=1e-4)
