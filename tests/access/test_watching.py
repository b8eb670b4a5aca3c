"""Whether anything was written: seen from another connection, whatever was written and by whom, and never taken for granted."""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
from django.db.backends.sqlite3.base import DatabaseWrapper

from access import watching
from access.watching import PostgresWatch, SqliteWatch, Unwatched, watch_of
from tests.services import PostgresServer


@pytest.fixture
def database(tmp_path: Path) -> Iterator[sqlite3.Connection]:
    """A database as the archive's own, with another process's connection to it."""
    made = sqlite3.connect(tmp_path / "archive.sqlite3")
    made.execute("PRAGMA journal_mode=WAL")
    made.execute("CREATE TABLE rules (body TEXT)")
    made.commit()
    yield made
    made.close()


@pytest.mark.pure
def test_every_commit_of_another_connection_changes_the_state(database: sqlite3.Connection, tmp_path: Path) -> None:
    watch = SqliteWatch(str(tmp_path / "archive.sqlite3"))
    seen = [watch.state()]
    assert seen[0] is not None
    assert watch.state() == seen[0]

    for statement in (
        "INSERT INTO rules VALUES ('x')",
        "UPDATE rules SET body = 'y'",
        "DELETE FROM rules",
        "DROP TABLE rules",
    ):
        database.execute(statement)
        if database.in_transaction:
            assert watch.state() == seen[-1]
            database.commit()
        assert watch.state() not in seen
        seen.append(watch.state())
    database.execute("CREATE TABLE rules (body TEXT)")
    seen.append(watch.state())
    database.execute("INSERT INTO rules VALUES ('x')")
    database.rollback()
    assert watch.state() == seen[-1]
    # What was written is moved from the log into the file: nothing is new.
    database.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    database.execute("INSERT INTO rules VALUES ('z')")
    database.commit()
    assert watch.state() not in seen


@pytest.mark.pure
def test_another_file_under_the_same_name_is_another_state(
    database: sqlite3.Connection, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(watching, "LOOKS_EVERY_S", 0)
    path = tmp_path / "archive.sqlite3"
    watch = SqliteWatch(str(path))
    before = watch.state()
    with sqlite3.connect(tmp_path / "backup") as copy:
        database.backup(copy)
    copy.close()

    (tmp_path / "backup").replace(path)

    assert watch.state() not in {before, None}


@pytest.mark.pure
def test_what_cannot_be_watched_has_no_state(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "archive.sqlite3"
    watch = SqliteWatch(str(path))

    assert watch.state() is None
    assert not path.exists()
    sqlite3.connect(path).execute("CREATE TABLE x (y)").connection.close()
    assert watch.state() is None  # not tried again at once
    monkeypatch.setattr(watching, "PAUSE_S", 0)
    watch._not_before = 0
    assert watch.state() is not None


@pytest.mark.pure
@pytest.mark.parametrize("name", [":memory:", "file:shared?mode=memory&cache=shared"])
def test_a_database_in_memory_is_not_watched(name: str) -> None:
    database = DatabaseWrapper({"ENGINE": "django.db.backends.sqlite3", "NAME": name})

    assert isinstance(watch_of(database), Unwatched)


@pytest.mark.pure
def test_commits_of_others_are_seen_in_postgresql_and_a_lost_session_is_a_pause(
    postgres_server: PostgresServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    url = postgres_server.url.replace("postgres://", "postgresql://")
    watch = PostgresWatch({"conninfo": url})
    with psycopg.connect(url, autocommit=True) as other:
        other.execute("CREATE TABLE rules (body TEXT)")
        seen = [watch.state()]
        assert seen[0] is not None
        for statement in (
            "INSERT INTO rules VALUES ('x')",
            "UPDATE rules SET body = 'y'",
            "TRUNCATE rules",
            "DROP TABLE rules",
        ):
            assert watch.state() == seen[-1]
            other.execute(statement)
            assert watch.state() not in seen
            seen.append(watch.state())
        with other.transaction():
            other.execute("CREATE TABLE rules (body TEXT)")
            during = watch.state()
        assert watch.state() not in {during, *seen}
        now = watch.state()
        with other.transaction(force_rollback=True):
            other.execute("SELECT 1")
        assert watch.state() == now

        other.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid <> pg_backend_pid()")
        assert watch.state() is None
        assert watch.state() is None  # not tried again at once
        monkeypatch.setattr(watching, "PAUSE_S", 0)
        watch._not_before = 0
        assert watch.state() not in {now, None, *seen}


@pytest.mark.pure
def test_threads_of_one_server_see_the_same_state(postgres_server: PostgresServer) -> None:

    watch = PostgresWatch({"conninfo": postgres_server.url.replace("postgres://", "postgresql://")})
    found = [watch.state()]
    thread = threading.Thread(target=lambda: found.append(watch.state()))
    thread.start()
    thread.join()

    assert found[0] is not None
    assert found[0] == found[1]
