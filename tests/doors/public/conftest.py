"""The pages' static files, and one work of each kind."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import pytest
from django.test import Client, override_settings

from archive.models import Item
from tests import makers
from tests.doors.public import works


@pytest.fixture(scope="session", autouse=True)
def assets_from_their_folder() -> Iterator[None]:
    """Let WhiteNoise serve static files from where they lie: nothing is collected for tests."""
    with override_settings(WHITENOISE_USE_FINDERS=True, WHITENOISE_AUTOREFRESH=True):
        yield


@pytest.fixture
def plain_client() -> Client:
    """Return a browser that takes pages as they are, without packing."""
    return Client(headers={"accept-encoding": ""})


@pytest.fixture
def jar(now: datetime) -> Item:
    """Return a work with all that a description tells."""
    return works.described(makers.item(now=now, title="Ghè rượu cần"))


@pytest.fixture
def one_of_each(transactional_db: None, tmp_path: Path, now: datetime) -> dict[str, Item]:
    """Return one published work of each kind, made by the real pipeline."""
    return {kind: works.work(kind, tmp_path, now=now) for kind in works.MAKERS}
