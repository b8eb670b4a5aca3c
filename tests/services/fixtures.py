"""pytest fixtures: a private server for tests that ill-treat it. tests/conftest.py imports them by name.

The servers of the served profile itself are started by ./scripts/test and come by DATABASE_URL, REDIS_URL, STORAGE_URL.
"""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.services import NotHere, PostgresServer, RedisServer, S3Server, Server


def started(kind: type[Server]) -> Iterator[Server]:
    try:
        server = kind()
    except NotHere as missing:
        pytest.skip(f"not on this machine: {missing}")
    with server:
        yield server


@pytest.fixture
def postgres_server() -> Iterator[Server]:
    """An empty PostgreSQL of the test's own."""
    yield from started(PostgresServer)


@pytest.fixture
def redis_server() -> Iterator[Server]:
    """An empty Redis of the test's own."""
    yield from started(RedisServer)


@pytest.fixture
def s3_server() -> Iterator[Server]:
    """An empty S3 server of the test's own, with one bucket."""
    yield from started(S3Server)
