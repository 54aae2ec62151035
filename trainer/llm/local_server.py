"""The local model's child process: llama.cpp's OpenAI-compatible server on a free loopback port.

Started by `trainer.llm.local` only. It ends when its parent does, prints nothing, and lets in only
who knows the key it was given.
"""

import contextlib
import os
import signal
import threading
from multiprocessing.connection import Connection

CONTEXT = 3072
"""Tokens of one conversation: persona, fourteen turns and the direction stay under 1500."""


def serve(path: str, threads: int, key: str, pipe: Connection) -> None:
    """Serve the model file until the other end of `pipe` is closed.

    Args:
        path: a GGUF file.
        threads: for computing.
        key: what clients must send as their API key.
        pipe: first message is the server's address, or "" when it could not be loaded.
    """
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is the parent's affair
    silence = os.open(os.devnull, os.O_RDWR)
    for descriptor in (0, 1, 2):
        os.dup2(silence, descriptor)
    threading.Thread(target=_end_with_parent, args=(pipe,), daemon=True).start()
    try:
        server = _start(path, threads, key)
    except Exception:
        pipe.send("")
        return
    pipe.send(server.listening_address)
    threading.Event().wait()


def _start(path: str, threads: int, key: str):  # type: ignore[no-untyped-def]  # a compiled class
    import xllamacpp

    wish = xllamacpp.CommonParams()
    wish.model.path = path
    wish.hostnames = ["127.0.0.1"]
    wish.port = 0
    wish.api_keys = [key]
    wish.n_ctx = CONTEXT
    wish.n_parallel = 1
    wish.n_gpu_layers = 0
    wish.use_jinja = True
    wish.cache_ram_mib = (
        0  # the one running call's prefix is enough, and stays in the context itself
    )
    wish.endpoint_slots = False
    wish.ui = False
    for cores in (wish.cpuparams, wish.cpuparams_batch):
        cores.n_threads = threads
        cores.poll = 0  # waiting threads sleep: the voice and the microphone need the processor
    return xllamacpp.Server(wish)


def _end_with_parent(pipe: Connection) -> None:
    with contextlib.suppress(EOFError, OSError):
        pipe.recv()
    os._exit(0)
