"""What the tests of the pipeline share."""

from pathlib import Path

import pytest


@pytest.fixture
def work_dir(tmp_path: Path) -> Path:
    """A folder of one run."""
    folder = tmp_path / "work"
    folder.mkdir()
    return folder
