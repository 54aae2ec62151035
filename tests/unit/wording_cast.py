"""One small customer and a few moments of a call, shared by the tests of wording."""

from dataclasses import replace
from typing import Any

from trainer.customer.wording import Scene
from trainer.domain.mood import Band, Mood, Status
from trainer.domain.persona import Cast, Persona
from trainer.domain.plan import Intent, Plan, Reply
from trainer.domain.transcript import Turn, Who

ACCOUNT = "Ruth shared her PIN with her neighbour Dolores."

_VARIANTS: list[dict[str, object]] = [{"id": name, "slots": {}} for name in ("a", "b", "c")]
_PERSONA = {
    "title": "A payment she never made",
    "extends": "worrier",
    "identity": {
        "name": "Ruth Mercer",
        "age": 71,
        "about": "Retired school secretary, lives alone, keeps every bill in a folder.",
        "speech": "Careful, starts again in the middle of sentences.",
    },
    "difficulty": 3,
    "trains": ["E1"],
    "lead": "anxiety",
    "exits": ["withdraws"],
    "need": "certainty",
    "scenario": {
        "card": {
            "company": "Harbour Bank",
            "agent_role": "helpline",
            "situation": "A customer calls about a payment.",
            "system": [],
            "may_grant": [],
            "may_not": [],
        },
        "background": "Somebody used her card.",
        "demand": "I want to know whether the money is coming back.",
        "facts": [
            {
                "id": "pin",
                "text": ACCOUNT,
                "line": "I told Dolores next door my PIN. She does my shopping.",
                "asks": ["Does anyone else know your PIN?"],
                "keys": ["Dolores", "my PIN"],
                "gate": {"min_trust": 0.6},
            },
            {
                "id": "when",
                "text": "The payment was on the fourth of March, for ninety pounds.",
                "line": "It was on the fourth of March. Ninety pounds.",
                "asks": ["When was the payment?"],
                "keys": ["fourth of March", "ninety pounds"],
            },
        ],
        "remedies": [
            {
                "id": "refund",
                "examples": ["I will refund it.", "You get it back."],
                "allowed": True,
                "solves": 1.0,
            }
        ],
        "variants": _VARIANTS,
    },
    "sayings": ["I'm not being difficult"],
}

MOOD = Mood(anxiety=0.7, trust=0.3)


def cast() -> Cast:
    persona = Persona.model_validate(_PERSONA)
    return Cast(
        name="mercer",
        persona=persona,
        temperament="worrier",
        variant="a",
        mood=MOOD,
        temper=persona.temper,
        lines={},
        stock={},
        digest="",
    )


def turns(*lines: tuple[Who, str]) -> tuple[Turn, ...]:
    return tuple(
        Turn(n, who, text, 5.0 * n, 5.0 * n + 3, "stt") for n, (who, text) in enumerate(lines, 1)
    )


HISTORY = turns(
    ("customer", "Hello, this is Ruth Mercer. There is a payment here that I never made."),
    ("agent", "Okay, let me have a look at that. When was it?"),
)


def scene(
    intent: Intent = Intent.PUSH,
    draft: tuple[str, ...] = (
        "No, please.",
        "I just want to know whether the money is coming back.",
    ),
    history: tuple[Turn, ...] = HISTORY,
    status: Status = Status.OPEN,
    **plan: Any,
) -> Scene:
    """A moment of the call; `plan` fills further fields of the plan."""
    full = replace(Plan(intent, Band.HOT, want="to hear that the money is safe"), **plan)
    return Scene(cast(), Reply(plan=full, draft=draft, mood=MOOD, status=status), history)
