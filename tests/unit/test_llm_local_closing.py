"""The local model's server is a process: it can be ended at any moment of its start."""

import asyncio
from pathlib import Path

import pytest

from trainer.domain.errors import EngineFailed, EngineMissing
from trainer.llm.local import Local
from trainer.ports.wording import Prompt


@pytest.mark.parametrize("after_s", [0.0, 0.003, 0.01, 0.03, 0.3])
async def test_a_server_that_is_just_starting_ends_when_it_is_closed(
    tmp_path: Path, after_s: float
) -> None:
    model = Local(tmp_path / "no-weights.gguf", threads=1)
    warming = asyncio.create_task(model.warm())
    await asyncio.sleep(after_s)
    async with asyncio.timeout(10):
        await model.close()
        with pytest.raises(EngineMissing):
            await warming
    assert model.pid is None


async def test_a_closed_model_starts_no_server_again(tmp_path: Path) -> None:
    model = Local(tmp_path / "no-weights.gguf", threads=1)
    await model.close()
    with pytest.raises(EngineFailed, match="closed"):
        await anext(model.stream(Prompt(messages=())))
    assert model.pid is None
