"""The broker of the embedded profile: messages as files in a folder, each there whole or not at all.

Kombu's own filesystem transport lets a reader take a message while it is still being written, which loses it, and carries what it
takes through the system's temporary folder, where a killed worker leaves it.
"""

from __future__ import annotations

import contextlib
import time
import uuid
from datetime import datetime
from json import dumps, loads
from pathlib import Path
from queue import Empty
from typing import Any

from kombu.exceptions import ChannelError
from kombu.transport import filesystem

# Bells say no more than "look", and who answers one rings for the next. More of them in one folder would make each look slow.
BELLS_AT_MOST = 500
BELL_QUEUES = ("quick", "heavy", "solo")
TAKEN = "taken"  # beside the folder of messages: those that a worker is just reading


class Channel(filesystem.Channel):
    """Kombu's channel with another way of putting and taking. Options are the same: `data_folder_in` must be `data_folder_out`."""

    def _put(self, queue: str, payload: Any, **kwargs: Any) -> None:  # type: ignore[override]  # Kombu's two disagree
        folder = Path(self.data_folder_out)
        if queue in BELL_QUEUES and sum(1 for _ in folder.glob(f"*.{queue}.msg")) >= BELLS_AT_MOST:
            return
        name = f"{time.time_ns():020d}_{uuid.uuid4().hex}.{queue}.msg"
        aside = folder / f".{uuid.uuid4().hex}"
        try:
            aside.write_text(dumps(payload), encoding="utf-8")
            aside.rename(folder / name)
        except OSError as error:
            aside.unlink(missing_ok=True)
            raise ChannelError(f"Cannot add {name}: {error}") from error

    def _get(self, queue: str, timeout: Any = None) -> Any:  # Any: Kombu's own; it never waits here
        folder = Path(self.data_folder_in)
        taken = folder.with_name(TAKEN)
        taken.mkdir(exist_ok=True)
        for path in sorted(folder.glob(f"*.{queue}.msg")):
            mine = taken / f"{uuid.uuid4().hex}.msg"
            with contextlib.suppress(FileNotFoundError):  # another worker was faster
                path.rename(mine)
                payload = mine.read_text("utf-8")
                mine.unlink()
                with contextlib.suppress(ValueError):  # damaged by a full disk: the sweep rings again
                    return loads(payload)
        raise Empty


def remove_left_behind(folder: Path, *, older_than: datetime) -> int:
    """Remove messages that a killed process was just writing to this folder or taking from it; returns how many. Their jobs ring again."""
    left = [*folder.glob(".*"), *folder.with_name(TAKEN).glob("*.msg")]
    removed = 0
    for path in left:
        with contextlib.suppress(FileNotFoundError):
            if path.is_file() and path.stat().st_mtime < older_than.timestamp():
                path.unlink()
                removed += 1
    return removed


class Transport(filesystem.Transport):
    """Registered by heritage.celery as `folder://`."""

    Channel = Channel
