"""How a feeling sounds: from the lead feeling and its band to the way a clause is spoken.

Directions follow what is known of vocal affect (Juslin & Laukka 2003, Psychological Bulletin
129:770, table 7: anger is fast, loud, high and lively; fear is fast and high; sadness is slow,
quiet, low and flat). The sizes are ours: large enough to hear through a telephone, small enough to
stay understandable.
"""

from trainer.domain.mood import Band, Feeling, Mood
from trainer.domain.plan import VoiceStyle

_STRENGTH = {
    Band.CALM: 0.0,
    Band.WARY: 0.25,
    Band.TENSE: 0.5,
    Band.HOT: 0.75,
    Band.OVERWHELMED: 1.0,
}

_FULL = {
    Feeling.ANGER: VoiceStyle(
        rate=1 / 0.9, pitch_st=3.0, pitch_range=1.5, level_db=5.0, pause_s=0.10
    ),
    Feeling.ANXIETY: VoiceStyle(
        rate=1.18, pitch_st=3.5, pitch_range=1.15, level_db=0.5, pause_s=0.06
    ),
    Feeling.SADNESS: VoiceStyle(
        rate=1 / 1.15, pitch_st=-2.0, pitch_range=0.5, level_db=-4.0, pause_s=0.45
    ),
}
"""The voice of each feeling when it is overwhelming."""

_CALM = VoiceStyle()
_UNDERTONE = 0.35
"""How much of a feeling that does not lead is still heard."""
_STEP = 0.25
"""No ear tells finer steps of an undertone apart, and a clause voiced ahead of its turn can be used
while the mood moves a little."""
_SHOWS_FROM = 0.4
"""Strength from which a feeling that does not lead is heard."""


def style(lead: Feeling, band: Band, mood: Mood) -> VoiceStyle:
    """The way a clause sounds.

    Args:
        lead: the feeling this customer leads with.
        band: how strongly it shows now.
        mood: the whole mood; feelings that do not lead colour the voice a little, once they are
            strong.

    Returns:
        A style relative to the persona's neutral voice. With a mood at rest, `Band.CALM` is exactly
        neutral and every number moves one way as the band rises.
    """
    parts = [(lead, _STRENGTH[band])]
    for feeling in Feeling:
        over = (mood.of(feeling) - _SHOWS_FROM) / (1 - _SHOWS_FROM)
        if feeling is not lead and over > 0:
            parts.append((feeling, _UNDERTONE * round(over / _STEP) * _STEP))
    rate = pitch_range = 1.0
    pitch_st = level_db = 0.0
    pause_s = _CALM.pause_s
    for feeling, strength in parts:
        full = _FULL[feeling]
        rate *= full.rate**strength
        pitch_range *= full.pitch_range**strength
        pitch_st += full.pitch_st * strength
        level_db += full.level_db * strength
        pause_s *= (full.pause_s / _CALM.pause_s) ** strength
    return VoiceStyle(
        rate=round(rate, 4),
        pitch_st=round(pitch_st, 3),
        pitch_range=round(pitch_range, 4),
        level_db=round(level_db, 3),
        pause_s=round(pause_s, 3),
    )
