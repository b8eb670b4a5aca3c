"""Makers of small real things for tests."""

from __future__ import annotations

import math
import struct
import subprocess
import wave
from datetime import datetime
from pathlib import Path

import imageio_ffmpeg
from PIL import Image

from access import policy
from access.models import User
from access.policy import Policy
from archive import languages
from archive.actions.attach_file import attach_file
from archive.actions.create_item import Description, create_item
from archive.actions.move_item import publish_item
from archive.models import Item, ItemFile
from media_pipeline import intakes, work
from media_pipeline.models import Intake


def picture(path: Path, *, size: tuple[int, int] = (640, 480), colour: tuple[int, int, int] = (38, 43, 92)) -> Path:
    """Write a JPEG of one colour; another colour makes another file."""
    Image.new("RGB", size, colour).save(path, "JPEG", quality=85)
    return path


def sound(path: Path, *, seconds: float = 1.0, pitch_hz: float = 220.0) -> Path:
    """Write a mono WAV of one pitch."""
    rate = 8000
    samples = [int(12000 * math.sin(2 * math.pi * pitch_hz * n / rate)) for n in range(int(rate * seconds))]
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(rate)
        file.writeframes(struct.pack(f"<{len(samples)}h", *samples))
    return path


def sound_in_a_film_container(path: Path) -> Path:
    """Write an .mp4 whose brand says film and whose only stream is sound: what telephones record."""
    source = sound(path.with_suffix(".source.wav"))
    command = [imageio_ffmpeg.get_ffmpeg_exe(), "-v", "error", "-y", "-i", str(source)]
    subprocess.run([*command, "-c:a", "aac", "-f", "mp4", str(path)], check=True)
    source.unlink()
    return path


def item(
    *,
    now: datetime,
    title: str = "Nhà rông Kon Klor",
    kind: str = "image",
    access: Policy = policy.PUBLIC,
    publish: bool = True,
) -> Item:
    """Return an item, published unless said otherwise."""
    made = create_item(Description(kind=kind, titles=languages.of(vi=title)), actor=None, now=now, access=access)
    return publish_item(made, actor=None, now=now) if publish else made


def received(path: Path, *, now: datetime, chunk_bytes: int = 0) -> Intake:
    """Return an intake that a file was uploaded to, whole or in chunks."""
    content = path.read_bytes()
    intake = intakes.begin(original_name=path.name, size_bytes=len(content), now=now)
    step = chunk_bytes or len(content)
    for offset in range(0, len(content), step):
        intakes.append(intake, offset, [content[offset : offset + step]], now=now)
    return intake


def file_of(owner: Item, path: Path, *, now: datetime, access: Policy | None = None, process: bool = True) -> ItemFile:
    """Upload a file to an item and, unless told not to, do all work on it."""
    file = attach_file(owner, received(path, now=now), actor=None, now=now, access=access)
    if process:
        work.perform_all()
        file.refresh_from_db()
    return file


def staff(name: str = "thu-thu", *, superuser: bool = False) -> User:
    """Return a member of staff."""
    return User.objects.create_user(name, password="mat-khau-dai-1", is_staff=True, is_superuser=superuser)
