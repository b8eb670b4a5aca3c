"""What a backup says of itself."""

from __future__ import annotations

import hashlib
import json
import re
from dataclasses import asdict, dataclass, field
from pathlib import Path

from django.utils.translation import gettext as _

FORMAT = "nha-rong-backup"
VERSION = 1

MANIFEST = "manifest.json"
SUMS = "SHA256SUMS"
# There while a backup is being written. What is in the folder then may be half old and half new.
UNFINISHED = "UNFINISHED"
README = "README.txt"
DATABASE = "database"
UPLOADS = "uploads"
# How intakes are named; the name becomes part of a path.
UPLOAD_NAME = re.compile(r"[0-9a-f]{32}")

README_TEXT = """\
Bản sao lưu của kho tư liệu số Nhà Rông
database/   mỗi bảng một tệp, mỗi dòng một bản ghi (JSON)
masters/    tệp gốc, theo chuẩn OCFL 1.1
uploads/    tệp đã nhận nhưng chưa kịp lưu khi sao lưu
Kiểm tra: sha256sum -c SHA256SUMS
Phục hồi vào một máy trống: python manage.py restore THƯ_MỤC_NÀY

A backup of the Nhà Rông digital archive
database/   one file a table, one line a row (JSON)
masters/    the original files, an OCFL 1.1 storage root
uploads/    files received but not yet stored when the backup was made
To check: sha256sum -c SHA256SUMS
To restore on an empty machine: python manage.py restore THIS_FOLDER
"""


class NotABackup(Exception):
    """The folder does not hold a whole backup; the message says what is wrong with it."""


@dataclass(frozen=True)
class Table:
    model: str
    file: str
    rows: int
    sha256: str


@dataclass(frozen=True)
class Upload:
    """The bytes of a file that was received and not stored yet."""

    intake: str
    file: str
    size_bytes: int
    sha256: str


@dataclass(frozen=True)
class LogEnd:
    """Where the chain of the log ended: how many entries, and the digest of the last one. `faults`: how many were already wrong then."""

    sequence: int
    digest: str
    faults: int = 0


@dataclass(frozen=True)
class Manifest:
    """`migrations`: what the database had been through, as [app, name]. `lost`: masters that were already damaged or gone. `log_end`: None
    in backups of versions that did not seal the log."""

    made_at: str
    migrations: list[list[str]]
    tables: list[Table]
    masters: list[str]
    masters_bytes: int
    uploads: list[Upload] = field(default_factory=list)
    lost: list[str] = field(default_factory=list)
    log_end: LogEnd | None = None
    format: str = FORMAT
    version: int = VERSION

    def to_json(self) -> str:
        return json.dumps(asdict(self), ensure_ascii=False, indent=1) + "\n"


def read_manifest(folder: Path) -> Manifest:
    """Raises NotABackup, also where a listed file is not what its sum says."""
    if (folder / UNFINISHED).exists():
        raise NotABackup(_("It was never finished; run the backup again into the same folder."))
    try:
        value = json.loads((folder / MANIFEST).read_text("utf-8"))
        if value["format"] != FORMAT or value["version"] != VERSION:
            raise NotABackup(
                _("Its format is %(found)s, not %(ours)s.")
                % {"found": f"{value['format']} {value['version']}", "ours": f"{FORMAT} {VERSION}"}
            )
        manifest = Manifest(
            **{
                **value,
                "tables": [Table(**one) for one in value["tables"]],
                "uploads": [Upload(**one) for one in value["uploads"]],
                "log_end": LogEnd(**value["log_end"]) if value.get("log_end") else None,
            }
        )
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise NotABackup(_("%(file)s cannot be read (%(error)s).") % {"file": MANIFEST, "error": error}) from error
    check_sums(folder)
    check_names(folder, manifest)
    return manifest


def check_names(folder: Path, manifest: Manifest) -> None:
    """Raises NotABackup where the manifest names a file outside of the backup, or an upload that would be put elsewhere."""
    there = {str(path.relative_to(folder)) for path in summed_files(folder)}
    named = {table.file for table in manifest.tables} | {upload.file for upload in manifest.uploads}
    odd = sorted(named - there) + [one.intake for one in manifest.uploads if not UPLOAD_NAME.fullmatch(one.intake)]
    if odd:
        raise NotABackup(
            _("%(file)s names what is not in it: %(which)s") % {"file": MANIFEST, "which": ", ".join(odd[:5])}
        )


def summed_files(folder: Path) -> list[Path]:
    """Everything but the masters, which carry their own sums."""
    inside = [path for part in (DATABASE, UPLOADS) for path in (folder / part).rglob("*") if path.is_file()]
    return sorted([folder / MANIFEST, folder / README, *inside])


def write_sums(folder: Path) -> None:
    text = "".join(f"{sha256_of_file(path)}  {path.relative_to(folder)}\n" for path in summed_files(folder))
    (folder / SUMS).write_text(text, "utf-8")


def check_sums(folder: Path) -> None:
    """Raises NotABackup for a file that is changed, missing or not listed."""
    try:
        pairs = [line.split("  ", 1) for line in (folder / SUMS).read_text("utf-8").splitlines()]
        listed = {name: sha256 for sha256, name in pairs}
    except (OSError, ValueError) as error:
        raise NotABackup(_("%(file)s cannot be read (%(error)s).") % {"file": SUMS, "error": error}) from error
    there = {str(path.relative_to(folder)) for path in summed_files(folder) if path.exists()}
    if there != set(listed):
        odd = ", ".join(sorted(there ^ set(listed)))
        raise NotABackup(_("The files are not those that %(list)s names: %(which)s") % {"list": SUMS, "which": odd})
    for name, expected in listed.items():
        if sha256_of_file(folder / name) != expected:
            raise NotABackup(
                _("%(file)s is not what %(list)s says; the copy was damaged.") % {"file": name, "list": SUMS}
            )


def sha256_of_file(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
