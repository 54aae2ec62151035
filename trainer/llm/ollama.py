"""Finds an Ollama that runs on this machine, and the model of it that suits a conversation."""

import re
from typing import Any

from trainer.providers.address import is_passed_on

ADDRESS = "http://127.0.0.1:11434"
_WAIT_S = 0.3
_LARGEST_B = 9.0
"""Thousand million parameters that an ordinary laptop still runs as fast as one speaks."""

_NOT_FOR_TALK = re.compile(r"embed|minilm|bge|rerank|code|math|vision|ocr|whisper|guard", re.I)


def find(address: str = ADDRESS) -> str | None:
    """The litellm string of a chat model that Ollama has here, or None.

    The largest that a laptop runs fluently, else the smallest. Models that Ollama only passes on to
    its own cloud do not count: nothing may leave the machine unasked.
    """
    import httpx

    try:
        with httpx.Client(timeout=_WAIT_S, trust_env=False) as client:
            answer = client.get(f"{address}/api/tags").raise_for_status().json()
        sizes = {model["name"]: _size(model) for model in answer["models"] if _talks(model)}
    except (httpx.HTTPError, ValueError, KeyError, TypeError, AttributeError):
        return None  # nobody there, or somebody who is not Ollama
    if not sizes:
        return None
    fluent = [name for name, size in sizes.items() if size <= _LARGEST_B]
    best = max(fluent, key=sizes.__getitem__) if fluent else min(sizes, key=sizes.__getitem__)
    return f"ollama_chat/{best}"


def _talks(model: dict[str, Any]) -> bool:
    remote = model.get("remote_host") or model.get("remote_model") or is_passed_on(model["name"])
    return not remote and not _NOT_FOR_TALK.search(model["name"])


def _size(model: dict[str, Any]) -> float:
    """Thousand million parameters; told from the file's size (about 0.6 bytes each) if not said."""
    details = model.get("details") or {}
    said = re.fullmatch(r"(\d+(?:\.\d+)?)\s*([BM])", str(details.get("parameter_size", "")))
    if said:
        return float(said[1]) / (1000 if said[2] == "M" else 1)
    return float(model.get("size", 0)) / 0.6e9
