"""Every store test runs on a folder and on a real S3 server that checks signatures."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.pipeline.storage.places import Place, S3Place
from tests.services import NotHere, S3Server


@pytest.fixture(scope="session")
def store_server() -> Iterator[S3Server]:
    try:
        server = S3Server()
    except NotHere as missing:
        pytest.skip(f"not on this machine: {missing}")
    with server:
        yield server


@pytest.fixture(params=["folder", "s3"])
def place(request: pytest.FixtureRequest, tmp_path: Path) -> Place:
    if request.param == "folder":
        disk = tmp_path / "store"
        disk.mkdir()
        return Place(disk)
    return S3Place.new(request.getfixturevalue("store_server"))


@pytest.fixture
def s3_place(store_server: S3Server) -> S3Place:
    return S3Place.new(store_server)


@pytest.fixture
def folder_place(tmp_path: Path) -> Place:
    disk = tmp_path / "store"
    disk.mkdir()
    return Place(disk)


@pytest.fixture(scope="session")
def ocfl_python() -> str:
    """The interpreter of the environment that has ocfl-py."""
    python = os.environ.get("OCFL_PYTHON") or str(Path(__file__).resolve().parents[3] / ".venv-ocfl/bin/python")
    if not Path(python).exists():
        pytest.skip("ocfl-py: no .venv-ocfl beside manage.py (see requirements-ocfl.txt) and no OCFL_PYTHON")
    return python
