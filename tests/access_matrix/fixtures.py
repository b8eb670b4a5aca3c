"""Fixtures that tests of doors share: stores in a folder of the test's own."""

from __future__ import annotations

from pathlib import Path

import pytest
from pytest_django import Settings


@pytest.fixture
def data_folder(tmp_path: Path, settings: Settings) -> Path:
    """The folder of this test's masters and derivatives; static files need no manifest."""
    storages = {**settings.STORAGES}
    storages["files"] = {
        "BACKEND": "django.core.files.storage.FileSystemStorage",
        "OPTIONS": {"location": tmp_path / "files"},
    }
    storages["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    settings.STORAGES = storages
    settings.INCOMING_DIR = tmp_path / "incoming"
    settings.WORK_DIR = tmp_path / "work"
    scratch = tmp_path / "scratch"
    scratch.mkdir()
    return scratch
