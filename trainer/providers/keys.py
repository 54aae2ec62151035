"""Which key goes to which server.

The key of a provider, from the environment or the system's keyring, goes to that provider or to an
https address that the settings name; never to a server on this machine or over plain http. A key
kept in the keyring under the model's own string goes wherever that model is.
"""

import contextlib
from urllib.parse import urlsplit

from trainer.domain.errors import EngineMissing
from trainer.providers.address import is_here
from trainer.providers.library import load

SERVICE = "voice-trainer"
"""The keyring's service name; the user name is the model string, or the key's variable."""

NO_KEY = "none"
"""Sent where no key is needed, so that none from the environment goes there by accident."""


def find(model: str, api_base: str = "", name: str = "") -> str | None:
    """The key to send for this model; None: litellm takes its provider's from the environment.

    Args:
        model: litellm model string.
        api_base: address of its server; empty: the provider's own.
        name: what people are shown, if not the model string.

    Raises:
        EngineMissing: the provider wants a key, and there is none.
    """
    here = is_here(model, api_base)
    trusted = not here and (not api_base or urlsplit(api_base).scheme == "https")
    missing = load().validate_environment(model)["missing_keys"]
    wanted = [variable for variable in missing if not variable.endswith("_API_BASE")]
    if trusted and not wanted:
        return None
    if kept := _keyring(model, *(wanted if trusted else ())):
        return kept
    if api_base or here:
        return NO_KEY
    raise EngineMissing(
        f"{name or model} needs a key, and none was found.",
        f"Set {' or '.join(wanted)} in the environment, or type: keyring set {SERVICE} {wanted[0]}",
    )


def _keyring(*names: str) -> str:
    """The first of these entries in the system's keyring; empty where there is none."""
    import keyring
    from keyring.errors import KeyringError

    for name in names:
        with contextlib.suppress(KeyringError):
            if found := keyring.get_password(SERVICE, name):
                return str(found)
    return ""
