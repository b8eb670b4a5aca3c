"""Lets the threads of a web process draw pages in turns, for whom doing so at once is slower than one after the other (ADR 0025)."""

from __future__ import annotations

import threading
import time
from collections import deque
from collections.abc import Callable, Iterable
from typing import Any

# A page takes some hundredths of a second where the machine is slow. Who takes longer is waiting for something, or at something large.
PATIENCE_S = 0.25

Application = Callable[[dict[str, Any], Callable[..., Any]], Iterable[bytes]]  # WSGI, PEP 3333


class Turns:
    """A WSGI application whose GET and HEAD are answered by one thread at a time, first come first served, until the headers are known.

    What writes, and bodies that are streamed, wait for nobody. Who has the turn for longer than `patience_s` goes on beside the others,
    who take turns without it: nobody waits longer for one slow answer, and none is waited for twice.
    """

    def __init__(self, application: Application, *, patience_s: float = PATIENCE_S) -> None:
        self._application = application
        self._patience_s = patience_s
        self._order = threading.Lock()
        # A thread is known by a lock of its own, which is opened when its turn has come.
        self._has_it: threading.Lock | None = None
        self._since_s = 0.0
        self._waiting: deque[threading.Lock] = deque()

    def __call__(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        if environ["REQUEST_METHOD"] not in ("GET", "HEAD"):
            return self._application(environ, start_response)
        mine = self._take()
        try:
            return self._application(environ, start_response)
        finally:
            self._give_up(mine)

    def _take(self) -> threading.Lock:
        mine = threading.Lock()
        mine.acquire()
        with self._order:
            self._waiting.append(mine)
            if self._has_it is None:
                self._next()
        while not mine.acquire(timeout=max(self._since_s + self._patience_s - time.monotonic(), 0)):
            with self._order:
                if self._waiting and self._since_s + self._patience_s <= time.monotonic():
                    self._next()
        return mine

    def _give_up(self, mine: threading.Lock) -> None:
        with self._order:
            if self._has_it is mine:
                self._next()

    def _next(self) -> None:
        """Let whoever came first begin; nobody has the turn where nobody waits."""
        self._has_it = self._waiting.popleft() if self._waiting else None
        if self._has_it is not None:
            self._since_s = time.monotonic()
            self._has_it.release()
