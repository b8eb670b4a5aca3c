"""Runs the programs of a set-up step: quiet while they work, and with their last words when they fail."""

from __future__ import annotations

import os
import signal
import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path

from scripts.guard import die_with_parent
from scripts.terminal import Refusal, write

ROOT = Path(__file__).resolve().parent.parent

# A step that is silent for this long says that it is still at it.
HEARTBEAT_S = 15.0


def child_of_ours() -> None:
    """For preexec_fn: the kernel ends the program with the keeper that started it."""
    die_with_parent(signal.SIGKILL)


def run_quietly(argv: Sequence[str | Path], *, env: Mapping[str, str] | None = None) -> tuple[int, str]:
    """Exit status and everything the program said. 127 when there is no such program."""
    try:
        process = subprocess.Popen(
            [str(word) for word in argv],
            cwd=ROOT,
            env=dict(os.environ if env is None else env),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            errors="replace",
            preexec_fn=child_of_ours,
        )
    except OSError as error:
        return 127, str(error)
    waited_s = 0.0
    while True:
        try:
            output, _ = process.communicate(timeout=HEARTBEAT_S)
        except subprocess.TimeoutExpired:
            waited_s += HEARTBEAT_S
            write(f"  … {waited_s:.0f} s")
        else:
            return process.returncode, output


def must_run(argv: Sequence[str | Path], vietnamese: str, english: str, *, env: Mapping[str, str] | None = None) -> str:
    """What the program printed. Raises Refusal with the sentence given and the program's last lines if it fails."""
    status, output = run_quietly(argv, env=env)
    if status != 0:
        write(last_lines(output, 12))
        raise Refusal(vietnamese, english)
    return output


def last_lines(text: str, count: int) -> str:
    return "\n".join(f"  | {line}" for line in text.rstrip().splitlines()[-count:])
