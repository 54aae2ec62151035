from pathlib import Path

import numpy as np

from trainer.domain.audio import RATE
from trainer.domain.events import (
    ActFound,
    CallEnded,
    CallStarted,
    CauseFound,
    ClauseSpoken,
    Corrected,
    Event,
    Happened,
    MoodMoved,
    Planned,
    TurnTaken,
)
from trainer.domain.mood import Happening, Status
from trainer.domain.record import CallRecord
from trainer.store.summary import summary

BEGAN = CallStarted(
    t=0,
    persona="p",
    variant="a",
    seed=7,
    mode="spoken",
    engines={"stt": "whisper base", "wording": "authored", "voice": "piper", "other": "x"},
    mood={},
)
MOOD = dict.fromkeys(
    ("anger", "anxiety", "sadness", "warmth", "trust", "heard", "patience", "resolution"), 0.5
)


def record(*events: Event) -> CallRecord:
    silence = np.zeros(0, np.float32)
    return CallRecord(Path("/calls/one"), {}, events, silence, silence)


def agent(turn: int, text: str) -> TurnTaken:
    return TurnTaken(
        t=turn * RATE, turn=turn, who="agent", text=text, start=0, end=RATE // 3, source="stt"
    )


def customer(turn: int, text: str) -> TurnTaken:
    return TurnTaken(
        t=0, turn=turn, who="customer", text=text, start=0, end=9, source="greeting", unheard="rest"
    )


def moved(turn: int, anger: float, act: str = "acknowledge") -> MoodMoved:
    return MoodMoved(
        t=turn * RATE,
        turn=turn,
        acts=[ActFound(act=act, quote="q", start=0, end=1, confidence=0.9, method="rule")],
        appraisal={},
        mood=MOOD | {"anger": anger},
        cause=[CauseFound(appraisal="acknowledgement", quote="q", weight=0.4, good=True)],
        engine="1",
    )


def planned(generation: int, *facts: str) -> Planned:
    return Planned(
        t=0, turn=2, generation=generation, intent="vent", band="hot", facts=list(facts), draft=[]
    )


def spoken(generation: int) -> ClauseSpoken:
    return ClauseSpoken(t=0, turn=3, generation=generation, text="Well.", source="authored")


def test_the_keys_are_those_scripts_rely_on() -> None:
    found = summary(
        record(
            BEGAN,
            customer(1, "Hello?"),
            agent(2, "I see."),
            moved(2, 0.6),
            Happened(t=RATE, kind=Happening.SIGH, turn=2),
            CallEnded(t=2 * RATE, status=Status.SATISFIED, csat=4.2, story=["It went well."]),
        )
    )
    assert found == {
        "call": "/calls/one",
        "status": "satisfied",
        "seed": 7,
        "engines": {"stt": "whisper base", "wording": "authored", "voice": "piper"},
        "transcript": [
            {
                "turn": 1,
                "who": "customer",
                "text": "Hello?",
                "start_s": 0.0,
                "end_s": 0.001,
                "source": "greeting",
            },
            {
                "turn": 2,
                "who": "agent",
                "text": "I see.",
                "start_s": 0.0,
                "end_s": 0.333,
                "source": "stt",
            },
        ],
        "mood": [
            {
                "turn": 2,
                **MOOD,
                "anger": 0.6,
                "acts": [
                    {
                        "act": "acknowledge",
                        "quote": "q",
                        "start": 0,
                        "end": 1,
                        "confidence": 0.9,
                        "method": "rule",
                    }
                ],
                "cause": [
                    {"appraisal": "acknowledgement", "quote": "q", "weight": 0.4, "good": True}
                ],
            }
        ],
        "events": [{"kind": "sigh", "turn": 2, "t_s": 1.0}],
        "facts": [],
        "csat": 4.2,
        "story": ["It went well."],
        "ground": None,
    }


def test_after_a_correction_the_latest_words_and_moods_stand() -> None:
    found = summary(
        record(
            BEGAN,
            agent(2, "I hate you"),
            moved(2, 0.9, "insult"),
            agent(4, "Tell me more."),
            moved(4, 0.8),
            Corrected(t=0, turn=2, before="I hate you", after="I hear you"),
            moved(2, 0.5),
            moved(4, 0.4),
        )
    )
    assert [turn["text"] for turn in found["transcript"]] == ["I hear you", "Tell me more."]
    assert [(mood["turn"], mood["anger"]) for mood in found["mood"]] == [(2, 0.5), (4, 0.4)]
    assert found["mood"][0]["acts"][0]["act"] == "acknowledge"


def test_a_fact_is_told_only_when_the_reply_that_held_it_was_spoken() -> None:
    found = summary(
        record(
            BEGAN,
            planned(1, "withdrawn"),
            planned(2, "serial", "date"),
            spoken(2),
            spoken(2),
            planned(3, "date", "dog"),
            spoken(3),
        )
    )
    assert found["facts"] == ["serial", "date", "dog"]


def test_a_call_that_was_broken_off_is_aborted_and_rated_by_nobody() -> None:
    found = summary(record(BEGAN, customer(1, "Hello?")))
    assert (found["status"], found["csat"], found["story"]) == ("aborted", None, [])


def test_a_call_that_never_began_has_no_engines_and_no_seed() -> None:
    found = summary(record())
    assert found["seed"] is None
    assert set(found["engines"].values()) == {None}
