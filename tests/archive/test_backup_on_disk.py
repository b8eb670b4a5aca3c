"""A backup that says it is finished lies on its disk, not in the memory of the machine that wrote it."""

from __future__ import annotations

import os
from datetime import datetime
from pathlib import Path

import pytest

from archive.backup import manifest, saving
from media_pipeline import work
from tests.makers import picture, received

pytestmark = pytest.mark.django_db


def test_every_file_and_folder_is_on_the_disk_before_the_backup_is_called_finished(
    tmp_path: Path, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    received(picture(tmp_path / "a.jpg"), now=now)
    work.perform_all()
    received(picture(tmp_path / "b.jpg", colour=(1, 2, 3)), now=now)
    folder = tmp_path / "stick" / "backup"
    events: list[str] = []
    sync, read_sums, remove = os.fsync, manifest.check_sums, Path.unlink

    def synced(handle: int) -> None:
        events.append(str(Path(f"/proc/self/fd/{handle}").readlink()))
        sync(handle)

    def removed(path: Path, missing_ok: bool = False) -> None:
        if path.name == manifest.UNFINISHED:
            events.append("finished")
        remove(path, missing_ok=missing_ok)

    def checked(where: Path) -> None:
        events.append("checked")
        read_sums(where)

    monkeypatch.setattr(os, "fsync", synced)
    monkeypatch.setattr(Path, "unlink", removed)
    monkeypatch.setattr(manifest, "check_sums", checked)

    saving.save(folder, now=now, on_master=lambda *_counts: None)

    of_the_masters = {"masters", "staging"}  # their store forces what it writes
    inside = [path for path in folder.rglob("*") if not of_the_masters & set(path.relative_to(folder).parts)]
    assert any(path.parent.name == manifest.UPLOADS for path in inside)
    before_the_check = set(events[: events.index("checked")])
    assert {str(path) for path in [*inside, folder]} <= before_the_check
    assert events.index("checked") < events.index("finished")
    assert events[events.index("finished") :] == ["finished", str(folder)]


def test_the_mark_of_an_unfinished_backup_is_on_the_disk_first(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    synced: list[tuple[str, bool]] = []
    monkeypatch.setattr(
        saving, "sync_folder", lambda path: synced.append((path.name, (path / manifest.UNFINISHED).exists()))
    )

    saving.open_folder(tmp_path / "backup")

    assert synced == [("backup", True)]
