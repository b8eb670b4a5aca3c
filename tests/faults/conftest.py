"""Archives of their own for tests that hurt them, and small real files of every kind that is worked on."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterator
from pathlib import Path

import imageio_ffmpeg
import pypdfium2
import pytest

from tests.faults.house import House, built
from tests.makers import picture, sound


@pytest.fixture(autouse=True)
def no_thread_of_the_suite_rings() -> None:
    """Nothing here uses the suite's own archive; houses have environments of their own."""
    os.environ.pop("HERITAGE_FAULT", None)


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    """An empty archive, migrated, without a worker."""
    with built(tmp_path / "house") as here:
        yield here


@pytest.fixture
def patient_house(tmp_path: Path) -> Iterator[House]:
    """A house where no lease runs out because the machine is busy: for tests that count the starts of a job."""
    with built(tmp_path / "house", env={"HERITAGE_LEASE_S": "120"}) as here:
        yield here


@pytest.fixture
def files(tmp_path: Path) -> list[Path]:
    """One small file of each kind: picture, document, sound, film."""
    folder = tmp_path / "files"
    folder.mkdir()
    return [
        picture(folder / "anh.jpg"),
        document(folder / "sach.pdf"),
        sound(folder / "chieng.wav"),
        film(folder / "phim.mp4"),
    ]


def document(path: Path, *, pages: int = 2) -> Path:
    made = pypdfium2.PdfDocument.new()
    for _ in range(pages):
        made.new_page(300, 400)
    made.save(path)
    return path


def film(path: Path, *, seconds: float = 1.0) -> Path:
    """Write a small film with sound; the same bytes each time."""
    subprocess.run(
        [
            imageio_ffmpeg.get_ffmpeg_exe(), "-hide_banner", "-loglevel", "error", "-y",
            "-f", "lavfi", "-i", f"testsrc=size=320x240:rate=10:duration={seconds}",
            "-f", "lavfi", "-i", f"sine=frequency=330:duration={seconds}",
            "-c:v", "libx264", "-preset", "ultrafast", "-pix_fmt", "yuv420p", "-c:a", "aac", "-shortest",
            "-bitexact", str(path),
        ],
        check=True,
    )  # fmt: skip
    return path
