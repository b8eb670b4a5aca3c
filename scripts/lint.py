"""The checks of the code that ./scripts/test makes before the tests: two at a time, silent when they pass."""

from __future__ import annotations

import os
import secrets
import subprocess
import tempfile
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO

from scripts.programs import ROOT, child_of_ours, last_lines
from scripts.setup import PYTHON, VENV
from scripts.terminal import write

AT_ONCE = 2


@dataclass
class Check:
    name: str
    argv: Sequence[str]
    env: Mapping[str, str] = field(default_factory=dict)


def tool(name: str, *arguments: str) -> list[str]:
    """A tool of the environment, started by its Python: the scripts beside it name the folder where they were made."""
    return [str(PYTHON), str(VENV / "bin" / name), *arguments]


def manage(*arguments: str) -> list[str]:
    return [str(PYTHON), str(ROOT / "manage.py"), *arguments]


def checks(data: Path) -> list[Check]:
    """`data` is an empty folder for those that start Django."""
    ruff = str(VENV / "bin" / "ruff")
    scratch = {"HERITAGE_DATA": str(data)}
    production = {
        **scratch,
        "HERITAGE_PRODUCTION": "1",
        "HERITAGE_HTTPS": "1",
        "HERITAGE_TRUST_PROXY": "1",
        "HERITAGE_SECRET_KEY": secrets.token_urlsafe(60),
        "HERITAGE_ALLOWED_HOSTS": "archive.example.org",
        "HERITAGE_BASE_URL": "https://archive.example.org",
        "ARK_NAAN": "12345",
        "DATABASE_URL": "postgres://heritage@127.0.0.1:5432/heritage",
        "REDIS_URL": "redis://127.0.0.1:6379/0",
        "STORAGE_URL": "s3://key:secret@127.0.0.1:3900/heritage?region=garage&tls=0",
    }
    return [
        Check("mypy", tool("mypy"), scratch),
        Check("mypy scripts", tool("mypy", "scripts", "tests/services"), scratch),
        Check("ruff", [ruff, "check", "."]),
        Check("ruff format", [ruff, "format", "--check", "."]),
        Check("import-linter", tool("lint-imports")),
        Check("djlint", tool("djlint", "templates", "--lint", "--quiet")),
        Check("documents", [str(PYTHON), "-m", "scripts.check_docs"]),
        Check("deptry", tool("deptry", ".", "--config", "deptry.toml", "--no-ansi")),
        Check("migrations", manage("makemigrations", "--check", "--dry-run"), scratch),
        Check("check --deploy", manage("check", "--deploy", "--fail-level", "WARNING"), production),
    ]


@dataclass
class Running:
    check: Check
    process: subprocess.Popen[bytes]
    output: IO[bytes]
    began: float


def begin(check: Check) -> Running:
    output = tempfile.TemporaryFile()  # noqa: SIM115 – closed with the check
    process = subprocess.Popen(
        check.argv,
        cwd=ROOT,
        env={**os.environ, **check.env},
        stdin=subprocess.DEVNULL,
        stdout=output,
        stderr=subprocess.STDOUT,
        preexec_fn=child_of_ours,
    )
    return Running(check, process, output, time.monotonic())


def lint() -> list[str]:
    """The names of the checks that failed; what they said is printed."""
    failed: list[str] = []
    with tempfile.TemporaryDirectory(prefix="heritage-lint-") as data:
        waiting = checks(Path(data))
        running: list[Running] = []
        while waiting or running:
            while waiting and len(running) < AT_ONCE:
                running.append(begin(waiting.pop(0)))
            for one in [one for one in running if one.process.poll() is not None]:
                running.remove(one)
                if not report(one):
                    failed.append(one.check.name)
            time.sleep(0.05)
    return failed


def report(one: Running) -> bool:
    passed = one.process.returncode == 0
    write(f"  {'✓' if passed else '✗'} {one.check.name} ({time.monotonic() - one.began:.1f} s)")
    if not passed:
        one.output.seek(0)
        write(last_lines(one.output.read().decode(errors="replace"), 60))
    one.output.close()
    return passed
