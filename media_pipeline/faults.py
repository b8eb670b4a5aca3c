"""Named points where the fault tests cut a process off. Inert unless HERITAGE_FAULT names one."""

from __future__ import annotations

import os
import signal


def point(name: str) -> None:
    """Die here, as by `kill -9`, when HERITAGE_FAULT is `kill:<name>`."""
    if os.environ.get("HERITAGE_FAULT") == f"kill:{name}":
        os.kill(os.getpid(), signal.SIGKILL)
