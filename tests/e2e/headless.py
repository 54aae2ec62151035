"""A call on real devices without a screen, as a process of its own: `python -m tests.e2e.headless`.

Prints one JSON object a line: every event and notice as it comes, in the end how it ended. A line
“end” on standard input hangs up.
"""

import asyncio
import json
import os
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from trainer import settings
from trainer.audio.device_line import DeviceLine
from trainer.cli import compose
from trainer.conversation.call import Level, Notice
from trainer.domain.errors import TrainerError
from trainer.domain.events import Event, to_line


async def main(out: Path) -> None:
    given = settings.load(wording="authored", voice="pyttsx3", echo="headset")
    who = compose.cast(given, "mercer-billing", 1)
    sink = compose.open_record(given, who, 1, "spoken", out)
    engines = await compose.load(given, listen=True)
    line = DeviceLine()
    call = compose.spoken(given, who, engines, line, sink, 1, show)
    loop = asyncio.get_running_loop()
    threading.Thread(
        target=lambda: [loop.call_soon_threadsafe(call.end) for _ in sys.stdin], daemon=True
    ).start()
    try:
        status = await call.run()
        told: dict[str, Any] = {"status": status}
    except TrainerError as error:
        told = {"error": error.message, "hint": error.hint}
    finally:
        sink.close()
        await engines.close()
    print(json.dumps({"over": told | {"overruns": line.overruns()}}), flush=True)


def show(what: Event | Level | Notice) -> None:
    if isinstance(what, Notice):
        print(json.dumps({"notice": what.text}), flush=True)
    elif not isinstance(what, Level):
        print(to_line(what), flush=True)


class Headless:
    """The running process, from outside. Make it with `calling`."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self.process = process
        self.said: list[dict[str, Any]] = []
        self._thread = threading.Thread(target=self._read)
        self._thread.start()

    def wait(
        self, seen: Callable[[dict[str, Any]], bool], since: int = 0, seconds: float = 90
    ) -> int:
        """The number of what came first after `since` and fits; waits for it."""
        until = time.monotonic() + seconds
        while time.monotonic() < until:
            for number in range(since, len(self.said)):
                if seen(self.said[number]):
                    return number
            if not self._thread.is_alive():
                break
            time.sleep(0.02)
        raise AssertionError(f"it never came to that: {self.said[-12:]}")

    def state(self, name: str, since: int = 0) -> int:
        """Wait for a state of the call."""
        return self.wait(lambda said: said.get("after") == name, since)

    def notice(self, part: str, since: int = 0) -> int:
        """Wait for a notice to the agent."""
        return self.wait(lambda said: part in said.get("notice", ""), since)

    def recovered(self, since: int) -> int:
        """Wait until the devices are there again."""
        return self.wait(lambda said: "notice" in said and "lost" not in said["notice"], since)

    def turn(self, who: str, since: int = 0) -> int:
        """Wait for somebody's turn to be written down."""
        return self.wait(lambda s: s.get("type") == "turn" and s.get("who") == who, since)

    def end(self) -> dict[str, Any]:
        """Hang up; how the call ended."""
        assert self.process.stdin is not None
        self.process.stdin.write("end\n")
        self.process.stdin.flush()
        over: dict[str, Any] = self.said[self.wait(lambda said: "over" in said)]["over"]
        return over

    def close(self) -> None:
        self.process.kill()
        self.process.wait()
        self._thread.join()

    def _read(self) -> None:
        assert self.process.stdout is not None
        for line in self.process.stdout:
            self.said.append(json.loads(line))


@contextmanager
def calling(out: Path, env: dict[str, str]) -> Iterator[Headless]:
    """A call that is recorded in `out`, with `env` for its sound card."""
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.e2e.headless", str(out)],
        cwd=Path(__file__).parents[2],
        env=os.environ | env,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    call = Headless(process)
    try:
        yield call
    finally:
        call.close()


if __name__ == "__main__":
    asyncio.run(main(Path(sys.argv[1])))
