"""Whatever changes what the search knows is in its log, whichever way it was written: every table, column and kind of statement."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
from django.core.checks import ERROR
from django.core.management import call_command
from django.db import connection, models, transaction

from access import policy
from access.models import AccessRule, Community
from archive import row_triggers
from archive.checks import check_search_log
from archive.languages import of
from archive.models import (
    Collection,
    Item,
    ItemFile,
    ItemPlace,
    Passage,
    PassageSet,
    People,
    Place,
    PlaceName,
    PlaceParent,
    PlaceSuccession,
    SearchChange,
    SearchEntry,
    SearchLog,
    Subject,
)
from archive.search import changes, following, indexing, triggers
from archive.search.index.names import Names
from tests.access_matrix.world import NOW, add_file, make_item, store_master
from tests.search.followed import followed

pytestmark = pytest.mark.django_db


def rule() -> AccessRule:
    return AccessRule.objects.intern(policy.REGISTERED)


def item() -> Item:
    return Item.objects.get(identifier="mot")


def entry() -> models.QuerySet[SearchEntry]:
    return SearchEntry.objects.filter(item=item())


def heading(model: type[models.Model]) -> models.Model:
    return model._default_manager.get(slug="moi")


def raw(statement: str, *params: int) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement, params)


# A way of writing, and the model behind the table that it writes.
WAYS: dict[str, Callable[[], object]] = {
    "rule by update": lambda: Item.objects.filter(pk=item().pk).update(effective_rule=rule()),
    "rule by save": lambda: setattr(one := item(), "effective_rule", rule()) or one.save(),
    "rule by bulk_update": lambda: Item.objects.bulk_update(
        [setattr(one := item(), "effective_rule", rule()) or one], ["effective_rule"]
    ),
    "rule by SQL": lambda: raw("UPDATE archive_item SET effective_rule_id = %s WHERE identifier = 'mot'", rule().pk),
    "kind": lambda: Item.objects.filter(pk=item().pk).update(kind="video"),
    "languages": lambda: Item.objects.filter(pk=item().pk).update(languages=["bdq"]),
    "first day": lambda: Item.objects.filter(pk=item().pk).update(date_first=date(1990, 1, 1)),
    "last day": lambda: Item.objects.filter(pk=item().pk).update(date_last=date(1990, 1, 1)),
    "publication": lambda: Item.objects.filter(pk=item().pk).update(published_at=NOW.replace(year=2020)),
    "new item": lambda: make_item("Hai"),
    "new item by bulk_create": lambda: Item.objects.bulk_create(
        [Item(kind="image", chosen_rule=rule(), effective_rule=rule(), created_at=NOW, modified_at=NOW)]
    ),
    "item deleted": lambda: item().delete(),
    "item deleted by SQL": lambda: [
        entry().delete(),
        *(one.objects.filter(item=item()).delete() for one in (ItemPlace, ItemFile)),
        *(one.through.objects.filter(item=item()).delete() for one in (Item.peoples, Item.subjects)),
        *(one.through.objects.filter(item=item()).delete() for one in (Item.collections, Item.communities)),
        raw("DELETE FROM archive_item WHERE identifier = 'mot'"),
    ],
    "titles": lambda: entry().update(titles=["Khác"]),
    "texts": lambda: entry().update(texts=["khác"]),
    "order of titles": lambda: entry().update(sort_title="zzz"),
    "no entry": lambda: entry().delete(),
    "entry made": lambda: [entry().delete(), indexing.refresh(item())],
    "people": lambda: item().peoples.add(heading(People)),
    "people taken off": lambda: item().peoples.clear(),
    "people exchanged": lambda: Item.peoples.through.objects.update(people=heading(People)),
    "subject": lambda: item().subjects.add(heading(Subject)),
    "collection": lambda: item().collections.add(heading(Collection)),
    "community": lambda: item().communities.add(Community.objects.create(name="Làng")),
    "place": lambda: ItemPlace.objects.create(item=item(), place=Place.objects.get(slug="moi")),
    "place exchanged": lambda: ItemPlace.objects.update(place=Place.objects.get(slug="moi")),
    "place hidden here": lambda: ItemPlace.objects.update(precision="hidden"),
    "place hidden for all": lambda: Place.objects.filter(slug="cu").update(precision="hidden"),
    "place around hidden": lambda: Place.objects.filter(slug="quanh").update(precision="hidden"),
    "place now in another": lambda: PlaceParent.objects.update(parent=Place.objects.get(slug="moi")),
    "place became another": lambda: PlaceSuccession.objects.create(
        before=Place.objects.get(slug="cu"), after=Place.objects.get(slug="moi"), on_date=date(2025, 7, 1)
    ),
    "place taken off": lambda: ItemPlace.objects.all().delete(),
    "file's rule": lambda: ItemFile.objects.update(effective_rule=rule()),
    "file's language": lambda: ItemFile.objects.update(language="bdq"),
    "file given to another item": lambda: ItemFile.objects.update(item=Item.objects.get(identifier="khac")),
    "file without bytes": lambda: ItemFile.objects.all().delete(),
    "text read": lambda: passages("text", "trang moi"),
    "text read anew": lambda: [PassageSet.objects.all().delete(), passages("text", "khac")],
    "text gone": lambda: PassageSet.objects.all().delete(),
    "text of another master": lambda: PassageSet.objects.update(master=ItemFile.objects.get(label="2").master),
}


def passages(role: str, folded: str) -> None:
    made = PassageSet.objects.create(master=ItemFile.objects.get(label="1").master, role=role, prefix=folded)
    Passage.objects.create(set=made, number=1, text=folded, folded=f" {folded} ")


@pytest.fixture
def archive(tmp_path: Path) -> None:
    one = make_item("Một", identifier="mot", languages=["vi"])
    other = make_item("Khác", identifier="khac", languages=["vi"])
    for model in (People, Subject, Collection):
        model.objects.create(slug="moi", names=of(vi="Mới"))
    one.peoples.add(People.objects.create(slug="cu", names=of(vi="Cũ")))
    Place.objects.create(slug="moi", kind="village")
    ItemPlace.objects.create(item=one, place=Place.objects.create(slug="cu", kind="village"))
    around = Place.objects.create(slug="quanh", kind="district")
    PlaceParent.objects.create(child=Place.objects.get(slug="cu"), parent=around)
    for number in ("1", "2"):
        add_file(one if number == "1" else other, store_master(number.encode(), tmp_path))
        ItemFile.objects.filter(label="").update(label=number)
    passages("ocr", "trang cu")
    indexing.refresh(one)
    indexing.refresh(other)


def test_every_way_of_writing_is_followed(archive: None, monkeypatch: pytest.MonkeyPatch) -> None:
    missed = {}
    for way, write in WAYS.items():
        with transaction.atomic(), followed(monkeypatch) as compare:
            before = following.index()._position
            write()
            try:
                compare()
                assert following.index()._position != before
            except AssertionError as error:
                missed[way] = str(error)
            transaction.set_rollback(True)

    assert missed == {}


@pytest.mark.parametrize(
    "way", ["rule by update", "item deleted", "place hidden here", "file's rule", "file given to another item"]
)
def test_what_may_close_something_says_so(way: str, archive: None) -> None:
    before = changes.position()
    pk = item().pk

    WAYS[way]()

    assert pk in changes.since(before).closing


def test_what_the_search_does_not_know_is_not_logged(archive: None) -> None:
    before = changes.position()

    Item.objects.update(modified_at=NOW.replace(year=2030), rights_note="khác", version=7)
    ItemFile.objects.update(captions=of(vi="khác"))
    indexing.refresh(item())

    assert changes.since(before).changed == ()


def test_names_of_peoples_and_places_are_read_anew_when_they_change(archive: None) -> None:
    with following.index().opened() as (_part, names):
        assert names.others(["cu", "hai"], ["cu", "hai"]) == []

    for write in (
        lambda: People.objects.filter(slug="cu").update(names=of(vi="Cu Hai"), variants=of(vi="Cu Ba")),
        lambda: PlaceName.objects.create(place=Place.objects.get(slug="cu"), text="Cu Hai"),
        lambda: Place.objects.filter(slug="cu").update(precision="hidden"),
    ):
        before: Names = following.index()._names
        write()
        with following.index().opened() as (_part, names):
            assert names is not before


def test_a_trigger_that_is_missing_is_told_by_the_system_check() -> None:
    assert check_search_log(databases=["default"]) == []
    triggers.remove()

    found = check_search_log(databases=["default"])

    # No error: `migrate` asks this first, and is what makes them.
    assert [(one.id, one.is_serious(ERROR)) for one in found] == [("archive.W002", False)]
    triggers.install()
    assert check_search_log(databases=["default"]) == []


def test_installing_twice_changes_nothing_and_other_versions_are_replaced(monkeypatch: pytest.MonkeyPatch) -> None:
    names = set(triggers.statements())
    triggers.install()
    assert triggers.missing() == []
    monkeypatch.setattr(triggers, "VERSION", 99)

    triggers.install()

    assert names.isdisjoint(row_triggers.there(triggers.PREFIX))
    assert triggers.missing() == []


def test_old_changes_are_pruned_and_who_has_not_read_them_begins_anew(archive: None) -> None:
    before = changes.position()
    Item.objects.update(kind="video")
    SearchChange.objects.update(at=NOW.replace(year=2020))
    after = changes.position()

    assert changes.prune(now=NOW) > 0

    assert changes.since(after).changed == ()
    with pytest.raises(changes.Behind):
        changes.since(before)


def test_another_epoch_is_another_log() -> None:
    before = changes.position()

    triggers.begin_anew()

    assert SearchLog.objects.count() == 1
    with pytest.raises(changes.Behind):
        changes.since(before)


@pytest.mark.django_db(transaction=True)
def test_migrating_leaves_the_triggers_in_place() -> None:
    call_command("migrate", "archive", "0018", verbosity=0)
    call_command("migrate", verbosity=0)

    assert triggers.missing() == []
    assert SearchLog.objects.count() == 1
