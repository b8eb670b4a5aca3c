"""Finding words in a row of words, whatever their case and marks. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from archive.search.folding import fold

AROUND_WORDS = 8
TOKENS_MOST = 12

Box = tuple[int, int, int, int]  # left, top, width, height


def sought_in(question: str) -> list[str]:
    """Return the folded words of a question, the first few of them."""
    return fold(question).split()[:TOKENS_MOST]


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


def joined(boxes: Sequence[Box]) -> list[Box]:
    """Return a box for each line on which words stand: those of one line follow each other and are about as high."""
    lines: list[Box] = []
    for left, top, width, height in boxes:
        if lines and abs(lines[-1][1] - top) < height and left >= lines[-1][0]:
            x, y, _wide, high = lines[-1]
            bottom = max(y + high, top + height)
            lines[-1] = (x, min(y, top), left + width - x, bottom - min(y, top))
        else:
            lines.append((left, top, width, height))
    return lines
