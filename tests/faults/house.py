"""An archive of a test's own: data folder, database, broker and store, with real workers that may be killed."""

from __future__ import annotations

import contextlib
import json
import os
import random
import signal
import subprocess
import sys
import time
import uuid
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit, urlunsplit

import boto3
import psycopg

from scripts.guard import descendants
from tests import migrated
from tests.services import PostgresServer, RedisServer

ROOT = Path(__file__).resolve().parents[2]
LEASE_S = 3
SERVED = bool(os.environ.get("DATABASE_URL"))


class DriverDied(RuntimeError):
    """An order failed with a Python error, where the test wanted none."""


class House:
    """One archive. `with house(folder) as here:`; everything it started ends with it."""

    def __init__(
        self,
        folder: Path,
        *,
        broker: RedisServer | None = None,
        database: PostgresServer | None = None,
        env: Mapping[str, str] | None = None,
    ) -> None:
        self.folder = folder
        self.broker = broker
        self.database = database
        folder.mkdir(parents=True, exist_ok=True)
        kept = ("PATH", "HOME", "LANG", "LC_ALL", "VIRTUAL_ENV", "TMPDIR", "COVERAGE_PROCESS_START")
        self.env = {name: os.environ[name] for name in kept if name in os.environ} | {
            "DJANGO_SETTINGS_MODULE": "heritage.settings",
            "PYTHONPATH": str(ROOT),
            "PYTHONUNBUFFERED": "1",
            "HERITAGE_DATA": str(folder / "data"),
            "HERITAGE_SECRET_KEY": "a-secret-for-tests-only-of-more-than-fifty-characters-0123456789",
            "HERITAGE_LEASE_S": str(LEASE_S),
            "HERITAGE_DISK_RESERVE_MB": "0",
            "HERITAGE_LOG_LEVEL": "WARNING",
            **(env or {}),
        }
        if SERVED:
            self.env |= _served(broker, database)
        self._driver: subprocess.Popen[str] | None = None
        self.workers: list[subprocess.Popen[bytes]] = []

    def __enter__(self) -> House:
        if not SERVED:
            migrated.copy_to(Path(self.env["HERITAGE_DATA"]) / "archive.sqlite3")
        self._driver = subprocess.Popen(
            [sys.executable, "-m", "tests.faults.driver"],
            cwd=ROOT,
            env=self.env,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=(self.folder / "driver.log").open("ab"),
            text=True,
        )
        if SERVED and self.database is not None:
            self.order("migrate")
        return self

    def __exit__(self, *_: object) -> None:
        for worker in self.workers:
            kill_tree(worker.pid)
            worker.wait()
        if self._driver is not None:
            kill_tree(self._driver.pid)
            self._driver.wait()
        if SERVED and self.database is None:
            _forget(self.env)

    # -- orders

    def tell(self, what: str, *, env: Mapping[str, str] | None = None, **arguments: object) -> dict[str, Any]:
        """Give an order and return {"status", "answer" or "error"}: a negative status is the signal that ended it."""
        assert self._driver is not None
        assert self._driver.stdin is not None
        assert self._driver.stdout is not None
        self._driver.stdin.write(json.dumps({"do": what, "with": arguments, "env": dict(env or {})}) + "\n")
        self._driver.stdin.flush()
        line = self._driver.stdout.readline()
        if not line:
            raise DriverDied((self.folder / "driver.log").read_text()[-3000:])
        said: dict[str, Any] = json.loads(line)
        return said

    def order(self, what: str, **arguments: object) -> Any:  # Any: each order's own answer
        """Give an order that is to succeed, and return its answer."""
        said = self.tell(what, **arguments)
        if said["status"] != 0:
            raise DriverDied(f"{what}: {said}\n{(self.folder / 'driver.log').read_text()[-3000:]}")
        return said.get("answer")

    # -- workers

    def start_worker(self, *, env: Mapping[str, str] | None = None, pool: str = "solo") -> subprocess.Popen[bytes]:
        """Start a Celery worker as the start command of each profile does."""
        words = [sys.executable, "-m", "celery", "--app", "heritage.celery:app", "worker", "--pool", pool]
        words += ["--concurrency", "2"] if pool != "solo" else []
        words += [
            "--queues",
            "clock,quick,heavy,solo",
            "--hostname",
            f"{uuid.uuid4().hex[:6]}@test",
            "--loglevel",
            "warning",
        ]
        words += ["--without-gossip", "--without-mingle", "--without-heartbeat"]
        with (self.folder / "worker.log").open("ab") as log:
            worker = subprocess.Popen(
                words, cwd=ROOT, env={**self.env, **(env or {})}, stdin=subprocess.DEVNULL, stdout=log, stderr=log,
                start_new_session=True,
            )  # fmt: skip
        self.workers.append(worker)
        return worker

    def wait_until(self, what: str, wanted: object, *, within_s: float) -> None:
        """Give an order again and again until it answers this. Fails with what was there instead."""
        until = time.monotonic() + within_s
        while (found := self.order(what)) != wanted:
            if time.monotonic() > until:
                raise AssertionError(
                    f"{what} is {found} after {within_s} s: {self.order('jobs_now')}\n{self.worker_log()}"
                )
            time.sleep(0.1)

    def finish(self, *, within_s: float, order: str = "sweep") -> None:
        """Sweep until nothing is left to be done."""
        until = time.monotonic() + within_s
        while self.order(order):
            if time.monotonic() > until:
                raise AssertionError(f"not finished after {within_s} s: {self.order('jobs_now')}\n{self.worker_log()}")
            time.sleep(1.0)

    def worker_log(self) -> str:
        with contextlib.suppress(OSError):
            return (self.folder / "worker.log").read_text(errors="replace")[-3000:]
        return ""

    def manage(
        self, *words: str, env: Mapping[str, str] | None = None, timeout_s: float = 120
    ) -> subprocess.CompletedProcess[str]:
        """Run a command of the product in this archive."""
        return subprocess.run(
            [sys.executable, "manage.py", *words],
            cwd=ROOT, env={**self.env, **(env or {})}, capture_output=True, text=True, timeout=timeout_s,
        )  # fmt: skip

    def begin(self, *words: str) -> subprocess.Popen[bytes]:
        """Start a command of the product in this archive and let it run; it ends with the archive at the latest."""
        with (self.folder / "commands.log").open("ab") as log:
            command = subprocess.Popen(
                [sys.executable, "manage.py", *words],
                cwd=ROOT, env=self.env, stdin=subprocess.DEVNULL, stdout=log, stderr=log, start_new_session=True,
            )  # fmt: skip
        self.workers.append(command)
        return command


def kill_tree(pid: int) -> None:
    """End a process and everything below it, as a power cut would."""
    for one in [pid, *descendants(pid)]:
        with contextlib.suppress(ProcessLookupError):
            os.kill(one, signal.SIGKILL)


def kill_one_of(worker: subprocess.Popen[bytes], chance: random.Random) -> int:
    """Kill the worker or one of its pool's processes, never a decoder: those have tests of their own. Returns whom."""
    pool = [pid for pid in descendants(worker.pid) if b"celery" in command_of(pid)]
    chosen = chance.choice([worker.pid, *sorted(pool)])
    with contextlib.suppress(ProcessLookupError):
        os.kill(chosen, signal.SIGKILL)
    return chosen


def command_of(pid: int) -> bytes:
    """Return the command line of a process, empty when it is gone."""
    with contextlib.suppress(OSError):
        return Path(f"/proc/{pid}/cmdline").read_bytes()
    return b""


def kill_any_of(worker: subprocess.Popen[bytes], chance: random.Random) -> int:
    """Kill the worker, one of its pool's processes, or one of its decoders with its walls. Returns whom."""
    chosen = chance.choice([worker.pid, *sorted(descendants(worker.pid))])
    with contextlib.suppress(ProcessLookupError):
        os.kill(chosen, signal.SIGKILL)
    return chosen


def _served(broker: RedisServer | None, database: PostgresServer | None) -> dict[str, str]:
    """Addresses of a database and a bucket of this archive's own on the servers of the run, and of a broker that may be hurt."""
    name = f"f{uuid.uuid4().hex[:12]}"
    server_url = database.url if database else os.environ["DATABASE_URL"]
    template = "" if database else f" TEMPLATE {migrated.template_of(server_url)}"
    with psycopg.connect(server_url, autocommit=True) as server:
        server.execute(f'CREATE DATABASE "{name}"{template}'.encode())
    files = urlsplit(os.environ["STORAGE_URL"])
    _s3(files).create_bucket(Bucket=name)
    return {
        "DATABASE_URL": urlunsplit(urlsplit(server_url)._replace(path=f"/{name}")),
        "STORAGE_URL": urlunsplit(files._replace(path=f"/{name}")),
        "REDIS_URL": broker.url if broker else os.environ["REDIS_URL"],
    }


def _s3(address: Any) -> Any:  # Any: boto3 has no types
    return boto3.client(
        "s3",
        endpoint_url=f"http://{address.hostname}:{address.port}",
        aws_access_key_id=address.username,
        aws_secret_access_key=address.password,
        region_name="us-east-1",
    )


def _forget(env: Mapping[str, str]) -> None:
    name = urlsplit(env["DATABASE_URL"]).path.lstrip("/")
    with psycopg.connect(os.environ["DATABASE_URL"], autocommit=True) as server:
        server.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)'.encode())


@contextlib.contextmanager
def built(
    folder: Path, *, env: Mapping[str, str] | None = None, own_broker: bool = True, own_database: bool = False
) -> Iterator[House]:
    """A house with a broker of its own in the served profile, one that may be flushed and frozen; on wish a database server, too."""
    with contextlib.ExitStack() as stack:
        broker = stack.enter_context(RedisServer()) if SERVED and own_broker else None
        database = stack.enter_context(PostgresServer()) if SERVED and own_database else None
        yield stack.enter_context(House(folder, broker=broker, database=database, env=env))


def comparable(sets: Sequence[Sequence[Any]]) -> list[Any]:
    """What two runs must have in common: master, role, version, names, and the bytes where the tool repeats itself."""
    return [
        [sha256, role, version, [[name, digest if role in REPEATABLE else ""] for name, digest, _same in files]]
        for sha256, role, version, files in sets
    ]


# Encoders of sound and film write moments and serial numbers into what they make.
REPEATABLE = frozenset(
    {
        "thumbnail", "pyramid", "pages", "text", "words", "outline", "chapters", "poster", "storyboard", "waveform",
        "spectrogram",
    }
)  # fmt: skip
