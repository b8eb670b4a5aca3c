"""The WAL index, read where it lies, says what SQLite says; no lock is taken from anybody; what is no index is not believed."""

from __future__ import annotations

import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from access import wal_index, watching
from access.watching import SqliteWatch

pytestmark = pytest.mark.pure
# SQLite's "dead man switch": whoever gets it alone takes the index for that of a crashed process, and empties it.
TAKES_THE_SWITCH = """
import fcntl, sys
with open(sys.argv[1] + "-shm", "r+b") as index:
    try:
        fcntl.lockf(index, fcntl.LOCK_EX | fcntl.LOCK_NB, 1, 128)
    except OSError:
        sys.exit(0)
sys.exit("nobody holds it")
"""


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "archive.sqlite3"


@pytest.fixture
def database(path: Path) -> Iterator[sqlite3.Connection]:
    made = made_at(path)
    yield made
    made.close()


def made_at(path: Path) -> sqlite3.Connection:
    made = sqlite3.connect(path, isolation_level=None)
    made.execute("PRAGMA journal_mode=WAL")
    made.execute("CREATE TABLE rules (body TEXT)")
    return made


def test_a_database_in_wal_mode_is_watched_without_asking_it(
    database: sqlite3.Connection, path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(watching, "LOOKS_EVERY_S", 60)
    watch = SqliteWatch(str(path))
    before = watch.state()
    assert before is not None

    monkeypatch.setattr(watching, "_count", lambda _cursor: pytest.fail("SQLite was asked"))

    assert watch.state() == before
    database.execute("INSERT INTO rules VALUES ('x')")
    assert watch.state() not in {before, None}


def test_the_head_changes_exactly_when_the_count_of_sqlite_does(database: sqlite3.Connection, path: Path) -> None:
    other = sqlite3.connect(path, isolation_level=None)
    count = other.execute("PRAGMA data_version").fetchone()
    index = wal_index.mapped(str(path))
    assert index is not None
    head = index.head()
    changed = 0

    for number in range(300):
        what = (
            "INSERT INTO rules VALUES ('x')",
            "PRAGMA wal_checkpoint(TRUNCATE)",
            "SELECT * FROM rules",
            "UPDATE rules SET body = 'y' WHERE 0",
            "BEGIN; INSERT INTO rules VALUES ('x'); ROLLBACK;",
            "DELETE FROM rules",
        )[number * number % 6]
        database.executescript(what)
        counted, seen = other.execute("PRAGMA data_version").fetchone(), index.head()
        if counted != count:
            assert seen != head, what
            changed += 1
        count, head = counted, seen
    other.close()

    assert changed > 50


def test_reading_it_ends_no_lock_of_this_process(database: sqlite3.Connection, path: Path) -> None:
    watch = SqliteWatch(str(path))
    assert watch.state() is not None

    subprocess.run([sys.executable, "-c", TAKES_THE_SWITCH, str(path)], check=True)


def test_a_database_without_a_wal_is_asked(path: Path) -> None:
    database = sqlite3.connect(path, isolation_level=None)
    database.execute("CREATE TABLE rules (body TEXT)")
    watch = SqliteWatch(str(path))
    before = watch.state()
    assert before is not None

    assert watch.state() == before
    database.execute("INSERT INTO rules VALUES ('x')")
    assert watch.state() not in {before, None}
    database.close()


def test_an_index_that_somebody_is_writing_has_no_head(database: sqlite3.Connection, path: Path) -> None:
    index = wal_index.mapped(str(path))
    assert index is not None
    with path.with_name(f"{path.name}-shm").open("r+b", buffering=0) as torn:
        torn.seek(wal_index.HEAD_BYTES + 16)
        was = torn.read(1)
        torn.seek(wal_index.HEAD_BYTES + 16)
        torn.write(bytes([was[0] ^ 1]))
        assert index.head() is None
        torn.seek(wal_index.HEAD_BYTES + 16)
        torn.write(was)
    assert index.head() is not None


def test_an_index_of_another_form_is_not_believed(database: sqlite3.Connection, path: Path, tmp_path: Path) -> None:
    real = path.with_name(f"{path.name}-shm").read_bytes()
    for name, content in (
        ("newer", (3_008_000).to_bytes(4, sys.byteorder) + real[4:48]),
        ("not begun", real[:12] + b"\0" + real[13:48]),
    ):
        (tmp_path / f"{name}-shm").write_bytes(content + content + real[96:])
        assert wal_index.mapped(str(tmp_path / name)) is None
    (tmp_path / "short-shm").write_bytes(real[:100])
    assert wal_index.mapped(str(tmp_path / "short")) is None


def test_an_index_that_stands_still_while_sqlite_counts_is_not_believed(
    database: sqlite3.Connection, path: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    another = made_at(tmp_path / "another")
    of_another = wal_index.mapped(str(tmp_path / "another"))
    monkeypatch.setattr(watching, "mapped", lambda _path: of_another)
    monkeypatch.setattr(watching, "LOOKS_EVERY_S", 0)
    watch = SqliteWatch(str(path))
    assert watch.state() is not None

    database.execute("INSERT INTO rules VALUES ('x')")

    assert watch.state() is None
    another.close()


def test_an_index_that_was_removed_is_seen(
    database: sqlite3.Connection, path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(watching, "LOOKS_EVERY_S", 0)
    watch = SqliteWatch(str(path))
    assert watch.state() is not None

    path.with_name(f"{path.name}-shm").unlink()

    assert watch.state() is None
