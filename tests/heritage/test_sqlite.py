"""What is ours of a connection to SQLite: what is asked again goes a shorter way, and is seen, refused and told as by Django's own."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction
from django.db.transaction import TransactionManagementError
from django.test.utils import CaptureQueriesContext

from access import statements
from access.models import Community

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.skipif(
        "connection.vendor != 'sqlite'",
        reason="PostgreSQL plans what is asked again: tests/heritage/test_postgresql.py",
    ),
]


def again(sql: str, *params: object) -> list[tuple[Any, ...]]:
    with statements.repeated() as cursor:
        cursor.execute(sql, params)
        return list(cursor.fetchall())


def django(sql: str, *params: object) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(sql, params)
        return list(cursor.fetchall())


@pytest.mark.parametrize(
    ("sql", "params"),
    [
        ("SELECT %s, %s", (1, "một")),
        ("SELECT %s LIKE 'a%%'", ("abc",)),
        ("SELECT %s, '%%s'", (2,)),
        ("SELECT 1 WHERE %s IS NULL", (None,)),
        ("SELECT id FROM access_community WHERE name = %s", ("Kon Rờ Bàng",)),
    ],
)
def test_the_shorter_way_leads_to_the_same(sql: str, params: tuple[object, ...]) -> None:
    Community.objects.create(name="Kon Rờ Bàng")

    assert again(sql, *params) == again(sql, *params) == django(sql, *params)


def test_what_is_asked_again_is_counted_where_somebody_counts() -> None:
    with CaptureQueriesContext(connection) as seen:
        again("SELECT %s", 1)

    assert [one["sql"] for one in seen] == ["SELECT 1"]


def test_whoever_listens_hears_it() -> None:
    heard = []

    def listen(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        heard.append(sql)
        return execute(sql, params, many, context)

    with connection.execute_wrapper(listen):
        again("SELECT %s", 1)

    assert heard == ["SELECT %s"]


def test_errors_are_those_of_django() -> None:
    with pytest.raises(DatabaseError, match="no such table"), transaction.atomic():
        again("SELECT %s FROM nothing_of_the_kind", 1)
    Community.objects.create(pk=7, name="Kon Rờ Bàng")
    with pytest.raises(IntegrityError), transaction.atomic():
        again("INSERT INTO access_community SELECT * FROM access_community WHERE id = %s", 7)


def test_nothing_is_asked_in_a_transaction_that_has_to_end() -> None:
    with transaction.atomic():
        transaction.set_rollback(True)
        with pytest.raises(TransactionManagementError):
            again("SELECT %s", 1)
