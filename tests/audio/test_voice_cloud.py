"""The cloud voice against a real HTTP server that speaks OpenAI's protocol and fails."""

import contextlib
import io
import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import soundfile

from tests.audio.voice_measures import NEUTRAL, choice, pieces
from trainer.customer.delivery import style
from trainer.domain.audio import RATE
from trainer.domain.errors import EngineFailed, EngineMissing
from trainer.domain.mood import Band, Feeling, Mood
from trainer.tts import cloud
from trainer.tts.level import SPEECH_DBFS, speech_level

MODEL = "openai/some-tts"


def wav(seconds: float = 1.0, rate: int = 24_000, length_known: bool = True) -> bytes:
    """A buzzing second as a provider would send it; a streamed one does not know its own length."""
    time = np.arange(int(seconds * rate)) / rate
    sound = 0.3 * np.sin(2 * np.pi * 180 * time) * (1 + np.sin(2 * np.pi * 4 * time)) / 2
    out = io.BytesIO()
    soundfile.write(out, sound, rate, format="WAV", subtype="PCM_16")
    told = bytearray(out.getvalue())
    if not length_known:
        told[4:8] = b"\xff\xff\xff\xff"
        data = told.index(b"data")
        told[data + 4 : data + 8] = b"\xff\xff\xff\xff"
    return bytes(told)


class SpeechServer:
    """Answers every request with one status and body, and keeps what was asked."""

    def __init__(self) -> None:
        self.status = 200
        self.body = wav()
        self.asked: list[dict[str, Any]] = []
        self.release = threading.Event()
        self.release.set()
        server = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                length = int(self.headers["Content-Length"])
                asked = json.loads(self.rfile.read(length))
                server.asked.append(
                    asked | {"path": self.path, "key": self.headers["Authorization"]}
                )
                server.release.wait(30)
                self.send_response(server.status)
                self.send_header("Content-Length", str(len(server.body)))
                self.end_headers()
                with contextlib.suppress(OSError):  # the caller may have given up
                    self.wfile.write(server.body)

            def log_message(self, format: str, *args: object) -> None:
                pass

        self._http = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._http.daemon_threads = True
        threading.Thread(target=self._http.serve_forever, daemon=True).start()

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self._http.server_port}/v1"

    def close(self) -> None:
        self.release.set()
        self._http.shutdown()
        self._http.server_close()


@pytest.fixture
def server() -> Iterator[SpeechServer]:
    made = SpeechServer()
    yield made
    made.close()


async def test_the_mood_travels_as_instructions_and_the_sound_comes_back_levelled(
    server: SpeechServer,
) -> None:
    voice = cloud.create(MODEL, server.address)
    await voice.warm()
    furious = style(Feeling.ANGER, Band.OVERWHELMED, Mood())
    await pieces(voice, "(shouting) Give me $20!", choice(cloud="coral"), furious)
    (sound,) = await pieces(voice, "Fine.", choice(register="low"), NEUTRAL)
    angry, calm = server.asked
    assert angry["path"] == "/v1/audio/speech"
    assert angry["input"] == "Give me 20 dollars!"
    assert (angry["voice"], calm["voice"]) == ("coral", "onyx")
    assert "raised voice" in angry["instructions"]
    assert "raised voice" not in calm["instructions"]
    assert angry["speed"] > calm["speed"] == 1.0
    spoken = {"model", "input", "voice", "instructions", "speed", "response_format"}
    assert angry.keys() - {"path", "key"} == spoken
    assert sound.size / RATE == pytest.approx(1.0, abs=0.05)
    assert speech_level(sound) == pytest.approx(SPEECH_DBFS, abs=0.5)


@pytest.mark.parametrize("rate", [8_000, 24_000, 48_000])
async def test_any_sample_rate_comes_out_at_the_call_clock(server: SpeechServer, rate: int) -> None:
    server.body = wav(0.8, rate)
    (sound,) = await pieces(cloud.create(MODEL, server.address), "Hello.", choice(), NEUTRAL)
    assert sound.size / RATE == pytest.approx(0.8, abs=0.05)


async def test_a_streamed_wav_that_does_not_know_its_length_is_read(server: SpeechServer) -> None:
    server.body = wav(length_known=False)
    (sound,) = await pieces(cloud.create(MODEL, server.address), "Hello.", choice(), NEUTRAL)
    assert sound.size / RATE == pytest.approx(1.0, abs=0.05)


@pytest.mark.parametrize(
    ("status", "body", "told"),
    [
        (401, b'{"error": {"message": "bad key"}}', "refused the key"),
        (429, b'{"error": {"message": "slow down"}}', "too busy"),
        (500, b'{"error": {"message": "oops"}}', "a fault of its own"),
        (404, b'{"error": {"message": "no such model"}}', "does not exist"),
        (200, b"", "without sound"),
        (200, b'{"not": "audio"}', "without sound"),
        (200, wav()[:30], "without sound"),
    ],
)
async def test_every_failure_of_the_provider_is_told_in_plain_words(
    server: SpeechServer, status: int, body: bytes, told: str
) -> None:
    server.status, server.body = status, body
    voice = cloud.create(MODEL, server.address)
    with pytest.raises(EngineFailed, match=told):
        await pieces(voice, "Hello?", choice(), NEUTRAL)
    server.status, server.body = 200, wav()
    assert await pieces(voice, "Hello?", choice(), NEUTRAL)


async def test_a_provider_that_never_answers_is_given_up(
    server: SpeechServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(cloud, "_PATIENCE_S", 0.5)
    server.release.clear()
    with pytest.raises(EngineFailed, match="did not answer in time"):
        await pieces(cloud.create(MODEL, server.address), "Hello?", choice(), NEUTRAL)


async def test_a_provider_that_is_not_there_is_told(server: SpeechServer) -> None:
    server.close()
    with pytest.raises(EngineFailed, match="cannot be reached"):
        await pieces(cloud.create(MODEL, server.address), "Hello?", choice(), NEUTRAL)


async def test_without_a_key_the_variable_to_set_is_named() -> None:
    with pytest.raises(EngineMissing) as missing:
        await cloud.create("openai/gpt-4o-mini-tts").warm()
    assert "OPENAI_API_KEY" in missing.value.hint


async def test_a_key_from_the_environment_is_not_sent_to_a_server_without_encryption(
    server: SpeechServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", "sk-secret")
    await pieces(cloud.create(MODEL, server.address), "Hello.", choice(), NEUTRAL)
    assert "sk-secret" not in server.asked[0]["key"]


async def test_nothing_is_asked_for_a_line_without_words(server: SpeechServer) -> None:
    assert await pieces(cloud.create(MODEL, server.address), "(sighs)", choice(), NEUTRAL) == []
    assert server.asked == []


async def test_a_broken_instructions_file_of_the_users_own_is_named_before_the_call(
    tmp_path: Path,
) -> None:
    (tmp_path / "prompts").mkdir()
    (tmp_path / "prompts" / "voice_instructions.md").write_text("{{ rate ")
    with pytest.raises(EngineFailed, match=r"voice_instructions\.md"):
        await cloud.create(MODEL, "http://localhost:1/v1", [tmp_path]).warm()
