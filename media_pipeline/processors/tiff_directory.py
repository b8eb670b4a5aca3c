"""Reads the directories of a TIFF without its pixels: for what a camera's raw file shows of itself, and for EXIF. Bounded throughout.

Sources: TIFF 6.0, section 2; Exif 2.32, section 4.6; DNG 1.6, chapter 4.
"""

import struct
from collections.abc import Iterator
from typing import BinaryIO, NamedTuple

_DIRECTORIES_AT_MOST = 16
_ENTRIES_AT_MOST = 512
_VALUE_BYTES_AT_MOST = 64 * 1024
# Bytes of one value of each type; 4 and 9 may be offsets, 5 and 10 are fractions, 129 is what Exif 3.0 adds for UTF-8.
_SIZES = {1: 1, 2: 1, 3: 2, 4: 4, 5: 8, 6: 1, 7: 1, 8: 2, 9: 4, 10: 8, 11: 4, 12: 8, 13: 4, 129: 1}
_LETTERS = {1: "B", 3: "H", 4: "I", 6: "b", 8: "h", 9: "i", 11: "f", 12: "d", 13: "I"}
SUB_DIRECTORIES = 0x014A

Value = bytes | tuple[int | float, ...]
Directory = dict[int, Value]


class Reader(NamedTuple):
    """A TIFF at some place of a file: offsets inside count from `base`. `order` is `<` or `>`."""

    file: BinaryIO
    base: int
    order: str
    first: int


def opened(file: BinaryIO, base: int = 0) -> Reader | None:
    """Return a reader of the TIFF that begins at `base`, or None where none does. Offsets of 64 bits (BigTIFF) are not read."""
    file.seek(base)
    head = file.read(8)
    order = {b"II": "<", b"MM": ">"}.get(head[:2], "")
    if not order or len(head) < 8:
        return None
    return Reader(file, base, order, struct.unpack(order + "I", head[4:8])[0])


def directories(reader: Reader) -> Iterator[Directory]:
    """Yield the directories of the main chain, then those below (SubIFDs), each once."""
    waiting, seen = [reader.first], {0}
    below: list[int] = []
    while (waiting or below) and len(seen) <= _DIRECTORIES_AT_MOST:
        chained = bool(waiting)
        offset = waiting.pop() if chained else below.pop(0)
        if offset in seen:
            continue
        seen.add(offset)
        found, following = read_directory(reader, offset)
        if chained:
            waiting.append(following)
        children = found.get(SUB_DIRECTORIES)
        if isinstance(children, tuple):
            below += [int(one) for one in children[:_DIRECTORIES_AT_MOST]]
        yield found


def read_directory(reader: Reader, offset: int) -> tuple[Directory, int]:
    """Return a directory's values by tag, and where the next one lies (0: nowhere). What does not fit is left out."""
    reader.file.seek(reader.base + offset)
    count_bytes = reader.file.read(2)
    if len(count_bytes) < 2:
        return {}, 0
    count = min(struct.unpack(reader.order + "H", count_bytes)[0], _ENTRIES_AT_MOST)
    block = reader.file.read(12 * count + 4)
    found: Directory = {}
    for at in range(0, min(len(block), 12 * count) - 11, 12):
        tag, kind, values = struct.unpack_from(reader.order + "HHI", block, at)
        value = _value(reader, kind, values, block[at + 8 : at + 12])
        if value is not None:
            found.setdefault(tag, value)
    following = struct.unpack_from(reader.order + "I", block, 12 * count)[0] if len(block) >= 12 * count + 4 else 0
    return found, following


def _value(reader: Reader, kind: int, count: int, inline: bytes) -> Value | None:
    size = _SIZES.get(kind, 0) * count
    if not size or size > _VALUE_BYTES_AT_MOST:
        return None
    content = inline[:size]
    if size > 4:
        reader.file.seek(reader.base + struct.unpack(reader.order + "I", inline)[0])
        content = reader.file.read(size)
        if len(content) < size:
            return None
    if kind in (2, 7, 129):
        return content
    if kind in (5, 10):
        halves = struct.unpack(f"{reader.order}{2 * count}{'I' if kind == 5 else 'i'}", content)
        return tuple(top / bottom if bottom else 0.0 for top, bottom in zip(halves[::2], halves[1::2], strict=True))
    return struct.unpack(f"{reader.order}{count}{_LETTERS[kind]}", content)


def number(found: Directory, tag: int) -> int:
    """Return the first whole number of a tag, 0 where there is none."""
    value = found.get(tag)
    return int(value[0]) if isinstance(value, tuple) and value else 0


def text(found: Directory, tag: int) -> str:
    """Return a tag's text up to its first zero byte, empty where there is none."""
    value = found.get(tag)
    return value.split(b"\x00")[0].decode("utf-8", "replace").strip() if isinstance(value, bytes) else ""
