"""The debrief: nothing invented, no state of mind of the agent, better calls read better."""

import asyncio
import html.parser
import json
import re
from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from click.testing import CliRunner

from trainer import backends
from trainer.acts.reader import Reader
from trainer.cli import review as command
from trainer.content import personas, roots
from trainer.conversation.typed import TypedCall
from trainer.customer.customer import Customer
from trainer.domain.audio import RATE, Samples, samples
from trainer.domain.errors import BadInput
from trainer.domain.events import (
    ActFound,
    CallEnded,
    CallStarted,
    CauseFound,
    Corrected,
    Event,
    Happened,
    MoodMoved,
    Planned,
    TurnTaken,
    WordsTimed,
    to_line,
)
from trainer.domain.mood import Happening, Status
from trainer.domain.record import CallRecord
from trainer.domain.transcript import Who
from trainer.review import curve, report
from trainer.review.debrief import review
from trainer.review.model import CurvePoint, Item, Review
from trainer.review.track import track
from trainer.simulate import scripts
from trainer.store.inside import write_private

CUSTOMERS = ("olsen-outage", "mercer-billing", "voss-return")


class Memory:
    """A sink that keeps the call in memory."""

    def __init__(self) -> None:
        self.events: list[Event] = []

    def frame(self, mic: Samples, played: Samples) -> None:
        pass

    def event(self, event: Event) -> None:
        self.events.append(event)

    def meta(self, **fields: Any) -> None:
        pass

    def fault(self) -> str:
        return ""

    def close(self) -> None:
        pass


@lru_cache(maxsize=1)
def reader() -> Reader:
    return Reader(backends.make("embed", "minilm"))


@lru_cache(maxsize=64)
def typed_call(name: str, turns: tuple[str, ...], seed: int = 0) -> CallRecord:
    """A real call by keyboard: the real customer, no screen, no disk."""
    cast = personas.load(name, [], seed)
    sink = Memory()
    customer = Customer(cast, reader(), seed, frozenset())
    asyncio.run(TypedCall(cast, customer, sink, lambda _: None, script=turns).run())
    started = CallStarted(
        t=0,
        persona=name,
        variant=cast.variant,
        seed=seed,
        mode="typed",
        engines={"wording": "authored"},
        mood=vars(cast.mood),
    )
    return record([started, *sink.events])


def scripted(name: str, agent: str, seed: int = 0) -> Review:
    cast = personas.load(name, [], seed)
    return review(typed_call(name, tuple(scripts.script(agent, cast)), seed))


def record(
    events: Sequence[Event], agent: Samples | None = None, customer: Samples | None = None
) -> CallRecord:
    nothing = np.zeros(0, np.float32)
    return CallRecord(
        folder=Path("a-call"),
        meta={"title": "A customer"},
        events=tuple(events),
        agent=nothing if agent is None else agent,
        customer=nothing if customer is None else customer,
    )


# --- hand-made calls: exact control over every turn ---


def started(mode: str = "spoken", anger: float = 0.7) -> CallStarted:
    mood = {"anger": anger, "anxiety": 0.2, "sadness": 0.1}
    return CallStarted.model_validate(
        {"t": 0, "persona": "p", "variant": "v", "seed": 1, "mode": mode, "engines": {}}
        | {"mood": mood}
    )


def said(turn: int, who: Who, text: str, start: float, end: float, **more: Any) -> TurnTaken:
    return TurnTaken(
        t=samples(end),
        turn=turn,
        who=who,
        text=text,
        start=samples(start),
        end=samples(end),
        source="stt" if who == "agent" else "authored",
        **more,
    )


def moved(turn: int, text: str, anger: float, *acts: tuple[str, str]) -> MoodMoved:
    found = [
        ActFound(
            act=act,
            quote=quote,
            start=text.index(quote),
            end=text.index(quote) + len(quote),
            confidence=0.9,
            method="rule",
        )
        for act, quote in acts
    ]
    causes = [
        CauseFound(appraisal="dismissal", quote=quote, weight=1.0, good=False)
        for act, quote in acts
        if act == "dismiss"
    ]
    return MoodMoved(
        t=0, turn=turn, acts=found, appraisal={}, mood={"anger": anger}, cause=causes, engine="test"
    )


def exchange(
    turn: int, start: float, text: str, anger: float, *acts: tuple[str, str], gap: float = 1.0
) -> list[Event]:
    """Customer for 3 s, a gap, agent for 3 s."""
    return [
        said(turn, "customer", f"I have been waiting for {turn} days now.", start, start + 3),
        said(turn + 1, "agent", text, start + 3 + gap, start + 6 + gap),
        moved(turn + 1, text, anger, *acts),
    ]


def ended(status: Status = Status.AGENT_ENDED) -> CallEnded:
    return CallEnded(t=samples(60), status=status, csat=2.0, story=["I waited."])


def items(result: Review) -> list[Item]:
    action = [result.feedback.action] if result.feedback.action else []
    return [*result.feedback.went_well, *result.feedback.improve, *action]


def level(result: Review, behaviour: str) -> int | None:
    return next(one.level for one in result.behaviours if one.id == behaviour)


def score(result: Review, dimension: str) -> float | None:
    return next(one.score for one in result.dimensions if one.id == dimension)


# --- nothing invented ---


@pytest.mark.engine
@pytest.mark.parametrize("agent", ["empathic", "dismissive", "fixer", "canned", "reciter"])
@pytest.mark.parametrize("name", CUSTOMERS)
def test_every_quote_is_in_the_transcript_and_every_item_has_evidence(
    name: str, agent: str
) -> None:
    for seed in range(3) if agent == "empathic" else (1,):  # a seed is a variant
        result = scripted(name, agent, seed)
        texts = {turn.turn: turn.text for turn in result.transcript}
        customer = " ".join(turn.text for turn in result.transcript if turn.who == "customer")
        for item in items(result):
            assert item.quote or item.number
            assert item.quote is None or item.quote in texts[item.turn]
            assert item.theirs in customer
            assert 0 <= item.start_s <= item.end_s <= result.length_s
        for behaviour in result.behaviours:
            for shown in behaviour.evidence:
                assert shown.quote or shown.number
                assert shown.quote is None or shown.quote in texts[shown.turn]
            assert (behaviour.level is None) == bool(behaviour.reason)
            assert behaviour.level is None or behaviour.evidence
            assert behaviour.confidence <= 0.5
        assert len(result.feedback.went_well) <= 3
        assert len(result.feedback.improve) <= 2


@pytest.mark.engine
@pytest.mark.parametrize("name", CUSTOMERS)
def test_a_better_call_reads_better(name: str) -> None:
    good, bad = scripted(name, "empathic"), scripted(name, "dismissive")
    better, worse = score(good, "empathy"), score(bad, "empathy")
    assert better is not None
    assert worse is not None
    assert better >= worse + 1
    assert good.curve[-1].value < bad.curve[-1].value
    assert good.feedback.went_well
    assert bad.feedback.improve


@pytest.mark.engine
def test_the_same_record_gives_the_same_json() -> None:
    call = typed_call("olsen-outage", ("Hello.", "Calm down.", "What happened?", "Goodbye."))
    assert review(call).model_dump_json() == review(call).model_dump_json()


def test_acknowledgement_called_for_twice_and_never_given_is_a_finding() -> None:
    text = "What is your account number?"
    turns = [e for n in (1, 3, 5) for e in exchange(n, n * 5.0, text, 0.75)]
    result = review(record([started(), *turns, ended()]))
    finding = next(item for item in result.feedback.improve if item.behaviour == "E1")
    assert finding.turns == [2, 4, 6]
    assert finding.number == "0 of 3 hard moments acknowledged"
    assert finding.theirs.startswith("I have been waiting")
    assert finding.say_instead
    assert level(result, "E1") == 1


def test_one_missed_acknowledgement_is_not_yet_a_finding() -> None:
    ack = "I see how bad that is."
    turns = [
        *exchange(1, 0, "What is your number?", 0.7),
        *exchange(3, 8, ack, 0.6, ("acknowledge", ack)),
        *exchange(5, 16, ack, 0.5, ("acknowledge", ack)),
    ]
    result = review(record([started(), *turns, ended()]))
    assert all(item.behaviour != "E1" for item in result.feedback.improve)


def test_what_a_turn_did_to_the_customer_is_read_from_the_log() -> None:
    text = "Calm down."
    turns = [
        *exchange(1, 0, text, 0.85, ("dismiss", text)),
        Happened(t=0, kind=Happening.SUPERVISOR_DEMAND, turn=2),
    ]
    result = review(record([started(), *turns, ended()]))
    effect = result.feedback.improve[0].effect
    assert "from 70 to 85" in effect
    assert "supervisor" in effect


def test_a_fact_brought_out_by_a_question_is_the_top_of_opening_the_story() -> None:
    question = "Is anyone else at home?"
    asked = moved(2, question, 0.6, ("closed_question", question)).model_copy(
        update={"asks": ["mother"]}
    )
    turns = [
        said(1, "customer", "It is broken.", 0, 2),
        said(2, "agent", question, 3, 5),
        asked,
        Planned(
            t=0, turn=3, generation=2, intent="disclose", band="hot", facts=["mother"], draft=[]
        ),
        said(3, "customer", "My mother.", 6, 8),
        *exchange(4, 9, "I see.", 0.5)[1:],
        *exchange(6, 20, "Right.", 0.5),
    ]
    result = review(record([started(), *turns, ended()]))
    assert level(result, "E3") == 5
    assert any(item.quote == question for item in result.feedback.went_well)


# --- honest nulls ---


THIN: dict[str, list[Event]] = {
    "nothing at all": [],
    "begun": [started()],
    "silence": [started(), said(1, "customer", "Hello?", 0, 2), ended()],
    "two turns": [started(), *exchange(1, 0, "Hello.", 0.7), ended()],
    "four turns": [
        started(),
        *exchange(1, 0, "Hello.", 0.7),
        *exchange(3, 8, "Yes.", 0.7),
        ended(),
    ],
    "typed": [started("typed"), *exchange(1, 0, "Hello.", 0.7), ended()],
    "not understood": [
        started(),
        said(1, "customer", "Hello?", 0, 2),
        said(2, "agent", "mumble", 3, 4, confidence=0.2),
        moved(2, "mumble", 0.7, ("insult", "mumble")),
        ended(),
    ],
    "stopped": [
        started(),
        *(e for n in (1, 3, 5) for e in exchange(n, n * 5.0, "Calm down.", 0.8)),
        ended(Status.ABORTED),
    ],
    "broken off": [started(), said(1, "customer", "Hello?", 0, 2)],
    "an unfinished hold": [
        started(),
        *exchange(1, 0, "One moment.", 0.7),
        Happened(t=samples(9), kind=Happening.HOLD_START, turn=2),
    ],
}


@pytest.mark.parametrize("kind", THIN)
def test_a_thin_call_gives_nulls_with_reasons_and_never_a_guess(kind: str) -> None:
    result = review(record(THIN[kind]))
    for behaviour in result.behaviours:
        assert behaviour.level is None, behaviour
        assert behaviour.reason
    for dimension in result.dimensions:
        assert dimension.score is None
        assert dimension.reason
    assert result.critical == []
    measured = result.measures.timing.model_dump()
    reasons = measured.pop("not_measured")
    for name, value in measured.items():
        assert (value is None) == (name in reasons), name
    told = result.measures.delivery.model_dump()
    assert {name for name, value in told.items() if value is None} == set(told["not_measured"])
    assert all(told["not_measured"].values())
    drawn = len(result.curve) > 1 or track(result) is not None
    assert ("<svg" in report.html(result, record(THIN[kind]))) == drawn, "no empty picture"
    assert command.terminal(result, 80)


def test_a_call_in_which_the_agent_said_nothing_still_shows_the_silence() -> None:
    events: list[Event] = [
        started(),
        said(1, "customer", "It is broken.", 0, 3),
        Happened(t=samples(9), kind=Happening.PRESENCE_CHECK, turn=1),
        said(2, "customer", "Hello?", 9, 10),
        ended(),
    ]
    silent = np.zeros(samples(12), np.float32)
    result = review(record(events, silent, silent))
    assert result.measures.timing.talk_share is None
    assert [item.number for item in result.feedback.improve] == ["6.0 s of silence"]
    assert "whether anyone was there" in result.feedback.improve[0].effect


def test_a_mishearing_never_becomes_blame() -> None:
    text = "You should call them."
    turns: list[Event] = exchange(1, 0, text, 0.8, ("blame", "You should call them"))
    unsure = [(word, 4.0 + i, 4.5 + i, 0.3) for i, word in enumerate(text.split())]
    heard = record([started(), *turns, WordsTimed(t=0, turn=2, words=unsure), ended()])
    assert all(item.behaviour != "E4" for item in review(heard).feedback.improve)
    sure = [(word, start, end, 0.9) for word, start, end, _ in unsure]
    heard = record([started(), *turns, WordsTimed(t=0, turn=2, words=sure), ended()])
    assert any(item.behaviour == "E4" for item in review(heard).feedback.improve)


def test_what_the_agent_corrected_is_read_as_corrected() -> None:
    wrong, right = "You are a fool.", "You are in full."
    turns = exchange(1, 0, wrong, 0.9, ("insult", "fool"))
    fixed: list[Event] = [Corrected(t=0, turn=2, before=wrong, after=right), moved(2, right, 0.7)]
    result = review(record([started(), *turns, *fixed, ended()]))
    assert result.critical == []
    assert result.curve[-1].value == 0.7
    assert [turn.text for turn in result.transcript if turn.who == "agent"] == [right]


def test_a_quote_is_played_from_where_its_words_are() -> None:
    text = "Well, okay. Please calm down now."
    turns = exchange(1, 0, text, 0.8, ("dismiss", "Please calm down now."))
    words = [(word, 4 + i * 0.5, 4.4 + i * 0.5, 0.9) for i, word in enumerate(text.split())]
    result = review(record([started(), *turns, WordsTimed(t=0, turn=2, words=words), ended()]))
    item = result.feedback.improve[0]
    assert (item.start_s, item.end_s) == (4.7, 7.0)


# --- scores ---


def test_calm_down_twice_caps_empathy_and_is_named() -> None:
    ack = "No wonder you are fed up. Calm down."
    turns = [
        event
        for n in (1, 3, 5, 7)
        for event in exchange(
            n,
            n * 8.0,
            ack,
            0.7,
            ("validate", "No wonder you are fed up."),
            ("dismiss", "Calm down."),
        )
    ]
    result = review(record([started(), *turns, ended(Status.HUNG_UP)]))
    assert [error.id for error in result.critical] == ["calm_down_twice"]
    empathy = score(result, "empathy")
    assert empathy is not None
    assert empathy <= 2


def test_a_breath_before_answering_heat_is_read_from_the_clock() -> None:
    def call(gap: float) -> Review:
        turns = [
            event
            for n in (1, 3, 5, 7)
            for event in exchange(n, n * 8.0, "I see.", 0.7, ("acknowledge", "I see."), gap=gap)
        ]
        return review(record([started(), *turns, ended()]))

    assert level(call(1.2), "SR2") == 5
    assert level(call(0.2), "SR2") == 1
    rushed = call(0.2).measures.timing.gaps_s
    assert rushed is not None
    assert rushed[0] == pytest.approx(0.2)


def test_taking_the_floor_is_named_with_what_was_lost() -> None:
    cut = said(1, "customer", "And then I", 0, 3, unheard="had to wait for a whole week")
    turns = [
        cut,
        *exchange(1, 0, "Let me stop you there.", 0.8)[1:],
        *exchange(3, 9, "Go on.", 0.8),
    ]
    result = review(record([started(), *turns, ended()]))
    item = next(item for item in result.feedback.improve if item.behaviour == "P1")
    assert item.number == "7 words left unsaid"
    assert result.measures.timing.interruptions == 1


# --- what people read ---

STATES = r"angry|stressed|calm|composed|nervous|upset|anxious|irritated|emotional|defensive"
ABOUT_YOU = re.compile(
    r"\byou(?:r voice)? (?:sound|seem|look|appear|feel|felt|are|were|got|became)\w* (?:\w+ )?"
    rf"(?:{STATES})\b",
    re.IGNORECASE,
)


@pytest.mark.engine
def test_no_text_of_the_debrief_names_a_state_of_mind_of_the_agent() -> None:
    folder = roots.shipped()
    read = ("prompts/feedback.yaml", "prompts/self_rating.yaml", "rubrics/core.yaml")
    for path in (folder / name for name in read):
        assert not ABOUT_YOU.search(path.read_text("utf-8")), path
    template = Path(report.__file__).with_name("report.html").read_text("utf-8")
    assert not ABOUT_YOU.search(template)
    shouted = "Calm down."
    turns = [e for n in (1, 3, 5) for e in exchange(n, n * 8.0, shouted, 0.9, ("dismiss", shouted))]
    for result in (review(record([started(), *turns, ended()])), scripted(CUSTOMERS[0], "fixer")):
        assert not ABOUT_YOU.search(command.terminal(result, 80))


class _Links(html.parser.HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []
        self.scripts = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.scripts += tag == "script"
        self.found += [str(v) for k, v in attrs if k in ("src", "href", "srcset", "data", "action")]


def test_the_page_is_self_contained_and_escapes_what_was_said() -> None:
    nasty = '<script>alert(1)</script> & "so" <img src=x onerror=alert(2)>'
    turns = [e for n in (1, 3, 5) for e in exchange(n, n * 8.0, nasty, 0.8, ("dismiss", nasty))]
    call = record([started(), *turns, ended()])
    page = report.html(review(call), call)
    links = _Links()
    links.feed(page)
    assert links.found == []
    assert links.scripts == 0
    assert "<script" not in page
    assert "<img" not in page
    assert "&lt;script&gt;" in page
    assert not re.search(r"url\(|@import|https?:", page)


@pytest.mark.engine
def test_the_text_curve_fits_80_columns_and_says_all_without_colour() -> None:
    result = scripted("olsen-outage", "dismissive")
    drawn = curve.text(result.curve, result.feeling, 80)
    assert all(len(line) <= 80 for line in drawn.splitlines())
    assert "\x1b" not in drawn
    for number, point in enumerate(result.curve[1:], start=1):
        assert f"{point.before * 100:3.0f}" in drawn
        assert re.search(rf"^ *{number}  ", drawn, re.MULTILINE)


def test_the_curve_goes_up_where_the_mood_went_up() -> None:
    def first_row(values: list[float]) -> int:
        points = [
            CurvePoint(
                turn=i, t_s=i * 10.0, value=v, before=v, why="", quote="", good=None,
                start_s=0, end_s=0,
            )
            for i, v in enumerate(values)
        ]  # fmt: skip
        lines = curve.text(points, "anger", 80).splitlines()
        column = max(len(line) for line in lines[:10])
        return next(i for i, line in enumerate(lines) if len(line) == column)

    assert first_row([0.2, 0.9]) < first_row([0.9, 0.2])


# --- the command ---


def on_disk(folder: Path, events: Sequence[Event]) -> Path:
    import soundfile

    folder.mkdir(parents=True)
    (folder / "events.jsonl").write_text("".join(to_line(e) + "\n" for e in events))
    (folder / "meta.json").write_text(json.dumps({"title": "A customer"}))
    soundfile.write(folder / "call.wav", np.zeros((RATE * 30, 2), np.float32), RATE, "PCM_16")
    return folder


def test_the_command_writes_both_files_and_never_touches_the_recording(tmp_path: Path) -> None:
    text = "Calm down."
    turns = [e for n in (1, 3, 5) for e in exchange(n, n * 8.0, text, 0.8, ("dismiss", text))]
    folder = on_disk(tmp_path / "call", [started(), *turns, ended()])
    before = {path.name: path.read_bytes() for path in folder.iterdir()}
    first = CliRunner().invoke(command.command, [str(folder), "--json"])
    again = CliRunner().invoke(command.command, [str(folder), "--json"])
    assert first.exit_code == again.exit_code == 0
    assert first.output == again.output
    assert json.loads(first.output) == json.loads((folder / "review.json").read_text())
    for name, content in before.items():
        assert (folder / name).read_bytes() == content
    for name in ("review.json", "report.html"):
        assert (folder / name).stat().st_mode & 0o777 == 0o600
    assert {path.name for path in folder.iterdir()} == {*before, "review.json", "report.html"}


@pytest.mark.engine
def test_the_json_has_the_keys_scripts_rely_on() -> None:
    told = json.loads(scripted("voss-return", "empathic").model_dump_json())
    wanted = {"measures", "behaviours", "dimensions", "critical", "feedback", "story"}
    assert wanted | {"transcript", "engines"} <= set(told)
    assert {"timing", "delivery", "language"} <= set(told["measures"])
    timing = {"talk_share", "overlap_share", "median_gap_s", "interruptions", "backchannels"}
    assert timing | {"longest_stretch_s", "dead_air"} <= set(told["measures"]["timing"])
    keys = {"behaviour", "turn", "start_s", "end_s", "quote", "number", "effect", "say_instead"}
    assert keys <= set(told["feedback"]["went_well"][0])
    assert len(told["behaviours"]) == 16
    assert len(told["dimensions"]) == 4


@pytest.mark.parametrize("announced", [True, False])
def test_a_hold_is_only_held_against_who_did_not_announce_it(announced: bool) -> None:
    ask = "May I put you on hold while I ask?"
    events = [
        started(),
        *(e for n in range(4) for e in exchange(2 * n + 1, 8.0 * n, "I see that.", 0.7)),
        *exchange(9, 32, ask, 0.7, *([("hold_request", ask)] if announced else [])),
        Happened(t=samples(39.5), kind=Happening.HOLD_START, turn=10),
        Happened(t=samples(50), kind=Happening.HOLD_END, turn=10),
        *exchange(11, 51, "I am back.", 0.7),
        ended(),
    ]
    result = review(record(events))
    told = [item for item in items(result) if item.number == "10 s on hold"]
    shown = next(one for one in result.behaviours if one.id == "P3")
    unannounced = [e for e in shown.evidence if "unannounced" in (e.number or "")]
    assert [hold.announced for hold in result.measures.timing.holds or []] == [announced]
    assert bool(told) is bool(unannounced) is not announced
    assert shown.level is not None
    assert (shown.level <= 3) is not announced


def test_a_link_where_the_report_goes_is_replaced_not_followed(tmp_path: Path) -> None:
    outside = tmp_path / "outside.txt"
    outside.write_text("mine")
    folder = on_disk(tmp_path / "call", [started(), *exchange(1, 0, "Hello.", 0.7), ended()])
    (folder / "report.html").symlink_to(outside)
    assert CliRunner().invoke(command.command, [str(folder)]).exit_code == 0
    assert outside.read_text() == "mine"
    assert not (folder / "report.html").is_symlink()


def test_a_folder_that_cannot_be_written_is_a_plain_message(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="cannot be written"):
        write_private(tmp_path / "gone" / "review.json", "{}")


def test_a_team_can_bring_its_own_rubric_and_a_mistake_in_it_is_named(tmp_path: Path) -> None:
    own = tmp_path / "rubrics"
    own.mkdir()
    shipped = (roots.shipped() / "rubrics" / "core.yaml").read_text("utf-8")
    (own / "core.yaml").write_text(shipped.replace("version: 1", "version: 7", 1))
    call = record([started(), *exchange(1, 0, "Hello.", 0.7), ended()])
    assert review(call, [tmp_path]).rubric["version"] == 7
    (own / "core.yaml").write_text(shipped.replace("weight: 0.4\n", "weight: heavy\n", 1))
    with pytest.raises(BadInput, match=r"core\.yaml:\d+:\d+"):
        review(call, [tmp_path])
