"""Clauses are cut as early as makes sense, and nothing is lost or doubled on the way."""

from collections.abc import AsyncIterator, Sequence
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trainer.customer.clauses import cut, split, unfinished


async def cut_up(pieces: Sequence[str]) -> list[str]:
    async def stream() -> AsyncIterator[str]:
        for piece in pieces:
            yield piece

    return [clause async for clause in split(stream())]


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("No. I will not wait.", ["No.", "I will not wait."]),
        ("No, no, listen to me.", ["No, no, listen to me."]),
        (
            "I have been waiting here, on my own, for days.",
            ["I have been waiting here,", "on my own, for days."],
        ),
        ("It was 3.50 and then 1,200 more.", ["It was 3.50 and then 1,200 more."]),
        ("Mr. Olsen said so. Ask him!", ["Mr. Olsen said so.", "Ask him!"]),
        ("I waited so long — nobody came.", ["I waited so long —", "nobody came."]),
        ('"Really?" That is all?', ["Really?", "That is all?"]),
    ],
)
async def test_clauses_end_where_a_speaker_would_breathe(line: str, expected: list[str]) -> None:
    assert await cut_up([line]) == expected


async def test_a_second_line_is_somebody_elses() -> None:
    assert await cut_up(["I want it back.", "\n", "Agent: Of course."]) == ["I want it back."]


def test_a_whole_sentence_is_known_before_the_next_piece_comes() -> None:
    assert cut("I have had enough.") == (["I have had enough."], "")
    assert cut("Are you there?") == (["Are you there?"], "")
    assert cut("I paid ninety") == ([], "I paid ninety")
    assert cut("Ask Mr.") == ([], "Ask Mr.")


WORDS = st.lists(
    st.sampled_from(["no", "I", "waited", "days,", "really?", "enough.", "Mr.", "3.5", "you;"]),
    min_size=1,
    max_size=25,
)


@given(WORDS, st.data())
async def test_no_word_is_lost_however_the_pieces_fall(
    words: list[str], data: st.DataObject
) -> None:
    line = " ".join(words)
    places = data.draw(st.lists(st.integers(0, len(line)), max_size=8).map(sorted))
    bounds = [0, *places, len(line)]
    pieces = [line[a:b] for a, b in pairwise(bounds)]
    assert " ".join(await cut_up(pieces)).split() == words


def test_a_clause_without_its_end_is_unfinished() -> None:
    assert unfinished("because you told me,")
    assert unfinished("and I")
    assert not unfinished("Is that all?”")
