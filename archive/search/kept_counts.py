"""Counts kept until something is changed: whoever turns the page, or asks for what others ask for, waits for no counting. Pure."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Hashable, Mapping

Counts = Mapping[str, Mapping[str, int]]  # facet → value → how many
QUESTIONS_MOST, VALUES_MOST = 64, 200_000


class KeptCounts:
    """Counts by question, the longest not asked for forgotten first. Not for several threads at once."""

    def __init__(self, questions_most: int = QUESTIONS_MOST, values_most: int = VALUES_MOST) -> None:
        self.questions_most, self.values_most = questions_most, values_most
        self._counts: OrderedDict[Hashable, tuple[Counts, int]] = OrderedDict()
        self._values = 0

    def __len__(self) -> int:
        return len(self._counts)

    def get(self, question: Hashable, count: Callable[[], Counts]) -> Counts:
        """Return what is kept for a question, else what is counted now, which is kept from then on."""
        known = self._counts.get(question)
        if known is not None:
            self._counts.move_to_end(question)
            return known[0]
        counts = count()
        values = sum(map(len, counts.values()))
        self._counts[question] = counts, values
        self._values += values
        while len(self._counts) > self.questions_most or self._values > self.values_most:
            _question, (_counts, fewer) = self._counts.popitem(last=False)
            self._values -= fewer
        return counts

    def clear(self) -> None:
        self._counts.clear()
        self._values = 0
