"""Sets this program up, then does as asked: python3 scripts/setup.py run|demo|test|soak|check.

Standard library only, because it runs before anything is installed; the Makefile only calls it.
Each step looks whether its work is done already, so that a second run starts in seconds and
without a network. Nothing is removed from the machine, and system packages are installed only
where that is allowed.
"""

import ctypes.util
import hashlib
import importlib.util
import os
import platform
import shutil
import socket
import subprocess
import sys
import threading
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VENV = Path(os.environ.get("TRAINER_VENV", ROOT / ".venv"))
BIN = VENV / ("Scripts" if os.name == "nt" else "bin")
PYTHON = BIN / ("python.exe" if os.name == "nt" else "python")
STAMP = VENV / "set-up-as"
LOG = VENV / "set-up.log"
EXTRAS = "piper,local-llm,aec,praat,dev"
TORCH_INDEX = "https://download.pytorch.org/whl/cpu"
FIRST_CALL = ["whisper-base", "minilm", "minilm-tokenizer", "piper-joe", "piper-joe-config"]
OLDEST = (3, 11)

# What the system must bring: (what to look for, Debian/Ubuntu package, what it is for).
SYSTEM = [
    ("lib:portaudio", "libportaudio2", "microphone and speaker"),
    ("bin:espeak-ng", "espeak-ng", "the simple voice"),
    ("lib:gomp", "libgomp1", "the local language model"),
]
OWN_FOLDER = [
    (
        "module:ensurepip",
        "python{}.{}-venv".format(*sys.version_info[:2]),
        "Python packages in a folder of their own",
    ),
]
SYSTEM_FOR_TESTS = [
    ("bin:pulseaudio", "pulseaudio", "virtual sound devices"),
    ("bin:pactl", "pulseaudio-utils", "virtual sound devices"),
    ("alsa:pulse", "libasound2-plugins", "virtual sound devices"),
    ("bin:tmux", "tmux", "driving the real app"),
    ("bin:sox", "sox", "making test sounds"),
    ("bin:chromium|chromium-browser|google-chrome", "chromium", "opening and printing reports"),
    ("bin:pdftotext", "poppler-utils", "reading printed reports"),
]
NEEDED = {
    "run": OWN_FOLDER + SYSTEM,
    "demo": OWN_FOLDER + SYSTEM,
    "test": OWN_FOLDER + SYSTEM + SYSTEM_FOR_TESTS,
    "soak": OWN_FOLDER + SYSTEM + SYSTEM_FOR_TESTS,
    "check": OWN_FOLDER,
}


def say(text: str) -> None:
    """One line for the person at the screen."""
    print(text, file=sys.stderr, flush=True)


def stop(text: str) -> None:
    """Say what is missing and leave."""
    say("\n" + text)
    raise SystemExit(2)


def main() -> int:
    """Set up what the asked target needs, then do it."""
    target = sys.argv[1] if len(sys.argv) > 1 else "run"
    more = sys.argv[2:]
    if target not in NEEDED:
        say("Usage: python3 scripts/setup.py run|demo|test|soak|check")
        return 2
    newer_python()
    told_not_tried()
    system_packages(NEEDED[target])
    environment()
    packages()
    if target == "check":
        return check()
    lite = os.environ.get("LITE", "") not in ("", "0")
    if target == "test":
        weights([], lite)
        return tests(more)
    if target == "soak":
        weights(FIRST_CALL, lite)
        return do([PYTHON, ROOT / "scripts/soak.py", "--write", ROOT / "docs/soak.md", *more])
    if target == "run" and sys.stdin.isatty() and sys.stdout.isatty():
        weights(FIRST_CALL, lite)
        weights_behind(lite)
        left = do([BIN / "trainer", *more])
        behind(["setup", "--try-model"], "trial.log")  # now that nobody needs the processor
        return left
    weights([], lite)
    if not lite:
        do([BIN / "trainer", "setup", "--try-model"])
    if target == "run":
        say("There is no terminal here, so the demo runs instead of the app.")
    return do([BIN / "trainer", "demo", *more])


def tests(more: list[str]) -> int:
    """All tests: on every core, then those that need the machine to themselves one by one.

    With arguments: pytest with these.
    """
    pytest = [PYTHON, "-m", "pytest"]
    if more:
        return do([*pytest, *more])
    spread = ["-n", "auto", "--dist", "loadfile", "--no-loadscope-reorder"]
    several = do([*pytest, *spread, "-m", "not (device or alone)"])
    return do([*pytest, "-m", "device or alone"]) or several


def newer_python() -> None:
    """Go on under a Python that is new enough, if this one is not."""
    if sys.version_info >= OLDEST:
        return
    for minor in range(14, OLDEST[1] - 1, -1):
        found = shutil.which(f"python3.{minor}")
        if found:
            os.execv(found, [found, str(Path(__file__)), *sys.argv[1:]])
    stop(
        f"Python 3.11 or newer is needed; this one is {platform.python_version()}.\n"
        "On Debian 12 and Ubuntu 24.04 type: sudo apt-get install -y python3"
    )


def told_not_tried() -> None:
    """Name a platform nobody tried, once."""
    system = platform.system()
    if STAMP.exists() or (system == "Linux" and debian()):
        return
    name = f"{system} {platform.machine()}"
    say(f"Note: this set-up was tried on Debian 12. On {name} it is not tried; it may well work.")


def debian() -> bool:
    """Whether system packages come with apt."""
    return shutil.which("apt-get") is not None


# -- system packages -----------------------------------------------------------------------------


def present(thing: str) -> bool:
    """Whether a program, a library or a part of Python is on this machine."""
    kind, name = thing.split(":")
    if kind == "bin":
        return any(shutil.which(one) is not None for one in name.split("|"))
    if kind == "module":
        return importlib.util.find_spec(name) is not None or runs("import pip")
    if kind == "alsa":
        return any(Path("/usr/lib").glob(f"**/alsa-lib/libasound_module_pcm_{name}.so"))
    return ctypes.util.find_library(name) is not None


def system_packages(wanted: list) -> None:
    """Install what the system lacks where that is allowed; else tell what to type, and go on."""
    if platform.system() != "Linux":
        return  # on macOS and Windows the Python packages bring their own
    missing = [each for each in wanted if not present(each[0])]
    if not missing:
        return
    names = [package for _, package, _ in missing]
    say("The system lacks " + ", ".join(f"{package} ({use})" for _, package, use in missing) + ".")
    if debian() and apt(names):
        return
    say(f"Type this once, with an administrator's rights:\n  {install_line(names)}")
    if any(thing.startswith("module:") for thing, _, _ in missing):
        stop("Then type the same again.")
    say("Going on without; `trainer doctor` says what does not work.")


def install_line(names: list) -> str:
    """The command with which a person installs Debian packages of these names."""
    if debian():
        return f"sudo apt-get update && sudo apt-get install -y {' '.join(names)}"
    other = {
        "libportaudio2": "portaudio",
        "libgomp1": "libgomp",
        "libasound2-plugins": "alsa-plugins-pulseaudio",
    }
    here = [other.get(name, name) for name in names]
    for tool, words in (
        ("dnf", "install"),
        ("zypper", "install"),
        ("pacman", "-S"),
        ("apk", "add"),
    ):
        if shutil.which(tool):
            return f"sudo {tool} {words} {' '.join(here)}   (names not tried)"
    return f"install {', '.join(here)} with your system's package manager"


def apt(names: list) -> bool:
    """Install Debian packages as root or with sudo. False when neither is allowed, or it fails."""
    if os.geteuid() == 0:
        before = []
    elif shutil.which("sudo") and may_sudo():
        before = ["sudo"]
    else:
        return False
    quiet = ["env", "DEBIAN_FRONTEND=noninteractive", "apt-get", "-qq"]
    quiet += ["-o", "DPkg::Lock::Timeout=60"]
    install = before + quiet + ["install", "-y", "--no-install-recommends"]
    say(f"Installing {', '.join(names)} …")
    if quietly(install + names):
        return True
    quietly(before + quiet + ["update"])
    if subprocess.call(install + names, stdout=subprocess.DEVNULL) == 0:
        return True
    # one that this system does not have keeps none of the others away
    return len(names) > 1 and all([quietly([*install, name]) for name in names])


def may_sudo() -> bool:
    """Whether sudo works without a password, or somebody is there to type it."""
    if quietly(["sudo", "-n", "true"]):
        return True
    return sys.stdin.isatty() and subprocess.call(["sudo", "-v"]) == 0


def quietly(command: list) -> bool:
    """Run a command whose words do not matter. True when it succeeded."""
    return subprocess.call(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) == 0


# -- Python packages -----------------------------------------------------------------------------


def environment() -> None:
    """Make `.venv`, unless it is there and works."""
    if runs("import pip"):
        return
    say(f"Making {VENV} …")
    if not make_venv():
        stop(f"{VENV} could not be made. Try: {sys.executable} -m venv {VENV}")


def make_venv() -> bool:
    """Whether a working environment with pip could be made."""
    return quietly([sys.executable, "-m", "venv", "--clear", str(VENV)]) and runs("import pip")


def runs(code: str) -> bool:
    """Whether the environment's Python can do this."""
    return PYTHON.exists() and quietly([str(PYTHON), "-c", code])


def fingerprint() -> str:
    """What the installed packages depend on: pins, requirements, entry points, place, Python."""
    total = hashlib.sha256()
    for name in ("constraints.txt", "pyproject.toml"):
        total.update((ROOT / name).read_bytes())
    total.update(f"{ROOT} {platform.python_version()} {EXTRAS}".encode())
    return total.hexdigest()


def packages() -> None:
    """Install the pinned Python packages, unless the stamp says that just these are installed."""
    wanted = fingerprint()
    if STAMP.exists() and STAMP.read_text("utf-8") == wanted:
        return
    say("Installing Python packages, about 1.5 GB on disk; the first time takes a few minutes …")
    command = [str(PYTHON), "-m", "pip", "install", "--disable-pip-version-check", "--no-input"]
    command += ["--progress-bar", "off", "-c", str(ROOT / "constraints.txt")]
    if platform.system() == "Linux" and answers("download.pytorch.org"):
        # else pip may bring gigabytes of GPU libraries
        command += ["--extra-index-url", TORCH_INDEX]
    command += ["-e", f"{ROOT}[{EXTRAS}]"]
    if not watched(command):
        tail = LOG.read_text("utf-8", "replace").strip().splitlines()[-8:]
        stop(
            "The Python packages could not be installed. pip said:\n  "
            + "\n  ".join(tail)
            + f"\nAll of it is in {LOG}. Check the network and type the same again."
        )
    STAMP.write_text(wanted, "utf-8")


def answers(host: str) -> bool:
    """Whether a host accepts a connection within 3 s, name look-up included."""
    found = []

    def knock() -> None:
        try:
            socket.create_connection((host, 443), timeout=3).close()
            found.append(True)
        except OSError:
            pass

    thread = threading.Thread(target=knock, daemon=True)
    thread.start()
    thread.join(3)
    return bool(found)


def watched(command: list) -> bool:
    """Run pip with its words in a log and a short sign of life here. True when it succeeded."""
    now = {"doing": "looking"}
    over = threading.Event()
    ticker = threading.Thread(target=tick, args=(now, over))
    ticker.start()
    try:
        with LOG.open("w", encoding="utf-8") as log:
            pip = subprocess.Popen(
                command, cwd=str(ROOT), stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
            )
            assert pip.stdout is not None
            found = 0
            for line in pip.stdout:
                log.write(line)
                log.flush()
                words = line.split()
                found += words[:1] in (["Collecting"], ["Processing"])
                if words[:2] == ["Installing", "collected"]:
                    now["doing"] = f"putting {len(words) - 3} packages in place"
                elif not now["doing"].startswith("putting"):
                    now["doing"] = f"{found} packages found"
        return pip.wait() == 0
    finally:
        over.set()
        ticker.join()


def tick(now: dict, over: threading.Event) -> None:
    """Show what is being done and for how long: every second in a terminal, else now and then."""
    live = sys.stderr.isatty()
    began = time.monotonic()
    while not over.wait(1 if live else 20):
        told = f"  {now['doing']}, {time.monotonic() - began:.0f} s"
        sys.stderr.write(f"\r{told:<60}" if live else f"{told}\n")
        sys.stderr.flush()
    if live:
        sys.stderr.write("\n")


# -- weights and the thing itself ------------------------------------------------------------------


def weights(names: list, lite: bool) -> None:
    """Bring and verify weights in the foreground; all of them when none is named."""
    command = [BIN / "trainer", "models", "pull", "--quiet", *names] + (["--lite"] if lite else [])
    if do(command):
        stop("Not every file has arrived. What has arrived is kept: type the same again.")


def weights_behind(lite: bool) -> None:
    """Bring the other weights while the app is already open; it shows how far they are."""
    behind(["models", "pull", "--quiet"] + (["--lite"] if lite else []), "weights.log", 15)


def behind(words: list, log: str, nice: int = 0) -> None:
    """Start a command of the program that goes on by itself; `nice` lets a call come first."""
    command = [str(BIN / "trainer"), *words]
    if nice and shutil.which("nice"):
        command = ["nice", "-n", str(nice), *command]
    with (VENV / log).open("w", encoding="utf-8") as file:
        subprocess.Popen(
            command, stdin=subprocess.DEVNULL, stdout=file, stderr=file, start_new_session=True
        )


def check() -> int:
    """Everything that can be checked without running the program."""
    failed = []
    for words in ("ruff check", "ruff format --check", "mypy", "lint-imports"):
        say(f"— {words}")
        tool, *rest = words.split()
        if do([BIN / tool, *rest]):
            failed.append(words)
    if failed:
        say(f"\nFailed: {', '.join(failed)}")
    return 1 if failed else 0


def do(command: list) -> int:
    """Run a command here, as part of this one; Ctrl-C goes to it."""
    try:
        return subprocess.call([str(word) for word in command], cwd=str(ROOT))
    except KeyboardInterrupt:
        return 130


if __name__ == "__main__":
    try:
        sys.exit(main())
    except KeyboardInterrupt:
        say("\nStopped. What has arrived is kept: type the same again to go on.")
        sys.exit(130)
