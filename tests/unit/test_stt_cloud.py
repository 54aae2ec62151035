"""Cloud transcription against a real HTTP server that speaks `/v1/audio/transcriptions`."""

import io
import json
import subprocess
import sys
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from email import message_from_bytes
from email.message import Message
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import numpy as np
import pytest
import soundfile

from trainer.domain.audio import RATE, Samples
from trainer.domain.errors import BadInput, EngineFailed, EngineMissing
from trainer.simulate.model_server import dead_url
from trainer.stt import cloud


@dataclass
class Server:
    """A transcription server: what it answers next, and what it was asked."""

    port: int = 0
    status: int = 200
    answer: bytes = b'{"text": "I am sorry to hear that."}'
    asked: list[dict[str, bytes]] = field(default_factory=list)
    headers: list[Message] = field(default_factory=list)

    @property
    def base(self) -> str:
        return f"http://127.0.0.1:{self.port}/v1"


@pytest.fixture
def server() -> Iterator[Server]:
    state = Server()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            kind = f"Content-Type: {self.headers['Content-Type']}\r\n\r\n".encode()
            parts = message_from_bytes(kind + body).get_payload()
            assert isinstance(parts, list)
            asked = {}
            for part in parts:
                assert isinstance(part, Message)
                name = part.get_param("name", header="content-disposition")
                asked[str(name)] = part.get_payload(decode=True)
            state.asked.append(asked)  # type: ignore[arg-type]
            state.headers.append(self.headers)
            good = self.path == "/v1/audio/transcriptions"
            self.send_response(state.status if good else 404)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(state.answer)))
            self.end_headers()
            self.wfile.write(state.answer)

        def log_message(self, *_: Any) -> None:
            pass

    http = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    state.port = http.server_address[1]
    threading.Thread(target=http.serve_forever, daemon=True).start()
    yield state
    http.shutdown()
    http.server_close()


@pytest.fixture(autouse=True)
def no_keys(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("OPENAI_API_KEY", "OPENAI_BASE_URL", "OPENAI_API_BASE"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("PYTHON_KEYRING_BACKEND", "keyring.backends.null.Keyring")


def _sound(seconds: float = 1.0) -> Samples:
    return np.random.default_rng(1).normal(0, 0.1, round(seconds * RATE)).astype(np.float32)


async def test_words_come_back_and_the_sound_goes_out_unharmed(server: Server) -> None:
    sound = _sound()
    heard = await cloud.create("openai/whisper-1", server.base).transcribe(sound)
    assert heard.text == "I am sorry to hear that."
    assert heard.rejected == ""
    asked = server.asked[0]
    assert asked["model"] == b"whisper-1"
    assert asked["language"] == b"en"
    sent, rate = soundfile.read(io.BytesIO(asked["file"]), dtype="float32")
    assert rate == RATE
    assert np.abs(sent - sound).max() < 1e-4


async def test_the_environments_key_is_not_sent_to_a_server_on_this_machine(
    server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", "sk-secret")
    engine = cloud.create("openai/whisper-1", server.base)
    await engine.transcribe(_sound())
    assert "secret" not in str(server.headers[0])
    assert not engine.leaves_machine


async def test_sound_for_this_machine_takes_no_proxy(
    server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NO_PROXY", "")
    monkeypatch.setenv("no_proxy", "")
    for variable in ("HTTP_PROXY", "http_proxy", "ALL_PROXY"):
        monkeypatch.setenv(variable, dead_url().removesuffix("/v1"))
    heard = await cloud.create("openai/whisper-1", server.base).transcribe(_sound())
    assert heard.text == "I am sorry to hear that."


async def test_a_missing_key_is_told_before_the_call() -> None:
    with pytest.raises(EngineMissing, match="key") as told:
        await cloud.create("openai/whisper-1").warm()
    assert "OPENAI_API_KEY" in told.value.hint


@pytest.mark.parametrize(
    ("status", "told"),
    [
        (401, "refused the key"),
        (404, "does not exist"),
        (413, "so long a turn"),
        (429, "too busy"),
        (500, "fault"),
    ],
)
async def test_a_providers_fault_is_told_in_plain_words_and_asked_once(
    server: Server, status: int, told: str
) -> None:
    server.status, server.answer = status, b'{"error": {"message": "Traceback: x"}}'
    with pytest.raises(EngineFailed, match=told) as fault:
        await cloud.create("openai/whisper-1", server.base).transcribe(_sound())
    assert "Traceback" not in str(fault.value)
    assert len(server.asked) == 1


@pytest.mark.parametrize("answer", [b"<html>", b"[]", b"{}", b""])
async def test_an_answer_that_is_no_transcription_is_a_fault(server: Server, answer: bytes) -> None:
    server.answer = answer
    with pytest.raises(EngineFailed):
        await cloud.create("openai/gpt-4o-mini-transcribe", server.base).transcribe(_sound())


async def test_no_server_there_is_told(server: Server) -> None:
    base = server.base.replace(str(server.port), "9")
    with pytest.raises(EngineFailed, match="cannot be reached"):
        await cloud.create("openai/whisper-1", base).transcribe(_sound())


async def test_an_empty_text_is_not_heard(server: Server) -> None:
    server.answer = b'{"text": "  "}'
    heard = await cloud.create("openai/whisper-1", server.base).transcribe(_sound())
    assert (heard.text, heard.rejected) == ("", "no speech")


async def test_silence_is_not_sent_at_all(server: Server) -> None:
    heard = await cloud.create("openai/whisper-1", server.base).transcribe(
        np.zeros(RATE, np.float32)
    )
    assert heard.rejected
    assert server.asked == []


async def test_words_made_up_over_noise_are_rejected_where_the_provider_tells(
    server: Server,
) -> None:
    part = {"avg_logprob": -0.9, "no_speech_prob": 0.9, "compression_ratio": 0.6}
    whole = {"text": "Thank you.", "segments": [{"text": "Thank you.", **part}]}
    server.answer = json.dumps(whole).encode()
    engine = cloud.create("openai/whisper-1", server.base)
    assert (await engine.transcribe(_sound())).rejected == "no speech"
    part |= {"avg_logprob": -0.2, "no_speech_prob": 0.05}
    server.answer = json.dumps({**whole, "segments": [{"text": "Thank you.", **part}]}).encode()
    heard = await engine.transcribe(_sound())
    assert heard.text == "Thank you."
    assert heard.confidence == pytest.approx(np.exp(-0.2))


def test_a_model_without_a_provider_is_bad_input() -> None:
    with pytest.raises(BadInput, match="whose model"):
        cloud.create("whisper-1")


def test_the_module_loads_without_litellm() -> None:
    code = "import sys, trainer.stt.cloud; sys.exit('litellm' in sys.modules)"
    subprocess.run([sys.executable, "-c", code], check=True)
