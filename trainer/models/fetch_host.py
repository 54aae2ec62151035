"""A file from the host that usually serves it, over HTTPS, resumed where it broke off."""

import threading
from collections.abc import Callable
from pathlib import Path
from urllib.parse import urlsplit

import httpx

from trainer.models.manifest import Source

ANSWER_WITHIN = 3.0
"""Seconds a host has to answer before the next source is tried."""
_STALL = 30.0
_PIECE = 1 << 18


class Unavailable(Exception):
    """This source cannot serve now; the message says why, in plain words."""


_silent: dict[str, str] = {}
"""Hosts that did not answer during this run, and why: nobody waits for them twice."""


def forget() -> None:
    """Ask every host again."""
    _silent.clear()


def fetch(source: Source, partial: Path, seen: Callable[[int], None]) -> None:
    """Bring `source.url` into `partial`, continuing after the bytes that are already there.

    Args:
        source: a source with a `url`.
        partial: the file to write; kept when the connection breaks.
        seen: told the number of bytes on disk so far.

    Raises:
        Unavailable: the host does not answer, refuses, or serves another file than the manifest
            names.
    """
    host = urlsplit(source.url).netloc
    if host in _silent:
        raise Unavailable(_silent[host])
    try:
        target = _answering(source)
        _stream(target, source, partial, seen)
    except httpx.HTTPError as error:
        why = f"{host}: {_plainly(error)}"
        if isinstance(error, httpx.TransportError) and not partial.exists():
            _silent[host] = why
        raise Unavailable(why) from error


def _answering(source: Source) -> str:
    """The final address of the file, if its host answers in time and means the same file.

    Name look-up has no timeout of its own, so a thread asks, which may be left behind.
    """
    host = urlsplit(source.url).netloc
    answer: list[httpx.Response] = []
    fault: list[Exception] = []

    def ask() -> None:
        try:
            with httpx.Client(timeout=ANSWER_WITHIN) as client:
                reply = client.head(source.url)
                promised = reply.headers.get("x-linked-etag", "").strip('"')
                if len(promised) == 64 and promised != source.sha256:
                    raise Unavailable(f"{host} serves another version of this file")
                if reply.is_redirect:
                    reply = client.head(source.url, follow_redirects=True)
                reply.raise_for_status()
                answer.append(reply)
        except (httpx.HTTPError, Unavailable) as error:
            fault.append(error)

    thread = threading.Thread(target=ask, daemon=True)
    thread.start()
    thread.join(ANSWER_WITHIN + 0.5)
    if fault:
        raise fault[0]
    if not answer:
        raise httpx.ConnectTimeout("no answer")
    return str(answer[0].url)


def _stream(address: str, source: Source, partial: Path, seen: Callable[[int], None]) -> None:
    have = partial.stat().st_size if partial.exists() else 0
    if have == source.size:
        return
    if have > source.size:
        have = 0
    timeout = httpx.Timeout(_STALL, connect=ANSWER_WITHIN)
    headers = {"Range": f"bytes={have}-", "Accept-Encoding": "identity"} if have else {}
    with (
        httpx.Client(timeout=timeout, follow_redirects=True) as client,
        client.stream("GET", address, headers=headers) as reply,
    ):
        reply.raise_for_status()
        if reply.status_code != httpx.codes.PARTIAL_CONTENT:
            have = 0
        with partial.open("ab" if have else "wb") as file:
            seen(have)
            for piece in reply.iter_bytes(_PIECE):
                file.write(piece)
                have += len(piece)
                seen(have)


def _plainly(error: httpx.HTTPError) -> str:
    if isinstance(error, httpx.HTTPStatusError):
        return f"answered {error.response.status_code}"
    if isinstance(error, httpx.TimeoutException):
        return "does not answer"
    return "cannot be reached" if isinstance(error, httpx.ConnectError) else "broke off"
