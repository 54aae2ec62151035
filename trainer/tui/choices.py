"""The engines that the settings screen offers, in words."""

from collections.abc import Sequence

CHOICES: dict[str, Sequence[tuple[str, str]]] = {
    "stt": (
        ("base", "Whisper base: understands better"),
        ("tiny.en", "Whisper tiny: faster, weaker"),
    ),
    "voice": (
        ("auto", "the best one here"),
        ("piper", "Piper: a natural voice"),
        ("pyttsx3", "the system's own voice"),
        ("cloud", "the cloud voice named in config.toml"),
        ("none", "no voice, captions only"),
    ),
    "wording": (
        ("auto", "what works here, never a cloud"),
        ("authored", "written lines only"),
        ("local", "the small model on this machine"),
    ),
}
