"""The app in a real terminal: real keys, a real typed call; nothing scribbles on the screen."""

import json
import os
import pty
import select
import shutil
import subprocess
import sys
import textwrap
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from trainer.domain.errors import BadInput
from trainer.tui.terminal import LIMIT, own_terminal, shorten

pytestmark = pytest.mark.alone

_ROOT = str(Path(__file__).parents[2])

needs_tmux = pytest.mark.skipif(shutil.which("tmux") is None, reason="tmux is not installed")


class Terminal:
    """A tmux window of a server of its own."""

    def __init__(self, folder: Path) -> None:
        self._socket = str(folder / "tmux")
        self.environment = {
            **os.environ,
            "TRAINER_DATA_DIR": str(folder / "data"),
            "TRAINER_WORDING": "authored",
            "TRAINER_VOICE": "none",
            "PYTHONPATH": _ROOT,
        }
        self.environment.pop("TMUX", None)

    def _tmux(self, *words: str) -> str:
        done = subprocess.run(
            ["tmux", "-S", self._socket, *words],
            env=self.environment,
            capture_output=True,
            text=True,
            check=False,
        )
        return done.stdout

    def start(self, *arguments: str, size: tuple[int, int] = (80, 24)) -> None:
        """`trainer` with these arguments; what it prints at the end stays readable."""
        command = " ".join([sys.executable, "-m", "trainer", *arguments])
        self._tmux(
            "new-session", "-d", "-x", str(size[0]), "-y", str(size[1]),
            f"{command}; echo left with $?; sleep 60",
        )  # fmt: skip

    def press(self, *keys: str) -> None:
        self._tmux("send-keys", *keys)

    def seen(self) -> str:
        return self._tmux("capture-pane", "-p")

    def wait_for(self, words: str, seconds: float = 60) -> str:
        for _ in range(int(seconds * 5)):
            if words in (seen := self.seen()):
                return seen
            time.sleep(0.2)
        raise AssertionError(f"“{words}” did not appear:\n{self.seen()}")

    def close(self) -> None:
        self._tmux("kill-server")


@pytest.fixture
def terminal(tmp_path: Path) -> Iterator[Terminal]:
    window = Terminal(tmp_path)
    yield window
    window.close()


@needs_tmux
@pytest.mark.engine
def test_a_typed_call_goes_from_the_home_screen_to_its_debrief(
    terminal: Terminal, tmp_path: Path
) -> None:
    terminal.start("practice", "olsen-outage", "--typed", "--seed", "3")
    terminal.wait_for("Pete Olsen is calling")
    terminal.press("Enter")
    terminal.wait_for("Your turn. Type your answer.")
    for line in (
        "I am so sorry, you rang four times and nobody came.",
        "What has it done to the bakery?",
    ):
        terminal.press("-l", line)
        terminal.press("Enter")
        terminal.wait_for(line[:30])
        terminal.wait_for("Your turn. Type your answer.")
    terminal.press("F8")
    terminal.wait_for("Press F8 again")
    terminal.press("F8")
    terminal.wait_for("I said what it was like for them")
    for key, asked in (
        ("4", "▸ Self-regulation."),
        ("2", "Which moment got to you most?"),
        ("2", "Where in your body"),
        ("1", "What did they feel most?"),
        ("1", "What did they need"),
        ("1", "What might be going on for them?"),
    ):
        terminal.press(key)
        terminal.wait_for(asked)
    terminal.press("-l", "The bread goes in the bin.")
    terminal.press("Enter")
    seen = terminal.wait_for("Their side of it")
    assert "You ended the call" in seen
    assert "Simulated customer's rating" in seen
    terminal.press("Escape")
    terminal.wait_for("Who is calling?")
    terminal.wait_for("■ Pete Olsen You ended")
    terminal.press("q")
    terminal.wait_for("left with 0")
    assert "Traceback" not in terminal.seen()
    calls = list((tmp_path / "data" / "calls").iterdir())
    assert [call.joinpath("report.html").is_file() for call in calls] == [True]
    own = calls[0] / "self.json"
    assert own.stat().st_mode & 0o077 == 0
    kept = json.loads((calls[0] / "review.json").read_text("utf-8"))["self_rating"]
    assert kept["reframe"] == "The bread goes in the bin."
    assert [gap["own"] for gap in kept["gap"]] == [None, None, 4, 2]
    log = tmp_path / "data" / "terminal.log"
    assert "bakery" not in log.read_text("utf-8", "replace")
    assert log.stat().st_mode & 0o077 == 0


@needs_tmux
def test_a_trainer_edits_a_copy_in_their_own_editor_and_sees_it_read_again(
    terminal: Terminal, tmp_path: Path
) -> None:
    terminal.environment["EDITOR"] = "sed -i -e s/Pete/Peregrine/"
    terminal.start(size=(110, 34))
    terminal.wait_for("Who is calling?")
    terminal.press("p")
    terminal.wait_for("telling “")
    terminal.press("/")
    terminal.wait_for("Find:")
    terminal.press("-l", "olsen")
    terminal.press("Enter")
    terminal.wait_for("Pete Olsen, 52")
    terminal.press("e")
    terminal.wait_for("A copy of your own?")
    terminal.press("c")
    terminal.wait_for("Peregrine Olsen, 52")
    terminal.wait_for("olsen-outage.yaml (yours)")
    copy = tmp_path / "data" / "personas" / "olsen-outage.yaml"
    assert "Peregrine Olsen" in copy.read_text("utf-8")
    subprocess.run(["sed", "-i", "s/^lead: anger/lead: rage/", str(copy)], check=True)
    terminal.wait_for("1 thing to mend")
    terminal.wait_for("“rage” is not one of")
    terminal.press("Escape", "Escape")
    terminal.wait_for("Who is calling?")
    terminal.press("q")
    terminal.wait_for("left with 0")
    assert "Traceback" not in terminal.seen()


@needs_tmux
def test_a_wrong_name_is_told_before_the_screen_is_taken(terminal: Terminal) -> None:
    terminal.start("practice", "olsen-outag")
    seen = terminal.wait_for("left with 2")
    assert "olsen-outage" in seen
    assert "Traceback" not in seen


def test_without_a_terminal_the_app_names_the_commands_that_need_none() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "trainer"],
        stdin=subprocess.DEVNULL,
        check=False,
        capture_output=True,
        text=True,
    )
    assert done.returncode == 2
    assert "trainer demo" in done.stderr


def test_what_native_libraries_write_goes_to_the_log_and_not_to_the_screen(tmp_path: Path) -> None:
    log = tmp_path / "log"
    program = textwrap.dedent(f"""
        import os, sys
        from pathlib import Path
        from trainer.tui.terminal import own_terminal
        with own_terminal(Path({str(log)!r})):
            os.write(1, b"scribble one")
            os.write(2, b"scribble two")
            os.system("echo scribble of a child >&2")
            sys.__stderr__.write("drawn")
            sys.__stderr__.flush()
        os.write(2, b"after")
    """)
    shown = _in_a_terminal("-c", program)
    assert b"drawn" in shown
    assert b"after" in shown
    assert b"scribble" not in shown
    assert log.read_bytes() == b"scribble onescribble twoscribble of a child\n"


def test_engines_can_start_processes_while_the_app_has_the_screen(tmp_path: Path) -> None:
    program = tmp_path / "program.py"
    program.write_text(
        textwrap.dedent("""
        import multiprocessing, os, sys
        from pathlib import Path
        from textual.app import App
        from trainer.tui.terminal import own_terminal

        class Starting(App):
            def on_mount(self):
                context = multiprocessing.get_context("spawn")
                answer = context.Queue()
                process = context.Process(target=answer.put, args=(7,))
                process.start()
                self.exit(answer.get(timeout=60))
                process.join()

        if __name__ == "__main__":
            with own_terminal(Path(sys.argv[1])):
                result = Starting().run()
            print("answered", result)
        """),
        "utf-8",
    )
    assert b"answered 7" in _in_a_terminal(str(program), str(tmp_path / "log"))


def _in_a_terminal(*arguments: str) -> bytes:
    """What Python shows when it runs with these arguments in a terminal of its own."""
    child, descriptor = pty.fork()
    if child == 0:
        os.execve(sys.executable, [sys.executable, *arguments], {**os.environ, "PYTHONPATH": _ROOT})
    shown = b""
    while select.select([descriptor], [], [], 20)[0]:
        try:
            part = os.read(descriptor, 4096)
        except OSError:
            break
        if not part:
            break
        shown += part
    os.waitpid(child, 0)
    os.close(descriptor)
    return shown


def test_a_log_that_has_grown_too_long_starts_again(tmp_path: Path) -> None:
    log = tmp_path / "log"
    log.write_bytes(b"x" * LIMIT)
    shorten(log)
    assert log.stat().st_size == LIMIT
    log.write_bytes(b"x" * (LIMIT + 1))
    shorten(log)
    assert log.stat().st_size == 0


def test_a_data_folder_that_cannot_be_written_is_told_before_the_screen_is_taken(
    tmp_path: Path,
) -> None:
    (tmp_path / "file").touch()
    with (
        pytest.raises(BadInput, match="cannot be written"),
        own_terminal(tmp_path / "file" / "terminal.log"),
    ):
        pytest.fail("the screen was taken")
