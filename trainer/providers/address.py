"""Where a model is: on this machine, or where words and sound leave it."""

import os
import re
from urllib.parse import urlsplit

LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})

_OLLAMA = "http://localhost:11434"
"""Where litellm looks for Ollama when nothing else is said."""


def is_here(model: str, api_base: str = "") -> bool:
    """Whether what this model is asked stays on this machine.

    Args:
        model: litellm model string.
        api_base: address of its server; empty: the provider's own.
    """
    if is_passed_on(model):
        return False
    if not api_base and model.startswith(("ollama/", "ollama_chat/")):
        api_base = os.environ.get("OLLAMA_API_BASE") or _OLLAMA
    return urlsplit(api_base).hostname in LOOPBACK


def is_passed_on(model: str) -> bool:
    """Whether Ollama passes a model of this name on to its own cloud."""
    return re.search(r"[:-]cloud$", model) is not None
