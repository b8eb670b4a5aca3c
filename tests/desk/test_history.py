"""The history of records at the desk: who reads what of it, any two revisions side by side, and bringing back what was."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from access import policy
from access.models import AuditEntry, Community, Protocol, User
from archive import languages
from archive.actions.choose_access import choose_file_access, choose_item_access
from archive.actions.detach_file import detach_file
from archive.actions.errors import ActionRefused, NotAllowed, StaleVersion
from archive.actions.move_item import publish_item
from archive.actions.restore_record import restore_authority, restore_item
from archive.actions.save_authority import save_authority
from archive.actions.save_item import save_item
from archive.history import recording, snapshots
from archive.models import (
    Agent,
    Item,
    ItemAgent,
    ItemFile,
    ItemRelation,
    People,
    Place,
    PlaceName,
    Revision,
    RightsStatement,
)
from tests import makers
from tests.desk.conftest import an_item, staff

pytestmark = pytest.mark.django_db


def save(item: Item, *, relate: Any = None, actor: User | None = None, **columns: Any) -> None:
    item.refresh_from_db()
    for name, value in columns.items():
        setattr(item, name, value)
    save_item(item, read_version=item.version, changed=list(columns), actor=actor, now=timezone.now(), relate=relate)


def revision(record: Any, number: int) -> Revision:
    return recording.revisions_of(snapshots.kind_of(record), snapshots.key_of(record)).get(number=number)


def back(item: Item, number: int, *, actor: User | None = None, parts: set[str] | None = None) -> Any:
    item.refresh_from_db()
    done = restore_item(
        item, revision(item, number), parts=parts, read_version=item.version, actor=actor, now=timezone.now()
    )
    item.refresh_from_db()
    return done


def page(client: Client, item: Item, what: str = "") -> str:
    return client.get(f"/admin/archive/item/{item.pk}/history/{what}").content.decode()


def with_file(item: Item, folder: Path, name: str = "a.jpg", **more: Any) -> ItemFile:
    file = makers.file_of(item, makers.picture(folder / name, colour=(len(name), 2, 3)), now=timezone.now(), **more)
    file.refresh_from_db()
    return file


# --- Reading ---------------------------------------------------------------------------------------------------------------


def test_the_history_says_who_did_what_to_which_fields(cataloguer: Client) -> None:
    item = an_item("Nhà rông")
    save(item, titles=languages.of(vi="Nhà rông cũ"), actor=User.objects.get(username="bien_muc"))

    shown = page(cataloguer, item)

    assert "bien_muc" in shown
    assert "changed it" in shown
    assert "titles" in shown
    assert "The log" in shown


def test_two_revisions_are_compared_word_by_word_and_told_without_colour(cataloguer: Client) -> None:
    item = an_item("Nhà rông Kon Klor")
    save(item, titles=languages.of(vi="Nhà rông Kon Rbàng"))

    shown = page(cataloguer, item, "compare/?from=1&to=2")

    assert '<del><span class="visually-hidden">[removed: </span>Klor' in shown
    assert '<ins><span class="visually-hidden">[added: </span>Rbàng' in shown


def test_a_revision_that_never_was_is_not_found(cataloguer: Client) -> None:
    item = an_item("Nhà rông")

    for address in ("compare/?from=7", "compare/?from=0"):
        assert cataloguer.get(f"/admin/archive/item/{item.pk}/history/{address}").status_code == 404
    assert cataloguer.get(f"/admin/archive/item/{item.pk}/history/compare/?from=abc").status_code == 200


SECRET = "BiMatCuaLang"


def test_a_file_that_was_closed_since_is_in_no_revision(cataloguer: Client, tmp_path: Path) -> None:
    item = an_item("Nhà rông")
    file = with_file(item, tmp_path, f"{SECRET}.jpg")
    save(item, relate=lambda: ItemFile.objects.filter(pk=file.pk).update(label=SECRET))
    choose_file_access(file, policy.NOBODY, actor=None, now=timezone.now(), reason=SECRET)

    for what in ("", "compare/?from=1", "compare/?from=2&to=3", "compare/?from=3&to=4"):
        assert SECRET not in page(cataloguer, item, what), what


def test_a_file_that_is_gone_shows_only_to_whom_its_last_rule_let_in(cataloguer: Client, tmp_path: Path) -> None:
    item, other = an_item("Nhà rông"), an_item("Nhà dài")
    for one, name in ((item, f"{SECRET}.jpg"), (other, "thuong.jpg")):
        file = with_file(one, tmp_path, name)
        if one is item:
            choose_file_access(file, policy.NOBODY, actor=None, now=timezone.now())
        detach_file(file, actor=None, now=timezone.now())

    assert all(SECRET not in page(cataloguer, item, what) for what in ("", "compare/?from=1&to=2", "compare/?from=2"))
    assert "thuong.jpg" in page(cataloguer, other, "compare/?from=2")


def test_a_file_taken_off_before_its_item_was_opened_stays_closed(cataloguer: Client, tmp_path: Path) -> None:
    item = an_item("Lễ", access=policy.NOBODY)
    detach_file(with_file(item, tmp_path, f"{SECRET}.jpg"), actor=None, now=timezone.now())
    choose_item_access(item, policy.PUBLIC, actor=None, now=timezone.now())

    assert "History" in page(cataloguer, item)
    assert all(SECRET not in page(cataloguer, item, what) for what in ("", "compare/?from=2", "compare/?from=2&to=3"))


def test_a_related_item_that_was_closed_since_is_not_named(cataloguer: Client) -> None:
    item, other = an_item("Nhà rông"), an_item(SECRET)
    save(item, relate=lambda: ItemRelation.objects.create(item=item, other=other, notes=languages.of(vi="chung")))
    assert SECRET in page(cataloguer, item, "compare/?from=1")

    choose_item_access(other, policy.NOBODY, actor=None, now=timezone.now())

    assert not any(word in page(cataloguer, item, "compare/?from=1") for word in (SECRET, "chung", other.pid))


def test_a_protocol_that_a_person_may_not_know_has_no_name_in_the_history(cataloguer: Client) -> None:
    village = Community.objects.create(name="Làng")
    protocol = Protocol.objects.create(name=SECRET)
    protocol.communities.add(village)
    item = an_item("Nhà rông")
    choose_item_access(item, policy.of_protocols([protocol.pid]), actor=None, now=timezone.now())
    choose_item_access(item, policy.PUBLIC, actor=None, now=timezone.now())

    shown = page(cataloguer, item, "compare/?from=2")

    assert "another protocol" in shown
    assert SECRET not in shown
    assert protocol.pid not in shown


def test_a_steward_reads_no_history_and_restores_nothing(db: None) -> None:
    item = an_item("Nhà rông")
    client = Client()
    client.force_login(User.objects.create_user("doc_gia"))

    for address in ("", "compare/?from=1", "restore/"):
        assert client.get(f"/admin/archive/item/{item.pk}/history/{address}").status_code in {302, 403}


# --- Bringing back ---------------------------------------------------------------------------------------------------------


def test_one_field_comes_back_and_the_others_stay(cataloguer: Client) -> None:
    item = an_item("Nhà rông", identifier="A-1")
    save(item, titles=languages.of(vi="Sai"), identifier="A-2")
    item.refresh_from_db()

    cataloguer.post(
        f"/admin/archive/item/{item.pk}/history/restore/",
        {"number": "1", "read_version": str(item.version), "parts": ["titles"]},
    )

    item.refresh_from_db()
    assert (item.titles, item.identifier) == (languages.of(vi="Nhà rông"), "A-2")
    last = recording.last_of(item)
    assert last is not None
    assert (last.verb, last.reason, last.number) == ("restore", "#1", 3)
    assert AuditEntry.objects.get(verb="restore_item").reason == "#1"


def test_a_restore_of_an_older_page_overwrites_nothing(cataloguer: Client) -> None:
    item = an_item("Nhà rông")
    save(item, titles=languages.of(vi="Hai"))

    answer = cataloguer.post(
        f"/admin/archive/item/{item.pk}/history/restore/", {"number": "1", "read_version": "1", "all": "1"}, follow=True
    )

    item.refresh_from_db()
    assert item.titles == languages.of(vi="Hai")
    assert "Nothing was overwritten" in answer.content.decode()


def test_all_of_it_comes_back_but_not_who_may_see_it() -> None:
    item = an_item("Nhà rông", descriptions=languages.of(vi="Một"))
    people, agent = People.objects.create(slug="ba-na", names=[]), Agent.objects.create(slug="a", names=[])
    item.peoples.add(people)
    ItemAgent.objects.create(item=item, agent=agent, role="pht")
    save(item, descriptions=languages.of(vi="Hai"))
    item.refresh_from_db()
    full = snapshots.of(item)

    def empty() -> None:
        item.peoples.clear()
        item.credits.all().delete()

    save(item, titles=languages.of(vi="Khác"), relate=empty)
    choose_item_access(item, policy.STAFF, actor=None, now=timezone.now())
    done = back(item, 2)

    assert snapshots.differing(full, snapshots.of(item)) == ["access"]
    assert set(done.parts) == {"titles", "peoples", "credits"}
    back(item, 2, parts={"access"})
    assert snapshots.differing(full, snapshots.of(item)) == []


def test_who_may_see_it_comes_back_only_with_the_right_to_choose_it() -> None:
    item = an_item("Nhà rông")
    choose_item_access(item, policy.STAFF, actor=None, now=timezone.now())

    with pytest.raises(NotAllowed):
        back(item, 1, actor=staff("bien_muc", "Cataloguer"), parts={"access"})
    back(item, 1, actor=staff("cong_bo", "Publisher"), parts={"access"})
    assert item.chosen_rule.policy == policy.PUBLIC


def test_places_of_what_is_published_come_back_by_a_publisher_only() -> None:
    item = an_item("Nhà rông")
    place = Place.objects.create(slug="kon-klor", kind="village")
    save(item, relate=lambda: item.located.create(place=place, role="created"))
    save(item, relate=lambda: item.located.all().delete())
    publish_item(item, actor=None, now=timezone.now())

    with pytest.raises(ActionRefused, match="places_shown"):
        back(item, 2, actor=staff("bien_muc", "Cataloguer"), parts={"located"})
    back(item, 2, actor=staff("cong_bo", "Publisher"), parts={"located"})
    assert [one.place_id for one in item.located.all()] == [place.pk]


def test_a_file_comes_back_under_its_pid_with_its_rule_label_and_order(tmp_path: Path) -> None:
    item = an_item("Sách")
    first, second = with_file(item, tmp_path, "mot.jpg"), with_file(item, tmp_path, "haii.jpg")
    choose_file_access(first, policy.STAFF, actor=None, now=timezone.now())
    save(item, relate=lambda: ItemFile.objects.filter(pk=first.pk).update(label="iv"))
    before = snapshots.of(item)
    number = recording.last_of(item).number  # type: ignore[union-attr]  # just saved

    detach_file(first, actor=None, now=timezone.now())
    third = with_file(item, tmp_path, "baaaa.jpg")
    done = back(item, number)

    after = snapshots.of(item)
    assert done.left == ()
    assert [one["pid"] for one in after["files"]] == [first.pid, second.pid, third.pid]
    assert after["files"][:2] == before["files"]
    again = ItemFile.objects.get(pid=first.pid)
    assert (again.master_id, again.effective_rule.policy) == (first.master_id, policy.STAFF)


@pytest.mark.parametrize("role", ["Cataloguer", "Publisher"])
def test_a_file_comes_back_to_what_is_published_for_staff(tmp_path: Path, role: str) -> None:
    item = an_item("Sách")
    file = with_file(item, tmp_path)
    number = recording.last_of(item).number  # type: ignore[union-attr]  # just attached
    detach_file(file, actor=None, now=timezone.now())
    publish_item(item, actor=None, now=timezone.now())

    back(item, number, actor=staff("bien_muc", role))

    assert ItemFile.objects.get(pid=file.pid).effective_rule.policy == policy.STAFF


def test_a_file_of_a_closed_item_comes_back_as_closed_as_it_was(tmp_path: Path) -> None:
    item = an_item("Lễ", access=policy.STAFF)
    file = with_file(item, tmp_path)
    number = recording.last_of(item).number  # type: ignore[union-attr]  # just attached
    detach_file(file, actor=None, now=timezone.now())
    choose_item_access(item, policy.PUBLIC, actor=None, now=timezone.now())
    publish_item(item, actor=None, now=timezone.now())

    back(item, number)

    assert ItemFile.objects.get(pid=file.pid).effective_rule.policy == policy.STAFF


def test_a_closed_file_is_neither_brought_back_nor_moved_by_who_may_not_see_it(tmp_path: Path) -> None:
    item = an_item("Sách")
    file, other = with_file(item, tmp_path, "mot.jpg"), with_file(item, tmp_path, "haii.jpg")
    number = recording.last_of(item).number  # type: ignore[union-attr]  # just attached
    for one in (file, other):
        choose_file_access(one, policy.NOBODY, actor=None, now=timezone.now())
    detach_file(file, actor=None, now=timezone.now())
    ItemFile.objects.filter(pk=other.pk).update(label="x", position=9)

    done = back(item, number, actor=staff("q", is_superuser=True))

    assert (done.parts, done.left) == ((), ())
    assert list(item.files.values_list("pid", "label", "position")) == [(other.pid, "x", 9)]


def test_ties_whose_rows_are_gone_are_named_and_the_rest_comes_back() -> None:
    item = an_item("Nhà rông")
    kept, gone = (People.objects.create(slug=slug, names=languages.of(vi=slug)) for slug in ("con", "mat"))
    save(item, relate=lambda: item.peoples.set([kept, gone]))
    save(item, relate=lambda: item.peoples.clear())
    gone.delete()

    done = back(item, 2)

    assert list(item.peoples.all()) == [kept]
    assert [(one.part, one.name, one.code) for one in done.left] == [("peoples", "mat", "gone")]


def test_an_identifier_that_somebody_else_has_does_not_come_back() -> None:
    item = an_item("Nhà rông", identifier="A-1")
    save(item, identifier="A-2")
    an_item("Khác", identifier="A-1")

    with pytest.raises(ActionRefused, match="identifier_taken"):
        back(item, 1)
    item.refresh_from_db()
    assert item.identifier == "A-2"


def test_a_published_item_does_not_lose_its_title() -> None:
    item = an_item("")
    Item.objects.filter(pk=item.pk).update(titles=[])
    Revision.objects.all().delete()
    item.refresh_from_db()
    recording.record(item, "change", actor=None, now=timezone.now())
    save(item, titles=languages.of(vi="Có"))
    publish_item(item, actor=None, now=timezone.now())

    with pytest.raises(ActionRefused, match="untitled"):
        back(item, 1)


@pytest.mark.parametrize("part", ["rights", "origin_statements"])
def test_published_folklore_does_not_lose_its_statement_of_origin(part: str) -> None:
    folklore = RightsStatement.objects.create(slug="van-nghe-dan-gian", uri="tag:a,2026:a", requires_origin=True)
    item = an_item("Hơ'mon")
    if part == "rights":
        save(item, rights=folklore)  # 2: no draft needs the statement
        save(item, rights=None)
    else:
        save(item, rights=folklore)
        save(item, origin_statements=languages.of(vi="Người Ba Na, Kon Klor"))
    publish_item(item, actor=None, now=timezone.now())

    with pytest.raises(ActionRefused, match="origin_needed"):
        back(item, 2, parts={part})


def test_nobody_restores_without_the_right_or_from_an_older_look() -> None:
    item = an_item("Nhà rông")
    save(item, titles=languages.of(vi="Hai"))

    with pytest.raises(NotAllowed):
        back(item, 1, actor=staff("khong_quyen"))
    for parts in (None, {"access"}):
        with pytest.raises(StaleVersion):
            restore_item(item, revision(item, 1), parts=parts, read_version=1, actor=None, now=timezone.now())


def test_the_revision_of_another_record_restores_nothing() -> None:
    item, other = an_item("Một"), an_item("Hai")

    with pytest.raises(ValueError, match="another record"):
        restore_item(item, revision(other, 1), read_version=1, actor=None, now=timezone.now())


# --- Authorities -----------------------------------------------------------------------------------------------------------


def saved(record: Any, **columns: Any) -> Any:
    for name, value in columns.items():
        setattr(record, name, value)
    save_authority(
        record, save=record.save, read_version=record.version if record.pk else None, actor=None, now=timezone.now()
    )
    record.refresh_from_db()
    return record


def test_an_authority_has_its_history_and_comes_back(administrator: Client) -> None:
    people = saved(People(slug="ba-na", names=languages.of(vi="Ba Na")))
    saved(people, names=languages.of(vi="Sai"), languages=["bdq"])

    shown = administrator.get(f"/admin/archive/people/{people.pk}/history/compare/?from=1").content.decode()
    administrator.post(
        f"/admin/archive/people/{people.pk}/history/restore/",
        {"number": "1", "read_version": str(people.version), "parts": ["names"]},
    )

    people.refresh_from_db()
    assert "Ba Na" in shown
    assert (people.names, people.languages) == (languages.of(vi="Ba Na"), ["bdq"])
    last = recording.last_of(people)
    assert last is not None
    assert last.verb == "restore"


def test_the_names_of_a_place_come_back() -> None:
    place = Place(slug="kon-klor", kind="village", latitude="14.35", longitude="108.01")

    def save_place(*names: str) -> None:
        def write() -> None:
            place.save()
            place.names.all().delete()
            for name in names:
                PlaceName.objects.create(place=place, text=name)

        save_authority(
            place, save=write, read_version=place.version if place.pk else None, actor=None, now=timezone.now()
        )

    save_place("Kon Klor", "Plei Klor")
    place.refresh_from_db()
    first = snapshots.of(place)
    save_place("Sai")
    place.latitude = None
    saved(place)

    restore_authority(place, revision(place, 1), read_version=place.version, actor=None, now=timezone.now())

    place.refresh_from_db()
    assert snapshots.differing(first, snapshots.of(place)) == []


def test_a_parent_that_lies_below_now_does_not_come_back() -> None:
    above = saved(People(slug="mot", names=[]))
    below = saved(People(slug="hai", names=[]), parent=above)
    saved(below, parent=None)
    saved(above, parent=below)

    done = restore_authority(below, revision(below, 1), read_version=below.version, actor=None, now=timezone.now())

    below.refresh_from_db()
    assert below.parent is None
    assert [one.part for one in done.left] == ["parent_id"]


def test_a_long_history_takes_as_few_queries_as_a_short_one(
    cataloguer: Client, django_assert_max_num_queries: Any
) -> None:
    item = an_item("Nhà rông")
    for number in range(30):
        save(item, titles=languages.of(vi=f"Nhà rông {number}"))

    with django_assert_max_num_queries(30):
        page(cataloguer, item)
    with django_assert_max_num_queries(30):
        page(cataloguer, item, "compare/?from=3&to=9")
