"""Starts ./scripts/run as a person would, in a terminal of its own, and finds every process that came of it."""

from __future__ import annotations

import contextlib
import fcntl
import http.client
import os
import pty
import signal
import subprocess
import termios
import time
from pathlib import Path
from typing import Self

from tests.services import free_port

ROOT = Path(__file__).resolve().parents[2]

# The test run's own settings, which are not those of a person at a terminal.
SETTINGS = ("HERITAGE_", "DATABASE_URL", "REDIS_URL", "STORAGE_URL", "DJANGO_")

# Far more than a start takes: a busy machine is not a failure.
PATIENCE_S = 90.0


class StartedSite:
    """The command under a pseudo terminal, with a data folder by which its processes can be told from all others."""

    def __init__(self, data: Path, *arguments: str) -> None:
        self.data = data
        self.port = free_port()
        self.arguments = ["--port", str(self.port), "--data", str(data), "--sample", "none", *arguments]
        self.terminal = -1
        self.output = b""
        self.process: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> Self:
        self.terminal, inner = pty.openpty()
        os.set_blocking(self.terminal, False)
        self.process = subprocess.Popen(
            [str(ROOT / "scripts" / "run"), *self.arguments],
            stdin=inner,
            stdout=inner,
            stderr=inner,
            env={name: value for name, value in os.environ.items() if not name.startswith(SETTINGS)},
            start_new_session=True,
            preexec_fn=lambda: take_terminal(inner),
        )
        os.close(inner)
        return self

    def __exit__(self, *_: object) -> None:
        for pid in self.pids():
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        assert self.process is not None
        self.process.kill()
        self.process.wait()
        self.hang_up()

    @property
    def pid(self) -> int:
        assert self.process is not None
        return self.process.pid

    def read(self) -> str:
        """Everything that it has printed so far."""
        with contextlib.suppress(BlockingIOError, OSError):
            while chunk := os.read(self.terminal, 65536):
                self.output += chunk
        return self.output.decode(errors="replace")

    def wait_for(self, text: str) -> None:
        self.wait(lambda: text in self.read(), f"“{text}” in its output")

    def wait_until_it_works(self) -> None:
        """The site answers and the workers are there."""
        self.wait(self.answers, "an answer")
        self.wait_for("Ctrl-C")
        self.wait(lambda: any("--beat" in words for words in self.commands()), "a worker")

    def wait_for_end(self) -> int:
        assert self.process is not None
        until = time.monotonic() + PATIENCE_S
        while self.process.poll() is None and time.monotonic() < until:
            self.read()  # a full terminal would block it
            time.sleep(0.05)
        assert self.process.returncode is not None, f"it did not end:\n{self.read()}"
        return self.process.returncode

    def wait_until_nothing_is_left(self) -> None:
        self.wait(lambda: not self.pids(), "the end of every process")

    def wait(self, holds: object, what: str) -> None:
        assert callable(holds)
        until = time.monotonic() + PATIENCE_S
        while not holds():
            self.read()
            assert time.monotonic() < until, f"waited in vain for {what}; left: {self.commands()}\n{self.read()}"
            time.sleep(0.05)

    def answers(self) -> bool:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=5)
        with contextlib.closing(connection), contextlib.suppress(OSError, http.client.HTTPException):
            connection.request("GET", "/healthz")
            return connection.getresponse().status == 200
        return False

    def pids(self) -> list[int]:
        """The command and whatever carries its data folder in environment or command line; zombies have neither."""
        mark = str(self.data).encode()
        found = []
        for entry in Path("/proc").iterdir():
            if not entry.name.isdigit() or int(entry.name) == os.getpid():
                continue
            with contextlib.suppress(OSError):
                if mark in (entry / "environ").read_bytes() or mark in (entry / "cmdline").read_bytes():
                    found.append(int(entry.name))
        return found

    def commands(self) -> list[str]:
        found = []
        for pid in self.pids():
            with contextlib.suppress(OSError):
                found.append(Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ").decode())
        return found

    def press_ctrl_c(self) -> None:
        os.write(self.terminal, b"\x03")

    def hang_up(self) -> None:
        """Closes the terminal; the kernel sends SIGHUP to what ran in it."""
        if self.terminal >= 0:
            os.close(self.terminal)
            self.terminal = -1


def take_terminal(inner: int) -> None:
    fcntl.ioctl(inner, termios.TIOCSCTTY, 0)
