"""What is ours of a connection to PostgreSQL: repeated statements are planned once, and a server that hung up is seen at the socket."""

from __future__ import annotations

import select
import time
from collections.abc import Callable, Iterator

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from access import statements
from heritage.postgresql.base import DatabaseWrapper

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.skipif("connection.vendor != 'postgresql'", reason="SQLite has no server to plan or to hang up"),
]
COUNTED = "SELECT %s + count(*) FROM access_accessrule WHERE digest <> %s"
LAST_SAID = "SELECT query FROM pg_stat_activity WHERE pid = %s"


def asked(wrapper: DatabaseWrapper, sql: str, *params: str | int) -> list[tuple[object, ...]]:
    with wrapper.cursor() as cursor:
        cursor.execute(sql, params)
        return list(cursor.fetchall()) if cursor.description else []


def planned() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_prepared_statements WHERE statement LIKE 'SELECT $1 + count(*) FROM %'")
        return int(cursor.fetchone()[0])


def repeat(number: int, word: str) -> int:
    with statements.repeated() as cursor:
        cursor.execute(COUNTED, [number, word])
        return int(cursor.fetchone()[0])


@pytest.fixture
def apart() -> Iterator[DatabaseWrapper]:
    """Another connection of the same settings, in no transaction."""
    made = connection.copy()
    assert isinstance(made, DatabaseWrapper)
    made.connect()
    yield made
    made.close()


@pytest.fixture
def watching() -> Iterator[DatabaseWrapper]:
    made = connection.copy()
    made.connect()
    yield made  # type: ignore[misc]  # what the settings name
    made.close()


def until(ready: Callable[[], bool]) -> None:
    end = time.monotonic() + 30
    while not ready():
        assert time.monotonic() < end
        time.sleep(0.01)


def pid_of(wrapper: DatabaseWrapper) -> int:
    return int(wrapper.connection.info.backend_pid)


def has_said_something(wrapper: DatabaseWrapper) -> bool:
    return bool(select.select([wrapper.connection.fileno()], [], [], 0)[0])


def test_a_statement_that_is_repeated_is_planned_once_whatever_its_values() -> None:
    with connection.cursor() as cursor:
        cursor.execute("DEALLOCATE ALL")
    connection.connection._prepared.clear()  # what other tests asked
    rules = repeat(0, "")

    assert [repeat(number, word) - rules for number, word in ((1, "a"), (-1, "%s"), (10**12, "đ"))] == [1, -1, 10**12]
    assert planned() == 1


def test_what_django_writes_is_not_planned_for_later() -> None:
    before = planned()

    for number in range(4):
        with connection.cursor() as cursor:
            cursor.execute(COUNTED, [number, ""])

    assert planned() == before


def test_a_repeated_statement_goes_on_after_a_rollback() -> None:
    rules = repeat(0, "")
    for number in range(3):
        with transaction.atomic():
            assert repeat(number, "") == rules + number
            transaction.set_rollback(True)

    assert repeat(7, "") == rules + 7


def test_a_list_of_queries_says_what_a_repeated_one_asked() -> None:
    with CaptureQueriesContext(connection) as told:
        repeat(3, "a word")

    assert [one["sql"] for one in told.captured_queries] == [
        "SELECT 3 + count(*) FROM access_accessrule WHERE digest <> 'a word'"
    ]


def test_a_living_connection_is_found_alive_without_a_query(apart: DatabaseWrapper, watching: DatabaseWrapper) -> None:
    asked(apart, "SELECT 'the last words'")

    assert apart.is_usable()
    assert asked(watching, LAST_SAID, pid_of(apart)) == [("SELECT 'the last words'",)]


def test_a_connection_that_the_server_ended_is_not_used_again(
    apart: DatabaseWrapper, watching: DatabaseWrapper
) -> None:
    asked(watching, "SELECT pg_terminate_backend(%s)", pid_of(apart))
    until(lambda: has_said_something(apart))

    assert not apart.is_usable()


def test_a_connection_that_was_told_something_is_asked_and_used_again(
    apart: DatabaseWrapper, watching: DatabaseWrapper
) -> None:
    asked(apart, "LISTEN news")
    asked(watching, "NOTIFY news")
    until(lambda: has_said_something(apart))

    assert apart.is_usable()
    assert asked(watching, LAST_SAID, pid_of(apart)) == [("SELECT 1",)]


def test_a_closed_connection_is_not_usable(apart: DatabaseWrapper) -> None:
    apart.connection.close()

    assert not apart.is_usable()
