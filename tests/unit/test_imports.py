"""Bringing in a real call: what is masked, who speaks when, whose words are whose."""

import json
from pathlib import Path

import pytest

from trainer.acts.reader import Reader
from trainer.content import prompts
from trainer.domain.audio import samples
from trainer.domain.errors import BadInput
from trainer.domain.transcript import Speaker
from trainer.imports import parts, placing, sides, transcript
from trainer.imports.masking import CARD, NUMBER, mask
from trainer.imports.transcript import Said
from trainer.imports.writing import Spoken, masked, read
from trainer.review.stretches import Stretch


@pytest.mark.parametrize(
    "written",
    [
        "4111 1111 1111 1111",
        "4111-1111-1111-1111",
        "4111111111111111",
        "four one one one, one one one one, one one one one, one one one one",
        "four triple one, one one one one, one one one one, double one double one",
        "3782 822463 10005",
    ],
)
def test_a_card_number_is_masked_however_it_is_said(written: str) -> None:
    assert mask(f"My card is {written}, thanks.") == f"My card is {CARD}, thanks."


@pytest.mark.parametrize(
    "line",
    [
        "Agent (Kim): Hello: it's me.",
        "Agent [00:01:02]: Hello: it's me.",
        "Agent 0:01: Hello: it's me.",
        "[Agent]: Hello: it's me.",
        "(00:01) Agent: Hello: it's me.",
    ],
)
def test_a_name_may_have_another_one_or_a_time_beside_it(tmp_path: Path, line: str) -> None:
    (tmp_path / "a.txt").write_text(f"{line}\nCustomer: Yes.\n")
    said = transcript.load(tmp_path / "a.txt")
    assert [(transcript.role(p.name), p.text) for p in said] == [
        ("agent", "Hello: it's me."),
        ("customer", "Yes."),
    ]


@pytest.mark.parametrize(
    ("said", "kept"),
    [
        ("account number 12345678.", f"account number {NUMBER}."),
        ("It is 4 1 2 1, 3 4 5 6.", f"It is {NUMBER}."),
        ("it's four one two uh one", f"it's {NUMBER}"),
        ("double four, three, two, oh, nine, is it", f"{NUMBER}, is it"),
        ("twenty one twelve thirty four", NUMBER),
        ("my PIN is 412", f"my PIN is {NUMBER}"),
        ("Yes, 4121.", f"Yes, {NUMBER}."),
        ("ring me on 555-123-4567 please", f"ring me on {NUMBER} please"),
        ("it fails the check: 4111 1111 1111 1112 ok", f"it fails the check: {NUMBER} ok"),
    ],
)
def test_account_digits_are_masked_written_spoken_and_dictated(said: str, kept: str) -> None:
    assert mask(said) == kept


@pytest.mark.parametrize(
    "said",
    [
        "You paid $1,250,000 on 12/05/2024 at 10:30.",
        "It was 129.99 and I waited 45 minutes in 2019.",
        "One moment, I have one or two things and three kids.",
        "Oh. Oh, oh, oh no, not again.",
        "That is two hundred and fifty thousand pounds in all.",
        "It was October 31, 2024, or 31 Oct 2024, at 10:45, 24/7.",
        "It cost 120000 pounds, then 12500 euros, and one, two, three weeks ago they rang.",
        "In nineteen ninety nine.",
        "My card was charged 250 pounds in 2019.",
        "",
    ],
)
def test_money_dates_times_and_counting_stay(said: str) -> None:
    assert mask(said) == said


@pytest.mark.parametrize(
    "said",
    [
        "It's GB82 WEST 1234 5698 7654 32.",
        "My sort code is 20-12-05.",
        "4532, then 1501, and then 2345, and 6789.",
        "Call oh seven seven double oh nine hundred.",
        "The long one is 4,532,150,123,456,789.",
    ],
)
def test_no_part_of_an_account_number_is_left(said: str) -> None:
    left = mask(said)
    assert NUMBER in left
    assert not any(letter.isdigit() for letter in left)
    assert "WEST" not in left
    assert "seven" not in left


def test_a_short_number_is_masked_where_it_was_asked_for() -> None:
    def said(who: Speaker, text: str, at: int) -> Spoken:
        return Spoken(who, text, at, at + 1, "stt")

    asked = said("agent", "And the last four digits of the card, please?", 0)
    other = said("agent", "And since when has it been like that?", 0)
    given = said("customer", "Hang on, let me look it up, it says 453 on mine.", 2)
    assert [turn.masked for turn in masked([given, asked])] == [False, True]
    assert [turn.masked for turn in masked([other, given])] == [False, False]


def test_masking_twice_changes_nothing_more() -> None:
    once = mask("Card 4111 1111 1111 1111, code 123, account 12345678.")
    assert mask(once) == once
    assert not any(letter.isdigit() for letter in once)


def spans(*seconds: tuple[float, float]) -> list[Stretch]:
    return [Stretch(samples(start), samples(end)) for start, end in seconds]


def test_a_pause_stays_inside_a_turn_unless_the_other_speaks_in_it() -> None:
    quiet = parts.turns(spans((0, 2), (3, 5)), spans((6, 8)))
    assert [(p.who, p.number) for p in quiet] == [("agent", 1), ("customer", 2)]
    answered = parts.turns(spans((0, 2), (3, 5)), spans((2.2, 2.8), (6, 8)))
    assert [p.who for p in answered] == ["agent", "customer", "agent", "customer"]


def test_a_short_word_inside_the_others_turn_is_no_turn_of_its_own() -> None:
    found = parts.turns(spans((0, 9)), spans((4, 4.5), (9.5, 11)))
    assert [(p.who, p.start) for p in found] == [("agent", 0), ("customer", samples(9.5))]


def test_the_agent_is_known_by_what_agents_say() -> None:
    words = prompts.data("import.yaml", ())
    opening = "Thank you for calling Brightline, my name is Kim, how can I help you today?"
    complaint = "Hello, I'm calling about my bill. I was charged twice."
    assert sides.agent(opening, complaint, words) == 0
    assert sides.agent(complaint, opening, words) == 1
    assert sides.agent("Hello?", "Hello.", words) is None


VTT = """WEBVTT

00:00:01.000 --> 00:00:03.500
<v Agent>Good morning, how can I help?

00:00:04.000 --> 00:00:06.000
<v Customer>My parcel is lost.
"""
SRT = """1
00:00:01,000 --> 00:00:03,500
Agent: Good morning, how can I help?

2
00:00:04,000 --> 00:00:06,000
Customer: My parcel is lost.
"""
TURNS = [
    {"who": "Agent", "text": "Good morning, how can I help?", "start_s": 1.0, "end_s": 3.5},
    {"who": "Customer", "text": "My parcel is lost.", "start_s": 4.0, "end_s": 6.0},
]


@pytest.mark.parametrize(
    ("name", "content"),
    [("a.vtt", VTT), ("a.srt", SRT), ("a.json", json.dumps({"transcript": TURNS}))],
)
def test_every_kind_of_timed_transcript_says_the_same(
    tmp_path: Path, name: str, content: str
) -> None:
    (tmp_path / name).write_text(content)
    said = transcript.load(tmp_path / name)
    assert [(transcript.role(p.name), p.text, p.start_s, p.end_s) for p in said] == [
        ("agent", "Good morning, how can I help?", 1.0, 3.5),
        ("customer", "My parcel is lost.", 4.0, 6.0),
    ]
    assert transcript.timed(said)


def test_lines_with_names_are_a_transcript_without_times(tmp_path: Path) -> None:
    text = "[00:01] Agent: Good morning.\nHow can I help?\n\nCaller: My parcel is lost.\n"
    (tmp_path / "a.txt").write_text(text)
    said = transcript.load(tmp_path / "a.txt")
    assert [(p.name, p.text) for p in said] == [
        ("Agent", "Good morning."),
        ("Agent", "How can I help?"),
        ("Caller", "My parcel is lost."),
    ]
    assert not transcript.timed(said)


@pytest.mark.parametrize(
    "text",
    ["Just words without a name.", "A: one\nB: two\nC: three", "", "[1, 2", '[{"text": "x"}]'],
)
def test_a_transcript_that_does_not_say_who_speaks_is_refused(tmp_path: Path, text: str) -> None:
    (tmp_path / "a.txt").write_text(text)
    with pytest.raises(BadInput):
        transcript.load(tmp_path / "a.txt")


def test_words_go_to_the_turn_that_is_nearest_in_time() -> None:
    turns = parts.turns(spans((0, 2), (5, 7)), spans((2.5, 4.5)))
    agent = [turn for turn in turns if turn.who == "agent"]
    said = [Said("agent", "one two", 0.1, 1.9), Said("agent", "three four", 4.4, 7.2)]
    assert placing.by_time(said, agent) == ["one two", "three four"]


def test_words_that_were_misheard_stay_with_those_around_them() -> None:
    said = [Said("agent", "Thank you for calling Brightline. What happened then, Jo?")]
    heard = ["thank you for coiling bright line", "what happened then joe"]
    assert placing.by_likeness(said, heard) == [
        "Thank you for calling Brightline.",
        "What happened then, Jo?",
    ]


def test_of_a_real_call_acts_are_read_and_no_remedy_of_anybody() -> None:
    turns = [
        Spoken("customer", "The line is dead.", 0, 9, "stt", 0.9),
        Spoken(
            "agent", "I'm sorry. I can send an engineer today, if you're in.", 10, 19, "stt", 0.9
        ),
    ]
    acts = read(turns, Reader(None))
    assert "apology_owned" in {act.act for act in acts[2]}
    assert "overpromise" not in {act.act for act in acts[2]}
    assert Reader(None).read(turns[1].text).offers == ()
