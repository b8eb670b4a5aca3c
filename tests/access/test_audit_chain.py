"""The chain of the log: whatever somebody does to an entry behind the software's back is found and named."""

from __future__ import annotations

import hashlib
import random
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.db import connection, transaction

from access import audit, audit_checking, audit_sealing
from access.audit_chain import Content, Fault, Head, Link, Walk, canonical, digest_after, plain_digest
from access.models import AuditEntry, AuditHead, User

NOW = datetime(2026, 3, 14, 8, 0, tzinfo=UTC)
MANY = 40
pure = pytest.mark.pure


def content(number: int = 0, **facts: Any) -> Content:
    said = {
        "at": NOW + timedelta(minutes=number),
        "actor_name": "thu-thu",
        "verb": "choose_access",
        "target_pid": f"p{number}",
        "detail": {"b": [1, True, None], "a": "Lễ"},
        "reason": "làng đề nghị",
        "before": None,
        "after": {"rule": "ab"},
    }
    return Content(**{**said, **facts})


# --- Pure --------------------------------------------------------------------------------------------------------------------


@pure
def test_the_digest_of_an_entry_is_what_it_always_was() -> None:
    said = canonical(1, content())

    assert said == (
        b'{"actor_name":"thu-thu","after":{"rule":"ab"},"at":"2026-03-14T08:00:00.000000+00:00","before":null,'
        b'"detail":{"a":"L\\u1ec5","b":[1,true,null]},"form":"log-1","reason":"l\\u00e0ng \\u0111\\u1ec1 ngh\\u1ecb",'
        b'"sequence":1,"target_pid":"p0","verb":"choose_access"}'
    )
    assert digest_after("ab", 1, content()) == hashlib.sha256(b"ab\n" + said).hexdigest()


@pure
def test_neither_the_order_of_keys_nor_the_zone_of_the_moment_makes_a_difference() -> None:
    turned = {"a": "Lễ", "b": [1, True, None]}
    elsewhere = NOW.astimezone(ZoneInfo("Asia/Ho_Chi_Minh"))

    assert canonical(1, content(detail=turned, at=elsewhere)) == canonical(1, content())


@pure
@pytest.mark.parametrize(
    "changed",
    [
        {"at": NOW + timedelta(microseconds=1)},
        {"actor_name": "thu-kho"},
        {"verb": "choose_acces"},
        {"target_pid": "p1"},
        {"detail": {}},
        {"reason": ""},
        {"before": {}},
        {"after": None},
    ],
    ids=lambda changed: next(iter(changed)),
)
def test_every_part_of_an_entry_counts(changed: dict[str, Any]) -> None:
    assert digest_after("", 1, content(**changed)) != digest_after("", 1, content())
    assert digest_after("", 2, content()) != digest_after("", 1, content())
    assert digest_after("ab", 1, content()) != digest_after("", 1, content())


@pure
def test_of_a_gap_the_first_missing_place_is_named_and_all_are_counted() -> None:
    walk = walked(*(chain(9)[:3] + chain(9)[6:]))
    walk.end(Head(9, chain(9)[-1].digest))

    assert walk.first_wrong is not None
    assert (walk.first_wrong.fault, walk.first_wrong.sequence, walk.wrong_count) == (Fault.MISSING, 4, 3)


@pure
def test_an_entry_that_tells_of_long_before_its_neighbours_is_pointed_at() -> None:
    links, previous = [], ""
    for number, day in enumerate((0, 5, 1, 5), start=1):
        said = content(at=NOW + timedelta(days=day))
        previous = digest_after(previous, number, said)
        links.append(Link(number, previous, said))

    walk = walked(*links)

    assert (walk.backdated, walk.first_wrong) == ([3], None)


@pure
def test_what_was_written_down_may_be_given_in_groups_and_by_its_first_half() -> None:
    written = chain(5)[2].digest

    assert plain_digest(f" {written[:8].upper()} {written[8:40]}\n") == written[:40]
    assert walked(*chain(5), expected=written[:32]).met_at == 3
    for text in ("", written[:31], written + "0", "g" * 32):
        with pytest.raises(ValueError, match="^" if not text else text[:5]):
            plain_digest(text)


def chain(count: int) -> list[Link]:
    links: list[Link] = []
    for number in range(1, count + 1):
        said = content(number)
        links.append(Link(number, digest_after(links[-1].digest if links else "", number, said), said))
    return links


def walked(*links: Link, expected: str = "") -> Walk:
    walk = Walk(expected=expected)
    for link in links:
        walk.step(link)
    return walk


# --- In the database ---------------------------------------------------------------------------------------------------------


@pytest.fixture
def log(db: None) -> list[int]:
    """Write and seal many entries, and take the guards of the database away as its owner could; returns their keys in order."""
    user = User.objects.create_user("thu-thu")
    for number in range(MANY):
        said = content(number)
        audit.record(
            actor=user if number % 3 else None,
            verb=said.verb,
            target_pid=said.target_pid,
            now=said.at + timedelta(microseconds=number),
            detail={"z": number, "a": {"y": None, "b": "Rơ Măm"}},
            reason=said.reason,
            before={"rule": "a"} if number % 2 else None,
            after={"rule": "b", "until": "2026-12-01T00:00:00+00:00"},
        )
    assert audit_sealing.seal() == MANY
    where = " ON {}" if connection.vendor == "postgresql" else ""
    for table, kind in (("access_auditentry", "unchanged"), ("access_audithead", "forward")):
        sql(f"DROP TRIGGER {table}_{kind}{where.format(table)}")
    return list(AuditEntry.objects.order_by("sequence").values_list("pk", flat=True))


def sql(statement: str, values: Sequence[str | int] = ()) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement, list(values) or None)


def found() -> tuple[str, int] | None:
    wrong = audit_checking.check().first_wrong
    return None if wrong is None else (wrong.fault.value, wrong.sequence)


def test_what_nobody_touched_is_whole_and_sealing_again_changes_nothing(log: list[int]) -> None:
    before = list(AuditEntry.objects.order_by("pk").values())

    assert audit_sealing.seal() == 0
    assert found() is None
    assert list(AuditEntry.objects.order_by("pk").values()) == before


CHANGES: dict[str, str] = {
    "at": "2026-03-14 09:30:00+00:00",
    "actor_name": "thu-kho",
    "verb": "nothing",
    "target_pid": "zzz",
    "detail": '{"a": 1}',
    "reason": "không vì gì",
    "before": '{"rule": "c"}',
    "after": "{}",
    "digest": "0" * 64,
}


def change(keys: list[int], place: int, chance: random.Random) -> tuple[str, int]:
    column = chance.choice(sorted(CHANGES))
    sql(f'UPDATE access_auditentry SET "{column}" = %s WHERE id = %s', (CHANGES[column], keys[place]))  # noqa: S608  # ours
    return "changed", place + 1


def delete(keys: list[int], place: int, chance: random.Random) -> tuple[str, int]:
    sql("DELETE FROM access_auditentry WHERE id = %s", (keys[place],))
    return ("cut_off" if place == len(keys) - 1 else "missing"), place + 1


def unseal(keys: list[int], place: int, chance: random.Random) -> tuple[str, int]:
    sql("UPDATE access_auditentry SET sequence = NULL, digest = '' WHERE id = %s", (keys[place],))
    return ("cut_off" if place == len(keys) - 1 else "missing"), place + 1


def swap(keys: list[int], place: int, chance: random.Random) -> tuple[str, int]:
    other = chance.choice([one for one in range(len(keys)) if one != place])
    for key, sequence in ((keys[place], -1), (keys[other], place + 1), (keys[place], other + 1)):
        sql("UPDATE access_auditentry SET sequence = %s WHERE id = %s", (sequence, key))
    return "changed", min(place, other) + 1


def add(keys: list[int], place: int, chance: random.Random) -> tuple[str, int]:
    """Put a copy behind an entry, with everything after it moved by one."""
    # From the end, since two never have one place.
    for later in range(len(keys) - 1, place, -1):
        sql("UPDATE access_auditentry SET sequence = %s WHERE id = %s", (later + 2, keys[later]))
    copied = "at, actor_id, actor_name, verb, target_pid, detail, reason, before, after, digest"
    sql(
        f"INSERT INTO access_auditentry (sequence, {copied}) SELECT %s, {copied} FROM access_auditentry"  # noqa: S608  # ours
        " WHERE id = %s",
        (place + 2, keys[place]),
    )
    return ("added" if place == len(keys) - 1 else "changed"), place + 2


Tampering = Callable[[list[int], int, random.Random], tuple[str, int]]
WAYS: tuple[Tampering, ...] = (change, change, delete, delete, unseal, swap, add)


def test_any_one_of_many_rows_touched_by_sql_is_named_a_hundred_times_of_a_hundred(log: list[int]) -> None:
    named = 0
    for number in range(100):
        chance, way = random.Random(number), WAYS[number % len(WAYS)]
        with transaction.atomic():
            expected = way(log, chance.randrange(MANY), chance)
            assert found() == expected, (number, way.__name__)
            transaction.set_rollback(True)
        named += 1

    assert (named, found()) == (100, None)


def test_a_change_for_which_its_own_digest_was_made_anew_is_found_at_the_next_entry(log: list[int]) -> None:
    entry = AuditEntry.objects.get(pk=log[9])
    before = AuditEntry.objects.get(pk=log[8]).digest
    said = {name: getattr(entry, name) for name in audit_sealing.CONTENT}
    forged = Content(**{**said, "actor_name": "thu-kho"})
    sql(
        "UPDATE access_auditentry SET actor_name = 'thu-kho', digest = %s WHERE id = %s",
        (digest_after(before, 10, forged), log[9]),
    )

    assert found() == ("changed", 11)


def test_a_whole_log_made_anew_is_not_the_one_that_was_written_down(log: list[int]) -> None:
    written = audit_sealing.end_of_chain().digest
    sql("DELETE FROM access_auditentry WHERE id = %s", (log[4],))
    sql("UPDATE access_auditentry SET sequence = NULL, digest = ''")
    sql("DELETE FROM access_audithead")
    audit_sealing.seal()

    walk = audit_checking.check(expected=written)

    assert (walk.first_wrong, walk.met_at, walk.last.sequence) == (None, 0, MANY - 1)


def test_an_older_end_that_was_written_down_is_met_in_its_place(log: list[int]) -> None:
    written = AuditEntry.objects.get(pk=log[20]).digest

    assert audit_checking.check(expected=written).met_at == 21


def test_a_lost_and_a_moved_end_are_found_and_nothing_is_begun_anew(log: list[int]) -> None:
    sql("UPDATE access_audithead SET sequence = sequence - 1")
    assert found() == ("added", MANY)
    sql("UPDATE access_audithead SET sequence = sequence + 1, digest = %s", ("0" * 64,))
    assert found() == ("end", MANY)
    sql("DELETE FROM access_audithead")
    assert found() == ("added", 1)

    audit.record(actor=None, verb="after", target_pid="", now=NOW)
    with pytest.raises(audit_sealing.EndIsLost):
        audit_sealing.seal()
    assert not AuditHead.objects.exists()


def test_a_column_that_cannot_be_read_any_more_is_named(log: list[int]) -> None:
    if connection.vendor != "sqlite":
        pytest.skip("PostgreSQL keeps dates only in a column of dates")
    sql("UPDATE access_auditentry SET at = 'xx' WHERE id = %s", (log[30],))

    assert found() == ("changed", 31)


def test_an_account_that_is_gone_leaves_the_chain_whole(log: list[int]) -> None:
    User.objects.all().delete()

    assert found() is None
    assert AuditEntry.objects.filter(actor_name="thu-thu", actor=None).count() > 20


def test_the_chain_is_read_in_pages_as_small_as_one_likes(log: list[int], monkeypatch: pytest.MonkeyPatch) -> None:
    for rows in (1, 7, MANY, MANY + 1):
        monkeypatch.setattr(audit_checking, "AT_ONCE", rows)
        walk = audit_checking.check()
        assert (walk.last.sequence, walk.first_wrong) == (MANY, None)
