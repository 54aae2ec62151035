"""A model's quote is in the turn, or it is not: case and signs are forgiven, invention is not."""

import pytest

from trainer.acts import quoting

TURN = "I'm sorry, that's our mistake. I'll send an engineer on Tuesday before ten."


@pytest.mark.parametrize(
    ("quote", "found"),
    [
        ("I'm sorry", "I'm sorry"),
        ("im sorry", None),
        ("THAT’S OUR MISTAKE", "that's our mistake"),
        ("our mistake I'll send", "our mistake. I'll send"),
        ("I'll send an enginer on Tuesday", "I'll send an engineer on Tuesday"),
        ("l send an engineer on Tuesday bef", "I'll send an engineer on Tuesday before"),
        ("send a refund to your account", None),
        ("enginer", None),
        ("end an", None),
        ("", None),
        ("…", None),
        (f"Well now. {TURN} And here is much more that nobody ever said to anybody.", None),
    ],
)
def test_what_was_said_is_found_in_whole_words_and_nothing_else_is(
    quote: str, found: str | None
) -> None:
    place = quoting.place(quote, TURN)
    assert (TURN[slice(*place)] if place else None) == found


def test_a_short_turn_is_no_proof_of_a_long_quote() -> None:
    assert quoting.place("okay then I will take the blame for all of this", "Okay then.") is None
