"""What was committed is found by the next question of every process, in whatever order it was committed; what was closed is gone."""

from __future__ import annotations

import threading
import uuid
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from django.conf import LazySettings
from django.db import connection, transaction
from django.db.backends.base.base import BaseDatabaseWrapper

from access import policy, remembered
from access.models import AccessRule
from access.policy import Policy, Standing
from access.viewer import Viewer, make_viewer, visitor
from archive import visibility
from archive.actions.bin_item import bin_item
from archive.languages import of
from archive.models import Item, People, SearchChange
from archive.search import Filters, SearchPreparing, changes, following, indexing, keeping, search, triggers
from archive.search.changes import Changes, Position
from archive.search.index import building, storing
from archive.search.index.joined import Joined
from archive.search.kept_counts import KeptCounts
from tests.access_matrix.world import NOW, make_item

pytestmark = pytest.mark.django_db(transaction=True)


def found(words: str = "", *, viewer: Viewer | None = None, **filters: str) -> list[str]:
    result = search(words, Filters(**filters), viewer or visitor(now=NOW))
    assert result.total == len(result.hits)
    return sorted(hit.titles[0]["value"] for hit in result.hits)


def close(item: Item) -> None:
    Item.objects.filter(pk=item.pk).update(effective_rule=AccessRule.objects.nobody())


def applied(item: Item) -> None:
    with transaction.atomic():
        visibility.apply(item)


@pytest.fixture
def own_log(settings: LazySettings) -> None:
    """Search as a process of the archive does: outside of transactions."""
    settings.SEARCH_IN_TRANSACTIONS = False


@pytest.fixture(params=["memory", "base"])
def kind(request: pytest.FixtureRequest, own_log: None) -> str:
    return str(request.param)


def begin(kind: str, settings: LazySettings) -> None:
    if kind == "base":
        keeping.build(Path(settings.SEARCH_DIR), lambda _done: None)
    following.leave()
    found()
    assert isinstance(following.index()._part, Joined) == (kind == "base")


@pytest.mark.parametrize(("questions", "values", "kept"), [(2, 100, 2), (9, 1, 1), (9, 0, 0)])
def test_what_was_counted_is_kept_within_bounds(
    questions: int, values: int, kept: int, settings: LazySettings, own_log: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    for title in ("Gùi", "Gùi hoa", "Khố"):
        indexing.refresh(make_item(title))
    begin("memory", settings)
    monkeypatch.setattr(following.index(), "_counted", KeptCounts(questions, values))

    for _turn in range(2):
        for words, total in (("gui", 2), ("hoa", 1), ("kho", 1), ("gui", 2)):
            facets = search(words, Filters(), visitor(now=NOW), facets=("kind",)).facets
            assert [value.count for value in facets[0].values] == [total]
            assert len(following.index()._counted) <= kept

    assert len(following.index()._counted) == kept


def test_each_change_is_found_or_gone_with_the_next_question(kind: str, settings: LazySettings) -> None:
    item = make_item("Gùi")
    indexing.refresh(item)
    begin(kind, settings)

    assert found("gui") == ["Gùi"]
    make_item("Gùi hoa")
    assert found("gui") == ["Gùi", "Gùi hoa"]
    close(item)
    assert found("gui") == ["Gùi hoa"]
    Item.objects.exclude(pk=item.pk).delete()
    assert found("gui") == []
    applied(item)
    assert found("gui") == ["Gùi"]
    Item.objects.filter(pk=item.pk).update(suspended_at=NOW)
    applied(item)
    assert found("gui") == []
    item.delete()
    assert found("gui", viewer=make_viewer(Standing(is_registered=True, is_staff=True), now=NOW)) == []


def test_the_log_is_read_once_for_what_was_written_and_not_again(
    kind: str, settings: LazySettings, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_item("Gùi")
    begin(kind, settings)
    read: list[object] = []
    since = changes.since

    def noted(before: Position) -> Changes:
        read.append(remembered.state_now())
        return since(before)

    monkeypatch.setattr(changes, "since", noted)

    for title in ("Gùi hai", "Gùi ba"):
        make_item(title)
        for _time in range(3):
            assert title in found("gui")

    # One PostgreSQL is written to by other tests, too: then it is read for what they wrote.
    assert len(read) == len(set(read)) >= 2


def test_the_log_is_read_each_time_where_nobody_can_tell_whether_it_has_to_be(
    kind: str, settings: LazySettings, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_item("Gùi")
    begin(kind, settings)
    monkeypatch.setattr(remembered, "state_now", lambda: None)

    assert found("gui") == ["Gùi"]
    make_item("Gùi hai")
    assert found("gui") == ["Gùi", "Gùi hai"]


def test_another_base_is_taken_as_soon_as_it_is_pointed_at(own_log: None, settings: LazySettings) -> None:
    make_item("Gùi")
    begin("base", settings)
    for _time in range(2):
        assert found("gui") == ["Gùi"]
        before = following.index()._base

        keeping.build(Path(settings.SEARCH_DIR), lambda _done: None)

        assert found("gui") == ["Gùi"]
        assert following.index()._base is not before


def test_what_is_closed_is_in_no_facet_total_or_order(kind: str, settings: LazySettings) -> None:
    people = People.objects.create(slug="ba-na", names=of(vi="Ba Na"))
    for title in ("Gùi một", "Gùi hai"):
        item = make_item(title, date_edtf="1998")
        item.peoples.add(people)
        indexing.refresh(item)
    begin(kind, settings)
    before = search("gui", Filters(), visitor(now=NOW))
    assert [(value.value, value.count) for value in before.facets[1].values] == [("ba-na", 2)]
    assert before.decades == ((1990, 2),)

    close(item)

    after = search("gui", Filters(), visitor(now=NOW))
    assert (after.total, len(after.hits), after.decades) == (1, 1, ((1990, 1),))
    assert [(value.value, value.count) for value in after.facets[1].values] == [("ba-na", 1)]
    assert found(people="ba-na") == ["Gùi một"]


def test_a_heading_under_another_address_changes_no_item(kind: str, settings: LazySettings) -> None:
    people = People.objects.create(slug="ba-na", names=of(vi="Ba Na"))
    make_item("Gùi").peoples.add(people)
    begin(kind, settings)
    waiting = changes.position()

    People.objects.filter(pk=people.pk).update(slug="bahnar")

    assert found(people="bahnar") == ["Gùi"]
    assert found(people="ba-na") == []
    # That headings are called otherwise, and of no item.
    assert changes.since(waiting).changed == (int(triggers.NAMES),)


def test_what_is_open_from_a_day_is_found_from_that_day(kind: str, settings: LazySettings) -> None:
    opens = NOW + timedelta(days=1)
    make_item("Gùi", access=Policy(policy.PUBLIC.clauses, opens_at=opens))
    begin(kind, settings)

    assert found("gui") == []
    assert found("gui", viewer=visitor(now=opens)) == ["Gùi"]


def test_what_was_opened_to_one_person_is_found_by_that_one(kind: str, settings: LazySettings) -> None:
    item = make_item("Gùi", access=policy.NOBODY, state="draft")
    open_one = make_item("Gùi hoa")
    begin(kind, settings)
    anybody = visitor(now=NOW)
    staff = Standing(is_registered=True, is_staff=True)
    granted = Viewer(staff, anybody.rule_ids, NOW, granted=frozenset({item.pid}))

    assert found("gui", viewer=granted) == ["Gùi", "Gùi hoa"]
    assert found("gui") == ["Gùi hoa"]
    assert found("gui", viewer=Viewer(anybody.standing, anybody.rule_ids, NOW, granted=frozenset({open_one.pid}))) == [
        "Gùi hoa"
    ]

    bin_item(item, actor=None, now=NOW)
    assert found("gui", viewer=granted) == ["Gùi hoa"]


def test_a_transaction_that_is_rolled_back_leaves_nothing(kind: str, settings: LazySettings) -> None:
    make_item("Gùi")
    begin(kind, settings)

    with transaction.atomic():
        make_item("Khèn")
        assert found("khen") == []  # not even within it
        transaction.set_rollback(True)

    assert found("khen") == []
    make_item("Khèn bè")
    assert found("khen") == ["Khèn bè"]


def test_an_index_of_another_epoch_is_made_anew(kind: str, settings: LazySettings) -> None:
    make_item("Gùi")
    begin(kind, settings)
    triggers.remove()
    close(Item.objects.get())
    triggers.install()

    triggers.begin_anew()

    assert found("gui") == []


def test_a_base_behind_the_log_is_not_used(
    own_log: None, settings: LazySettings, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_item("Gùi")
    # As of long ago: others on this server may have transactions open.
    at_first = changes.position()
    old = replace(at_first, at="3:3:") if ":" in at_first.at else at_first
    with monkeypatch.context() as patch:
        patch.setattr(changes, "position", lambda: old)
        begin("base", settings)
    make_item("Gùi hoa")
    SearchChange.objects.update(at=NOW - 2 * changes.KEPT_FOR, transaction=5)
    assert changes.prune(now=NOW) > 0

    following.leave()

    assert found("gui") == ["Gùi", "Gùi hoa"]
    assert not isinstance(following.index()._part, Joined)


def test_a_base_that_cannot_be_used_is_looked_at_once(
    own_log: None, settings: LazySettings, caplog: pytest.LogCaptureFixture
) -> None:
    make_item("Gùi")
    folder = keeping.build(Path(settings.SEARCH_DIR), lambda _done: None) and open_folder(settings)
    for file in folder.iterdir():
        file.write_bytes(b"")
    following.leave()

    assert found("gui") == ["Gùi"]
    memory = following.index()._memory
    assert found("gui") == ["Gùi"]

    assert following.index()._memory is memory
    assert caplog.text.count("cannot be used") == 1
    assert keeping.is_due(Path(settings.SEARCH_DIR), now=NOW)


def open_folder(settings: LazySettings) -> Path:
    root = Path(settings.SEARCH_DIR)
    return root / (root / "current").read_text("utf-8").strip()


def test_many_changes_close_at_once_and_are_read_behind(
    own_log: None, settings: LazySettings, monkeypatch: pytest.MonkeyPatch
) -> None:
    items = [make_item(f"Gùi {number}") for number in range(12)]
    begin("base", settings)
    monkeypatch.setattr(following, "READ_AT_ONCE", 2)
    monkeypatch.setattr(following, "READ_FOR_S", -1.0)
    monkeypatch.setattr(following.Index, "_read_behind", lambda self: None)

    Item.objects.filter(pk__in=[one.pk for one in items[:9]]).update(effective_rule=AccessRule.objects.nobody())
    assert found("gui") == ["Gùi 10", "Gùi 11", "Gùi 9"]
    assert following.index().waiting > 0

    monkeypatch.undo()
    for item in items[:9]:
        applied(item)
    assert len(found("gui")) == 12


def test_a_large_archive_without_a_base_is_being_prepared(
    own_log: None, settings: LazySettings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(following, "ALONE_MOST", 1)
    make_item("Gùi")
    make_item("Khèn")

    with pytest.raises(SearchPreparing):
        found("gui")

    keeping.build(Path(settings.SEARCH_DIR), lambda _done: None)
    assert found("gui") == ["Gùi"]


def test_a_large_archive_whose_base_is_of_another_format_is_being_prepared_and_says_so_once(
    own_log: None, settings: LazySettings, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(following, "ALONE_MOST", 1)
    make_item("Gùi")
    make_item("Khèn")
    with monkeypatch.context() as before:
        before.setattr(building, "FORMAT", storing.FORMAT - 1)
        keeping.build(Path(settings.SEARCH_DIR), lambda _done: None)
    following.leave()

    for _question in range(3):
        with pytest.raises(SearchPreparing):
            found("gui")
    assert caplog.text.count("cannot be used") == 1

    assert keeping.is_due(Path(settings.SEARCH_DIR), now=NOW)
    keeping.build(Path(settings.SEARCH_DIR), lambda _done: None)
    assert found("gui") == ["Gùi"]


def other_connection() -> BaseDatabaseWrapper:
    return connection.copy(f"other-{uuid.uuid4().hex}")


@pytest.mark.skipif(
    "connection.vendor != 'postgresql'", reason="SQLite has one writer: nothing is committed out of order"
)
def test_what_is_committed_late_is_not_missed(kind: str, settings: LazySettings) -> None:
    early, late = make_item("Gùi"), make_item("Khèn")
    begin(kind, settings)
    nobody = AccessRule.objects.nobody().pk
    first, second = other_connection(), other_connection()
    try:
        with first.cursor() as cursor:
            cursor.execute("BEGIN")
            cursor.execute("UPDATE archive_item SET effective_rule_id = %s WHERE id = %s", [nobody, early.pk])
        with second.cursor() as cursor:
            cursor.execute("UPDATE archive_item SET effective_rule_id = %s WHERE id = %s", [nobody, late.pk])
        assert found() == ["Gùi"]
        assert found() == ["Gùi"]
        with first.cursor() as cursor:
            cursor.execute("COMMIT")
        assert found() == []
    finally:
        first.close()
        second.close()


@pytest.mark.skipif("connection.vendor != 'postgresql'", reason="as above")
def test_a_base_that_was_built_during_a_transaction_hears_of_it(own_log: None, settings: LazySettings) -> None:
    item = make_item("Gùi")
    slow = other_connection()
    try:
        with slow.cursor() as cursor:
            cursor.execute("BEGIN")
            cursor.execute(
                "UPDATE archive_item SET effective_rule_id = %s WHERE id = %s",
                [AccessRule.objects.nobody().pk, item.pk],
            )
            begin("base", settings)
            assert found() == ["Gùi"]
            cursor.execute("COMMIT")
        assert found() == []
    finally:
        slow.close()


@pytest.mark.skipif("connection.vendor != 'postgresql'", reason="as above")
def test_what_an_open_transaction_stands_before_is_not_pruned(own_log: None) -> None:
    slow = other_connection()
    try:
        with slow.cursor() as cursor:
            cursor.execute("BEGIN")
            cursor.execute("SELECT pg_current_xact_id()")
            make_item("Gùi")
            SearchChange.objects.update(at=NOW - 2 * changes.KEPT_FOR)
            assert changes.prune(now=NOW) == 0
            following.leave()
            assert found() == ["Gùi"]
    finally:
        slow.close()


def test_many_threads_ask_while_others_write(own_log: None, settings: LazySettings) -> None:
    begin("memory", settings)
    faults: list[Exception] = []
    ending = threading.Event()

    def repeatedly(act: Callable[[], object]) -> None:
        try:
            while not ending.is_set():
                act()
        except Exception as error:  # noqa: BLE001  # whatever it is, the test shows it
            faults.append(error)
        finally:
            connection.close()

    asking = [threading.Thread(target=repeatedly, args=[lambda: found("gui")]) for _ in range(3)]
    for one in asking:
        one.start()
    try:
        for number in range(10):
            item = make_item(f"Gùi {number}")
            if number % 2:
                close(item)
    finally:
        ending.set()
        for one in asking:
            one.join()

    assert faults == []
    assert found("gui") == [f"Gùi {number}" for number in range(0, 10, 2)]
