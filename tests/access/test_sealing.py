"""Entries are sealed after the transaction that wrote them, and whatever happened in between, at the next occasion."""

from __future__ import annotations

import threading
from datetime import UTC, datetime

import pytest
from django.db import connection, transaction

from access import audit, audit_checking, audit_sealing
from access.models import AuditEntry, User
from access.tasks import seal_log
from heritage.celery import app

NOW = datetime(2026, 3, 14, 8, 0, tzinfo=UTC)
committed = pytest.mark.django_db(transaction=True)


@pytest.fixture
def person() -> User:
    return User.objects.create_user("thu-thu")


def write(target: str, actor: User | None) -> None:
    audit.record(actor=actor, verb="x", target_pid=target, now=NOW)


def sealed() -> list[tuple[str, int | None]]:
    return list(AuditEntry.objects.order_by("pk").values_list("target_pid", "sequence"))


@committed
def test_entries_are_sealed_when_their_transaction_is_committed_and_not_before(person: User) -> None:
    with transaction.atomic():
        write("a", person)
        write("b", person)
        assert sealed() == [("a", None), ("b", None)]

    assert sealed() == [("a", 1), ("b", 2)]
    assert audit_checking.check().first_wrong is None


@committed
def test_what_the_software_does_waits_for_the_sweep_or_for_what_a_person_does(person: User) -> None:
    write("load", None)
    assert sealed() == [("load", None)]

    write("deed", person)
    write("more", None)
    assert sealed() == [("load", 1), ("deed", 2), ("more", None)]

    seal_log()
    assert sealed() == [("load", 1), ("deed", 2), ("more", 3)]


@committed
def test_a_transaction_seals_once_however_many_entries_it_writes(person: User, monkeypatch: pytest.MonkeyPatch) -> None:
    called: list[int] = []
    real = audit_sealing.seal

    def counted() -> int:
        called.append(real())
        return called[-1]

    monkeypatch.setattr(audit_sealing, "seal", counted)  # found by name when the transaction is committed
    with transaction.atomic():
        for number in range(20):
            write(str(number), person)

    assert called == [20]


@committed
def test_what_was_undone_with_a_savepoint_leaves_no_gap(person: User) -> None:
    with transaction.atomic():
        try:
            with transaction.atomic():
                write("undone", person)
                raise ValueError
        except ValueError:
            pass
        write("kept", person)

    assert sealed() == [("kept", 1)]


@committed
def test_what_cannot_be_sealed_is_done_all_the_same_and_sealed_by_the_sweep(
    person: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(places: object) -> None:
        raise RuntimeError("killed")

    with monkeypatch.context() as broken:
        broken.setattr(audit_sealing, "_write", fail)
        write("a", person)
        assert sealed() == [("a", None)]
        assert audit_sealing.end_of_chain().sequence == 0

    seal_log()

    assert sealed() == [("a", 1)]
    assert app.conf.beat_schedule["seal-log"]["task"] == seal_log.name


@committed
def test_a_load_larger_than_one_transaction_of_sealing_is_sealed_whole(
    person: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(audit_sealing, "AT_ONCE", 7)

    with transaction.atomic():
        for number in range(23):
            write(str(number), person)

    walk = audit_checking.check()
    assert (walk.last.sequence, walk.first_wrong) == (23, None)


@committed
def test_many_who_write_at_once_make_one_chain(person: User) -> None:
    failures: list[BaseException] = []

    def work(name: str) -> None:
        try:
            for number in range(10):
                write(f"{name}{number}", person)
        except BaseException as error:  # noqa: BLE001  # told to the test
            failures.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=work, args=(name,)) for name in "abcd"]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert failures == []
    walk = audit_checking.check()
    assert (walk.last.sequence, walk.first_wrong, AuditEntry.objects.filter(sequence=None).count()) == (40, None, 0)


@committed
def test_an_entry_begun_earlier_and_committed_later_gets_the_later_place(person: User) -> None:
    if connection.vendor != "postgresql":
        pytest.skip("SQLite lets one write at a time")
    begun, go_on = threading.Event(), threading.Event()

    def slow() -> None:
        try:
            with transaction.atomic():
                write("slow", person)
                begun.set()
                go_on.wait(20)
        finally:
            connection.close()

    thread = threading.Thread(target=slow)
    thread.start()
    assert begun.wait(20)
    write("quick", person)
    assert sealed() == [("quick", 1)]
    go_on.set()
    thread.join()

    assert sealed() == [("slow", 2), ("quick", 1)]
    assert audit_checking.check().first_wrong is None
