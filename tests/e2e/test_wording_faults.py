"""Whatever a language model's provider does, the customer answers and the call goes on."""

import pytest

from tests.conversation.fakes import Memory
from trainer import backends
from trainer.acts.reader import Reader
from trainer.content import personas
from trainer.conversation.typed import TypedCall
from trainer.conversation.words import Words
from trainer.customer.customer import Customer
from trainer.domain.errors import EngineMissing
from trainer.domain.mood import Status
from trainer.simulate.model_server import ModelServer, dead_url

SCRIPT = [
    "Let me look at the account first.",
    "The next visit is what the system offers me.",
    "I see that there were several calls before.",
]
BROKEN = ["401", "429", "500", "hang", "broken", "garbage", "empty"]


async def call_with(base: str, monkeypatch: pytest.MonkeyPatch) -> tuple[Status, Memory]:
    monkeypatch.setenv("OPENAI_API_KEY", "sk-test")
    model = backends.make("llm", "litellm", model="openai/any", api_base=base)
    who = personas.load("olsen-outage", [], 1)
    sink = Memory()
    call = TypedCall(
        who,
        Customer(who, Reader(None, []), 1),
        sink,
        lambda _: None,
        words=Words(model),
        script=SCRIPT,
    )
    try:
        return await call.run(), sink
    finally:
        await model.close()


@pytest.mark.slow
@pytest.mark.parametrize("fault", [*BROKEN, "refused"])
async def test_a_broken_provider_leaves_a_whole_call(
    fault: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    if fault == "refused":
        status, sink = await call_with(dead_url(), monkeypatch)
    else:
        with ModelServer(fault=fault) as server:  # type: ignore[arg-type]  # one of its faults
            status, sink = await call_with(server.base_url, monkeypatch)
    assert status is not Status.ABORTED
    customer = [turn for turn in sink.all("turn") if turn.who == "customer"]
    assert len(customer) == len(SCRIPT) + 1
    assert all(turn.text for turn in customer)
    assert not {source for turn in customer for source in turn.sources} & {"llm"}
    assert any(refusal.why for refusal in sink.all("clause_refused"))
    assert any(event.kind == "fallback" for event in sink.all("happened"))


@pytest.mark.slow
async def test_a_working_provider_is_heard(monkeypatch: pytest.MonkeyPatch) -> None:
    def reply(_: str) -> str:
        return "Look, every single day the oven is on and the line is not."

    with ModelServer(replies=reply) as server:
        _, sink = await call_with(server.base_url, monkeypatch)
        assert server.requests
    assert "llm" in {clause.source for clause in sink.all("clause")}
    mixed = [turn for turn in sink.all("turn") if turn.source == "mixed"]
    assert any("the oven is on" in turn.text for turn in mixed)


async def test_a_key_that_is_not_there_is_asked_for_before_the_call(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.delenv("OPENAI_API_KEY", raising=False)
    with pytest.raises(EngineMissing, match="key"):
        await backends.make("llm", "litellm", model="openai/gpt-4o-mini").warm()
