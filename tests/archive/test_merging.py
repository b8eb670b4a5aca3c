"""Merging and deleting authorities: every tie is rewritten, nothing that was known is lost, and what must not be told is not."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import pytest

from access import policy
from access.viewer import visitor
from archive import former_addresses, search, statements
from archive.actions.delete_authority import delete_authority
from archive.actions.errors import ActionRefused
from archive.actions.merge_authorities import merge_authorities
from archive.history import recording, snapshots
from archive.languages import of
from archive.models import (
    Agent,
    Collection,
    ConsentRecord,
    FormerAddress,
    Item,
    ItemAgent,
    ItemPlace,
    People,
    PlaceCode,
    PlaceName,
    PlaceParent,
    PlaceSuccession,
    RightsStatement,
    Subject,
)
from archive.search import indexing
from archive.uses import TIES, UnknownTie, ties_to
from tests import makers
from tests.archive.headings import is_told_rightly, made, merge, place

pytestmark = pytest.mark.django_db


# --- Ties ------------------------------------------------------------------------------------------------------------------


def test_every_way_to_an_authority_is_known_and_none_is_named_that_is_not_there() -> None:
    models = [model for kind, model in snapshots.MODELS.items() if kind != "item"]
    found = {f"{source._meta.label}.{column}" for model in models for source, column, _tie in ties_to(model)}

    assert found == set(TIES)


def test_a_way_that_nobody_knows_stops_the_deletion(monkeypatch: pytest.MonkeyPatch, now: datetime) -> None:
    people = made(People(slug="ba-na", names=[]), now)
    monkeypatch.delitem(TIES, "archive.Item_peoples.people")  # type: ignore[arg-type]  # a mapping that is a dict

    with pytest.raises(UnknownTie):
        delete_authority(people, actor=None, now=now)
    assert People.objects.exists()


@pytest.mark.parametrize(
    ("model", "relation"), [(People, "peoples"), (Subject, "subjects"), (Collection, "collections")]
)
def test_items_name_the_one_that_stays_once_and_have_a_revision(model: Any, relation: str, now: datetime) -> None:
    goes, stays = made(model(slug="mot", names=of(vi="Một")), now), made(model(slug="hai", names=of(vi="Hai")), now)
    one, both, hidden = (makers.item(now=now, title=title) for title in ("a", "b", "c"))
    hidden = makers.item(now=now, title="d", access=policy.NOBODY)
    for item, named in ((one, [goes]), (both, [goes, stays]), (hidden, [goes])):
        getattr(item, relation).set(named)
        recording.record(item, "change", actor=None, now=now)
        item.refresh_from_db()

    merge(goes, stays, now, reason="trùng")

    for item in (one, both, hidden):
        before = item.version
        item.refresh_from_db()
        assert list(getattr(item, relation).all()) == [stays]
        assert item.version == before + 1
        assert is_told_rightly(item)
        assert recording.last_of(item).verb == "retie"  # type: ignore[union-attr]  # as above
    assert not model.objects.filter(pk=goes.pk).exists()
    assert is_told_rightly(stays)


def test_parts_that_people_took_and_consents_follow(now: datetime) -> None:
    goes, stays = made(Agent(slug="mot", names=of(vi="Một")), now), made(Agent(slug="hai", names=of(vi="Hai")), now)
    item = makers.item(now=now)
    for agent, role in ((goes, "sng"), (stays, "sng"), (goes, "nrt")):
        ItemAgent.objects.create(item=item, agent=agent, role=role)
    consent = ConsentRecord.objects.create(
        agent=goes, scopes=["view"], method="paper", given_on=now.date(), recorded_at=now
    )

    merge(goes, stays, now)

    consent.refresh_from_db()
    assert consent.agent == stays
    assert sorted(item.credits.values_list("agent", "role")) == [(stays.pk, "nrt"), (stays.pk, "sng")]
    assert is_told_rightly(item)


def test_the_rights_of_items_follow_and_the_old_address_is_still_understood(now: datetime) -> None:
    goes = made(RightsStatement(slug="mot", uri="http://a/", names=of(vi="Một"), requires_origin=True), now)
    stays = made(RightsStatement(slug="hai", uri="http://b/", names=of(vi="Hai")), now)
    item = makers.item(now=now)
    Item.objects.filter(pk=item.pk).update(rights=goes)

    merge(goes, stays, now)

    item.refresh_from_db()
    assert item.rights == stays
    assert stays.requires_origin
    assert statements.statement_of("http://a/") == stays
    assert is_told_rightly(item)


def test_what_lies_below_follows_and_nothing_lies_in_itself(now: datetime) -> None:
    top = made(People(slug="tren", names=[]), now)
    goes = made(People(slug="mot", names=[], parent=top), now)
    stays = made(People(slug="hai", names=[], parent=goes), now)
    below = made(People(slug="duoi", names=[], parent=goes), now)

    merge(goes, stays, now)

    below.refresh_from_db()
    assert (below.parent, stays.parent) == (stays, top)
    assert is_told_rightly(below)
    assert is_told_rightly(stays)


def test_what_lies_between_the_two_stops_the_merge(now: datetime) -> None:
    goes = made(People(slug="mot", names=[]), now)
    between = made(People(slug="giua", names=[], parent=goes), now)
    stays = made(People(slug="hai", names=[], parent=between), now)

    for one, other in ((goes, stays), (stays, goes)):
        with pytest.raises(ActionRefused, match="merge_ring"):
            merge_authorities(one, other, actor=None, now=now)
    assert People.objects.count() == 3


def test_subjects_keep_their_web(now: datetime) -> None:
    goes, stays, wide, narrow, beside = (made(Subject(slug=f"s{n}", names=[]), now) for n in range(5))
    goes.broader.add(wide)
    narrow.broader.add(goes)
    goes.related.add(beside, stays)
    stays.broader.add(goes)
    for one in (goes, stays, narrow, beside):
        recording.record(one, "change", actor=None, now=now)

    merge(goes, stays, now)

    assert list(stays.broader.all()) == [wide]
    assert list(narrow.broader.all()) == [stays]
    assert list(stays.related.all()) == [beside]
    assert list(beside.related.all()) == [stays]
    assert all(is_told_rightly(one) for one in (stays, narrow, beside))


def test_places_bring_names_codes_parents_and_what_became_of_them(now: datetime) -> None:
    goes, stays = place("mot", now, "Plei Klor"), place("hai", now, "Kon Klor", latitude="14.35", longitude="108.01")
    province, village, ward = (place(slug, now) for slug in ("tinh", "thon", "phuong"))
    PlaceName.objects.create(place=goes, text="Kon Klor", lang="vi")
    PlaceName.objects.create(place=goes, text="Làng cũ", kind="hidden")
    for one in (goes, stays):
        PlaceCode.objects.create(place=one, scheme="gso", code="123")
        PlaceParent.objects.create(child=one, parent=province)
    PlaceCode.objects.create(place=goes, scheme="gso", code="123", valid_from="2025-07-01")
    PlaceParent.objects.create(child=village, parent=goes)
    PlaceParent.objects.create(child=stays, parent=goes)
    PlaceSuccession.objects.create(before=goes, after=ward, on_date="2025-07-01")
    for one in (goes, stays, village):
        recording.record(one, "change", actor=None, now=now)
    item = makers.item(now=now)
    ItemPlace.objects.create(item=item, place=goes, as_recorded="làng Klor", precision="commune")
    ItemPlace.objects.create(item=item, place=stays, as_recorded="Kon Klor")

    merge(goes, stays, now)

    names = set(stays.names.values_list("text", "kind"))
    assert names == {("Kon Klor", "official"), ("Plei Klor", "variant"), ("Làng cũ", "hidden")}
    assert sorted(str(one) for one in stays.codes.values_list("code", flat=True)) == ["123", "123"]
    assert [one.parent for one in stays.parents.all()] == [province]
    assert [one.parent for one in village.parents.all()] == [stays]
    assert [one.after for one in stays.successors.all()] == [ward]
    (located,) = item.located.all()
    assert (located.place, located.precision, located.as_recorded) == (stays, "commune", "Kon Klor; làng Klor")
    assert all(is_told_rightly(one) for one in (stays, village, item))


# --- Names, and what must not be told --------------------------------------------------------------------------------------


def test_names_become_other_forms_and_hidden_ones_stay_hidden(now: datetime) -> None:
    goes = made(
        People(
            slug="mot",
            names=of(vi="Bahnar"),
            variants=of(fr="Banar", en="Mọi"),
            hidden_variants=of(vi="Xấu"),
            codes=[{"scheme": "iso639-3", "version": "", "code": "bdq"}],
        ),
        now,
    )
    stays = made(People(slug="hai", names=of(vi="Ba Na"), variants=of(vi="Xấu"), hidden_variants=of(en="Mọi")), now)

    merge(goes, stays, now)

    assert stays.names == of(vi="Ba Na")
    assert {one["value"] for one in stays.variants} == {"Bahnar", "Banar"}
    assert {one["value"] for one in stays.hidden_variants} == {"Mọi", "Xấu"}
    assert stays.codes == [{"scheme": "iso639-3", "version": "", "code": "bdq"}]


def test_a_name_that_must_not_be_spoken_keeps_its_switch_and_leads_nowhere(now: datetime) -> None:
    goes = made(Agent(slug="a-brol", names=of(vi="A Brol"), name_is_withheld=True, shown_as=of(vi="Nghệ nhân")), now)
    stays = made(Agent(slug="b", names=of(vi="B")), now)

    merge(goes, stays, now)

    assert stays.name_is_withheld
    assert stays.shown_as == of(vi="Nghệ nhân")
    assert not FormerAddress.objects.exists()


def test_the_stricter_of_two_places_holds_and_a_hidden_one_leads_nowhere(now: datetime) -> None:
    goes, stays = place("giot-nuoc-thieng", now, "Giọt nước", precision="hidden"), place("giot-nuoc", now, "Giọt nước")
    item = makers.item(now=now)
    ItemPlace.objects.create(item=item, place=stays)
    assert former_addresses.READ["place"](visitor(now=now)).exists()

    merge(goes, stays, now)

    assert stays.precision == "hidden"
    assert former_addresses.leads_to(visitor(now=now), "place", "giot-nuoc-thieng") == ""


def test_items_are_found_by_the_names_of_both(django_capture_on_commit_callbacks: Any, now: datetime) -> None:
    goes, stays = (
        made(People(slug="mot", names=of(vi="Rơ Ngao")), now),
        made(People(slug="hai", names=of(vi="Ba Na")), now),
    )
    item = makers.item(now=now, title="Gùi")
    item.peoples.add(goes)

    with django_capture_on_commit_callbacks(execute=True):
        merge(goes, stays, now)

    for words in ("ro ngao", "ba na"):
        assert search.search(words, search.Filters(), visitor(now=now), page_size=5, facets=()).total == 1, words


def found(words: str, now: datetime) -> int:
    return search.search(words, search.Filters(), visitor(now=now), page_size=5, facets=()).total


def test_what_is_withheld_by_a_merge_is_not_found_by_either_name(
    django_capture_on_commit_callbacks: Any, now: datetime
) -> None:
    goes = made(Agent(slug="b", names=of(vi="Y Blim"), name_is_withheld=True), now)
    stays = made(Agent(slug="a", names=of(vi="A Brol")), now)
    item = makers.item(now=now, title="Gùi")
    ItemAgent.objects.create(item=item, agent=stays, role="prf")
    indexing.refresh(item)
    assert found("a brol", now) == 1

    with django_capture_on_commit_callbacks(execute=True):
        merge(goes, stays, now)

    assert stays.name_is_withheld
    assert (found("a brol", now), found("y blim", now), found("gui", now)) == (0, 0, 1)


def test_a_place_that_is_hidden_is_not_found_by_its_name_any_more(
    django_capture_on_commit_callbacks: Any, now: datetime
) -> None:
    spring = place("giot-nuoc", now, "Giọt nước Kon Rẫy")
    item = makers.item(now=now, title="Gùi")
    ItemPlace.objects.create(item=item, place=spring)
    indexing.refresh(item)
    assert found("kon ray", now) == 1

    spring.precision = "hidden"
    with django_capture_on_commit_callbacks(execute=True):
        made(spring, now)

    assert found("kon ray", now) == 0
