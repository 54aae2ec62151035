"""`trainer call --agent-audio`: real speech through voice activity, Whisper, mood and voice."""

from pathlib import Path

import jiwer
import numpy as np
import pytest
import soundfile
import soxr

from tests.e2e.cli import trainer
from trainer.audio.vad import Silero
from trainer.domain.audio import BLOCK, RATE, Samples

pytestmark = pytest.mark.engine

NORMAL = jiwer.Compose([jiwer.ToLowerCase(), jiwer.RemovePunctuation(), jiwer.Strip()])


def plain(text: str) -> str:
    words: str = NORMAL(text)
    return words


def turns_of(sound: Samples, gap_s: float = 1.2, least_s: float = 2.0) -> list[Samples]:
    """Stretches of speech, as a person would cut them."""
    meter, runs, start, quiet = Silero(), [], None, 0
    for at in range(0, len(sound) - BLOCK, BLOCK):
        if meter.speech(sound[at : at + BLOCK]) >= 0.5:
            start, quiet = at if start is None else start, 0
        elif start is not None:
            quiet += BLOCK
            if quiet > gap_s * RATE:
                runs.append(sound[max(0, start - BLOCK) : at - quiet + 4 * BLOCK])
                start = None
    return [run for run in runs if len(run) > least_s * RATE]


def test_what_was_said_is_what_was_heard_and_the_answer_is_audible(
    eval_data: Path, tmp_path: Path
) -> None:
    jfk = eval_data / "speech" / "jfk.flac"
    ran = trainer(
        "call", "olsen-outage", "--agent-audio", jfk, "--seed", "1", "--out", "c", "--json",
        cwd=tmp_path,
    )  # fmt: skip
    assert ran.code == 0, ran.err
    transcript = ran.json["transcript"]
    assert [turn["who"] for turn in transcript] == ["customer", "agent", "customer"]
    assert transcript[1]["source"] == "stt"
    said = (
        "And so my fellow Americans ask not what your country can do for you "
        "ask what you can do for your country"
    )
    # one turn, although the speaker pauses three times
    assert jiwer.wer(plain(said), plain(transcript[1]["text"])) < 0.1
    sound, rate = soundfile.read(tmp_path / "c" / "call.wav", always_2d=True)
    agent, customer = sound.T
    for turn, channel, other in ((1, agent, customer), (2, customer, agent)):
        start, end = (round(transcript[turn][key] * rate) for key in ("start_s", "end_s"))
        assert np.sqrt(np.mean(channel[start:end] ** 2)) > 0.01
        assert np.abs(other[start:end]).max() < 0.001


def test_a_human_agent_on_a_telephone_line_is_heard_turn_by_turn(
    eval_data: Path, tmp_path: Path
) -> None:
    (recording,) = (eval_data / "calls").glob("*.flac")
    both, rate = soundfile.read(recording, dtype="float32", always_2d=True)
    left = soxr.resample(both[: 90 * rate, 0], rate, RATE)
    cut = turns_of(left)[:3]
    assert len(cut) == 3
    files: list[str | Path] = []
    for number, turn in enumerate(cut):
        # written back at the line's own rate, as a recording would come
        file = tmp_path / f"turn{number}.wav"
        soundfile.write(file, soxr.resample(turn, RATE, 8000), 8000, subtype="PCM_U8")
        files += ["--agent-audio", file]
    ran = trainer("call", "mercer-billing", *files, "--json", "--seed", "2", cwd=tmp_path)
    assert ran.code == 0, ran.err
    heard = [turn["text"] for turn in ran.json["transcript"] if turn["who"] == "agent"]
    assert len(heard) == 3
    assert all(len(text.split()) >= 3 for text in heard)
    assert len(ran.json["mood"]) == 3


def test_any_format_rate_and_width_is_taken(eval_data: Path, tmp_path: Path) -> None:
    sound, rate = soundfile.read(eval_data / "speech" / "LJ002-0020.flac", dtype="float32")
    stereo = np.stack([sound, sound], axis=1)
    files = {
        "a.wav": (soxr.resample(stereo, rate, 44100), 44100, "PCM_24"),
        "b.ogg": (soxr.resample(sound, rate, 48000), 48000, "VORBIS"),
        "c.flac": (soxr.resample(sound, rate, 11025), 11025, "PCM_16"),
    }
    args: list[str | Path] = []
    for name, (samples, its_rate, subtype) in files.items():
        soundfile.write(tmp_path / name, samples, its_rate, subtype=subtype)
        args += ["--agent-audio", tmp_path / name]
    ran = trainer("call", "voss-return", *args, "--voice", "none", "--json", cwd=tmp_path)
    assert ran.code == 0, ran.err
    heard = [plain(turn["text"]) for turn in ran.json["transcript"] if turn["who"] == "agent"]
    assert len(heard) == 3
    assert all("13" in text or "thirteen" in text for text in heard)
