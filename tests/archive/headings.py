"""Headings made and merged as the desk does it."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from archive.actions.merge_authorities import merge_authorities
from archive.actions.save_authority import save_authority
from archive.history import recording, snapshots
from archive.models import (
    Place,
    PlaceName,
)


def made(record: Any, now: datetime, **more: Any) -> Any:
    save_authority(record, save=record.save, read_version=None, actor=None, now=now, **more)
    record.refresh_from_db()
    return record


def place(slug: str, now: datetime, *names: str, **facts: Any) -> Place:
    found = Place(slug=slug, kind="village", **facts)

    def save() -> None:
        found.save()
        for name in names:
            PlaceName.objects.create(place=found, text=name)

    save_authority(found, save=save, read_version=None, actor=None, now=now)
    return found


def merge(goes: Any, stays: Any, now: datetime, **more: Any) -> None:
    merge_authorities(goes, stays, actor=more.pop("actor", None), now=now, **more)
    stays.refresh_from_db()


def is_told_rightly(record: Any) -> bool:
    """Whether the last revision of a record is what it is now."""
    last = recording.last_of(record)
    return last is not None and snapshots.differing(last.snapshot, snapshots.of(record)) == []
