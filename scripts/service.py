"""One long-running process of ours: started, watched, started again with growing pauses, and stopped in time."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from scripts.guard import descendants, die_with_parent
from scripts.programs import ROOT, last_lines
from scripts.terminal import say, write

# Pauses before the first, second, … start again. A process that has run for longer than HEALTHY_S starts from the top.
PAUSES_S = (1.0, 2.0, 5.0, 10.0, 30.0)
HEALTHY_S = 60.0
LOG_LIMIT_BYTES = 10_000_000


@dataclass
class Service:
    """`label` is (Vietnamese, English). What the process prints goes to its log file, not to the terminal."""

    label: tuple[str, str]
    argv: Sequence[str | Path]
    env: Mapping[str, str]
    log: Path
    niceness: int = 0
    # Whether a polite stop is understood yet; granian hangs when it is told to stop while its worker is starting.
    can_stop: bool = True
    process: subprocess.Popen[bytes] | None = None
    started_at: float = 0.0
    failures: int = 0
    start_again_at: float | None = field(default=None)

    def start(self) -> None:
        self.log.parent.mkdir(parents=True, exist_ok=True)
        if self.log.exists() and self.log.stat().st_size > LOG_LIMIT_BYTES:
            self.log.replace(self.log.with_suffix(".old.log"))
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                [str(word) for word in self.argv],
                cwd=ROOT,
                env=dict(self.env),
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                process_group=0,
                preexec_fn=self.before_exec,
            )
        self.started_at = time.monotonic()
        self.start_again_at = None

    def before_exec(self) -> None:
        die_with_parent(signal.SIGKILL)
        if self.niceness:
            os.nice(self.niceness)

    @property
    def is_running(self) -> bool:
        return self.process is not None and self.process.poll() is None

    def look(self) -> None:
        """Starts the process again if it has ended, after a pause that grows while it keeps ending soon."""
        now = time.monotonic()
        if self.start_again_at is not None:
            if now >= self.start_again_at:
                self.start()
            return
        if self.process is None or self.is_running:
            return
        if now - self.started_at > HEALTHY_S:
            self.failures = 0
        pause_s = PAUSES_S[min(self.failures, len(PAUSES_S) - 1)]
        self.failures += 1
        self.start_again_at = now + pause_s
        status = self.process.returncode
        vietnamese, english = self.label
        say(
            f"! {vietnamese} đã dừng ({how_it_ended(status)}), chạy lại sau {pause_s:.0f} giây; xem {self.log}",
            f"{english} stopped, starting it again in {pause_s:.0f} s",
        )
        self.kill_group()

    def last_words(self, count: int = 8) -> str:
        with contextlib.suppress(OSError):
            return last_lines(self.log.read_text(errors="replace"), count)
        return ""

    def kill_group(self) -> None:
        """Ends what the process left behind in its group."""
        if self.process is not None:
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.killpg(self.process.pid, signal.SIGKILL)

    def ask_to_stop(self) -> None:
        if self.process is not None and self.is_running:
            if self.can_stop:
                self.process.terminate()
            else:
                self.kill_tree()

    def kill_tree(self) -> None:
        if self.process is not None:
            for pid in [*descendants(self.process.pid), self.process.pid]:
                with contextlib.suppress(ProcessLookupError, PermissionError):
                    os.kill(pid, signal.SIGKILL)


def how_it_ended(status: int | None) -> str:
    if status is not None and status < 0:
        with contextlib.suppress(ValueError):
            return signal.Signals(-status).name
    return f"exit {status}"


def stop_all(services: Sequence[Service], *, timeout_s: float) -> None:
    """Asks all at once, waits, then kills what would not go, with everything below it."""
    for service in services:
        service.ask_to_stop()
    until = time.monotonic() + timeout_s
    while any(service.is_running for service in services) and time.monotonic() < until:
        time.sleep(0.05)
    for service in services:
        if service.is_running:
            write(f"  … {service.label[0]}: SIGKILL")
            service.kill_tree()
        service.kill_group()
