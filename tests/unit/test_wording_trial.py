"""The trial that decides whether a model takes part counts its own words, in time, nothing else."""

import pytest

from trainer.llm.litellm import LiteLLM
from trainer.simulate.model_server import ModelServer
from trainer.simulate.wording_trial import scenes, take, trial

OWN = "I don't know what to do any more, and you people keep asking."


def model_of(server: ModelServer) -> LiteLLM:
    return LiteLLM("openai/scripted", server.base_url)


def test_moments_come_from_every_customer_and_leave_room() -> None:
    moments = scenes(9)
    assert len({moment.cast.name for moment in moments}) >= 3
    assert all(len(moment.reply.draft) > 1 for moment in moments)
    assert all(moment.history[-1].who == "agent" for moment in moments)


async def test_own_words_count() -> None:
    with ModelServer(replies=[OWN]) as server:
        model = model_of(server)
        await model.warm()
        assert await trial(model, count=3) == (3, 3)


async def test_a_copy_of_the_draft_does_not_count() -> None:
    moment = scenes(1)[0]
    with ModelServer(replies=[" ".join(moment.reply.draft[1:])]) as server:
        taken = await take(moment, model_of(server))
    assert "llm" in [clause.source for clause in taken.clauses]
    assert not taken.used


@pytest.mark.parametrize("fault", ["hang", "role_flip", "500"])
async def test_a_model_that_fails_does_not_count(fault: str) -> None:
    with ModelServer() as server:
        model = LiteLLM(f"openai/fault-{fault}", server.base_url)
        assert await trial(model, count=1) == (0, 1)
