"""How an index lies on the disk: tables of words and of sets, arrays, a description of the folder, and a pointer to the live one. Pure.

A folder is written once and never changed: `index.bin` with all parts, and `meta.json`, written last, which says where each begins, its
size and CRC-32. A folder without it, of another format or with a file of another size is refused. `current` beside the folders holds the
name of the live one.
"""

from __future__ import annotations

import io
import json
import mmap
import os
import weakref
import zlib
from array import array
from bisect import bisect_left, bisect_right
from collections.abc import Hashable, Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass, field, replace
from functools import cached_property
from itertools import pairwise
from pathlib import Path
from tempfile import SpooledTemporaryFile
from typing import Any

import numpy as np
from numpy.typing import NDArray
from pyroaring import BitMap

FORMAT = 2  # raised with each change of what is written: an index of another format is built anew
INDEX = "index.bin"
META = "meta.json"
CURRENT = "current"
ALIGNED = 64  # bytes: where parts begin, so that columns can be mapped
_BUFFER_BYTES = 1 << 20
_APART = 32  # strings: the first of so many is kept in memory
_FOUND_MOST = 20_000  # strings whose number is remembered

Array = NDArray[Any]  # Any: of the type that the file was written with


class BrokenIndex(Exception):
    """The folder is no whole index of this format: it is to be built anew."""


@dataclass(frozen=True)
class Meta:
    """What a folder says of itself. `position` is the caller's: where in the log of changes its documents stand."""

    format: int
    documents: int
    files: int
    positions: int
    position: Mapping[str, Any] = field(default_factory=dict)  # Any: JSON of the caller's
    size: int = 0
    parts: Mapping[str, tuple[int, int, int]] = field(default_factory=dict)  # name → where it begins, bytes, CRC-32


def plain(values: array[int]) -> NDArray[np.uint32]:
    """Return an array of type code I as the same memory."""
    return np.frombuffer(values, dtype=np.uint32) if values else np.zeros(0, dtype=np.uint32)


class Writer:
    """Writes the parts of an index side by side, small ones in memory, and packs them into one file in the end."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.parts: dict[str, SpooledTemporaryFile[bytes]] = {}

    def part(self, name: str) -> SpooledTemporaryFile[bytes]:
        """Open the next part."""
        return self.parts.setdefault(
            name, SpooledTemporaryFile(max_size=_BUFFER_BYTES, mode="w+b", dir=str(self.folder))
        )

    def chunks(self, name: str, chunks: Iterable[bytes]) -> None:
        part = self.part(name)
        for chunk in chunks:
            part.write(chunk)

    def array(self, name: str, values: Array) -> None:
        """Write one column with its type in its name's end: `key.i8`."""
        values = np.ascontiguousarray(values)
        self.chunks(f"{name}.{values.dtype.kind}{values.dtype.itemsize}", [values.tobytes()])

    def offsets(self, name: str, lengths: Array) -> None:
        found = np.zeros(len(lengths) + 1, dtype=np.uint64)
        np.cumsum(lengths, out=found[1:])
        self.array(name, found)

    def strings(self, name: str, words: Iterable[str]) -> None:
        """Write strings in the order given; those that are looked up must be sorted by code point."""
        lengths = array("I")

        def encoded() -> Iterator[bytes]:
            for word in words:
                raw = word.encode()
                lengths.append(len(raw))
                yield raw

        self.chunks(f"{name}.text", encoded())
        self.offsets(f"{name}.letters", plain(lengths))

    def written(self, name: str) -> Strings:
        """Return strings that were written already."""
        return Strings(self._read(f"{name}.text"), 0, np.frombuffer(self._read(f"{name}.letters.u8"), dtype=np.uint64))

    def _read(self, name: str) -> bytes:
        part = self.parts[name]
        part.seek(0)
        return part.read()

    def sets(self, name: str, bitmaps: Iterable[BitMap | None]) -> None:
        """Write sets one behind the other; one that is empty takes no byte."""
        sets = SetsWriter(self, name)
        for one in bitmaps:
            sets.add(one)
        sets.close()

    def pack(self, target: Path, meta: Meta) -> None:
        """Write all parts into one file, and its description, below `target`, forced to the disk. Takes the parts away as it goes."""
        parts = {}
        with (target / INDEX).open("wb") as index:
            at = 0
            for name, part in self.parts.items():
                at += index.write(bytes(-at % ALIGNED))
                crc, begin = 0, at
                with part:
                    part.seek(0)
                    while chunk := part.read(_BUFFER_BYTES):
                        at += index.write(chunk)
                        crc = zlib.crc32(chunk, crc)
                parts[name] = (begin, at - begin, crc)
            index.flush()
            os.fsync(index.fileno())
        text = json.dumps(asdict(replace(meta, size=at, parts=parts)))
        write_forced(target / META, json.dumps({"crc": zlib.crc32(text.encode()), "meta": text}))
        force(target)


class SetsWriter:
    """Writes one table of sets while others are written beside it."""

    def __init__(self, writer: Writer, name: str) -> None:
        self.writer, self.name = writer, name
        self.lengths, self.counts = array("I"), array("I")
        self.part = writer.part(f"{name}.sets")

    def add(self, one: BitMap | None) -> None:
        self.counts.append(len(one) if one else 0)
        if not one:
            self.lengths.append(0)
            return
        raw = one.serialize()
        self.lengths.append(len(raw))
        self.part.write(raw)

    def close(self) -> None:
        self.writer.offsets(f"{self.name}.ends", plain(self.lengths))
        self.writer.array(f"{self.name}.counts", plain(self.counts))


class Reader:
    """Opens a folder: its file is mapped, not read. Raises BrokenIndex."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.meta = read_meta(folder)
        try:
            self._file = (folder / INDEX).open("rb", buffering=0)
            weakref.finalize(self, self._file.close)
            self._all = mmap.mmap(self._file.fileno(), 0, access=mmap.ACCESS_READ)
        except (OSError, ValueError) as error:
            raise BrokenIndex(f"{folder.name}: its file cannot be opened.") from error
        if len(self._all) != self.meta.size:
            raise BrokenIndex(f"{folder.name}: its file has {len(self._all)} bytes, not {self.meta.size}.")
        self._kinds = {
            name.rpartition(".")[0]: name for name in self.meta.parts if not name.endswith((".text", ".sets"))
        }

    def verify(self) -> None:
        """Read every byte. Raises BrokenIndex where a checksum differs. About a second a gigabyte."""
        view = memoryview(self._all)
        for name, (begin, size, crc) in self.meta.parts.items():
            if zlib.crc32(view[begin : begin + size]) != crc:
                raise BrokenIndex(f"{self.folder.name}: {name} is not what was written.")

    def has(self, name: str) -> bool:
        return name in self._kinds

    def array(self, name: str) -> Array:
        part = self._kinds.get(name, name)
        begin, size = self._part(part)
        kind = np.dtype(part.rpartition(".")[2])
        return np.frombuffer(self._all, dtype=kind, count=size // kind.itemsize, offset=begin)

    def strings(self, name: str) -> Strings:
        return Strings(self._all, self._part(f"{name}.text")[0], self.array(f"{name}.letters"))

    def sets(self, name: str) -> Sets:
        return Sets(self._file, self._part(f"{name}.sets")[0], self.array(f"{name}.ends"), self.array(f"{name}.counts"))

    def _part(self, name: str) -> tuple[int, int]:
        if name not in self.meta.parts:
            raise BrokenIndex(f"{self.folder.name}: {name} is missing.")
        begin, size, _crc = self.meta.parts[name]
        return begin, size


class Strings:
    """A table of strings in the order of their code points (which is that of their UTF-8). No string may come twice where one is looked
    for."""

    def __init__(self, source: mmap.mmap | bytes, begin: int, ends: Array) -> None:
        self._source, self._begin, self._ends = source, begin, ends
        self._found: dict[str, int] = {}

    def __len__(self) -> int:
        return len(self._ends) - 1

    def raw(self, number: int) -> bytes:
        return self._source[self._begin + int(self._ends[number]) : self._begin + int(self._ends[number + 1])]

    def __getitem__(self, number: int) -> str:
        return self.raw(number).decode()

    def before(self, word: str) -> int:
        """Return how many of the strings stand before this one."""
        return self._before(word.encode())

    def _before(self, raw: bytes) -> int:
        block = bisect_right(self._firsts, raw) - 1
        if block < 0:
            return 0
        return bisect_left(range(len(self)), raw, block * _APART, min((block + 1) * _APART, len(self)), key=self.raw)

    @cached_property
    def _firsts(self) -> list[bytes]:
        return [self.raw(number) for number in range(0, len(self), _APART)]

    def find(self, word: str) -> int:
        """Return the number of this string, -1 where it is none of them."""
        found = self._found.get(word)
        if found is None:
            number = self.before(word)
            found = number if number < len(self) and self.raw(number) == word.encode() else -1
            if len(self._found) >= _FOUND_MOST:
                self._found = {}
            self._found[word] = found
        return found

    def starting(self, prefix: str) -> range:
        """Return the numbers of the strings that begin so."""
        # No UTF-8 holds 0xFF, so that all that begin so stand before it.
        return range(self.before(prefix), self._before(prefix.encode() + b"\xff"))

    def several(self, numbers: range) -> list[str]:
        """Return the strings of these numbers, read in one go."""
        if not numbers:
            return []
        ends = self._ends[numbers.start : numbers.stop + 1].tolist()
        block = self._source[self._begin + ends[0] : self._begin + ends[-1]]
        return [block[begin - ends[0] : end - ends[0]].decode() for begin, end in pairwise(ends)]


class Sets:
    """A table of sets. Read, not mapped: the same pages would stand in memory as sets and as bytes."""

    def __init__(self, source: io.FileIO, begin: int, ends: Array, counts: Array) -> None:
        self._source, self._begin, self._ends, self._counts = source, begin, ends, counts

    def __len__(self) -> int:
        return len(self._ends) - 1

    def counts(self, numbers: range) -> list[int]:
        """Return how many members the sets of these numbers have, without reading them."""
        found: list[int] = self._counts[numbers.start : numbers.stop].tolist()
        return found

    def total_bytes(self) -> int:
        return int(self._ends[-1])

    def size_bytes(self, number: int) -> int:
        return int(self._ends[number + 1]) - int(self._ends[number])

    def __getitem__(self, number: int) -> BitMap:
        """Return a set of its own for each call. Raises BrokenIndex."""
        size = self.size_bytes(number)
        if not size:
            return BitMap()
        try:
            raw = os.pread(self._source.fileno(), size, self._begin + int(self._ends[number]))
            return BitMap.deserialize(raw)
        except (OSError, ValueError, RuntimeError, MemoryError) as error:
            raise BrokenIndex("A set cannot be read.") from error


def read_meta(folder: Path) -> Meta:
    """Raises BrokenIndex where the folder does not describe itself, or describes another format."""
    try:
        told = json.loads((folder / META).read_bytes())
        if zlib.crc32(told["meta"].encode()) != told["crc"]:
            raise BrokenIndex(f"{folder.name}: its description is not what was written.")
        meta = json.loads(told["meta"])
        if meta["format"] != FORMAT:
            raise BrokenIndex(f"{folder.name}: its format is {meta['format']}, not {FORMAT}.")
        return Meta(**{**meta, "parts": {name: tuple(part) for name, part in meta["parts"].items()}})
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise BrokenIndex(f"{folder.name}: it does not describe itself.") from error


def write_forced(path: Path, text: str) -> None:
    with path.open("w", encoding="utf-8") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())


def force(folder: Path) -> None:
    """Force the entries of a folder to the disk."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def point(root: Path, name: str) -> None:
    """Make the folder of this name the live one, in one step."""
    aside = root / f"{CURRENT}.new"
    write_forced(aside, name)
    aside.replace(root / CURRENT)
    force(root)


def mark_of_pointer(root: Path) -> Hashable:
    """Return what is another one whenever another folder was made the live one; None where there is none. Read it before what is pointed
    at."""
    try:
        found = (root / CURRENT).stat()
    except OSError:
        return None
    return found.st_ino, found.st_mtime_ns, found.st_size


def pointed(root: Path) -> str:
    """Return the name of the live folder, empty where there is none. Raises BrokenIndex where the pointer names no folder of ours."""
    try:
        name = (root / CURRENT).read_text("utf-8").strip()
    except FileNotFoundError:
        return ""
    except (OSError, UnicodeDecodeError) as error:
        raise BrokenIndex(f"{CURRENT} cannot be read.") from error
    if not name.startswith("base-") or "/" in name:
        raise BrokenIndex(f"{CURRENT} names no index.")
    return name
