"""Where old addresses lead after a merge, who may merge, and what comes back."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import pytest
from django.contrib.auth.models import Permission
from django.test import Client

from access import policy
from access.models import AuditEntry
from archive.actions.delete_authority import delete_authority
from archive.actions.errors import ActionRefused, NotAllowed
from archive.actions.merge_authorities import merge_authorities
from archive.actions.move_item import publish_item
from archive.actions.restore_record import restore_item, revive_authority
from archive.actions.save_authority import save_authority
from archive.history import recording, snapshots
from archive.languages import of
from archive.models import (
    Agent,
    ConsentRecord,
    FormerAddress,
    ItemAgent,
    ItemPlace,
    People,
    Place,
    PlaceCode,
    Revision,
    Subject,
)
from archive.uses import uses_of
from tests import makers
from tests.archive.headings import is_told_rightly, made, merge, place
from tests.desk.conftest import staff

pytestmark = pytest.mark.django_db


# --- Addresses -------------------------------------------------------------------------------------------------------------


def test_old_addresses_lead_to_where_it_is_now_in_one_step(client: Client, now: datetime) -> None:
    first, second, third = (made(People(slug=slug, names=of(vi=slug)), now) for slug in ("mot", "hai", "ba"))
    makers.item(now=now).peoples.add(first)
    merge(first, second, now)
    merge(second, third, now)
    third.slug = "bon"
    made(third, now)

    for old in ("mot", "hai", "ba"):
        answer = client.get(f"/en/peoples/{old}/?sort=title")
        assert (answer.status_code, answer["Location"]) == (301, "/en/peoples/bon/?sort=title"), old
        answer = client.get(f"/api/v1/items/?people={old}")
        assert answer.status_code == 301
        assert answer["Location"].endswith("/api/v1/items/?people=bon")
    assert client.get("/api/v1/items/?people=bon&count=true").json()["count"] == 1


def test_an_old_address_of_what_a_reader_may_not_see_is_answered_like_none(client: Client, now: datetime) -> None:
    first, second = (made(People(slug=slug, names=of(vi=slug)), now) for slug in ("mot", "hai"))
    makers.item(now=now, access=policy.STAFF).peoples.add(first)
    merge(first, second, now)

    assert client.get("/peoples/mot/").status_code == client.get("/peoples/khong-co/").status_code == 404
    assert client.get("/api/v1/items/?people=mot").status_code == 200


def test_an_address_that_somebody_has_today_is_theirs(client: Client, now: datetime) -> None:
    people = made(People(slug="mot", names=of(vi="Một")), now)
    makers.item(now=now).peoples.add(people)
    people.slug = "hai"
    made(people, now)
    other = made(People(slug="mot", names=of(vi="Khác")), now)
    makers.item(now=now).peoples.add(other)

    assert client.get("/peoples/mot/").status_code == 200
    assert client.get("/peoples/hai/").status_code == 200


def test_an_address_that_told_a_hidden_name_leads_nowhere(now: datetime) -> None:
    people = made(People(slug="moi-cao", names=of(vi="Ba Na"), hidden_variants=of(vi="Mọi Cao")), now)

    people.slug = "ba-na"
    made(people, now)

    assert not FormerAddress.objects.exists()


def test_an_old_address_that_tells_what_is_hidden_since_is_forgotten(now: datetime) -> None:
    people = made(People(slug="moi-cao", names=of(vi="Mọi Cao")), now)
    people.slug = "ba-na"
    made(people, now)
    assert FormerAddress.objects.filter(slug="moi-cao").exists()

    people.names, people.hidden_variants = of(vi="Ba Na"), of(vi="Mọi Cao")
    made(people, now)

    assert not FormerAddress.objects.exists()


# --- Rights, refusals, and coming back -------------------------------------------------------------------------------------


def test_merging_takes_both_rights_and_leaves_two_entries(now: datetime) -> None:
    goes, stays = made(People(slug="mot", names=[]), now), made(People(slug="hai", names=[]), now)

    with pytest.raises(NotAllowed):
        merge_authorities(goes, stays, actor=staff("bien_muc", "Cataloguer"), now=now)
    merge(goes, stays, now, actor=staff("cong_bo", "Publisher"))

    told = AuditEntry.objects.filter(verb="merge_people").values_list("target_pid", flat=True)
    assert sorted(told) == ["hai", "mot"]


def test_places_of_what_is_published_are_merged_by_who_may_publish(now: datetime) -> None:
    goes, stays = place("mot", now), place("hai", now)
    ItemPlace.objects.create(item=makers.item(now=now), place=goes)
    clerk = staff("dia_danh", is_superuser=False)
    clerk.user_permissions.set(_rights("change_place", "delete_place", "change_item"))

    with pytest.raises(ActionRefused, match="places_shown"):
        merge_authorities(goes, stays, actor=clerk, now=now)
    assert Place.objects.filter(pk=goes.pk).exists()


def _rights(*names: str) -> Any:
    return Permission.objects.filter(codename__in=names, content_type__app_label="archive")


def test_nothing_is_merged_into_itself_or_another_kind(now: datetime) -> None:
    people, subject = made(People(slug="mot", names=[]), now), made(Subject(slug="mot", names=[]), now)

    for other in (people, subject):
        with pytest.raises(ActionRefused, match="merge_itself"):
            merge_authorities(people, other, actor=None, now=now)


def test_what_is_used_is_not_deleted_whoever_uses_it(now: datetime) -> None:
    people, above = made(People(slug="mot", names=[]), now), made(People(slug="tren", names=[]), now)
    agent, wide = made(Agent(slug="a", names=of(vi="A")), now), made(Subject(slug="s", names=[]), now)
    made(People(slug="duoi", names=[], parent=above), now)
    made(Subject(slug="n", names=[]), now).broader.add(wide)
    makers.item(now=now, access=policy.NOBODY).peoples.add(people)
    ConsentRecord.objects.create(agent=agent, scopes=["view"], method="paper", given_on=now.date(), recorded_at=now)

    for record in (people, above, agent, wide):
        assert uses_of(record).is_used
        with pytest.raises(ActionRefused, match="in_use"):
            delete_authority(record, actor=None, now=now)


def test_a_deleted_authority_comes_back_under_its_key(now: datetime) -> None:
    spring = place("giot-nuoc", now, "Giọt nước", latitude="14.3500", longitude="108.0100")
    PlaceCode.objects.create(place=spring, scheme="own", code="1")
    recording.record(spring, "change", actor=None, now=now)
    before, key = snapshots.of(spring), spring.pk

    delete_authority(spring, actor=None, now=now)
    last = Revision.objects.get(kind="place", key=str(key), verb="delete")
    place("giot-nuoc", now, "Khác")
    record, done = revive_authority(last, actor=None, now=now)

    assert record.pk == key
    assert snapshots.differing(before, snapshots.of(record)) == ["slug"]
    assert [one.part for one in done.left] == ["slug"]
    assert is_told_rightly(record)
    with pytest.raises(ActionRefused, match="gone"):
        revive_authority(last, actor=None, now=now)


def test_an_item_restored_from_before_a_merge_names_the_one_that_stayed(now: datetime) -> None:
    goes, stays = made(People(slug="mot", names=of(vi="Một")), now), made(People(slug="hai", names=of(vi="Hai")), now)
    item = makers.item(now=now, publish=False)
    item.peoples.add(goes)
    recording.record(item, "change", actor=None, now=now)
    merge(goes, stays, now)
    item.refresh_from_db()
    item.peoples.clear()

    revision = recording.revisions_of("item", item.pid).get(number=2)
    done = restore_item(item, revision, read_version=item.version, actor=None, now=now)

    assert list(item.peoples.all()) == [stays]
    assert done.left == ()


def test_publishing_and_merging_hold_rows_in_one_order(now: datetime) -> None:
    goes, stays = made(People(slug="mot", names=[]), now), made(People(slug="hai", names=[]), now)
    item = makers.item(now=now, publish=False)
    item.peoples.add(goes)

    merge(goes, stays, now)
    item.refresh_from_db()

    assert publish_item(item, actor=None, now=now).peoples.get() == stays


# --- What is kept back -----------------------------------------------------------------------------------------------------


def test_what_is_kept_from_readers_of_published_items_is_told_by_who_may_publish(now: datetime) -> None:
    spring = place("giot-nuoc", now, "Giọt nước", precision="hidden")
    agent = made(Agent(slug="a-brol", names=of(vi="A Brol"), name_is_withheld=True), now)
    item = makers.item(now=now)
    ItemPlace.objects.create(item=item, place=spring)
    ItemAgent.objects.create(item=item, agent=agent)
    cataloguer, publisher = staff("bien_muc", "Cataloguer"), staff("cong_bo", "Publisher", "Cataloguer")

    def tell(record: Any, actor: Any, **columns: Any) -> None:
        record.refresh_from_db()
        for name, value in columns.items():
            setattr(record, name, value)
        save_authority(record, save=record.save, read_version=record.version, actor=actor, now=now)

    with pytest.raises(ActionRefused, match="places_shown"):
        tell(spring, cataloguer, precision="province")
    with pytest.raises(ActionRefused, match="name_withheld"):
        tell(agent, cataloguer, name_is_withheld=False)
    spring.refresh_from_db()
    agent.refresh_from_db()
    assert (spring.precision, agent.name_is_withheld) == ("hidden", True)
    tell(spring, publisher, precision="province")
    tell(spring, cataloguer, precision="hidden")  # closing takes no more than describing
    tell(agent, publisher, name_is_withheld=False)
