"""Lets the threads of a web process draw pages in turns, for whom doing so at once is slower than one after the other (ADR 0025)."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterable
from typing import Any

# A page takes some hundredths of a second where the machine is slow. Who takes longer is waiting for something, or at something large.
PATIENCE_S = 0.25

Application = Callable[[dict[str, Any], Callable[..., Any]], Iterable[bytes]]  # WSGI, PEP 3333


class _Turn:
    """A turn that one thread has at a time, and since when it is had; seconds of `time.monotonic`."""

    __slots__ = ("began_s", "lock")

    def __init__(self) -> None:
        self.lock = threading.Lock()
        self.began_s = 0.0


class Turns:
    """A WSGI application whose GET and HEAD are answered by one thread at a time, until the answer's headers are known.

    What writes, and bodies that are streamed, wait for nobody. Who has the turn for longer than `patience_s` goes on beside the others,
    who take turns without it: nobody waits longer for one slow answer, and none is waited for twice.
    """

    def __init__(self, application: Application, *, patience_s: float = PATIENCE_S) -> None:
        self._application = application
        self._patience_s = patience_s
        self._now = _Turn()

    def __call__(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        if environ["REQUEST_METHOD"] not in ("GET", "HEAD"):
            return self._application(environ, start_response)
        turn = self._take()
        try:
            return self._application(environ, start_response)
        finally:
            turn.lock.release()

    def _take(self) -> _Turn:
        while True:
            turn = self._now
            waited_out = not turn.lock.acquire(timeout=max(turn.began_s + self._patience_s - time.monotonic(), 0))
            if waited_out:
                if turn is not self._now or turn.began_s + self._patience_s > time.monotonic():
                    continue  # somebody else has it by now
                turn = _Turn()
                turn.lock.acquire()
                self._now = turn
            elif turn is not self._now:
                turn.lock.release()  # one that was left behind
                continue
            turn.began_s = time.monotonic()
            return turn
