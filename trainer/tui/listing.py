"""What the home screen lists, from content and recorded calls. Slow: it belongs in a thread."""

from collections.abc import Sequence
from contextlib import suppress
from datetime import datetime
from pathlib import Path

from trainer.content import personas, roots
from trainer.domain.errors import BadInput, TrainerError
from trainer.domain.events import ClauseSpoken
from trainer.domain.persona import Persona
from trainer.settings import Settings
from trainer.store import calls, reading
from trainer.tui.services import CallItem, CustomerItem

RECENT_CALLS = 5
"""Calls whose customer lines are not heard again if there are others."""


def customers(settings: Settings) -> list[CustomerItem]:
    """All customers, the gentlest first.

    One whose file has mistakes is left out; `trainer persona check --all` names the mistakes.
    """
    extra = settings.content_roots()
    names = behaviours(extra)
    found = []
    for name in personas.names(extra):
        try:
            persona = personas.load(name, extra, seed=0).persona
        except BadInput:
            continue
        if not persona.draft:
            found.append(_item(name, persona, names))
    return sorted(found, key=lambda item: (item.difficulty, item.who))


def behaviours(extra: Sequence[Path]) -> dict[str, str]:
    """Names of the rubric's behaviours by id, as far as a rubric is here."""
    import yaml

    path = roots.find("rubrics", "core.yaml", extra)
    if path is None:
        return {}
    try:
        rubric = yaml.safe_load(roots.read_text(path))
        return {str(one["id"]): str(one["name"]) for one in rubric["behaviours"]}
    except (BadInput, yaml.YAMLError, KeyError, TypeError):
        return {}


def recent(settings: Settings, known: dict[str, str]) -> list[CallItem]:
    """Recorded calls, newest first. `known` gives the customer's own name by persona."""
    folder = settings.data_dir / "calls"
    return [
        CallItem(
            folder / row.id,
            known.get(row.persona, row.title),
            _moment(row.started),
            row.seconds,
            row.status,
            row.csat,
        )
        for row in calls.list_calls(settings.data_dir)
    ]


def _item(name: str, persona: Persona, names: dict[str, str]) -> CustomerItem:
    return CustomerItem(
        name=name,
        title=persona.title,
        who=persona.identity.name,
        difficulty=persona.difficulty,
        trains=tuple(names.get(behaviour, behaviour) for behaviour in persona.trains),
        notes=tuple(persona.content_notes),
        lead=str(persona.lead),
        about=persona.identity.about,
    )


def _moment(started: str) -> datetime:
    try:
        moment = datetime.fromisoformat(started)
    except ValueError:
        moment = datetime.fromtimestamp(0)
    return moment.astimezone()


def said_lately(data_dir: Path) -> frozenset[str]:
    """What customers said in the last calls."""
    lines = set()
    for folder in calls.folders(data_dir)[:RECENT_CALLS]:
        with suppress(TrainerError):
            lines |= {
                event.text for event in reading.events(folder) if isinstance(event, ClauseSpoken)
            }
    return frozenset(lines)
