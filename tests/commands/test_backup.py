"""Backup and restore as the two commands that a librarian types, between machines of different kinds."""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import re
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from PIL import Image

from tests import migrated
from tests.commands.compose import ROOT
from tests.services import PostgresServer, RedisServer, S3Server

pytestmark = pytest.mark.pure

# What a restored archive must say as the first one did: items, rules, files and hashes, without what is made again.
TELL = """
import json
from access.models import AccessRule, AuditEntry, User
from archive.models import Item, ItemFile
from media_pipeline.models import Intake, Master
print(json.dumps({
    "items": list(Item.objects.order_by("pk").values_list("pk", "pid", "titles", "state", "effective_rule_id", "version")),
    "moments": [str(one) for one in Item.objects.order_by("pk").values_list("created_at", flat=True)],
    "rules": list(AccessRule.objects.order_by("pk").values_list("pk", "digest", "body")),
    "files": list(ItemFile.objects.order_by("pk").values_list("pk", "pid", "original_name", "master__sha256")),
    "masters": list(Master.objects.order_by("pk").values_list("sha256", "sha512", "size_bytes", "kind")),
    "users": list(User.objects.order_by("pk").values_list("username", "password", "must_change_password")),
    "audit": AuditEntry.objects.exclude(verb__in=["restore", "backup"]).count(),
    "uploads": list(Intake.objects.order_by("pk").values_list("pid", "state")),
}, sort_keys=True))
"""

MAKE = """
from django.utils import timezone
from media_pipeline import intakes
from archive.models import Item
from archive.actions.attach_file import attach_file
now = timezone.now()
for name, whole in (("đã nhận.txt", True), ("đang gửi.txt", False)):
    intake = intakes.begin(original_name=name, size_bytes=9, now=now)
    intakes.append(intake, 0, [b"123456789" if whole else b"1234"], now=now)
    attach_file(Item.objects.order_by("pk").first(), intake, actor=None, now=now)
"""


class Machine:
    """An archive of its own: a data folder, and the settings by which it is reached."""

    def __init__(self, data: Path, **settings: str) -> None:
        self.data = data
        dropped = ("HERITAGE_", "DATABASE_URL", "REDIS_URL", "STORAGE_URL")
        kept = {name: value for name, value in os.environ.items() if not name.startswith(dropped)}
        self.env = {**kept, "HERITAGE_DATA": str(data), "HERITAGE_DISK_RESERVE_MB": "0", **settings}

    @classmethod
    def prepared(cls, data: Path) -> Machine:
        """A machine whose tables are there already, as after a first start: making them takes longer than most tests."""
        migrated.copy_to(data / "archive.sqlite3")
        return cls(data)

    def run(self, *arguments: str | Path) -> subprocess.CompletedProcess[str]:
        words = [sys.executable, "manage.py", *map(str, arguments)]
        return subprocess.run(words, cwd=ROOT, env=self.env, capture_output=True, text=True, timeout=300)

    def must(self, *arguments: str | Path) -> str:
        done = self.run(*arguments)
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    def tell(self) -> dict[str, object]:
        told = json.loads(self.must("shell", "--no-imports", "-c", TELL).strip().splitlines()[-1])
        assert isinstance(told, dict)
        return told


@pytest.fixture(scope="module")
def first(tmp_path_factory: pytest.TempPathFactory) -> Machine:
    """SQLite and a folder, with a public picture, a draft, an account, a file not yet stored and one half sent."""
    folder = tmp_path_factory.mktemp("first")
    public, draft = folder / "public", folder / "draft"
    for number, target in enumerate((public, draft)):
        target.mkdir()
        Image.new("RGB", (40 + number, 30), (9, 60, number)).save(target / f"ảnh {number}.png")
    machine = Machine.prepared(folder / "data")
    machine.must("ensure_demo_staff")
    machine.must("ingest", public, "--publish", "--wait")
    machine.must("ingest", draft, "--wait")
    machine.must("shell", "--no-imports", "-c", MAKE)
    return machine


@pytest.fixture(scope="module")
def saved(first: Machine, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("saved") / "backup"
    first.must("backup", folder)
    return folder


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Machine]:
    """PostgreSQL, Redis and S3."""
    with PostgresServer() as database, RedisServer() as broker, S3Server() as files:
        settings = {"DATABASE_URL": database.url, "REDIS_URL": broker.url, "STORAGE_URL": files.url}
        yield Machine(tmp_path_factory.mktemp("served") / "data", **settings)


def sums(folder: Path) -> dict[str, str]:
    """Every file of a backup but those that carry its date."""
    return {
        str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and path.name not in {"manifest.json", "SHA256SUMS"}
    }


def test_a_backup_goes_from_one_kind_of_machine_to_the_other_and_back(
    first: Machine, saved: Path, served: Machine, tmp_path: Path
) -> None:
    before = first.tell()

    said = served.must("restore", saved)

    there = served.tell()
    assert "2 items" in said or "2 tài liệu" in said
    assert re.search(r"\(\d+\u00a0B\)", said)  # a size as pages write it
    assert there == {**before, "uploads": [*before["uploads"][:-1], [before["uploads"][-1][0], "expired"]]}  # type: ignore[index]

    # Back again: what PostgreSQL and S3 give is what SQLite and a folder gave, byte for byte.
    served.must("backup", tmp_path / "second")
    third = Machine(tmp_path / "data")
    third.must("restore", tmp_path / "second")
    assert third.tell() == there
    third.must("backup", tmp_path / "third")
    assert {name for name in sums(saved) if name.startswith("masters/")} <= set(sums(tmp_path / "second"))
    second, last = sums(tmp_path / "second"), sums(tmp_path / "third")
    changed = {name for name in second if second[name] != last.get(name)}
    # The restoring is itself in the log, and the upload that had arrived was stored meanwhile or waits as before.
    assert {name.split("-", 1)[-1] for name in changed} <= {"access.auditentry.jsonl", "access.audithead.jsonl"}


def test_a_restored_machine_makes_its_previews_and_stores_what_waited(saved: Path, tmp_path: Path) -> None:
    machine = Machine.prepared(tmp_path / "data")
    machine.must("restore", saved)

    machine.must("recover_jobs")
    work = "from media_pipeline import work; work.perform_all()"
    machine.must("shell", "--no-imports", "-c", work)

    told = machine.tell()
    assert [state for _, state in told["uploads"]].count("stored") == 3  # type: ignore[attr-defined]
    assert len(list((tmp_path / "data").rglob("160.webp"))) == 2
    machine.must("check_fixity")


def test_the_masters_of_a_backup_are_a_storage_root_of_their_own(saved: Path) -> None:
    assert (saved / "masters" / "0=ocfl_1.1").read_text() == "ocfl_1.1\n"
    assert len(list(saved.rglob("inventory.json.sha512"))) == 4
    done = subprocess.run(["sha256sum", "--check", "--quiet", "SHA256SUMS"], cwd=saved, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr


def test_a_restore_into_an_archive_with_content_is_refused_and_changes_nothing(first: Machine, saved: Path) -> None:
    before = first.tell()

    refused = first.run("restore", saved)

    assert refused.returncode == 1
    assert "Traceback" not in refused.stderr
    assert first.tell() == before


def test_a_backup_into_a_folder_with_other_things_is_refused(first: Machine, tmp_path: Path) -> None:
    (tmp_path / "thesis.doc").write_text("somebody's")

    refused = first.run("backup", tmp_path)

    assert refused.returncode == 1
    assert [path.name for path in tmp_path.iterdir()] == ["thesis.doc"]


def copy_of(saved: Path, tmp_path: Path) -> Path:
    copy = tmp_path / "copy"
    shutil.copytree(saved, copy)
    return copy


@pytest.mark.parametrize("which", ["database/*item.jsonl", "manifest.json", "masters/**/master.png"])
def test_a_flipped_byte_in_a_backup_is_found_before_anything_is_restored(
    saved: Path, tmp_path: Path, which: str
) -> None:
    copy = copy_of(saved, tmp_path)
    damaged = sorted(copy.glob(which))[-1]
    content = bytearray(damaged.read_bytes())
    content[len(content) // 2] ^= 1
    damaged.write_bytes(content)
    database = tmp_path / "data" / "archive.sqlite3"

    refused = Machine(tmp_path / "data").run("restore", copy)

    assert refused.returncode == 1
    assert "Traceback" not in refused.stderr
    if database.exists():
        with contextlib.closing(sqlite3.connect(database)) as connection:
            assert connection.execute("SELECT name FROM sqlite_master").fetchall() == []


def test_an_interrupted_backup_is_not_restored_and_the_next_run_completes_it(
    first: Machine, saved: Path, tmp_path: Path
) -> None:
    copy = copy_of(saved, tmp_path)
    (copy / "UNFINISHED").write_text("")
    shutil.rmtree(next(copy.glob("masters/*/*/*/*")))
    machine = Machine.prepared(tmp_path / "data")

    assert machine.run("restore", copy).returncode == 1
    said = first.must("backup", copy)

    assert "1 of them new" in said or "1 tệp mới" in said
    machine.must("restore", copy)
    assert len(machine.tell()["masters"]) == 2  # type: ignore[arg-type]


def test_the_backup_names_the_end_of_the_log_and_a_restored_log_is_whole(saved: Path, tmp_path: Path) -> None:
    end = json.loads((saved / "manifest.json").read_text())["log_end"]
    machine = Machine.prepared(tmp_path / "data")
    machine.must("restore", saved)

    said = machine.must("verify_log", "--expect", end["digest"])

    assert end["faults"] == 0
    assert f" {end['sequence']}" in said
    assert str(end["sequence"] + 1) in said  # the restoring itself


def test_a_backup_whose_log_was_shortened_is_not_restored(saved: Path, tmp_path: Path) -> None:
    copy = copy_of(saved, tmp_path)
    table = next(copy.glob("database/*access.auditentry.jsonl"))
    table.write_bytes(b"".join(table.read_bytes().splitlines(keepends=True)[:-1]))
    manifest = json.loads((copy / "manifest.json").read_text())
    entry = next(one for one in manifest["tables"] if one["model"] == "access.auditentry")
    entry.update(rows=entry["rows"] - 1, sha256=hashlib.sha256(table.read_bytes()).hexdigest())
    (copy / "manifest.json").write_text(json.dumps(manifest))
    names = [line.split("  ", 1)[1] for line in (copy / "SHA256SUMS").read_text().splitlines()]
    sums_now = [f"{hashlib.sha256((copy / name).read_bytes()).hexdigest()}  {name}\n" for name in names]
    (copy / "SHA256SUMS").write_text("".join(sums_now))

    refused = Machine.prepared(tmp_path / "data").run("restore", copy)

    assert refused.returncode == 1
    assert str(manifest["log_end"]["sequence"]) in refused.stderr
