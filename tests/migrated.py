"""An empty archive's database after all migrations: every other one begins as a copy of it, since migrating takes seconds."""

from __future__ import annotations

import contextlib
import fcntl
import os
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import psycopg

from scripts.stamps import fingerprint

ROOT = Path(__file__).resolve().parents[1]
KEPT = ROOT / ".pytest_cache"
APPS = ("access", "archive", "heritage", "interop", "media_pipeline", "public_site")
_NAME = "migrated"
_LEFT_OUT = ("HERITAGE_", "DATABASE_URL", "REDIS_URL", "STORAGE_URL")


def copy_to(path: Path) -> None:
    """Put a migrated database of SQLite where there is none. It is kept from run to run, until the code changes."""
    with _one_at_a_time():
        whole = KEPT / f"{_NAME}-{_code()}.sqlite3"
        if not whole.exists():
            for older in KEPT.glob(f"{_NAME}-*.sqlite3"):
                older.unlink()
            making = _shared() / "making"
            _migrate(making, {})
            with contextlib.closing(sqlite3.connect(making / "archive.sqlite3")) as made:
                made.execute("VACUUM INTO ?", [str(making / "whole")])
            shutil.move(shutil.copyfile(making / "whole", KEPT / "whole"), whole)
            shutil.rmtree(making)
        path.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(whole, path)


def template_of(server_url: str) -> str:
    """Return the name of a migrated database on a PostgreSQL, for CREATE DATABASE … TEMPLATE."""
    with _one_at_a_time(), psycopg.connect(server_url, autocommit=True) as server:
        if server.execute("SELECT 1 FROM pg_database WHERE datname = %s", [_NAME]).fetchone() is None:
            # Under its name only when it is whole: what a run left that was cut off is made again.
            server.execute("DROP DATABASE IF EXISTS migrating WITH (FORCE)")
            server.execute("CREATE DATABASE migrating")
            _migrate(
                _shared() / "making", {"DATABASE_URL": urlunsplit(urlsplit(server_url)._replace(path="/migrating"))}
            )
            server.execute(f"ALTER DATABASE migrating RENAME TO {_NAME}")
    return _NAME


@cache
def _code() -> str:
    """Return a mark of the code of which an empty database is made: tables by migrations, triggers and rows by all the rest."""
    return fingerprint(file for app in APPS for file in (ROOT / app).rglob("*.py"))[:16]


def _shared() -> Path:
    """Return the folder that all processes of a run have in common."""
    return Path(os.environ["HERITAGE_TEST_SHARED"])


@contextlib.contextmanager
def _one_at_a_time() -> Iterator[None]:
    KEPT.mkdir(exist_ok=True)
    with (KEPT / f"{_NAME}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _migrate(data: Path, settings: Mapping[str, str]) -> None:
    kept = {name: value for name, value in os.environ.items() if not name.startswith(_LEFT_OUT)}
    secret = {"HERITAGE_SECRET_KEY": os.environ["HERITAGE_SECRET_KEY"]}
    subprocess.run(
        [sys.executable, "manage.py", "migrate", "--verbosity", "0"],
        cwd=ROOT,
        env={**kept, **secret, "HERITAGE_DATA": str(data), **settings},
        check=True,
    )
