"""Keeps every process that was started in hand, so that none outlives the command, however the command ends.

Two processes watch each other. The *front* holds the terminal and takes the signals; the *keeper* is its child, in a
session of its own, and is the parent of everything else. Both are subreapers (prctl(2)): a process that loses its
parent becomes theirs, not init's, so each can find all that is left by walking /proc. If the front is killed, the
kernel tells the keeper; if the keeper is killed, the front inherits its children. Either then ends all of them.
"""

from __future__ import annotations

import contextlib
import ctypes
import os
import signal
import sys
import time
from collections.abc import Callable
from pathlib import Path
from types import FrameType

from scripts.terminal import Refusal, refuse

PR_SET_PDEATHSIG = 1
PR_SET_CHILD_SUBREAPER = 36

LIBC = ctypes.CDLL(None, use_errno=True)

STOP_SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)

# Seconds that the keeper has to stop its services in order before the front kills what is left.
KEEPER_GRACE_S = 20.0


class Stopped(BaseException):
    """Raised in the keeper's main thread when it is to stop. Not an Exception: nothing on the way may swallow it."""


def die_with_parent(death_signal: signal.Signals) -> None:
    """Has the kernel send this process a signal when the thread that made it ends. Lost at fork, kept over exec."""
    LIBC.prctl(PR_SET_PDEATHSIG, int(death_signal), 0, 0, 0)


def adopt_orphans() -> None:
    LIBC.prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)


def parents() -> dict[int, int]:
    """Each living process id (zombies left out) with its parent's."""
    found: dict[int, int] = {}
    for entry in Path("/proc").iterdir():
        if not entry.name.isdigit():
            continue
        try:
            stat = (entry / "stat").read_text(errors="replace")
        except OSError:
            continue
        # The second field is the program's name in brackets, which may itself hold spaces and brackets.
        state, parent = stat[stat.rindex(")") + 2 :].split()[:2]
        if state not in "ZX":
            found[int(entry.name)] = int(parent)
    return found


def descendants(root: int) -> list[int]:
    """Every living process below this one, nearest first."""
    children: dict[int, list[int]] = {}
    for pid, parent in parents().items():
        children.setdefault(parent, []).append(pid)
    found: list[int] = []
    queue = [root]
    while queue:
        below = children.get(queue.pop(0), [])
        found += below
        queue += below
    return found


def kill_descendants(root: int | None = None, *, deadline_s: float = 5.0) -> list[int]:
    """Kills all below this process, again and again until none is left; those that would not go, if any."""
    root = root or os.getpid()
    until = time.monotonic() + deadline_s
    while True:
        left = descendants(root)
        if not left or time.monotonic() > until:
            return left
        for pid in left:
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.kill(pid, signal.SIGKILL)
        reap_orphans(frozenset())
        time.sleep(0.02)


def reap_orphans(ours: frozenset[int]) -> None:
    """Collects the dead that were adopted; those in `ours` are left for whoever started them."""
    while True:
        try:
            seen = os.waitid(os.P_ALL, 0, os.WEXITED | os.WNOHANG | os.WNOWAIT)
        except ChildProcessError:
            return
        if seen is None or seen.si_pid in ours:
            return
        with contextlib.suppress(ChildProcessError):
            os.waitpid(seen.si_pid, os.WNOHANG)


def guarded(main: Callable[[], int]) -> int:
    """Runs `main` in a keeper process, where `Stopped` is raised once the command is to end; its exit status."""
    adopt_orphans()
    for stream in (sys.stdout, sys.stderr):
        stream.flush()
    front = os.getpid()
    keeper = os.fork()
    if keeper == 0:
        os._exit(keep(main, front=front))
    return watch(keeper)


def keep(main: Callable[[], int], *, front: int) -> int:
    os.setsid()
    adopt_orphans()
    for number in STOP_SIGNALS:
        signal.signal(number, raise_stopped)
    status = 1
    try:
        die_with_parent(signal.SIGTERM)
        if os.getppid() != front:
            raise Stopped
        status = main()
    except Stopped:
        status = 130
    except Refusal as refusal:
        status = refuse(refusal)
    except SystemExit as left:
        status = left.code if isinstance(left.code, int) else 1
    except BaseException:  # noqa: BLE001 – shown as the interpreter would, after which what was started is ended
        sys.excepthook(*sys.exc_info())
    finally:
        for number in STOP_SIGNALS:
            signal.signal(number, signal.SIG_IGN)
        kill_descendants()
        for stream in (sys.stdout, sys.stderr):
            with contextlib.suppress(OSError, ValueError):
                stream.flush()
    return status


def raise_stopped(_number: int, _frame: FrameType | None) -> None:
    # Once only: what is being stopped in order must not be cut short by a second wish to stop it.
    for number in STOP_SIGNALS:
        signal.signal(number, signal.SIG_IGN)
    raise Stopped


def watch(keeper: int) -> int:
    """The front's life: pass the wish to stop on, once; see to it that it is granted; leave nothing behind."""
    asked_at: list[float] = []

    def ask(_number: int, _frame: FrameType | None) -> None:
        if len(asked_at) < 2:
            asked_at.append(time.monotonic())
        with contextlib.suppress(ProcessLookupError):
            os.kill(keeper, signal.SIGTERM)

    for number in STOP_SIGNALS:
        signal.signal(number, ask)
    status = None
    while status is None:
        pid, waited = os.waitpid(keeper, os.WNOHANG)
        if pid == keeper:
            status = waited
        elif len(asked_at) > 1 or (asked_at and time.monotonic() - asked_at[0] > KEEPER_GRACE_S):
            break
        else:
            time.sleep(0.1 if asked_at else 0.3)
        reap_orphans(frozenset({keeper}))
    kill_descendants()
    if status is None or os.WIFSIGNALED(status):
        return 130
    return os.WEXITSTATUS(status)
