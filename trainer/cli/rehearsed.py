"""A spoken call that nobody has to speak: a scripted agent rehearses aloud and then takes it."""

import contextlib
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
from rich.console import Console
from rich.progress import Progress

from trainer.audio.file_line import FileLine
from trainer.cli import compose
from trainer.cli.transcript import Transcript
from trainer.domain.audio import RATE, Samples
from trainer.domain.persona import Cast, VoiceChoice
from trainer.domain.plan import VoiceStyle
from trainer.ports.voice import Voice
from trainer.settings import Settings
from trainer.simulate.scripts import script

_OTHER = {"low": "high", "middle": "low", "high": "low"}
"""The agent's register, so that the two voices can be told apart."""
_NOTHING_S = 8
"""How long an agent who says nothing lets the customer wait."""


async def call(
    given: Settings,
    persona: str,
    agent: str,
    *,
    paced: bool,
    seed: int,
    show: Transcript,
    out: Path | None = None,
    warm: Callable[[], None] = lambda: None,
) -> Path:
    """Run the call and return its folder. `agent` names the script; `warm` is called when the
    engines have been loaded and the call is about to begin.
    """
    who = compose.cast(given, persona, seed)
    lines = script(agent, who, given.content_roots())
    async with contextlib.AsyncExitStack() as after:
        sink = after.enter_context(compose.record(given, who, seed, "spoken", out))
        sink.meta(rehearsed=agent)
        engines = await compose.load(given, listen=True, told=show.loading)
        after.push_async_callback(engines.close)
        engines.require("words", "stt", "voice", "wording")
        compose.note_engines(sink, engines)
        line = FileLine(await _rehearse(lines, who, engines.voices[0]), paced)
        warm()
        await compose.spoken(given, who, engines, line, sink, seed, show).run()
    return sink.folder


async def _rehearse(lines: Sequence[str], who: Cast, voice: Voice) -> list[Samples]:
    """The agent's turns as sound, spoken by the customer's engine in another register."""
    choice = VoiceChoice.model_validate({"register": _OTHER[who.persona.voice.register_]})
    turns = []
    with Progress(console=Console(stderr=True)) as progress:
        for text in progress.track(lines, description="The agent rehearses"):
            pieces = [np.zeros(0 if text else _NOTHING_S * RATE, np.float32)]
            if text:
                pieces += [piece async for piece in voice.speak(text, choice, VoiceStyle())]
            turns.append(np.concatenate(pieces))
    return turns
