"""Places for heavy work on this machine: locked files, which the kernel frees when the process that holds one ends, however it ends.

Workers of one machine share them through `HERITAGE_DATA`, in containers too: the folder is named by the kernel's boot, which they share.
"""

from __future__ import annotations

import contextlib
import fcntl
import os
import shutil
import time
from collections.abc import Iterator
from pathlib import Path

from django.conf import settings

from media_pipeline.models import Job

_BOOT = Path("/proc/sys/kernel/random/boot_id")
MEMORY_OF_ONE_BYTES = 2_000_000_000  # what a heavy child and its worker may need beside what the machine itself does


def fitting_number() -> int:
    """Return how many pieces of heavy work this machine bears at once: one for each core it lets us use, as far as its memory goes."""
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    return max(1, min(len(os.sched_getaffinity(0)), memory // MEMORY_OF_ONE_BYTES))


@contextlib.contextmanager
def place(lane: str, *, wait: bool = False) -> Iterator[bool]:
    """Hold a place while the block runs, where a lane needs one; the block is told whether there is one. `wait`: until there is."""
    if lane == Job.Lane.QUICK:
        yield True
        return
    held = _take()
    while wait and held is None:
        time.sleep(0.2)
        held = _take()
    try:
        yield held is not None
    finally:
        if held is not None:
            os.close(held)


def number_of_places() -> int:
    """Return how many pieces of heavy work may be done at once here."""
    return settings.HEAVY_AT_ONCE or fitting_number()


def taken() -> int:
    """Return how many places of this machine are taken now."""
    return sum(_is_locked(path) for path in folder().glob("heavy-*"))


def remove_old_boots() -> None:
    """Remove the folders of boots that are over and nobody wrote to for a month; other machines' are younger."""
    for other in folder().parent.glob("*"):
        with contextlib.suppress(OSError):
            if other != folder() and time.time() - other.stat().st_mtime > 30 * 86_400:
                shutil.rmtree(other)


def folder() -> Path:
    """Return this machine's folder, made if need be."""
    boot = _BOOT.read_text("ascii").strip() if _BOOT.exists() else os.uname().nodename
    found = Path(settings.PLACES_DIR) / boot
    found.mkdir(parents=True, exist_ok=True)
    return found


def _take() -> int | None:
    """Return an open descriptor that holds a place; the children of this process do not inherit it."""
    for number in range(number_of_places()):
        descriptor = os.open(folder() / f"heavy-{number}", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            os.close(descriptor)
        else:
            return descriptor
    return None


def _is_locked(path: Path) -> bool:
    with path.open("r+") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
        except BlockingIOError:
            return True
    return False
