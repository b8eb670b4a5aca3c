"""A bounded memory of sets that were read before. Pure."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Hashable
from threading import Lock

from pyroaring import BitMap

ENTRY_BYTES = 200  # of a set that holds nothing, with its key


class Remembered:
    """Sets by what they answer; the longest not asked for are forgotten first. Answers are shared: nobody changes them."""

    def __init__(self, bytes_most: int) -> None:
        self.bytes_most = bytes_most
        self.bytes = 0
        self._sets: OrderedDict[Hashable, tuple[BitMap, int]] = OrderedDict()
        self._lock = Lock()

    def get(self, question: Hashable, make: Callable[[], tuple[BitMap, int]]) -> BitMap:
        """Return the answer, made once. `make` returns a set and about how many bytes it takes."""
        with self._lock:
            found = self._sets.get(question)
            if found:
                self._sets.move_to_end(question)
        if not found:
            found = make()
            self._keep(question, found)
        return found[0]

    def _keep(self, question: Hashable, found: tuple[BitMap, int]) -> None:
        size = found[1] + ENTRY_BYTES
        # What is nothing is not worth a place: by words that stand nowhere a stranger could drive out all others.
        if not found[1] or size > self.bytes_most // 4:
            return
        with self._lock:
            if question in self._sets:
                return
            self._sets[question] = (found[0], size)
            self.bytes += size
            while self.bytes > self.bytes_most:
                _question, (_set, freed) = self._sets.popitem(last=False)
                self.bytes -= freed
