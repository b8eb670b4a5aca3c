"""Sets of the searches that the library keeps for its readers."""

from __future__ import annotations

from datetime import date
from itertools import pairwise

import pytest
from django.test import Client
from django.utils import timezone

from access import policy
from archive.actions.choose_access import choose_item_access
from archive.languages import of
from archive.models import Item, ItemPlace, Place, PlaceName, PlaceParent, PlaceSuccession, SavedSearch
from archive.search import indexing
from interop.oai import keeping
from interop.oai.models import HarvestWaiting
from tests.access_matrix.world import NOW, make_item
from tests.oai.harvesters import NAMESPACE, OAI, Harvester, asked, error_of

pytestmark = pytest.mark.django_db
SET = "search:chieng"


@pytest.fixture
def gongs() -> list[Item]:
    made = [make_item("Đánh chiêng"), make_item("Chiêng cổ", kind="audio"), make_item("Nhà rông")]
    SavedSearch.objects.create(
        slug="chieng", names=of(vi="Cồng chiêng", en="Gongs"), notes=of(vi="Các bản ghi"), query="chiêng"
    )
    for item in made:
        indexing.refresh(item)
    return made


def catch_up() -> None:
    keeping.catch_up(now=timezone.now(), within_s=30)


def in_set(client: Client, **arguments: str) -> set[str]:
    harvester = Harvester(client)
    if error_of(asked(client, verb="ListRecords", metadataPrefix="oai_dc", set=SET, **arguments)) == "noRecordsMatch":
        return set()
    list(harvester.pages(set=SET, **arguments))
    return set(harvester.kept)


def test_a_saved_search_is_a_set_with_its_names(client: Client, gongs: list[Item]) -> None:
    catch_up()
    catch_up()

    root = asked(client, verb="ListSets")
    told = {one.findtext(f"{OAI}setSpec"): one for one in root.iter(f"{OAI}set")}

    assert "Cồng chiêng" in (told[SET].findtext(f"{OAI}setName") or "")
    assert "Các bản ghi" in "".join(told[SET].itertext())
    assert in_set(client) == {gongs[0].pid, gongs[1].pid}
    headers = asked(client, verb="ListIdentifiers", metadataPrefix="oai_dc")
    specs = {
        (header.findtext(f"{OAI}identifier") or "").rpartition(":")[2]: {
            one.text for one in header.iter(f"{OAI}setSpec")
        }
        for header in headers.iter(f"{OAI}header")
    }
    assert {pid for pid, each in specs.items() if SET in each} == {gongs[0].pid, gongs[1].pid}


def test_entering_and_leaving_a_search_is_news(client: Client, gongs: list[Item]) -> None:
    catch_up()
    catch_up()
    everything = Harvester(client)
    list(everything.pages())
    began = everything.began

    SavedSearch.objects.filter(slug="chieng").update(query="nhà rông", changed_at=timezone.now())
    assert in_set(client) == {gongs[2].pid}

    again = Harvester(client)
    list(again.pages(from_=began))
    assert set(again.told) == {item.pid for item in gongs}


def test_what_closes_leaves_the_set_and_a_search_that_is_not_shown_is_none(client: Client, gongs: list[Item]) -> None:
    catch_up()
    catch_up()
    choose_item_access(gongs[0], policy.STAFF, actor=None, now=NOW)

    assert in_set(client) == {gongs[1].pid}
    SavedSearch.objects.filter(slug="chieng").update(is_shown=False)
    assert in_set(client) == set()
    assert SET not in "".join(asked(client, verb="ListSets").itertext())
    nothing, unknown = (
        client.get("/oai", {"verb": "ListRecords", "metadataPrefix": "oai_dc", "set": spec}).content.replace(
            spec.encode(), b""
        )
        for spec in (SET, "search:khong-co")
    )
    assert nothing[nothing.index(b"<error") :] == unknown[unknown.index(b"<error") :]


def test_words_that_only_the_closed_say_put_nothing_into_a_set(client: Client, gongs: list[Item]) -> None:
    hidden = make_item("Chiêng kín", access=policy.NOBODY)
    indexing.refresh(hidden)
    catch_up()
    catch_up()

    assert hidden.pid not in in_set(client)
    SavedSearch.objects.filter(slug="chieng").update(query="kín", changed_at=timezone.now())
    assert in_set(client) == set()


def test_what_a_place_became_two_changes_of_units_later_is_news_of_a_search(client: Client) -> None:
    ended = [Place.objects.create(slug=f"xa-{one}", kind="commune", valid_to=date(2024, 1, 31)) for one in range(3)]
    first, second, third = ended
    last = Place.objects.create(slug="xa-nay", kind="commune")
    for place in (first, second, third, last):
        PlaceName.objects.create(place=place, text=f"Xã {place.slug}")
    for before, after in ((first, second), (second, third)):
        PlaceSuccession.objects.create(before=before, after=after, on_date=date(2024, 2, 1))
    item = make_item("Ở xã cũ nhất")
    ItemPlace.objects.create(item=item, place=first, role="created")
    indexing.refresh(item)
    SavedSearch.objects.create(slug="chieng", names=of(vi="Xã mới"), place=last.slug)
    catch_up()
    everything = Harvester(client)
    list(everything.pages())
    assert specs_told(client, item) == set()
    assert not HarvestWaiting.objects.exists()

    PlaceSuccession.objects.create(before=third, after=last, on_date=date(2024, 2, 1))
    catch_up()

    assert specs_told(client, item) == {SET}
    list(everything.pages(from_=everything.began))
    assert everything.told == [item.pid]


def specs_told(client: Client, item: Item) -> set[str]:
    """Return the searches that the record of an item says it stands in."""
    identifier = f"oai:{NAMESPACE}:{item.pid}"
    root = asked(client, verb="GetRecord", metadataPrefix="oai_dc", identifier=identifier)
    return {one.text or "" for one in root.iter(f"{OAI}setSpec") if (one.text or "").startswith("search:")}


def test_what_is_four_levels_around_an_item_is_news_of_its_record() -> None:
    places = [
        Place.objects.create(slug=f"cap-{number}", kind=kind)
        for number, kind in enumerate(("village", "village", "commune", "district", "province"))
    ]
    for place, around in pairwise(places):
        PlaceParent.objects.create(child=place, parent=around)
    names = [PlaceName.objects.create(place=place, text=place.slug) for place in places]
    item = make_item("Ở nóc")
    ItemPlace.objects.create(item=item, place=places[0], role="created")
    catch_up()
    assert not HarvestWaiting.objects.exists()

    PlaceName.objects.filter(pk=names[-1].pk).update(text="Tỉnh mới")

    assert set(HarvestWaiting.objects.values_list("item_key", flat=True)) == {item.pk}
