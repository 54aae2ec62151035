"""Words that come from anywhere, made fit for a terminal."""


def plain(text: str) -> str:
    """None of them may steer the terminal: what cannot be printed becomes a space."""
    return "".join(letter if letter.isprintable() else " " for letter in text)
