"""The segments of a subtitle file or transcript, read in parts: what one page shows, and no more of a long one."""

from __future__ import annotations

import json
import logging
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from archive.derived_contents import LARGEST_JSON_BYTES
from archive.derived_names import CAPTIONS, SEGMENTS, SEGMENTS_INDEX
from media_pipeline import stores
from media_pipeline.models import Derivative
from media_pipeline.storage.errors import KeyMissing, StorageUnavailable

logger = logging.getLogger(__name__)

# A part holds at most 12,000 letters or one segment of more, and JSON around each.
LARGEST_PART_BYTES = 400_000


@dataclass(frozen=True)
class Segment:
    """One passage of what is said. Times are milliseconds, None in a text without times; `speaker` is empty where nobody is named."""

    number: int
    start_ms: int | None
    end_ms: int | None
    speaker: str
    text: str


@dataclass(frozen=True)
class Part:
    """As many segments as one page shows: the numbers of the first and the last, and when the first begins."""

    first: int
    last: int
    start_ms: int | None
    offset: int
    length: int


class Transcript:
    """What is said in a recording. Reads its index now, and each part when it is asked for. Nothing where there is none or it cannot be
    read."""

    def __init__(self, made: Derivative | None) -> None:
        self._made = made
        index = _read(made, SEGMENTS_INDEX) if made else None
        # False also while the storage is away.
        self.is_read = isinstance(index, dict)
        known: Mapping[str, object] = index if isinstance(index, dict) else {}
        self.is_timed = known.get("is_timed") is True
        self.count = _whole(known.get("count")) or 0
        size = _size_bytes(made, SEGMENTS)
        rows = known.get("parts")
        self.parts = tuple(part for row in (rows if isinstance(rows, list) else []) for part in _parts(row, size))

    def part_at(self, *, number: int = 0, ms: int | None = None) -> int:
        """Return which part (from 1) holds a segment or a moment; the first where nothing fits, 0 of an empty transcript."""
        found = 1 if self.parts else 0
        for at, part in enumerate(self.parts, 1):
            reached = part.first <= number if number else ms is not None and (part.start_ms or 0) <= ms
            found = at if reached else found
        return found

    def segments(self, part: Part) -> list[Segment]:
        """Return the segments of a part: one range of one file. What cannot be read is logged, and empty."""
        if self._made is None:
            return []
        rows = _value(self._made, SEGMENTS, part.offset, part.length, around=(b"[", b"]"))
        return list(_segments(rows))

    def all_segments(self) -> Iterator[Segment]:
        """Yield every segment, part by part."""
        for part in self.parts:
            yield from self.segments(part)


def of(made: Derivative | None) -> Transcript:
    """Return the transcript in a derivative of the role `captions`; one without segments for None."""
    return Transcript(made if made is not None and made.role == CAPTIONS else None)


def _read(made: Derivative, name: str) -> object:
    size = _size_bytes(made, name)
    return _value(made, name, 0, size) if 0 < size <= LARGEST_JSON_BYTES else None


def _value(made: Derivative, name: str, start: int, length: int, *, around: tuple[bytes, bytes] = (b"", b"")) -> object:
    try:
        letters = b"".join(stores.derivatives().read_range(made.prefix, name, start, length))
        value: object = json.loads(around[0] + letters + around[1])
    except (KeyMissing, StorageUnavailable, ValueError) as error:
        logger.warning("%s of %s: %s: %s", name, made, type(error).__name__, error)
        return None
    return value


def _size_bytes(made: Derivative | None, name: str) -> int:
    entries = made.files if made else []
    return next((int(entry["size_bytes"]) for entry in entries if entry["name"] == name), 0)


def _parts(row: object, size: int) -> Iterator[Part]:
    """Yield a part that lies within the file: what read a stranger's file wrote it."""
    if not isinstance(row, dict):
        return
    first, last, offset, length = (_whole(row.get(name)) for name in ("first", "last", "offset", "length"))
    if first is None or last is None or offset is None or length is None:
        return
    if 0 < length <= LARGEST_PART_BYTES and offset + length <= size:
        yield Part(first, last, _whole(row.get("start_ms")), offset, length)


def _segments(rows: object) -> Iterator[Segment]:
    for row in rows if isinstance(rows, list) else []:
        if isinstance(row, dict) and (number := _whole(row.get("number"))) is not None:
            speaker, text = str(row.get("speaker") or ""), str(row.get("text") or "")
            yield Segment(number, _whole(row.get("start_ms")), _whole(row.get("end_ms")), speaker, text)


def _whole(value: object) -> int | None:
    return value if isinstance(value, int) and not isinstance(value, bool) and value >= 0 else None
