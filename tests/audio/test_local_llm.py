"""The real model in its own process: it words a plan in role, and its death stops no call."""

import asyncio
import os
import signal
import sys
import time
from collections.abc import AsyncIterator
from contextlib import aclosing
from pathlib import Path

import pytest
import pytest_asyncio

from tests.unit.wording_cast import scene
from trainer.customer import guard
from trainer.customer.wording import Clause, prepare, word
from trainer.llm.local import Local, create
from trainer.ports.wording import Message, Prompt

pytestmark = [pytest.mark.engine, pytest.mark.asyncio(loop_scope="module")]

LONG_S = 120.0


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def model() -> AsyncIterator[Local]:
    local = create()
    await local.warm()
    yield local
    await local.close()


async def tell(model: Local, due: asyncio.Event) -> tuple[list[Clause], list[str]]:
    clauses: list[Clause] = []
    reasons: list[str] = []
    async with asyncio.timeout(LONG_S):
        async with aclosing(word(scene(), model, due, lambda why, _: reasons.append(why))) as said:
            async for clause in said:
                clauses.append(clause)
    return clauses, reasons


async def test_the_local_model_words_a_plan_in_role(model: Local) -> None:
    await prepare(scene().cast, model)
    clauses, reasons = await tell(model, asyncio.Event())  # never due: a busy machine is no fault
    assert clauses[0] == Clause("No, please.", "authored")
    assert len(clauses) > 1
    for clause in clauses[1:]:
        assert guard.check(clause.text, guard.Context(known=scene().reply.draft)) is None
    assert reasons or all(clause.source == "llm" for clause in clauses[1:])
    assert not any(model.name in why for why in reasons)  # the guard may refuse; nothing may break


async def test_its_server_lets_nobody_else_in(model: Local) -> None:
    from trainer.domain.errors import EngineFailed
    from trainer.llm.litellm import LiteLLM

    assert model.address.startswith("http://127.0.0.1:")
    stranger = LiteLLM("openai/local", f"{model.address}/v1", key="guessed")
    with pytest.raises(EngineFailed, match="refused the key"):
        async for _ in stranger.stream(Prompt((Message(role="user", content="Hello"),))):
            pass


async def test_a_killed_server_costs_one_turn_and_comes_back(model: Local) -> None:
    first = model.pid
    assert first is not None
    os.kill(first, signal.SIGKILL)
    await asyncio.to_thread(_ended, first)
    clauses, reasons = await tell(model, asyncio.Event())
    assert [clause.text for clause in clauses] == list(scene().reply.draft)
    assert "started again" in reasons[0]
    await model.warm()
    assert model.pid != first
    pieces = [
        piece
        async for piece in model.stream(
            Prompt((Message(role="user", content="Say yes."),), max_tokens=4)
        )
    ]
    assert "".join(pieces).strip()


async def test_a_killed_server_in_mid_sentence_is_finished_by_the_author(model: Local) -> None:
    clauses: list[Clause] = []
    reasons: list[str] = []
    async with asyncio.timeout(LONG_S):
        due = asyncio.Event()
        reply = word(scene(), model, due, lambda why, _: reasons.append(why))
        async with aclosing(reply) as said:
            async for clause in said:
                if not clauses:
                    assert model.pid is not None
                    os.kill(model.pid, signal.SIGKILL)
                clauses.append(clause)
    assert [clause.text for clause in clauses] == list(scene().reply.draft)
    assert "started again" in reasons[0]


_PARENT = """
import asyncio, sys, time
from trainer.llm.local import create
async def main():
    model = create()
    task = asyncio.create_task(model.warm())
    while not model.pid:
        await asyncio.sleep(0.05)
    print(model.pid, flush=True)
    await task
    time.sleep(600)
if __name__ == "__main__":
    asyncio.run(main())
"""


def _runs(pid: int) -> bool:
    try:
        state = Path(f"/proc/{pid}/stat").read_text("ascii").rsplit(")", 1)[1].split()[0]
    except OSError:
        return False
    return state != "Z"


def _ended(pid: int, within_s: float = 60.0) -> bool:
    until = time.monotonic() + within_s
    while _runs(pid) and time.monotonic() < until:
        time.sleep(0.05)
    return not _runs(pid)


@pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="looks processes up in /proc")
async def test_the_server_ends_with_its_parent(tmp_path: Path) -> None:
    script = tmp_path / "parent.py"
    script.write_text(_PARENT, "utf-8")
    parent = await asyncio.create_subprocess_exec(
        sys.executable, str(script), stdout=asyncio.subprocess.PIPE
    )
    assert parent.stdout is not None
    child = int(await parent.stdout.readline())
    assert _runs(child)
    parent.kill()
    await parent.wait()
    assert await asyncio.to_thread(_ended, child)
