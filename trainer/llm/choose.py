"""Who words the customer. `auto` never leaves this machine, whatever keys the environment holds."""

import contextlib

from trainer.domain.errors import EngineMissing
from trainer.llm import litellm, local, measured, ollama
from trainer.ports.wording import Wording


def choose(setting: str, api_base: str = "") -> Wording | None:
    """The wording model for a setting; None means that the authored lines speak.

    Args:
        setting: "authored", "auto", "local", or a litellm model string.
        api_base: the server of a named model.

    Raises:
        EngineMissing: what was named cannot be had.
    """
    if setting == "authored":
        return None
    if setting == "local":
        return local.create()
    if setting == "auto":
        return _on_this_machine()
    return litellm.create(setting, api_base)


def _on_this_machine() -> Wording | None:
    """Ollama, else the local model if it was measured to be fast and good enough here."""
    if found := ollama.find():
        return litellm.create(found, ollama.ADDRESS)
    with contextlib.suppress(EngineMissing):
        model = local.create()
        result = measured.last(model.name)
        if result is not None and result.share >= measured.ENOUGH:
            return model
    return None
