"""The sheet of what a customer knows, on the trainer's screen."""

import re

import pytest

from tests.tui.reading import LARGE, SMALL, rows, until
from tests.tui.test_workshop import OLSEN, find, mine, shown, workshop
from trainer.content import personas
from trainer.domain.persona import Gate
from trainer.tui.app import TrainerApp
from trainer.tui.widgets.knows_sheet import KINDS

pytestmark = pytest.mark.usefixtures("three_customers")

KNOWS = re.search(r"\n  knows:\n.*?(?=\n  variants:)", OLSEN.read_text("utf-8"), re.DOTALL)


def flat(seen: str) -> str:
    """The page's words, however they were wrapped beside the list."""
    return " ".join(re.sub(r"[│┃▏▕╭╮╰╯─▁▔]", " ", seen).split())


async def test_the_sheet_shows_every_slot_and_every_item_with_its_gate() -> None:
    knows = personas.load("olsen-outage", [], 0).persona.scenario.knows
    async with workshop(size=(150, 400)) as pilot:
        await find(pilot, "olsen", "Pete Olsen, 52")
        await pilot.press("4")
        seen = flat(await until(pilot, "Who they are"))
    identity = knows.identity
    assert identity.birth_date
    assert identity.phone
    for value in (identity.birth_date.is_, identity.phone.is_, identity.references[0].is_):
        assert value in seen
    for kind, title in KINDS.items():
        count = sum(item.kind is kind for item in knows.items)
        assert (f"{title} ({count})" in seen) == (count > 0)
    for item in knows.items:
        assert f"{item.id} {item.topic}" in seen
    gated = [item.gate for item in knows.items if item.gate != Gate()]
    assert gated
    conditions = sum((g.min_trust > 0) + (g.min_heard > 0) + (g.max_anger < 1) for g in gated)
    assert len(re.findall(r"(?:trust from|heard from|anger up to) \S", seen)) == conditions


async def test_by_keys_alone_in_a_small_terminal_it_is_read_to_its_end() -> None:
    last = personas.load("olsen-outage", [], 0).persona.scenario.knows.items[-1]
    async with workshop(size=SMALL) as pilot:
        await find(pilot, "olsen", "Pete Olsen, 52")
        await pilot.press("4")
        await until(pilot, "▸4 Knows")
        await until(pilot, "Who they are")
        for _ in range(80):
            await pilot.press("pagedown")
            if f"· {last.id}" in shown(pilot):
                break
        seen = await until(pilot, f"· {last.id}")
        app = pilot.app
        assert isinstance(app, TrainerApp)
        assert all(len(row.rstrip()) <= SMALL[0] for row in rows(app))
        assert last.topic in seen
        await pilot.press("right")
        await until(pilot, "▸1 Card")
        await pilot.press("left")
        await until(pilot, "▸4 Knows")


async def test_the_next_telling_leaves_the_page_open() -> None:
    async with workshop(size=LARGE) as pilot:
        await find(pilot, "olsen", "telling “")
        await pilot.press("4", "v")
        await until(pilot, "▸4 Knows")
        await pilot.press("1")
        await until(pilot, "2 of 3")


async def test_what_they_will_not_be_able_to_say_stands_on_the_card_and_the_sheet() -> None:
    assert KNOWS
    mine(change=(KNOWS[0], ""))
    async with workshop(size=(140, 120)) as pilot:
        seen = await find(pilot, "olsen", "no items")
        assert "They will not be able to say:" in seen
        assert "4 shows it" in seen
        await pilot.press("4")
        seen = await until(pilot, "No items:")
        assert "date of birth" in seen
