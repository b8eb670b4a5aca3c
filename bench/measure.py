"""Measuring: processor time of a whole piece of work, interleaved pairs, medians with their spread. Knows nothing of the archive."""

from __future__ import annotations

import os
import platform
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Row:
    """One line of the results."""

    what: str
    figure: str
    spread: str
    target: str = ""


def own_cpu_s() -> float:
    """Return user and system time of this process, of all its threads, without its children."""
    return time.process_time()


def child_cpu_s(words: Sequence[str], *, env: dict[str, str] | None = None, cwd: Path | None = None) -> float:
    """Run a program to its end and return user and system time of it and all it waited for. Raises CalledProcessError."""
    process = subprocess.Popen(words, env=env, cwd=cwd, stdin=subprocess.DEVNULL)
    _pid, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise subprocess.CalledProcessError(process.returncode, list(words))
    return usage.ru_utime + usage.ru_stime


def pairs(first: Callable[[], float], second: Callable[[], float], count: int) -> list[tuple[float, float]]:
    """Return figures of both, taken in turns and in changing order, so that a noisy machine is noisy to both."""
    found = []
    for number in range(count):
        if number % 2:
            after = second()
            found.append((first(), after))
        else:
            before = first()
            found.append((before, second()))
        print(f"    pair {number + 1} of {count}: {found[-1][0]:.3f} / {found[-1][1]:.3f}", file=sys.stderr, flush=True)
    return found


def median(values: Sequence[float]) -> float:
    return statistics.median(values)


def percentile(values: Sequence[float], share: float) -> float:
    """Return the smallest value that at least this share of all do not exceed."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, max(0, -int(-share * len(ordered) // 1) - 1))]


def spread(values: Sequence[float], digits: int = 3) -> str:
    return f"{min(values):.{digits}f} to {max(values):.{digits}f}, n = {len(values)}"


def machine() -> str:
    """Return the processor, how many of them, and what else is going on."""
    model = "unknown processor"
    for line in Path("/proc/cpuinfo").read_text().splitlines():
        if line.startswith("model name"):
            model = line.partition(":")[2].strip()
            break
    memory_kb = int(Path("/proc/meminfo").read_text().split()[1])
    load = os.getloadavg()[0]
    return (
        f"{os.cpu_count()} × {model}, {memory_kb / 1e6:.0f} GB, Linux {platform.release().split('-')[0]}, "
        f"Python {platform.python_version()}, load {load:.1f} at the start"
    )


def proportional_memory_kb(pid: int) -> tuple[int, int]:
    """Return resident and proportional memory (shared pages divided among those who share them), in kB."""
    figures = {}
    for line in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()[1:]:
        name, _, value = line.partition(":")
        if value.strip().endswith("kB"):
            figures[name] = int(value.split()[0])
    return figures["Rss"], figures["Pss"]


def wait_until(ready: Callable[[], bool], *, within_s: float, pause_s: float = 0.02) -> float:
    """Return after how many seconds it became so. Raises TimeoutError."""
    began = time.monotonic()
    while not ready():
        if time.monotonic() - began > within_s:
            raise TimeoutError
        time.sleep(pause_s)
    return time.monotonic() - began
