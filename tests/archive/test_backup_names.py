"""A backup that somebody made to be a trap, and folders that others on the machine may not look into."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from archive.backup import manifest as parts
from archive.backup.manifest import Manifest, NotABackup, Table, Upload
from archive.backup.saving import open_folder

ROOT = Path(__file__).resolve().parents[2]
GOOD = Upload("0" * 32, "uploads/one", 1, "")


def backup(folder: Path, *, table: str = "database/one.jsonl", upload: Upload = GOOD) -> Path:
    for name in ("database/one.jsonl", "uploads/one", parts.README):
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text("x", "utf-8")
    manifest = Manifest("2026", [], [Table("archive.item", table, 0, "")], [], 0, [upload])
    (folder / parts.MANIFEST).write_text(manifest.to_json(), "utf-8")
    parts.write_sums(folder)
    return folder


def test_a_backup_that_names_only_what_is_in_it_is_read(tmp_path: Path) -> None:
    assert parts.read_manifest(backup(tmp_path)).uploads == [GOOD]


@pytest.mark.parametrize(
    "trap",
    [
        {"table": "../secret"},
        {"table": "/etc/passwd"},
        {"upload": Upload("0" * 32, "../secret", 1, "")},
        {"upload": Upload("../../somewhere", "uploads/one", 1, "")},
    ],
)
def test_a_backup_that_would_read_or_write_elsewhere_is_refused(tmp_path: Path, trap: dict[str, str | Upload]) -> None:
    with pytest.raises(NotABackup):
        parts.read_manifest(backup(tmp_path, **trap))  # type: ignore[arg-type]  # one of the two


def test_a_new_data_folder_and_a_new_backup_are_closed_to_other_accounts(tmp_path: Path) -> None:
    data, saved = tmp_path / "data", tmp_path / "saved"
    kept = {name: value for name, value in os.environ.items() if not name.startswith("HERITAGE_")}
    subprocess.run(
        [sys.executable, "-c", "import heritage.settings"],
        cwd=ROOT,
        env={**kept, "HERITAGE_DATA": str(data)},
        check=True,
    )
    open_folder(saved)

    assert [oct(folder.stat().st_mode & 0o777) for folder in (data, saved)] == ["0o700", "0o700"]
