"""Two looks: warm ink on dark, warm ink on paper. Teal is the agent, clay the customer, in both."""

from textual.theme import Theme

DARK = Theme(
    name="dark",
    primary="#62c9b8",
    secondary="#f0a67c",
    accent="#efc872",
    warning="#efc872",
    error="#f2777a",
    success="#93cf80",
    foreground="#e8e4dc",
    background="#15171c",
    surface="#1c1f26",
    panel="#282c36",
    dark=True,
    variables={
        "quiet": "#9aa0ab",
        "line": "#3c424e",
        "input-selection-background": "#62c9b8 35%",
        "block-cursor-foreground": "#15171c",
        "block-cursor-text-style": "bold",
    },
)

LIGHT = Theme(
    name="light",
    primary="#0f6f66",
    secondary="#a8480f",
    accent="#855900",
    warning="#855900",
    error="#ab2320",
    success="#326d22",
    foreground="#2b2722",
    background="#faf7f1",
    surface="#f3eee4",
    panel="#e6dfd1",
    dark=False,
    variables={
        "quiet": "#665f54",
        "line": "#c9bfae",
        "input-selection-background": "#0f6f66 25%",
        "block-cursor-foreground": "#faf7f1",
        "block-cursor-text-style": "bold",
    },
)
