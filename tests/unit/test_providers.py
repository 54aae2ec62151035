"""Which key goes to which server, and that nothing for this machine passes through a proxy."""

import os
from collections.abc import Iterator

import keyring
import pytest
from keyring.backend import KeyringBackend

from trainer.domain.errors import EngineMissing
from trainer.providers import keys
from trainer.providers.hosted import HostedModel
from trainer.providers.library import load

MODEL = "openai/any"
VARIABLE = "OPENAI_API_KEY"
PROVIDER = ""
ELSEWHERE = "https://models.example.com/v1"
PLAIN = "http://192.168.1.4:8080/v1"
HERE = "http://127.0.0.1:8080/v1"
HERE_ENCRYPTED = "https://localhost:8443/v1"


class Entries(KeyringBackend):  # type: ignore[misc]  # keyring has no types
    """A keyring in memory."""

    priority = 1

    def __init__(self) -> None:
        super().__init__()
        self.kept: dict[tuple[str, str], str] = {}

    def get_password(self, service: str, username: str) -> str | None:
        return self.kept.get((service, username))

    def set_password(self, service: str, username: str, password: str) -> None:
        self.kept[service, username] = password


@pytest.fixture(autouse=True)
def entries() -> Iterator[Entries]:
    before, mine = keyring.get_keyring(), Entries()
    keyring.set_keyring(mine)
    yield mine
    keyring.set_keyring(before)


@pytest.mark.parametrize("api_base", [PROVIDER, ELSEWHERE])
def test_a_key_of_the_environment_is_left_to_its_provider_and_to_https(
    api_base: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(VARIABLE, "sk-private")
    assert keys.find(MODEL, api_base) is None


@pytest.mark.parametrize("api_base", [PLAIN, HERE, HERE_ENCRYPTED])
def test_no_key_of_a_provider_goes_over_plain_http_or_to_this_machine(
    api_base: str, entries: Entries, monkeypatch: pytest.MonkeyPatch
) -> None:
    entries.set_password(keys.SERVICE, VARIABLE, "sk-kept")
    assert keys.find(MODEL, api_base) == keys.NO_KEY
    monkeypatch.setenv(VARIABLE, "sk-private")
    assert keys.find(MODEL, api_base) == keys.NO_KEY


def test_a_key_in_the_keyring_is_found_by_its_variable(entries: Entries) -> None:
    entries.set_password(keys.SERVICE, VARIABLE, "sk-kept")
    assert keys.find(MODEL) == "sk-kept"
    assert keys.find(MODEL, ELSEWHERE) == "sk-kept"


@pytest.mark.parametrize("api_base", [PROVIDER, ELSEWHERE, PLAIN, HERE])
def test_a_key_kept_for_one_model_goes_wherever_that_model_is_and_to_no_other(
    api_base: str, entries: Entries
) -> None:
    entries.set_password(keys.SERVICE, MODEL, "sk-of-this-model")
    entries.set_password(keys.SERVICE, VARIABLE, "sk-kept")
    assert keys.find(MODEL, api_base) == "sk-of-this-model"
    assert keys.find("openai/other", api_base) != "sk-of-this-model"


def test_a_provider_that_wants_a_key_says_how_to_give_it() -> None:
    with pytest.raises(EngineMissing, match="needs a key") as missing:
        keys.find("anthropic/claude-any")
    assert "keyring set voice-trainer ANTHROPIC_API_KEY" in missing.value.hint


async def test_a_key_that_came_later_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    model = HostedModel(MODEL)
    with pytest.raises(EngineMissing):
        await model.request()
    monkeypatch.setenv(VARIABLE, "sk-private")
    assert "api_key" not in await model.request()


def test_what_takes_no_proxy_already_stays_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NO_PROXY", "intranet.example.com,localhost")
    load()
    load()
    names = os.environ["NO_PROXY"].split(",")
    assert sorted(names) == ["127.0.0.1", "::1", "intranet.example.com", "localhost"]
