"""Places by what lies within them: in exhibits, and where old addresses lead, as their own pages have it."""

from __future__ import annotations

from datetime import datetime

import pytest
from django.test import Client

from access import policy
from access.viewer import visitor
from archive import former_addresses, ways
from archive.models import FormerAddress, ItemPlace, Place, PlaceName, PlaceParent
from tests.access_matrix.world import make_item
from tests.desk.conftest import signed_in, staff
from tests.desk.test_exhibits import begun, block_address, press, with_block

pytestmark = pytest.mark.django_db


def place(slug: str, name: str, kind: str = "village", within: Place | None = None, **facts: object) -> Place:
    made = Place.objects.create(slug=slug, kind=kind, **facts)
    PlaceName.objects.create(place=made, text=name, lang="vi")
    if within is not None:
        PlaceParent.objects.create(child=made, parent=within)
    return made


@pytest.fixture
def commune() -> Place:
    """Return a commune at which nothing is recorded, with a village in it at which something is."""
    made = place("xa", "Xã Măng Đen", "commune", latitude="14.5", longitude="108.2")
    ItemPlace.objects.create(item=make_item("Gùi"), place=place("lang", "Làng Kon Pring", within=made))
    return made


@pytest.fixture
def closed(commune: Place) -> Place:
    made = place("xa-kin", "Xã SECRET", "commune", latitude="14.6", longitude="108.3")
    ItemPlace.objects.create(item=make_item("Kín", access=policy.NOBODY), place=place("lang-kin", "Làng", within=made))
    return made


def test_a_map_of_an_exhibit_takes_and_shows_a_place_within_which_something_lies(commune: Place, closed: Place) -> None:
    desk = signed_in(staff("cong_bo", "Publisher"))
    exhibit = begun(desk)
    block = with_block(desk, exhibit, "map")
    found = desk.get(block_address(block), {"find": "xa"}).content.decode()
    assert "add_place:xa" in found
    assert "SECRET" not in found

    press(desk, block_address(block), "add_place:xa")
    press(desk, block_address(block), f"add_place:{closed.slug}")
    assert [piece.place for piece in block.pieces.all()] == [commune]

    preview = desk.get(f"/admin/archive/exhibit/{exhibit.pk}/preview/reader/").content.decode()
    assert "Xã Măng Đen" in preview


def test_an_old_address_leads_to_a_place_within_which_something_lies(
    commune: Place, closed: Place, now: datetime
) -> None:
    for row, old in ((commune, "xa-cu"), (closed, "xa-kin-cu")):
        FormerAddress.objects.create(kind="place", slug=old, key=str(row.pk), since=now)

    assert former_addresses.leads_to(visitor(now=now), "place", "xa-cu") == "xa"
    assert former_addresses.leads_to(visitor(now=now), "place", "xa-kin-cu") == ""
    answer = Client().get("/places/xa-cu/")
    assert (answer.status_code, answer.headers["Location"]) == (301, "/places/xa/")


def test_a_place_that_is_not_told_as_it_is_is_not_among_them(commune: Place, now: datetime) -> None:
    Place.objects.filter(pk=commune.pk).update(precision=Place.Precision.PROVINCE)

    assert not ways.told_places(visitor(now=now), [commune.pk]).exists()
