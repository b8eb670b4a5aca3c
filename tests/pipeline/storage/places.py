"""Storages under test, files to put there, and ways to ill-treat both."""

from __future__ import annotations

import json
import os
import random
import signal
import subprocess
import traceback
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from django.core.files.storage import FileSystemStorage, Storage
from storages.backends.s3 import S3Storage

from media_pipeline.storage.masters import MasterStore
from media_pipeline.storage.s3 import storage_options
from media_pipeline.storage.writers import StoredMaster
from tests.services import S3Server
from tests.services.s3 import ACCESS_KEY, SECRET_KEY

NOW = datetime(2026, 11, 25, 8, 30, tzinfo=UTC)
OCFL_PY_CHECK = Path(__file__).with_name("ocfl_py_check.py")


@dataclass(frozen=True)
class Place:
    """A storage, and the folder where its files can be looked at and damaged behind its back."""

    disk: Path

    def storage(self) -> Storage:
        return FileSystemStorage(location=self.disk)

    def files(self) -> list[str]:
        """All files, without those that the server is still receiving from a client that was killed."""
        found = (str(path.relative_to(self.disk)) for path in self.disk.rglob("*") if path.is_file())
        return sorted(path for path in found if ".rclone_temp" not in path)


@dataclass(frozen=True)
class S3Place(Place):
    endpoint: str

    @classmethod
    def new(cls, server: S3Server) -> S3Place:
        place = cls(server.objects / f"bucket-{uuid.uuid4().hex[:12]}", server.endpoint)
        place.storage().connection.create_bucket(Bucket=place.disk.name)
        return place

    def storage(self, **options: Any) -> S3Storage:
        return S3Storage(
            **{
                **storage_options(
                    endpoint_url=self.endpoint,
                    access_key=ACCESS_KEY,
                    secret_key=SECRET_KEY,
                    bucket=self.disk.name,
                    region="us-east-1",
                ),
                **options,
            }
        )


def make_file(folder: Path, *, seed: int = 1, size_bytes: int = 300_000) -> Path:
    path = folder / f"source-{seed}"
    path.write_bytes(random.Random(seed).randbytes(size_bytes))
    return path


def store(master_store: MasterStore, source: Path, **kwargs: Any) -> StoredMaster:
    return master_store.store(source, **{"extension": "jpg", "now": NOW, **kwargs})


def flip_a_byte(path: Path, position: int = 7) -> None:
    path.chmod(0o644)
    content = bytearray(path.read_bytes())
    content[position] ^= 1
    path.write_bytes(content)


def ocfl_py_says(python: str, root: Path) -> dict[str, Any]:
    done = subprocess.run([python, OCFL_PY_CHECK, root], check=True, capture_output=True, text=True, timeout=120)
    said: dict[str, Any] = json.loads(done.stdout)
    return said


def start(action: Callable[[], object]) -> int:
    """Run an action in a process of its own; its process id."""
    child = os.fork()
    if child == 0:
        code = 1
        try:
            action()
            code = 0
        except Exception:  # noqa: BLE001 - the parent sees the exit status; whatever it was must not go on as a second pytest
            traceback.print_exc()
        finally:
            os._exit(code)
    return child


def end_of(child: int) -> int:
    """How the process ended: 0, 1 for an exception, negative for a signal."""
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


def kill_me() -> None:
    os.kill(os.getpid(), signal.SIGKILL)
