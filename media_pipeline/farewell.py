"""A worker that is told to stop hands its work back in time, so that a restart is not counted as a death.

The memory is shared with the processes that a pool forks: the worker's own process hears the signal, its pool does the work.
"""

from __future__ import annotations

import mmap
import struct
import time
from typing import Any

from celery.signals import worker_shutting_down

# Work that ends within this time may end; supervisors and container engines wait longer before they kill.
GRACE_S = 5.0

_told = mmap.mmap(-1, 8)


@worker_shutting_down.connect  # type: ignore[untyped-decorator]  # Celery has no types
def announce(**_kwargs: Any) -> None:  # Any: what Celery passes
    """Remember that this worker is going home, from now on."""
    _told[:] = struct.pack("d", time.monotonic())


def is_due() -> bool:
    """Return whether the worker was told to stop and the grace is over."""
    (told,) = struct.unpack("d", _told[:])
    return bool(told) and time.monotonic() - told > GRACE_S
