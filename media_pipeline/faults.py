"""Named points where the fault tests cut a process off. Inert unless HERITAGE_FAULT names one."""

from __future__ import annotations

import os
import signal


def point(name: str, subject: str = "") -> None:
    """Die here, as by `kill -9`, when HERITAGE_FAULT is `kill:<name>`, or `kill:<name>:<subject>` for one subject only."""
    fault = os.environ.get("HERITAGE_FAULT")
    if fault and fault in {f"kill:{name}", f"kill:{name}:{subject}"}:
        os.kill(os.getpid(), signal.SIGKILL)
