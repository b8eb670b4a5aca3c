"""Prepared questions give what their querysets give: to each viewer their own, for any number of keys, with one query."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from django.db import connection
from django.db.models import QuerySet
from django.test.utils import CaptureQueriesContext

from access import policy
from access.models import Grant, User
from access.viewer import Viewer, viewer_for, visitor
from archive.models import Item, ItemPlace, Place, PlaceName
from archive.prepared import LENGTHS, Key, Prepared, PreparedTuples, Tuples, keep, known
from archive.whole_items import whole_item
from tests.access_matrix.world import Made, add_file, make_item, publish, store_master

pytestmark = pytest.mark.django_db


def _seen(pids: Sequence[Key], viewer: Viewer | None) -> QuerySet[Item]:
    return Item.objects.visible_to(known(viewer)).filter(pid__in=pids).select_related("effective_rule").order_by("pk")


def _by_key(keys: Sequence[Key], _viewer: Viewer | None) -> QuerySet[Item]:
    return Item.objects.filter(pk__in=keys).order_by("-pk")


def _columns(keys: Sequence[Key], viewer: Viewer | None) -> Tuples:
    return Item.objects.visible_to(known(viewer)).filter(pk__in=keys).order_by("-pk").values_list("pk", "pid")


def pids(rows: Sequence[Item]) -> list[str]:
    return [row.pid for row in rows]


def test_each_viewer_is_given_what_is_theirs_in_whatever_order_they_ask(now: datetime) -> None:
    items = [make_item("A"), make_item("B", access=policy.REGISTERED), make_item("C", access=policy.NOBODY)]
    question, keys = Prepared(_seen), pids(items)
    reader = viewer_for(User.objects.create_user("ban-doc"), now=now)

    for viewer, seen in [(visitor(now=now), keys[:1]), (reader, keys[:2]), (visitor(now=now), keys[:1])]:
        assert pids(question.rows(keys, viewer)) == seen


def test_what_was_closed_since_the_statement_was_written_is_not_given(now: datetime) -> None:
    item = make_item("A")
    question, viewer = Prepared(_seen), visitor(now=now)
    assert pids(question.rows([item.pid], viewer)) == [item.pid]

    closed = make_item("B", access=policy.NOBODY)
    Item.objects.filter(pk=item.pk).update(effective_rule=closed.effective_rule)

    assert question.rows([item.pid], viewer) == []


def test_what_is_granted_to_one_person_is_given_to_them_alone(now: datetime) -> None:
    item = make_item("A", access=policy.NOBODY)
    first, second = (User.objects.create_user(name) for name in ("mot", "hai"))
    Grant.objects.create(
        target_pid=item.pid, user=first, granted_at=now, valid_until=now + timedelta(hours=1), reason="r"
    )
    question = Prepared(_seen)

    given = [pids(question.rows([item.pid], viewer_for(user, now=now))) for user in (second, first, second)]

    assert given == [[], [item.pid], []]


def test_who_satisfies_no_rule_is_given_nothing_and_the_database_is_not_asked(now: datetime) -> None:
    item = make_item("A")
    nobody = Viewer(standing=visitor(now=now).standing, rule_ids=frozenset(), decided_at=now)

    with CaptureQueriesContext(connection) as queries:
        assert Prepared(_seen).rows([item.pid], nobody) == []

    assert len(queries) == 0


@pytest.mark.parametrize("count", [0, 1, 2, 3, 9])
def test_any_number_of_keys_is_asked_for_in_one_query_and_in_the_order_of_the_question(count: int) -> None:
    keys = [make_item(f"Số {number}").pk for number in range(9)][:count]
    question = Prepared(_by_key)

    with CaptureQueriesContext(connection) as queries:
        found = [row.pk for row in question.rows(keys)]

    assert found == sorted(keys, reverse=True)
    assert len(queries) == min(count, 1)


def test_more_keys_than_a_statement_has_places_are_asked_for_all_the_same() -> None:
    item = make_item("A")
    beyond = [*range(-LENGTHS[-1] - 5, 0), item.pk]

    assert [row.pk for row in Prepared(_by_key).rows(beyond)] == [item.pk]


def test_rows_are_those_of_the_queryset_to_the_last_column(now: datetime) -> None:
    item = make_item("Cồng chiêng")
    viewer = visitor(now=now)

    prepared = Prepared(_seen).first([item.pid], viewer)
    asked = _seen([item.pid], viewer).get()

    assert prepared is not None
    columns = [field.attname for field in Item._meta.concrete_fields]
    assert [getattr(prepared, name) for name in columns] == [getattr(asked, name) for name in columns]
    assert prepared.effective_rule.policy == policy.PUBLIC


@pytest.mark.parametrize("count", [0, 1, 3, LENGTHS[-1] + 1])
def test_columns_are_those_of_the_queryset_for_each_viewer_with_one_query(now: datetime, count: int) -> None:
    items = [make_item("A"), make_item("B", access=policy.REGISTERED), make_item("C", access=policy.NOBODY)]
    keys = [*(item.pk for item in items), *range(-count, 0)][:count]
    question, reader = PreparedTuples(_columns), viewer_for(User.objects.create_user("ban-doc"), now=now)

    for viewer in (visitor(now=now), reader, visitor(now=now)):
        with CaptureQueriesContext(connection) as queries:
            found = list(question.rows(keys, viewer))

        assert len(queries) == min(count, 1)
        assert found == list(_columns(keys, viewer))


def test_columns_of_what_is_granted_to_one_person_are_given_to_them_alone(now: datetime) -> None:
    item = make_item("A", access=policy.NOBODY)
    first, second = (User.objects.create_user(name) for name in ("mot", "hai"))
    Grant.objects.create(
        target_pid=item.pid, user=first, granted_at=now, valid_until=now + timedelta(hours=1), reason="r"
    )
    question = PreparedTuples(_columns)

    given = [list(question.rows([item.pk], viewer_for(user, now=now))) for user in (second, first, second)]

    assert given == [[], [(item.pk, item.pid)], []]


def test_a_question_for_columns_is_not_taken_for_one_for_rows(now: datetime) -> None:
    item = make_item("A")

    with pytest.raises(TypeError):
        Prepared(_columns).rows([item.pk], visitor(now=now))


def test_a_question_whose_keys_are_not_in_it_is_refused() -> None:
    def everything(_keys: Sequence[Key], _viewer: Viewer | None) -> QuerySet[Item]:
        return Item.objects.all()

    with pytest.raises(TypeError):
        Prepared(everything).rows([1])


def test_kept_rows_are_given_by_the_relation_and_further_questions_go_to_the_database() -> None:
    place = Place.objects.create(slug="kon-klor", kind="village")
    for text in ("Kon Klor", "Kon Kơ Lor"):
        PlaceName.objects.create(place=place, text=text)

    keep(place, "names", list(PlaceName.objects.order_by("pk")), PlaceName)

    with CaptureQueriesContext(connection) as queries:
        assert [name.text for name in place.names.all()] == ["Kon Klor", "Kon Kơ Lor"]
    assert len(queries) == 0
    assert [name.text for name in place.names.all().filter(text="Kon Klor")] == ["Kon Klor"]


def test_a_file_that_is_closed_more_tightly_than_its_item_is_not_read_with_it(now: datetime, tmp_path: Path) -> None:
    item = make_item("A")
    master = store_master(b"open", tmp_path)
    publish(master, tmp_path, Made("thumbnail", "480.webp", b"RIFF....WEBP"))
    seen = add_file(item, master)
    add_file(item, store_master(b"closed", tmp_path), access=policy.NOBODY)
    ItemPlace.objects.create(item=item, place=Place.objects.create(slug="kon-klor", kind="village"))

    whole = whole_item(visitor(now=now), item.pid)

    assert whole is not None
    files = whole.visible_files  # type: ignore[attr-defined]  # set by whole_item
    assert ([file.pk for file in files], whole.file_count) == ([seen.pk], 2)  # type: ignore[attr-defined]  # annotated by it
    assert [derivative.role for derivative in files[0].newest_derivatives().values()] == ["thumbnail"]
