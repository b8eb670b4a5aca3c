"""Tries from inside what a hostile file would try, and reports what the walls held back. Makes no file."""

import os
import socket
from collections.abc import Callable
from pathlib import Path

from media_pipeline.processors import Progress, Result, Settings

_UNREACHABLE = ("127.0.0.1", 9)


def run(source: Path, out: Path, settings: Settings, progress: Progress) -> Result:
    """Facts: for each protection, whether it holds. `forbidden` in settings is a file beside the source."""
    forbidden = Path(str(settings["forbidden"]))
    facts = {
        "other_files": _fails(lambda: forbidden.read_bytes()) and _fails(lambda: Path("/etc/passwd").read_bytes()),
        "other_folders": _fails(lambda: forbidden.with_name("written").write_bytes(b"x")),
        "network": _fails(_connect),
        "processes": _fails(_fork),
        "memory": _fails(lambda: bytearray(int(settings["too_many_bytes"]))),
        "environment": not set(os.environ) - {"TMPDIR", "HOME", "VIPS_CONCURRENCY", "PWD", "LC_CTYPE"},
    }
    return Result([], dict(facts))


def _fails(attempt: Callable[[], object]) -> bool:
    try:
        attempt()
    except (OSError, MemoryError):
        return True
    return False


def _connect() -> None:
    """Reach this machine's own network. That nobody listens proves nothing: only then was the network there to be
    asked.
    """
    try:
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
            probe.connect(_UNREACHABLE)
            probe.send(b"")
    except ConnectionRefusedError:
        return


def _fork() -> None:
    pid = os.fork()
    if pid == 0:
        os._exit(0)
    os.waitpid(pid, 0)
