"""A call together with its recording: whatever ends the call closes the record."""

import asyncio

from trainer.domain.mood import Status
from trainer.ports.sink import CallSink
from trainer.tui.session import Controls


class Recorded:
    """Passes every wish on to the call."""

    def __init__(self, call: Controls, sink: CallSink) -> None:
        self._call = call
        self._sink = sink
        self.talk = call.talk
        self.mute = call.mute
        self.hold = call.hold
        self.freeze = call.freeze
        self.say = call.say
        self.correct = call.correct
        self.end = call.end
        self.stop = call.stop

    async def run(self) -> Status:
        """The call; afterwards everything is on disk."""
        try:
            return await self._call.run()
        finally:
            await asyncio.shield(asyncio.to_thread(self._sink.close))
