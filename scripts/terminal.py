"""Sentences for the person at the terminal, in Vietnamese and English."""

from __future__ import annotations

import contextlib
import os
import sys
import time
from collections.abc import Iterator


class Refusal(Exception):
    """The work cannot go on; what to tell the person, in both languages, and nothing else."""

    def __init__(self, vietnamese: str, english: str) -> None:
        super().__init__(english)
        self.vietnamese = vietnamese
        self.english = english


def write(line: str) -> None:
    """Prints a line; a closed terminal or pipe is not an error, so that a hang-up cannot stop an orderly stop."""
    try:
        print(line, flush=True)
    except (OSError, ValueError):
        with contextlib.suppress(OSError):
            sys.stdout = open(os.devnull, "w")  # noqa: PTH123, SIM115 – stands in for the lost terminal until the end


def say(vietnamese: str, english: str) -> None:
    write(f"{vietnamese} · {english}")


def refuse(refusal: Refusal) -> int:
    """Says why nothing was done; the exit status."""
    for line in (refusal.vietnamese, refusal.english):
        write(line)
    return 1


@contextlib.contextmanager
def step(vietnamese: str, english: str) -> Iterator[None]:
    """Announces a step and, once it is over, the seconds that it took."""
    say(f"→ {vietnamese} …", english)
    began = time.monotonic()
    yield
    write(f"  ✓ {time.monotonic() - began:.1f} s")
