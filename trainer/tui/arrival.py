"""A model that another process is bringing while the app is already in use."""

import asyncio

from trainer.models.arriving import arriving
from trainer.tui.services import EngineState, Progress

ARRIVAL_S = 2.0
"""Between two looks at how far a model has arrived."""


async def watch(progress: Progress) -> None:
    """Tell how far the small model is, until it is here or nobody brings it any more."""
    seen = False
    while (share := await asyncio.to_thread(arriving, "local-llm")) is not None:
        seen = True
        text = f"small model, {share:.0%} here; written lines meanwhile"
        progress(EngineState("wording", "loading", text))
        await asyncio.sleep(ARRIVAL_S)
    if seen:
        text = "written lines; the small model speaks from the next start"
        progress(EngineState("wording", "off", text))
