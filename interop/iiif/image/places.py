"""A bounded number of places that are given in the order of asking. Pure."""

from __future__ import annotations

import threading
from collections import deque


class Places:
    """Who waits longest is next: threading.Semaphore gives a place back to whoever asks just then, and others may wait for ever."""

    def __init__(self, count: int) -> None:
        self._free = count
        self._lock = threading.Lock()
        self._waiting: deque[threading.Event] = deque()

    def take(self, *, within_s: float) -> bool:
        """Return whether a place was got in time; whoever got one gives it back."""
        with self._lock:
            if self._free:
                self._free -= 1
                return True
            called = threading.Event()
            self._waiting.append(called)
        if called.wait(within_s):
            return True
        with self._lock:
            if called.is_set():  # called in this very moment
                return True
            self._waiting.remove(called)
            return False

    def give_back(self) -> None:
        with self._lock:
            if self._waiting:
                self._waiting.popleft().set()
            else:
                self._free += 1
