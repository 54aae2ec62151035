"""A provider's faults in plain words. Nothing a provider wrote itself is passed on to people."""

from collections.abc import Mapping

from trainer.providers.library import load

Said = Mapping[int, tuple[str, str]]
"""By HTTP status: what the model did, and what to do about it."""

_SAID: Said = {
    400: ("did not accept the request", "Check the model's name."),
    401: ("refused the key", "Check the key of this model."),
    403: ("does not let this key use the model", "Check the key of this model."),
    404: ("does not exist there", "Check the model's name and the server's address."),
    429: ("is too busy, or the account's limit is reached", "Try again later."),
}


def in_words(fault: Exception, name: str, own: Said | None = None) -> tuple[str, str]:
    """What happened, and what to do: the two parts of a `TrainerError`.

    Args:
        fault: anything that came out of litellm, which wraps some faults and lets others through.
        name: what people call the model.
        own: statuses that mean something else, or something more, to who asked.
    """
    if _is_late(fault):
        return f"{name} did not answer in time.", ""
    if type(fault).__name__ == "MidStreamFallbackError":
        return f"{name} broke off in the middle.", ""
    status = _status(fault)
    said = {**_SAID, **(own or {})}
    if status in said:
        return f"{name} {said[status][0]} ({status}).", said[status][1]
    if _is_unreachable(fault):
        return f"{name} cannot be reached.", "Check the network, or that its server is running."
    if status >= 500:
        return f"{name} had a fault of its own ({status}).", "Try again later."
    return f"{name} answered something that cannot be used.", ""


def may_pass(fault: Exception) -> bool:
    """Whether the same request may succeed in a minute: a slow or busy provider, but one there."""
    if _is_late(fault) or _status(fault) == 429:
        return True
    return _status(fault) >= 500 and not _is_unreachable(fault)


def _is_late(fault: Exception) -> bool:
    return isinstance(fault, TimeoutError | load().Timeout)


def _is_unreachable(fault: Exception) -> bool:
    return isinstance(fault, load().APIConnectionError) or "onnection error" in str(fault)


def _status(fault: Exception) -> int:
    return int(getattr(fault, "status_code", 0) or 0)
