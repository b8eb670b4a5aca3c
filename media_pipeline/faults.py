"""Named points where the fault tests cut a process off or let its disk be full. Inert unless HERITAGE_FAULT names one."""

from __future__ import annotations

import errno
import os
import signal


def point(name: str, subject: str = "") -> None:
    """Die here, as by `kill -9`, when HERITAGE_FAULT is `kill:<name>`, or `kill:<name>:<subject>` for one subject only.

    With `full:<name>`: raises OSError, as writing does where no room is left.
    """
    fault = os.environ.get("HERITAGE_FAULT")
    if fault and fault == f"full:{name}":
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
    if fault and fault in {f"kill:{name}", f"kill:{name}:{subject}"}:
        os.kill(os.getpid(), signal.SIGKILL)
