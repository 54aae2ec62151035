"""The process that Whisper lives in may fail to start or be ended at any moment: nobody waits for
an answer that cannot come. No weights are needed for that.
"""

import asyncio
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from trainer.domain.errors import EngineFailed
from trainer.stt.whisper import Whisper
from trainer.stt.worker import Setup

TURN = np.zeros(16_000, np.float32)


def engine(folder: Path, weights: Any) -> Whisper:
    return Whisper(Setup(weights, "base", threads=1, shortest_s=12.0, log=folder / "log"))


async def test_a_process_that_cannot_even_start_fails_each_turn_and_not_the_call(
    tmp_path: Path,
) -> None:
    whisper = engine(tmp_path, weights=lambda: "nothing that another process could be handed")
    for _ in range(2):
        async with asyncio.timeout(10):
            with pytest.raises(EngineFailed):
                await whisper.transcribe(TURN)
    await whisper.close()


@pytest.mark.parametrize("after_s", [0.0, 0.003, 0.01, 0.03, 0.1])
async def test_it_can_be_closed_at_any_moment_of_its_start(tmp_path: Path, after_s: float) -> None:
    whisper = engine(tmp_path, weights=tmp_path / "no weights")
    turn = asyncio.create_task(whisper.transcribe(TURN))
    await asyncio.sleep(after_s)
    async with asyncio.timeout(10):
        await whisper.close()
        with pytest.raises(EngineFailed):
            await turn
    assert whisper.pid is None
