"""What all servers started for tests have in common: a private folder, a free port, and ways to ill-treat them."""

from __future__ import annotations

import contextlib
import os
import pwd
import random
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from abc import ABC, abstractmethod
from pathlib import Path
from types import TracebackType
from typing import Self

from scripts.guard import descendants, die_with_parent

VENV_BIN = Path(__file__).resolve().parents[2] / ".venv" / "bin"
STARTS_WITHIN_S = 30.0


class NotHere(Exception):
    """This machine has no such server, neither its own nor one from a wheel."""


def free_port() -> int:
    """A port of 127.0.0.1 that was free a moment ago.

    Each process of tests has a thousand ports of its own, below those that the kernel gives to connections: nobody takes it meanwhile.
    """
    worker = int(os.environ.get("PYTEST_XDIST_WORKER", "gw-1").removeprefix("gw")) + 1
    for port in random.sample(range(20_000 + 1000 * worker, 21_000 + 1000 * worker), 1000):
        with socket.socket() as probe, contextlib.suppress(OSError):
            probe.bind(("127.0.0.1", port))
            return port
    raise RuntimeError("no port is free")


class Server(ABC):
    """Start with `start()` or `with`; `stop` in order, `kill` at once, `freeze` and `resume` as a stalled machine does.

    A stopped or killed server keeps its folder and port and can be started again; `close()` removes the folder.
    """

    name: str
    stop_signal = signal.SIGTERM

    def __init__(self) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix=f"{self.name}-"))
        self.port = free_port()
        self.process: subprocess.Popen[bytes] | None = None

    @property
    @abstractmethod
    def source(self) -> str:
        """Which program this is, for the person who reads the test's output."""

    @property
    @abstractmethod
    def url(self) -> str:
        """What the product's environment variable is set to."""

    @abstractmethod
    def command(self) -> list[str]: ...

    @abstractmethod
    def is_ready(self) -> bool: ...

    def run_as(self) -> str | None:
        """The user to run as where not the present one."""
        return None

    @property
    def log(self) -> Path:
        return self.folder / "server.log"

    def start(self) -> Self:
        with self.log.open("ab") as log:
            user = self.run_as()
            self.process = subprocess.Popen(
                self.command(),
                cwd=self.folder,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                user=user,
                group=group_of(user),
                extra_groups=[] if user else None,
                start_new_session=True,
                preexec_fn=lambda: die_with_parent(signal.SIGKILL),
            )
        until = time.monotonic() + STARTS_WITHIN_S
        # Asked in this order: a server of somebody else's may answer on the port for which ours came too late.
        while self.process.poll() is not None or not self.is_ready():
            if self.process.poll() is not None or time.monotonic() > until:
                said = self.log.read_text(errors="replace")[-2000:]
                self.close()
                raise RuntimeError(f"{self.name} did not start:\n{said}")
            time.sleep(0.05)
        return self

    def stop(self) -> None:
        if self.process is None:
            return
        self.process.send_signal(signal.SIGCONT)
        self.process.send_signal(self.stop_signal)
        try:
            self.process.wait(timeout=10)
        except subprocess.TimeoutExpired:
            self.kill()
        self.process = None

    def kill(self) -> None:
        """As a power cut would: no time to put anything in order."""
        if self.process is None:
            return
        for pid in [self.process.pid, *descendants(self.process.pid)]:
            signal_softly(pid, signal.SIGKILL)
        self.process.wait()
        self.process = None

    def freeze(self) -> None:
        """Accepts connections (the kernel does) and never answers."""
        for pid in self.all_pids():
            signal_softly(pid, signal.SIGSTOP)

    def resume(self) -> None:
        for pid in self.all_pids():
            signal_softly(pid, signal.SIGCONT)

    def all_pids(self) -> list[int]:
        return [] if self.process is None else [self.process.pid, *descendants(self.process.pid)]

    def close(self) -> None:
        self.stop()
        shutil.rmtree(self.folder, ignore_errors=True)

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


def signal_softly(pid: int, number: signal.Signals) -> None:
    try:
        os.kill(pid, number)
    except ProcessLookupError:
        return


def group_of(user: str | None) -> int | None:
    if user is None:
        return None
    return pwd.getpwnam(user).pw_gid


def answers(port: int, question: bytes, answer: bytes) -> bool:
    """Whether the server says what it should within a second."""
    try:
        with socket.create_connection(("127.0.0.1", port), timeout=1) as connection:
            connection.settimeout(1)
            connection.sendall(question)
            return answer in connection.recv(4096)
    except OSError:
        return False
