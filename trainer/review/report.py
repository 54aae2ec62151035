"""`report.html`: one file without any outside resource. Everything from the call is escaped."""

from collections.abc import Mapping, Sequence
from importlib.resources import files
from pathlib import Path

from trainer.domain.record import CallRecord
from trainer.review import agreed, curve, phrases, reveal, self_rating, track
from trainer.review.clips import Clip
from trainer.review.delivery.raised import RAISED
from trainer.review.model import Review
from trainer.review.scale import clock

NO_SOUND: Mapping[tuple[float, float], Clip] = {}
"""A page without sound."""

STATUS = {
    "open": "still open",
    "satisfied": "the customer was satisfied",
    "pending": "agreed, with a next step still to come",
    "refusal_accepted": "the customer accepted a no",
    "hung_up": "the customer hung up",
    "withdrew": "the customer gave up",
    "transferred": "passed on to a supervisor",
    "closed_by_agent": "closed by you after a warning",
    "agent_ended": "ended by you",
    "imported": "the recording of a real call",
    "aborted": "stopped or broken off",
}
"""How a call ended, in words."""


_ENGINES = {
    "stt": "your words",
    "wording": "the customer's words",
    "voice": "the customer's voice",
    "language": "what the words do",
}


def html(
    review: Review,
    record: CallRecord,
    extra: Sequence[Path] = (),
    sound: Mapping[tuple[float, float], Clip] = NO_SOUND,
) -> str:
    """The whole report as one self-contained page.

    Args:
        review: of the call.
        record: the call.
        extra: as in `debrief.review`.
        sound: moments of the feedback to hear in the page, from `clips.clips`.
    """
    from jinja2 import Environment, StrictUndefined
    from markupsafe import Markup

    environment = Environment(autoescape=True, undefined=StrictUndefined, trim_blocks=True)
    template = environment.from_string(
        files("trainer.review").joinpath("report.html").read_text(encoding="utf-8")
    )
    own = track.track(review)
    moved = review.curve if len(review.curve) > 1 else []
    drawn = curve.svg(moved, review.feeling, track=own) if moved or own is not None else ""
    closing = phrases.load(extra).closing
    return template.render(
        review=review,
        curve=Markup(drawn),  # made by us; its texts are escaped there
        numbers=numbers(review),
        moved=moved,
        own=own,
        bars={bar.turn: bar for bar in own.bars} if own is not None else {},
        in_words=track,
        sound=sound,
        kilobytes=lambda size: f"{size / 1000:.0f} kB",
        names={behaviour.id: behaviour.name for behaviour in review.behaviours},
        agreed=agreed.rows(review.ground),
        behind=reveal.rows(review.reveal) if review.reveal else [],
        status=STATUS.get(review.status, review.status),
        clock=clock,
        rating=closing["rating"],
        no_well=closing["no_well"],
        no_improve=closing["no_improve"],
        engines=[(_ENGINES.get(part, part), name) for part, name in review.engines.items()],
        own_notes=self_rating.notes(review.self_rating) if review.self_rating else [],
    )


def numbers(review: Review) -> list[tuple[str, str, str]]:
    """What was measured, for people: (name, value, note).

    The note says why there is no value; where nothing was measured, it is said once.
    """
    timing = review.measures.timing
    why = timing.not_measured
    if len(set(why.values())) == 1 and timing.dead_air is None:
        return [("Timing", "not measured", next(iter(why.values()))), *voice(review)]

    def row(name: str, field: str, value: str | None, note: str = "") -> tuple[str, str, str]:
        if value is None:
            return name, "not measured", why.get(field, "")
        return name, value, note

    def share(value: float | None) -> str | None:
        return f"{value:.0%}" if value is not None else None

    def count(value: int | None) -> str | None:
        return str(value) if value is not None else None

    def time(value: float | None) -> str | None:
        return f"{value:.1f} s" if value is not None else None

    dead = timing.dead_air
    silences = None if dead is None else str(len(dead))
    longest = f"longest {max(d.seconds for d in dead):.1f} s" if dead else ""
    held = timing.holds
    return [
        row("Your share of the talking", "talk_share", share(timing.talk_share)),
        row("Before you answered (median)", "median_gap_s", time(timing.median_gap_s)),
        row("Times you took the floor early", "interruptions", count(timing.interruptions)),
        row("Short listening words", "backchannels", count(timing.backchannels)),
        row("Your longest stretch", "longest_stretch_s", time(timing.longest_stretch_s)),
        row("Silences over 4 s", "dead_air", silences, longest),
        row("Both at once", "overlap_share", share(timing.overlap_share)),
        row("Holds", "holds", None if held is None else str(len(held))),
        *voice(review),
    ]


def voice(review: Review) -> list[tuple[str, str, str]]:
    """What was measured of the agent's voice, in the form of `numbers`."""
    found = review.measures.delivery
    why = dict.fromkeys(found.not_measured.values())
    if not found.turns:
        return [("Voice", "not measured", " ".join(why))]
    rows = []
    rated = [turn.z for turn in found.turns if turn.z is not None]
    if found.raised_voice is not None:
        raised = sum(1 for z in rated if z > RAISED)
        what = "your warm-up" if found.baseline == "own" else "your first two turns"
        value = f"raised in {raised} of {len(rated)} turns"
        rows.append((f"Your voice against {what}", value, found.note))
    else:
        rows.append(("Voice", "not measured", found.not_measured.get("raised_voice", "")))
    pace = []
    if found.articulation_rate is not None:
        pace.append(f"{found.articulation_rate:.1f} syllables a second")
    if found.words_per_minute is not None:
        pace.append(f"{found.words_per_minute:.0f} words a minute")
    if pace:
        rows.append(("Your pace", ", ".join(pace), ""))
    return rows
