"""A stored file with a credit in it, read by ranges: what was put in is held in memory, everything else comes from where it lies."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Protocol

from archive.crediting.splices import Edit


class Source(Protocol):
    """Where bytes come from: one stored file."""

    def read_range(self, start: int, length: int) -> Iterator[bytes]: ...


@dataclass(frozen=True)
class Piece:
    """A stretch of the copy: `added` bytes, or where they are empty `length` bytes of the stored file from `start`."""

    length: int
    start: int = 0
    added: bytes = b""


@dataclass(frozen=True)
class Spliced:
    """The copy. `edits` do not overlap and are in order."""

    source: Source
    edits: Sequence[Edit]
    size_bytes: int

    @property
    def pieces(self) -> list[Piece]:
        """Return the stretches in order, none empty."""
        found, at = [], 0
        for edit in self.edits:
            found += [Piece(edit.offset - at, at), Piece(len(edit.added), added=edit.added)]
            at = edit.offset + edit.removed
        return [one for one in (*found, Piece(self.size_bytes - at, at)) if one.length > 0]

    @property
    def length(self) -> int:
        """Return the size of the copy in bytes."""
        return sum(one.length for one in self.pieces)

    def read_range(self, start: int, length: int) -> Iterator[bytes]:
        """Yield the bytes from `start`, as many as asked or there are."""
        end, at = start + length, 0
        for piece in self.pieces:
            first, last = max(start, at), min(end, at + piece.length)
            if first < last:
                if piece.added:
                    yield piece.added[first - at : last - at]
                else:
                    yield from self.source.read_range(piece.start + first - at, last - first)
            at += piece.length
