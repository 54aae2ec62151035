"""Which model words the customer, what leaves the machine, and where keys go."""

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from trainer import models
from trainer.domain.errors import BadInput, EngineMissing
from trainer.llm import measured, ollama
from trainer.llm.choose import choose
from trainer.llm.litellm import LiteLLM, create
from trainer.ports.wording import Message, Prompt
from trainer.settings import cache_dir
from trainer.simulate.model_server import ModelServer, dead_url

HELLO = Prompt((Message(role="user", content="Hello"),))


async def line(model: LiteLLM) -> str:
    return "".join([piece async for piece in model.stream(HELLO)])


@pytest.fixture
def empty_cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("TRAINER_CACHE", str(tmp_path))
    return tmp_path


@pytest.fixture
def no_ollama(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever runs on the machine of whoever runs the tests."""
    monkeypatch.setattr(ollama, "find", lambda: None)


def test_authored_asks_no_model() -> None:
    assert choose("authored") is None


@pytest.mark.usefixtures("empty_cache", "no_ollama")
def test_auto_uses_no_cloud_model_whatever_keys_are_there(monkeypatch: pytest.MonkeyPatch) -> None:
    for provider in ("OPENAI", "ANTHROPIC", "GEMINI", "OPENROUTER"):
        monkeypatch.setenv(f"{provider}_API_KEY", "sk-something")
    assert choose("auto") is None


@pytest.mark.usefixtures("empty_cache")
def test_a_local_model_without_weights_names_the_command() -> None:
    with pytest.raises(EngineMissing) as missing:
        choose("local")
    assert "trainer models pull local-llm" in str(missing.value)


def test_a_name_without_a_provider_is_explained() -> None:
    with pytest.raises(BadInput, match="whose model") as wrong:
        choose("gpt-4o")
    assert "openai/gpt-4o-mini" in wrong.value.hint


@pytest.mark.engine
@pytest.mark.usefixtures("no_ollama")
@pytest.mark.parametrize(("accepted", "name"), [(9, None), (10, "local/"), (20, "local/")])
def test_auto_takes_the_local_model_only_when_half_was_good(
    accepted: int, name: str | None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    model = f"local/{models.find('local-llm').stem}"
    (tmp_path / "weights").symlink_to(cache_dir() / "weights")
    monkeypatch.setenv("TRAINER_CACHE", str(tmp_path))
    assert choose("auto") is None  # nothing was measured here
    measured.remember(measured.Measurement(model, accepted, 20))
    chosen = choose("auto")
    assert (chosen.name[:6] if chosen else None) == name


@pytest.mark.usefixtures("empty_cache")
def test_a_measurement_counts_for_its_model_only() -> None:
    measured.remember(measured.Measurement("local/one", 20, 20))
    assert measured.last("local/one") == measured.Measurement("local/one", 20, 20)
    assert measured.last("local/two") is None
    (cache_dir() / "local-wording.json").write_text("{torn", "utf-8")
    assert measured.last("local/one") is None


@contextmanager
def running_ollama(*tags: dict[str, Any]) -> Iterator[str]:
    """A server that lists models as Ollama does."""

    class Tags(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            body = json.dumps({"models": tags}).encode()
            self.send_response(200)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: Any) -> None: ...

    with ThreadingHTTPServer(("127.0.0.1", 0), Tags) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_address[1]}"
        server.shutdown()


def tag(name: str, size: str, **more: str) -> dict[str, Any]:
    return {"name": name, "details": {"parameter_size": size}, **more}


def test_ollama_is_asked_for_the_largest_model_a_laptop_runs() -> None:
    several = (
        tag("llama3.2:3b", "3.2B"),
        tag("qwen3:8b", "8.2B"),
        tag("llama3.3:70b", "70.6B"),
        tag("nomic-embed-text:latest", "137M"),
    )
    with running_ollama(*several) as address:
        assert ollama.find(address) == "ollama_chat/qwen3:8b"


def test_a_model_in_ollamas_cloud_is_not_on_this_machine() -> None:
    clouds = (tag("gpt-oss:20b-cloud", "20B"), tag("far", "4B", remote_host="https://ollama.com"))
    with running_ollama(*clouds) as address:
        assert ollama.find(address) is None
    assert create("ollama_chat/gpt-oss:20b-cloud").leaves_machine


@pytest.mark.parametrize(
    "odd",
    [{"name": "llama3:8b", "details": None, "size": None}, {"name": None}, "llama3:8b"],
)
def test_an_answer_that_is_not_ollamas_finds_no_model(odd: Any) -> None:
    with running_ollama(odd) as address:
        assert ollama.find(address) is None


def test_a_size_that_is_not_said_is_told_from_the_file() -> None:
    unsaid = {"name": "llama3:8b", "details": None, "size": 4_900_000_000}
    with running_ollama(unsaid, tag("tiny", "1.2.3B")) as address:
        assert ollama.find(address) == "ollama_chat/llama3:8b"


def test_without_ollama_none_is_found() -> None:
    assert ollama.find(dead_url()) is None
    with running_ollama() as address:
        assert ollama.find(address) is None


@pytest.mark.parametrize(
    ("model", "api_base", "leaves"),
    [
        ("openai/gpt-4o-mini", "", True),
        ("openai/any", "http://127.0.0.1:8080/v1", False),
        ("openai/any", "http://localhost:8080/v1", False),
        ("openai/any", "http://[::1]:8080/v1", False),
        ("openai/any", "http://192.168.1.4:8080/v1", True),
        ("openai/any", "https://127.0.0.1.example.com/v1", True),
        ("ollama_chat/qwen3:8b", "", False),
        ("ollama_chat/qwen3:8b", "http://192.168.1.4:11434", True),
    ],
)
def test_the_screen_knows_when_words_leave_the_machine(
    model: str, api_base: str, leaves: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("OLLAMA_API_BASE", raising=False)
    assert create(model, api_base).leaves_machine is leaves


def test_an_ollama_elsewhere_is_not_this_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OLLAMA_API_BASE", "http://10.0.0.7:11434")
    assert create("ollama_chat/qwen3:8b").leaves_machine


def test_small_models_are_told_by_their_names() -> None:
    assert create("ollama_chat/qwen2.5:1.5b").small
    assert not create("ollama_chat/qwen3:8b").small
    assert not create("ollama_chat/llama3.3:70b").small
    assert not create("openai/gpt-4o-mini").small


async def test_no_key_of_the_environment_goes_to_a_server_here(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", "sk-private")
    with ModelServer() as server:
        await line(LiteLLM("openai/any", server.base_url))
    assert "sk-private" not in server.requests[0].key


async def test_words_for_this_machine_take_no_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NO_PROXY", "")
    monkeypatch.setenv("no_proxy", "")
    with ModelServer() as proxy, ModelServer() as server:
        for variable in ("HTTP_PROXY", "http_proxy", "ALL_PROXY"):
            monkeypatch.setenv(variable, proxy.base_url.removesuffix("/v1"))
        assert await line(LiteLLM("openai/any", server.base_url))
    assert len(server.requests) == 1
    assert proxy.requests == []
