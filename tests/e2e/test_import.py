"""`trainer import`: recordings of real calls, as a person brings them."""

import json
import subprocess
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import soundfile

from tests.e2e.cli import Ran, trainer
from trainer.domain.audio import RATE, Samples, edges

LINES = [
    ("agent", "Thank you for calling Brightline. My name is Kim. How can I help you today?"),
    ("customer", "I was charged twice on my bill, and nobody ever called me back."),
    ("agent", "I am so sorry that we left you waiting. May I have your card number please?"),
    (
        "customer",
        "It is four five three nine, one four eight eight, zero three four three, "
        "six four six seven.",
    ),
    ("agent", "Thank you. So you were charged twice. I will send the money back today."),
    ("customer", "All right. Thank you very much for that."),
    ("agent", "You will have it by Friday. Is there anything else I can do for you?"),
]
VOICES = {"agent": "en-us+f3", "customer": "en-gb"}
PAUSE_S = 0.7
CONSENT = ("--consent", "Kim and the customer, on the phone")
KEYS = {
    "call", "status", "seed", "engines", "transcript", "mood", "events", "facts", "csat", "story",
    "ground",
}  # fmt: skip


def spoken(text: str, voice: str, scratch: Path) -> Samples:
    import soxr

    file = scratch / "line.wav"
    subprocess.run(["espeak-ng", "-v", voice, "-s", "150", "-w", str(file), text], check=True)
    sound, rate = soundfile.read(file, dtype="float32")
    made: Samples = soxr.resample(sound, rate, RATE).astype(np.float32)
    audible = edges(made)
    assert audible is not None
    return made[audible[0] : audible[1] + 1]


@pytest.fixture(scope="module")
def recordings(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """left.wav, right.wav (the agent's side), mono.wav, and times.json, what was said when."""
    folder = tmp_path_factory.mktemp("recordings")
    sides: dict[str, list[Samples]] = {"agent": [], "customer": []}
    times, at = [], 0.0
    for who, text in LINES:
        sound = np.pad(spoken(text, VOICES[who], folder), (0, round(PAUSE_S * RATE)))
        times.append({"who": who, "text": text, "start_s": at, "end_s": at + len(sound) / RATE})
        times[-1]["end_s"] = at + len(sound) / RATE - PAUSE_S
        at += len(sound) / RATE
        for side, pieces in sides.items():
            pieces.append(sound if side == who else np.zeros_like(sound))
    agent, customer = (np.concatenate(sides[who]) for who in ("agent", "customer"))
    soundfile.write(folder / "left.wav", np.stack([agent, customer], axis=1), RATE)
    soundfile.write(folder / "right.wav", np.stack([customer, agent], axis=1), RATE)
    soundfile.write(folder / "mono.wav", agent + customer, RATE)
    (folder / "times.json").write_text(json.dumps(times))
    return folder


def reviewed(folder: Path) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((folder / "review.json").read_text())
    return found


def brought(recordings: Path, tmp_path: Path, name: str, *more: str | Path) -> Ran:
    return trainer(
        "import", recordings / name, *CONSENT, "--out", tmp_path / "call", "--json", *more,
        cwd=tmp_path,
    )  # fmt: skip


@pytest.mark.engine
def test_a_stereo_call_is_transcribed_masked_and_reviewed(recordings: Path, tmp_path: Path) -> None:
    ran = brought(recordings, tmp_path, "right.wav", "--stt", "tiny.en")
    assert ran.code == 0, ran.err
    told = ran.json
    assert set(told) == KEYS
    assert [turn["who"] for turn in told["transcript"]] == [who for who, _ in LINES]
    assert "charged twice" in told["transcript"][1]["text"]
    folder = tmp_path / "call"
    kept = b"".join(path.read_bytes() for path in folder.iterdir()).lower()
    assert b"1488" not in kept
    assert b"four eight eight" not in kept
    assert b"number]" in kept
    assert not (folder / "call.wav").exists()
    meta = json.loads((folder / "meta.json").read_text())
    assert meta["consent"]["by"] == CONSENT[1]
    assert meta["agent"] == "right"
    review = reviewed(folder)
    assert review["mode"] == "imported"
    assert review["measures"]["timing"]["median_gap_s"] == pytest.approx(PAUSE_S, abs=0.2)
    assert review["measures"]["language"]["apology_owned"] >= 1
    assert review["curve"] == []
    assert review["measures"]["timing"]["holds"] is None
    levels = {one["id"]: one for one in review["behaviours"]}
    for needs_the_customer in ("T2", "E1", "SR1", "SR2"):
        assert levels[needs_the_customer]["level"] is None
        assert "real call" in levels[needs_the_customer]["reason"]
    assert levels["E3"]["level"] is not None
    assert (folder / "report.html").stat().st_mode & 0o777 == 0o600


def test_without_consent_nothing_is_written(recordings: Path, tmp_path: Path) -> None:
    ran = trainer("import", recordings / "left.wav", "--out", tmp_path / "call", cwd=tmp_path)
    assert ran.code == 2
    assert "--consent" in ran.err
    assert not (tmp_path / "call").exists()


def test_a_transcript_with_times_needs_no_speech_to_text(recordings: Path, tmp_path: Path) -> None:
    ran = brought(recordings, tmp_path, "left.wav", "--transcript", recordings / "times.json")
    assert ran.code == 0, ran.err
    assert ran.json["engines"]["stt"] == "transcript"
    said = {turn["turn"]: turn["text"] for turn in ran.json["transcript"]}
    assert said[2] == LINES[1][1]
    assert said[4] == "It is [card number]."
    assert json.loads((tmp_path / "call" / "meta.json").read_text())["agent"] == "left"


def test_the_sound_is_kept_only_on_request_and_playing_says_why(
    recordings: Path, tmp_path: Path
) -> None:
    times = ("--transcript", recordings / "times.json")
    assert brought(recordings, tmp_path, "left.wav", *times).code == 0
    played = trainer("calls", "play", tmp_path / "call", cwd=tmp_path)
    assert played.code == 2
    assert "--keep-audio" in played.err
    kept = trainer(
        "import", recordings / "right.wav", *CONSENT, *times, "--keep-audio",
        "--out", tmp_path / "kept", "--json", cwd=tmp_path,
    )  # fmt: skip
    assert kept.code == 0, kept.err
    sound, rate = soundfile.read(tmp_path / "kept" / "call.wav")
    agent, _ = soundfile.read(recordings / "left.wav")
    assert rate == RATE
    assert np.allclose(sound, agent[: len(sound)], atol=1e-3)  # the agent is left, always


def test_reviewing_again_without_the_sound_gives_the_same(recordings: Path, tmp_path: Path) -> None:
    times = ("--transcript", recordings / "times.json")
    assert brought(recordings, tmp_path, "left.wav", *times).code == 0
    first = reviewed(tmp_path / "call")
    assert first["measures"]["delivery"]["f0_median_st"] is not None
    again = trainer("review", tmp_path / "call", "--json", cwd=tmp_path)
    assert again.json == first


@pytest.mark.engine
def test_one_channel_gives_words_and_says_that_nobody_knows_whose(
    recordings: Path, tmp_path: Path
) -> None:
    ran = brought(recordings, tmp_path, "mono.wav", "--stt", "tiny.en")
    assert ran.code == 0, ran.err
    assert "one channel" in ran.err
    assert {turn["who"] for turn in ran.json["transcript"]} == {"unknown"}
    review = reviewed(tmp_path / "call")
    assert review["measures"]["timing"]["talk_share"] is None
    assert set(review["measures"]["language"].values()) == {None}
    assert all(one["level"] is None for one in review["behaviours"])
    assert review["feedback"]["improve"] == []


def test_one_channel_with_a_transcript_has_its_words_reviewed(
    recordings: Path, tmp_path: Path
) -> None:
    text = "\n".join(f"{who.title()}: {text}" for who, text in LINES)
    (tmp_path / "said.txt").write_text(text)
    ran = brought(recordings, tmp_path, "mono.wav", "--transcript", tmp_path / "said.txt")
    assert ran.code == 0, ran.err
    assert [turn["who"] for turn in ran.json["transcript"]] == [who for who, _ in LINES]
    review = reviewed(tmp_path / "call")
    assert review["measures"]["language"]["apology_owned"] >= 1
    assert review["measures"]["timing"]["median_gap_s"] is None
    assert review["measures"]["delivery"]["f0_median_st"] is None


@pytest.mark.parametrize(
    ("name", "more"),
    [
        ("times.json", ()),
        ("nowhere.wav", ()),
        ("mono.wav", ("--agent", "left")),
        ("left.wav", ("--transcript", "nowhere.txt")),
    ],
)
def test_what_cannot_be_used_is_said_plainly_and_leaves_nothing(
    recordings: Path, tmp_path: Path, name: str, more: tuple[str, ...]
) -> None:
    ran = brought(recordings, tmp_path, name, "--stt", "tiny.en", *more)
    assert ran.code == 2
    assert len(ran.err.splitlines()) <= 4
    assert not (tmp_path / "call").exists()


def test_silence_is_no_call(recordings: Path, tmp_path: Path) -> None:
    soundfile.write(tmp_path / "silence.wav", np.zeros((RATE * 3, 2)), RATE)
    ran = brought(recordings, tmp_path, str(tmp_path / "silence.wav"), "--stt", "tiny.en")
    assert ran.code == 2
    assert "Nobody can be heard" in ran.err


@pytest.mark.engine
@pytest.mark.slow
def test_the_share_of_a_recorded_agent_is_what_it_was(eval_data: Path, tmp_path: Path) -> None:
    call = eval_data / "calls" / "auto_repairs_40_agentL_callerR_8k.flac"
    ran = brought(call.parent, tmp_path, call.name, "--stt", "tiny.en")
    assert ran.code == 0, ran.err
    review = reviewed(tmp_path / "call")
    assert review["measures"]["timing"]["talk_share"] == pytest.approx(0.49, abs=0.03)
    assert json.loads((tmp_path / "call" / "meta.json").read_text())["agent"] == "left"


def test_where_only_the_agent_was_recorded_nothing_is_said_about_sharing(
    recordings: Path, tmp_path: Path
) -> None:
    sound, rate = soundfile.read(recordings / "left.wav")
    sound[:, 1] = 0
    soundfile.write(tmp_path / "agent.wav", sound, rate)
    times = ("--transcript", recordings / "times.json")
    ran = brought(recordings, tmp_path, str(tmp_path / "agent.wav"), *times)
    assert ran.code == 0, ran.err
    assert {turn["who"] for turn in ran.json["transcript"]} == {"agent"}
    timing = reviewed(tmp_path / "call")["measures"]["timing"]
    assert timing["talk_share"] is None
    assert "Only one of the two" in timing["not_measured"]["talk_share"]
