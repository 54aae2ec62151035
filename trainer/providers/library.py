"""litellm itself, on its first use: the import takes 3–7 s, so call it from a thread."""

import importlib
import logging
import os
import warnings
from typing import Any

from trainer.providers.address import LOOPBACK


def load() -> Any:
    """litellm, imported without going to the network and told to keep quiet."""
    os.environ["LITELLM_LOCAL_MODEL_COST_MAP"] = "True"
    _no_proxy_to_this_machine()
    litellm: Any = importlib.import_module("litellm")
    litellm.suppress_debug_info = True
    # what is left of a request that was cancelled
    warnings.filterwarnings("ignore", "coroutine .*ompletion.* was never awaited", RuntimeWarning)
    litellm.turn_off_message_logging = True
    for name in ("LiteLLM", "LiteLLM Router", "LiteLLM Proxy"):
        logging.getLogger(name).setLevel(logging.CRITICAL)
    return litellm


def _no_proxy_to_this_machine() -> None:
    """A proxy would carry away what a server on this machine is asked."""
    for variable in ("NO_PROXY", "no_proxy"):
        given = [name for name in os.environ.get(variable, "").split(",") if name]
        os.environ[variable] = ",".join([*given, *sorted(LOOPBACK.difference(given))])
