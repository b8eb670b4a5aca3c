"""Finding words in a row of words, whatever their case and marks. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from archive.search.folding import fold

AROUND_WORDS = 8


@dataclass(frozen=True)
class Target:
    """A part of a canvas: a box in px, or a span in seconds; the whole of it where both are missing."""

    canvas: str
    box: tuple[int, int, int, int] | None = None
    span_s: tuple[float, float] | None = None


@dataclass(frozen=True)
class Hit:
    """One place where the words stand, with what stands around it. Several targets where a line end parts it."""

    key: str
    before: str
    match: str
    after: str
    language: str
    targets: tuple[Target, ...]


def places(words: Sequence[str], sought: Sequence[str]) -> Iterator[tuple[int, int]]:
    """Yield first and last (excluded) of the words in which the folded `sought` stand one after the other. None twice."""
    if not sought or f" {' '.join(sought)} " not in f" {fold(' '.join(words))} ":
        return  # most pages end here, after one folding
    letters = [(token, at) for at, word in enumerate(words) for token in fold(word).split()]
    at = 0
    while at <= len(letters) - len(sought):
        if all(letters[at + step][0] == token for step, token in enumerate(sought)):
            yield letters[at][1], letters[at + len(sought) - 1][1] + 1
            at += len(sought)
        else:
            at += 1


def around(words: Sequence[str], first: int, last: int) -> tuple[str, str, str]:
    """Return what stands before, in and behind a place."""
    before, after = words[max(0, first - AROUND_WORDS) : first], words[last : last + AROUND_WORDS]
    return " ".join(before), " ".join(words[first:last]), " ".join(after)
