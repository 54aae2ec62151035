"""A try says from which place in the file an answer comes, and can begin in another mood."""

import pytest

from tests.tui.reading import SMALL
from tests.tui.test_workshop import find, found, say, shown, workshop
from trainer.content import personas
from trainer.domain.events import Planned
from trainer.domain.mood import Mood
from trainer.tui.inside_view import Inside, Step, look
from trainer.tui.widgets.inside_sheet import story

pytestmark = pytest.mark.usefixtures("three_customers")

CAST = personas.load("rees-account", (), 0)


def told(intent: str, *about: str, trust: float = 0.5, asks: tuple[str, ...] = ()) -> str:
    mood = Mood(trust=trust)
    view = Inside(steps=(Step(2, "What's that?", mood, mood, asks=asks),))
    plan = Planned(t=0, turn=3, generation=1, intent=intent, band="calm", facts=[], draft=[],
                   about=list(about))  # fmt: skip
    return story(look(view, plan), CAST).plain


def test_an_item_a_slot_and_a_fact_are_named_with_their_gate() -> None:
    assert "← item letter_count the letters that have come" in told("answer", "item:letter_count")
    seen = told("answer", "identity:birth_date")
    assert "← identity birth_date birth date, gate open: trust 0.30" in seen
    assert "gate closed: trust 0.30" in told("deflect", trust=0.1, asks=("only_copy",))


def test_nothing_on_the_sheet_is_said_so() -> None:
    assert "← nothing on the sheet: not knowing" in told("unknown")
    assert "← nothing on the sheet: made up" in told("agree")
    assert "←" not in told("vent")


@pytest.mark.engine
async def test_a_try_can_begin_in_another_mood_and_fits_a_small_terminal() -> None:
    async with workshop(size=SMALL, engines=True) as pilot:
        await find(pilot, "olsen", "Pete Olsen, 52")
        await pilot.press("t")
        await found(pilot, "▌ Pete")
        await pilot.press("f8")
        await found(pilot, "begins calm")
        await found(pilot, "▌ Pete")
        seen = await say(pilot, "Could I have your postcode?", "What moved them")
        for _ in range(8):
            if "← identity postcode" in (seen := shown(pilot)):
                break
            await pilot.press("pagedown")
        assert "← identity postcode" in seen
