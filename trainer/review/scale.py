"""The scale of the pictures: names of the bands of a feeling, and times on the axis."""

BANDS = ((0.8, "overwhelmed"), (0.6, "hot"), (0.4, "tense"), (0.22, "wary"), (0.0, "calm"))
"""Lower border and name of each band of a feeling, 0..1, highest first."""


def clock(at: float) -> str:
    """Seconds as minutes and seconds, e.g. "1:04"."""
    return f"{int(at // 60)}:{int(at % 60):02d}"
