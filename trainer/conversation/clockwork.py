"""What drives a spoken call: blocks, one piece of work beside them, and no failure unseen."""

import asyncio
from collections import deque
from collections.abc import Callable, Coroutine
from typing import Any

from trainer.conversation.pump import Pump, PumpThread, Tick
from trainer.domain.audio import BLOCK, RATE
from trainer.domain.errors import TrainerError


class Clockwork:
    """Runs the pump and one task beside it, at one of three paces.

    Paced: the pump runs on its own thread, as fast as the device delivers. Not paced: the next
    block is taken only when `waiting` says that no engine owes anything, so that the call clock
    stands still while one works (ADR 1). Paced, and told by `at_work` whether an engine works: a
    block takes as long as it lasts while one does and no time otherwise, so that a call is measured
    in less time than it lasts (ADR 6).
    """

    def __init__(
        self,
        pump: Pump,
        paced: bool,
        on: Callable[[Tick], None],
        waiting: Callable[[], bool],
        at_work: Callable[[], bool] | None = None,
    ) -> None:
        self._pump = pump
        self._threaded = paced and at_work is None
        self._on = on
        self._waiting = waiting
        self._at_work = at_work
        self._due: float | None = None
        self._ticks: deque[Tick] = deque()
        self._news = asyncio.Event()
        self._work: asyncio.Task[None] | None = None
        self._crash: Exception | None = None
        self._stopped = False

    async def run(self) -> None:
        """Until stopped.

        Raises:
            Exception: whatever went wrong in the line, in a block or in the work.
        """
        thread = PumpThread(self._pump, self._deliver) if self._threaded else None
        if thread is not None:
            thread.start()
        try:
            while self._running():
                if thread is not None or (self._at_work is None and self._waiting()):
                    self._news.clear()
                    await self._news.wait()
                else:
                    await self._until_due()
                    if self._running():
                        self._deliver(self._pump.tick())
                    await asyncio.sleep(0)  # let the work that this block sets free begin
                while self._ticks and self._running():
                    self._on(self._ticks.popleft())
        finally:
            if thread is not None:
                thread.stop()
            self.cancel()
            if self._work is not None:
                await asyncio.gather(self._work, return_exceptions=True)
        if self._crash is not None:
            raise self._crash

    def stop(self) -> None:
        """No further block."""
        self._stopped = True
        self.wake()

    def fail(self, error: Exception) -> None:
        """Stop, and let `run` raise this."""
        self._crash = self._crash or error
        self.wake()

    def wake(self) -> None:
        """Something has changed that `waiting` looks at."""
        self._news.set()

    def start(self, work: Coroutine[Any, Any, None]) -> None:
        """Begin a piece of work; what was under way is dropped."""
        self.cancel()
        self._work = asyncio.get_running_loop().create_task(self._guarded(work))
        self._work.add_done_callback(lambda _: self.wake())

    def cancel(self) -> None:
        """Drop the work under way."""
        if self._work is not None:
            self._work.cancel()

    def working(self) -> bool:
        """Whether a piece of work is under way."""
        return self._work is not None and not self._work.done()

    async def _until_due(self) -> None:
        """Wait until the next block has lasted, if anybody works meanwhile."""
        if self._at_work is None:
            return
        await asyncio.sleep(0)  # what the block before set off is at work only once it has begun
        if not (self._at_work() or self.working()):
            self._due = None
            return
        now = asyncio.get_running_loop().time()
        # counted from the first block, so that work that holds up the loop is made good as a device
        # would: by the blocks that have come in the meantime
        self._due = (now if self._due is None else self._due) + BLOCK / RATE
        if self._due > now:
            await asyncio.sleep(self._due - now)

    def _running(self) -> bool:
        return not self._stopped and self._crash is None

    def _deliver(self, item: Tick | Exception | None) -> None:
        if isinstance(item, Tick):
            self._ticks.append(item)
        else:
            self.fail(item or TrainerError("The line is gone.", "The call has been kept."))
        self.wake()

    async def _guarded(self, work: Coroutine[Any, Any, None]) -> None:
        try:
            await work
        except Exception as error:  # raised again by `run`, so that no mistake passes in silence
            self.fail(error)
