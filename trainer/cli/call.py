"""`trainer call`: a whole call without a screen, from audio files or text."""

import asyncio
import json
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import click

from trainer import settings as preferences
from trainer.audio.file_line import FileLine
from trainer.audio.files import load_turn
from trainer.cli import compose
from trainer.cli.transcript import Transcript
from trainer.conversation.call import Controls
from trainer.domain.audio import Samples
from trainer.domain.errors import BadInput
from trainer.domain.persona import Cast
from trainer.settings import Settings
from trainer.store.calls import load
from trainer.store.summary import summary

_MOST_LINES = 500


@click.command("call")
@click.argument("persona")
@click.option(
    "--agent-audio",
    multiple=True,
    type=click.Path(path_type=Path),
    help="One file is one agent turn; give it again for the next turn.",
)
@click.option("--agent-text", help="A text file, one agent turn a line; - reads standard input.")
@click.option(
    "--pace",
    type=click.Choice(["real", "fast"]),
    default="fast",
    show_default=True,
    help="As long as the call takes, or as fast as this machine is.",
)
@click.option("--wording", help="auto, authored, local, or a litellm model.")
@click.option("--voice", help="auto, piper, pyttsx3, cloud or none.")
@click.option("--stt", help="base, tiny.en, or a litellm transcription model.")
@click.option("--seed", type=int, help="The same seed gives the same customer again.")
@click.option("--out", type=click.Path(path_type=Path), help="Write the call exactly here.")
@click.option("--profile", help="Whose call this is.")
@click.option("--json", "as_json", is_flag=True, help="Print the result as JSON.")
def command(
    persona: str,
    agent_audio: Sequence[Path],
    agent_text: str | None,
    pace: str,
    wording: str | None,
    voice: str | None,
    stt: str | None,
    seed: int | None,
    out: Path | None,
    profile: str | None,
    as_json: bool,
) -> None:
    """A call with PERSONA (a name or a path), whose agent is a script."""
    if bool(agent_audio) == (agent_text is not None):
        raise BadInput(
            "A call needs the agent's turns.",
            "Give either --agent-audio FILE … or --agent-text FILE.",
        )
    if agent_text is not None and voice is None:
        voice = "none"  # a typed call is silent unless a voice is asked for
    given = preferences.load(wording=wording, voice=voice, stt=stt, profile=profile)
    chosen = compose.seed_or_new(seed)
    who = compose.cast(given, persona, chosen)
    script = _lines(agent_text) if agent_text is not None else None
    sounds = [load_turn(path) for path in agent_audio]
    folder = asyncio.run(_run(given, who, chosen, script, sounds, pace == "real", out, as_json))
    result = summary(load(folder))
    if as_json:
        click.echo(json.dumps(result, ensure_ascii=False))
    else:
        _closing(result)


async def _run(
    given: Settings,
    who: Cast,
    seed: int,
    script: list[str] | None,
    sounds: list[Samples],
    paced: bool,
    out: Path | None,
    as_json: bool,
) -> Path:
    show = Transcript(quiet=as_json)
    mode: compose.Mode = "spoken" if script is None else "typed"
    # The folder comes first: an unwritable one is known before anything loads.
    with compose.record(given, who, seed, mode, out) as sink:
        engines = await compose.load(given, listen=script is None, told=show.loading)
        try:
            engines.require("words", "voice", "wording")
            compose.note_engines(sink, engines)
            if script is None:
                line = FileLine(sounds, paced)
                call: Controls = compose.spoken(given, who, engines, line, sink, seed, show)
            else:
                call = compose.typed(given, who, engines, sink, seed, show, script=script)
            await call.run()
        finally:
            await engines.close()
    return sink.folder


def _lines(name: str) -> list[str]:
    try:
        text = sys.stdin.read() if name == "-" else Path(name).read_text("utf-8")
    except FileNotFoundError:
        raise BadInput(f"{name}: there is no such file.", "Check the name.") from None
    except UnicodeDecodeError:
        raise BadInput(f"{name} is not a text file.", "It needs one agent turn a line.") from None
    except OSError as error:
        raise BadInput(f"{name} cannot be read: {error.strerror}.") from None
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    if not lines:
        raise BadInput(f"{name} is empty.", "It needs one agent turn a line.")
    if len(lines) > _MOST_LINES:
        raise BadInput(f"{name} has more than {_MOST_LINES} lines.", "Make it a single call.")
    return lines


def _closing(result: dict[str, Any]) -> None:
    click.echo()
    click.echo(f"Ended: {str(result['status']).replace('_', ' ')}")
    if result["csat"] is not None:
        click.echo(f"Simulated customer's rating: {result['csat']:.1f} of 5")
    for sentence in result["story"]:
        click.echo(f"  {sentence}")
    click.echo(f"Recorded in {result['call']}")
    click.echo(f"Debrief: trainer review {result['call']}")
