"""Remembers what a step was last done with, so that it is done again only when that has changed."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from pathlib import Path


def fingerprint(files: Iterable[Path], *, also: Iterable[str] = ()) -> str:
    """One hash over the names and contents of files, in any order, and further words; missing files count as empty."""
    total = hashlib.sha256()
    for word in also:
        total.update(f"{word}\0".encode())
    for file in sorted(set(files)):
        total.update(f"{file}\0".encode())
        if file.is_file():
            total.update(hashlib.sha256(file.read_bytes()).digest())
    return total.hexdigest()


class Stamp:
    """A small file that holds a fingerprint; written only once the step has succeeded."""

    def __init__(self, path: Path, value: str) -> None:
        self.path = path
        self.value = value

    def is_current(self) -> bool:
        try:
            return self.path.read_text() == self.value
        except OSError:
            return False

    def write(self) -> None:
        self.path.parent.mkdir(parents=True, exist_ok=True)
        self.path.write_text(self.value)
