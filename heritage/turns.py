"""Lets one thread draw all pages, for whom several that draw at once are slower than one that draws one after the other (ADR 0025)."""

from __future__ import annotations

import threading
import time
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future
from contextlib import suppress
from functools import partial
from queue import Empty, SimpleQueue
from typing import Any

# A page takes some hundredths of a second where the machine is slow. Who takes longer is waiting for something, or at something large.
PATIENCE_S = 0.25
# A thread that was begun beside another and has nothing to do for so long ends, and its connection with it.
IDLE_S = 30.0

Start = Callable[..., Any]
Application = Callable[[dict[str, Any], Start], Iterable[bytes]]  # WSGI, PEP 3333


class Turns:
    """A WSGI application whose GET and HEAD are answered by a thread of its own, one at a time, first come first served.

    What writes is answered by the thread that brings it, and waits for nobody. Where an answer takes longer than `patience_s`, its thread
    goes on with it and another takes over: nobody waits longer for one slow answer, and none is waited for twice. A body that does not come
    as a list is streamed: its thread keeps to it until it is closed, and another takes over at once.
    """

    def __init__(self, application: Application, *, patience_s: float = PATIENCE_S, idle_s: float = IDLE_S) -> None:
        self._application = application
        self._patience_s = patience_s
        self._idle_s = idle_s
        self._order = threading.Lock()
        self._has_it: _Drawer | None = None
        self._since_s = 0.0
        self._waiting: deque[_Asked] = deque()
        # The one that drew last has its connection, and what it read, nearest at hand: it is the next to draw.
        self._idle: list[_Drawer] = []

    def __call__(self, environ: dict[str, Any], start_response: Start) -> Iterable[bytes]:
        if environ["REQUEST_METHOD"] not in ("GET", "HEAD"):
            return self._application(environ, start_response)
        asked = _Asked(environ)
        with self._order:
            self._waiting.append(asked)
            if self._has_it is None:
                self._next()
        self._wait_for(asked)
        if asked.error is not None:
            raise asked.error
        start_response(*asked.said)
        return asked.body

    def _wait_for(self, asked: _Asked) -> None:
        while not asked.is_answered.acquire(timeout=self._left_s(asked)):
            with self._order:
                if not asked.has_begun and self._since_s + self._patience_s <= time.monotonic():
                    self._next()

    def _left_s(self, asked: _Asked) -> float:
        """Return how long the thread that draws has left; who is being answered waits to the end, which is -1."""
        return -1 if asked.has_begun else max(self._since_s + self._patience_s - time.monotonic(), 0)

    def _next(self) -> None:
        """Let a thread that is free answer whoever came first; nobody has the turn where nobody waits. To be called with the order held.
        Raises RuntimeError where no thread can be begun."""
        self._has_it = None
        if self._waiting:
            self._begin(self._idle.pop() if self._idle else _Drawer(self._idle_s, self._may_go))

    def _begin(self, drawer: _Drawer) -> None:
        asked = self._waiting.popleft()
        asked.has_begun = True
        self._has_it, self._since_s = drawer, time.monotonic()
        drawer.tell(partial(self._answer, drawer, asked))

    def _answer(self, drawer: _Drawer, asked: _Asked) -> None:
        try:
            body = self._application(asked.environ, asked.start)
            asked.body = body if isinstance(body, list) else _Streamed(drawer, body, partial(self._is_free, drawer))
        except BaseException as error:  # noqa: BLE001  # whatever it is, it is raised where it was asked
            asked.error = error
        if isinstance(asked.body, _Streamed):
            self._goes_on_without(drawer)
        else:
            self._is_free(drawer)
        asked.is_answered.release()

    def _is_free(self, drawer: _Drawer) -> None:
        with self._order:
            if self._has_it is drawer and self._waiting:
                self._begin(drawer)
                return
            if self._has_it is drawer:
                self._has_it = None
            self._idle.append(drawer)

    def _may_go(self, drawer: _Drawer) -> bool:
        """Return whether a thread with nothing to do may end: nobody tells it anything any more then. The last one stays."""
        with self._order:
            if drawer not in self._idle or len(self._idle) == 1:
                return False
            self._idle.remove(drawer)
            return True

    def _goes_on_without(self, drawer: _Drawer) -> None:
        with self._order:
            if self._has_it is drawer:
                # Where no thread can be begun, whoever waits is told so after its patience.
                with suppress(RuntimeError):
                    self._next()


class _Asked:
    """A request, and what was answered. `is_answered` is held until it was."""

    def __init__(self, environ: dict[str, Any]) -> None:
        self.environ = environ
        self.has_begun = False
        self.is_answered = threading.Lock()
        self.is_answered.acquire()
        self.said: tuple[Any, ...] = ()
        self.body: Iterable[bytes] = ()
        self.error: BaseException | None = None

    def start(self, *said: Any) -> None:
        """Stand in for the server's `start_response`, which is called by the thread that asked."""
        self.said = said


class _Drawer:
    """A thread that does what it is told, one after the other, until it may go."""

    def __init__(self, idle_s: float, may_go: Callable[[_Drawer], bool]) -> None:
        """`may_go` is asked whenever it was told nothing for `idle_s`."""
        self._told: SimpleQueue[Callable[[], None]] = SimpleQueue()
        self._idle_s = idle_s
        self._may_go = may_go
        threading.Thread(target=self._draw, name="drawer", daemon=True).start()

    def tell(self, what: Callable[[], None]) -> None:
        self._told.put(what)

    def ask(self, what: Callable[[], Any]) -> Any:  # Any: what that returns
        """Return what something returns, or raise what it raises, done by this thread."""
        done: Future[Any] = Future()
        self.tell(partial(_settle, done, what))
        return done.result()

    def _draw(self) -> None:
        while True:
            try:
                told = self._told.get(timeout=self._idle_s)
            except Empty:
                if self._may_go(self):
                    return
                continue
            told()


def _settle(done: Future[Any], what: Callable[[], Any]) -> None:
    try:
        done.set_result(what())
    except BaseException as error:  # noqa: BLE001  # whatever it is, it is raised where it was asked
        done.set_exception(error)


class _Streamed:
    """A body that is read and closed by the thread that answered: what it opened, and what is active in it, is that thread's own."""

    def __init__(self, drawer: _Drawer, body: Iterable[bytes], then: Callable[[], None]) -> None:
        """`then` is told to the thread when the body is closed."""
        self._drawer = drawer
        self._chunks = iter(body)
        self._close: Callable[[], None] = getattr(body, "close", lambda: None)
        self._then = then
        self._is_closed = False

    def __iter__(self) -> Iterator[bytes]:
        return self

    def __next__(self) -> bytes:
        chunk: bytes | None = self._drawer.ask(partial(next, self._chunks, None))
        if chunk is None:
            raise StopIteration
        return chunk

    def close(self) -> None:
        if not self._is_closed:
            self._closing().result()

    def _closing(self) -> Future[Any]:
        self._is_closed = True
        done: Future[Any] = Future()
        self._drawer.tell(partial(_settle, done, self._close))
        self._drawer.tell(self._then)
        return done

    def __del__(self) -> None:
        # A server that forgets to close it shall not keep the thread. Nobody is there to wait for that.
        if not self._is_closed:
            self._closing()
