"""A worker that is told to stop releases its job before it is killed, so that a restart is not counted as a lost lease.

The main process of the worker gets the signal, but the processes of its pool do the work: the moment is written to memory that they share.
"""

from __future__ import annotations

import mmap
import struct
import time
from typing import Any

from celery.signals import worker_shutting_down

# A job may still be finished within this time. Supervisors and container engines wait longer than this before they send SIGKILL.
GRACE_S = 5.0

_told = mmap.mmap(-1, 8)


@worker_shutting_down.connect  # type: ignore[untyped-decorator]  # Celery has no types
def announce(**_kwargs: Any) -> None:  # Any: what Celery passes
    """Remember that this worker was told to shut down, and when."""
    _told[:] = struct.pack("d", time.monotonic())


def is_due() -> bool:
    """Return whether the worker was told to stop and the grace is over."""
    (told,) = struct.unpack("d", _told[:])
    return bool(told) and time.monotonic() - told > GRACE_S
