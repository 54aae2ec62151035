"""One model behind an address: where it is, what people call it, the key it gets."""

import asyncio
from typing import Any

from trainer.domain.errors import BadInput
from trainer.providers import keys
from trainer.providers.address import is_here


class HostedModel:
    """What every request to one model carries. Its key is looked for once.

    Args:
        model: litellm model string.
        api_base: address of its server; empty: the provider's own.
        name: what people are shown, if not the model string.
        key: sent instead of any key from environment or keyring.
    """

    def __init__(self, model: str, api_base: str = "", *, name: str = "", key: str = "") -> None:
        self.model = model
        self.name = name or model
        self.leaves_machine = not is_here(model, api_base)
        self._api_base = api_base
        self._key: str | None = key or None
        self._settled = bool(key)

    async def request(self) -> dict[str, Any]:
        """The arguments that any call of litellm for this model takes; nothing is ever retried.

        Raises:
            EngineMissing: the provider wants a key, and there is none.
        """
        if not self._settled:
            self._key = await asyncio.to_thread(keys.find, self.model, self._api_base, self.name)
            self._settled = True
        sent = {"api_base": self._api_base, "api_key": self._key}
        return {
            "model": self.model,
            "max_retries": 0,
            "num_retries": 0,
            "drop_params": True,
            **{name: value for name, value in sent.items() if value},
        }


def check_name(model: str, examples: str) -> None:
    """Raise BadInput when a model string does not say whose model it is."""
    if "/" not in model.strip("/"):
        raise BadInput(
            f"“{model}” does not say whose model it is.",
            f"Write it as provider/model, e.g. {examples}.",
        )
