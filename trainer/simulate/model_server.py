"""A language model's server on this machine that answers from a script, or misbehaves as asked.

It speaks the OpenAI chat protocol (`/v1/models`, `/v1/chat/completions`, streamed or whole), so
that every failure of a provider can be had for real, over HTTP, without a provider.
"""

import json
import select
import socket
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Any, Literal, Self, get_args

Fault = Literal[
    "ok",
    "401",  # the key is refused
    "429",  # too many requests
    "500",  # the provider's own mistake
    "hang",  # takes the request and never answers
    "slow",  # a second and a half before the first word
    "broken",  # the connection breaks in the middle of a word
    "cut",  # the stream ends in the middle, as if that were all
    "garbage",  # not JSON
    "empty",  # an answer without words
    "role_flip",  # turns into the help desk
    "leak",  # gives away what nobody told it to say
]
FAULTS: tuple[Fault, ...] = get_args(Fault)

_LINES: dict[Fault, str] = {
    "role_flip": "I understand your frustration. How can I help you today?",
    "leak": "My sister Margaret lost four thousand pounds to a scammer in Leeds.",
}
_SLOW_S = 1.5

Replies = Sequence[str] | Callable[[str], str]


@dataclass(frozen=True)
class Request:
    """One request as it came in: the model asked for, all message contents, the key sent."""

    model: str
    text: str
    key: str
    body: dict[str, Any]


class ModelServer:
    """A context manager: `with ModelServer(fault="429") as server: server.base_url`.

    A model called `fault-<name>` brings that fault whatever the server's own is.

    Args:
        fault: how every answer goes.
        replies: what it answers, in turn (the last one for ever), or a function of the prompt.
        word_s: seconds between two words of a stream.
    """

    def __init__(
        self,
        fault: Fault = "ok",
        replies: Replies = ("I have been waiting far too long for this.",),
        word_s: float = 0.0,
    ) -> None:
        self.requests: list[Request] = []
        self.asked = threading.Event()
        """Set when a request has come in."""
        self.dropped = threading.Event()
        """Set when a client closed its connection before the answer was complete."""
        self._fault = fault
        self._replies = replies
        self._word_s = word_s
        self._stopping = threading.Event()
        self._http = _Http(("127.0.0.1", 0), _handler(self))
        self._thread = threading.Thread(
            target=self._http.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True
        )

    @property
    def base_url(self) -> str:
        """What litellm calls `api_base`."""
        return f"http://127.0.0.1:{self._http.server_address[1]}/v1"

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._stopping.set()
        self._http.shutdown()
        self._http.server_close()

    def fault_for(self, model: str) -> Fault:
        """The fault that a request for `model` meets."""
        return next((fault for fault in FAULTS if model == f"fault-{fault}"), self._fault)

    def reply(self, fault: Fault, text: str) -> str:
        """What is answered to the prompt `text`."""
        if fault in _LINES:
            return _LINES[fault]
        if callable(self._replies):
            return self._replies(text)
        return self._replies[min(len(self.requests), len(self._replies)) - 1]

    def wait(self, seconds: float) -> bool:
        """Sleep. True when the server is being stopped."""
        return self._stopping.wait(seconds)

    def pace(self) -> None:
        """Sleep as long as one word takes."""
        if self._word_s:
            time.sleep(self._word_s)


def dead_url() -> str:
    """The address of a server that is not there: connections to it are refused."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return f"http://127.0.0.1:{probe.getsockname()[1]}/v1"


class _Http(ThreadingHTTPServer):
    daemon_threads = True
    block_on_close = False

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A client that went away is no news, and nothing belongs on the terminal."""


def _handler(server: ModelServer) -> type[BaseHTTPRequestHandler]:
    class Handler(_Handler):
        model_server = server

    return Handler


class _Handler(BaseHTTPRequestHandler):
    model_server: ModelServer
    protocol_version = "HTTP/1.1"

    def log_message(self, format: str, *args: Any) -> None:
        """Nothing of what is said belongs on the terminal."""

    def do_GET(self) -> None:
        """`/v1/models`."""
        self._json(200, {"object": "list", "data": [{"id": "scripted", "object": "model"}]})

    def do_POST(self) -> None:
        """`/v1/chat/completions`."""
        body = json.loads(self.rfile.read(int(self.headers.get("Content-Length", 0))) or b"{}")
        text = "\n".join(str(m.get("content", "")) for m in body.get("messages", []))
        key = (self.headers.get("Authorization") or "").removeprefix("Bearer ")
        server = self.model_server
        server.requests.append(Request(str(body.get("model", "")), text, key, body))
        server.asked.set()
        fault = server.fault_for(str(body.get("model", "")))
        try:
            self._answer(fault, server.reply(fault, text), bool(body.get("stream")))
        except (BrokenPipeError, ConnectionResetError):
            server.dropped.set()
            self.close_connection = True

    def _answer(self, fault: Fault, reply: str, stream: bool) -> None:
        if fault in ("401", "429", "500"):
            self._json(int(fault), {"error": {"message": f"scripted {fault}", "type": "scripted"}})
        elif fault == "garbage":
            self._bytes(200, "text/html", b"<html>not what you asked for</html>")
        elif fault == "hang":
            self._watch(float("inf"))
        elif stream:
            if fault == "slow":
                self._watch(_SLOW_S)
            self._stream(fault, reply)
        else:
            self._json(200, _whole("" if fault == "empty" else reply))

    def _stream(self, fault: Fault, reply: str) -> None:
        self.send_response(200)
        self.send_header("Content-Type", "text/event-stream")
        self.send_header("Transfer-Encoding", "chunked")
        self.end_headers()
        words = [] if fault == "empty" else reply.split(" ")
        if fault in ("broken", "cut"):
            words = [*words[: max(1, len(words) // 2)], "unfin"]
        for place, word in enumerate(words):
            self._event({"content": (" " if place else "") + word})
            self._gone()
            self.model_server.pace()
        if fault == "broken":
            self.close_connection = True
            self.connection.shutdown(socket.SHUT_RDWR)
            return
        if fault != "cut":
            self._event({}, finish="stop")
            self._chunk(b"data: [DONE]\n\n")
        self._chunk(b"")

    def _event(self, delta: dict[str, str], finish: str | None = None) -> None:
        choice = {"index": 0, "delta": delta, "finish_reason": finish}
        data = {"id": "1", "object": "chat.completion.chunk", "created": 0, "model": "scripted"}
        self._chunk(f"data: {json.dumps(data | {'choices': [choice]})}\n\n".encode())

    def _chunk(self, data: bytes) -> None:
        self.wfile.write(b"%x\r\n%s\r\n" % (len(data), data))
        self.wfile.flush()

    def _watch(self, seconds: float) -> None:
        """Do nothing for `seconds`, but notice when the client goes away."""
        until = time.monotonic() + seconds
        while time.monotonic() < until and not self.model_server.wait(0.02):
            self._gone()

    def _gone(self) -> None:
        readable, _, _ = select.select([self.connection], [], [], 0)
        if readable and not self.connection.recv(1, socket.MSG_PEEK):
            raise ConnectionResetError

    def _json(self, status: int, data: dict[str, Any]) -> None:
        self._bytes(status, "application/json", json.dumps(data).encode())

    def _bytes(self, status: int, kind: str, data: bytes) -> None:
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)


def _whole(reply: str) -> dict[str, Any]:
    message = {"role": "assistant", "content": reply}
    return {
        "id": "1",
        "object": "chat.completion",
        "created": 0,
        "model": "scripted",
        "choices": [{"index": 0, "message": message, "finish_reason": "stop"}],
        "usage": {"prompt_tokens": 1, "completion_tokens": 1, "total_tokens": 2},
    }
