"""A work counts for, and is found by, every place that holds the one where it is told to lie; whatever changes, and for nothing closer."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from random import Random

import pytest
from django.db import transaction
from django.db.models import QuerySet
from django.test import Client

from access import policy
from access.viewer import Viewer, visitor
from archive import containment, queries, ways
from archive.actions.merge_authorities import merge_authorities
from archive.models import Item, ItemPlace, Place, PlaceName, PlaceParent, PlaceSuccession
from archive.search import Filters, search
from tests.access_matrix.world import NOW, make_item
from tests.search import places_at_random
from tests.search.followed import followed

pytestmark = pytest.mark.django_db
CHANGES = 6


def place(slug: str, kind: str = "village", within: Iterable[Place] = (), **values: object) -> Place:
    made = Place.objects.create(slug=slug, kind=kind, **values)
    PlaceName.objects.create(place=made, text=slug)
    for one in within:
        PlaceParent.objects.create(child=made, parent=one)
    return made


def at(where: Place, title: str, precision: str = "exact", **named: object) -> Item:
    item = make_item(title, **named)
    ItemPlace.objects.create(item=item, place=where, precision=precision)
    return item


def anybody() -> Viewer:
    return visitor(now=NOW)


def counts() -> dict[str, int]:
    """Return what the facet of places says to a visitor."""
    facet = next(one for one in search("", Filters(), anybody()).facets if one.name == "place")
    return {value.value: value.count for value in facet.values}


def by_filter() -> dict[str, set[int]]:
    """Return what each place finds: by the index; held against the database."""
    found = {}
    for slug in Place.objects.values_list("slug", flat=True):
        by_index = {hit.pk for hit in search("", Filters(place=slug), anybody(), page_size=60).hits}
        assert by_index == {item.pk for item in queries.published_items(anybody(), Filters(place=slug))}, slug
        found[slug] = by_index
    return found


def test_a_province_counts_what_lies_three_levels_down() -> None:
    province = place("tinh", "province")
    commune = place("xa", "commune", [province])
    hamlet = place("xom", "feature", [place("lang", "village", [commune])])
    for number, where in enumerate((hamlet, hamlet, commune, province)):
        at(where, f"Gùi {number}")
    at(hamlet, "Kín", access=policy.NOBODY)

    assert counts() == {"tinh": 4, "xa": 3, "lang": 2, "xom": 2}
    assert {slug: len(found) for slug, found in by_filter().items()} == counts()


def test_the_api_and_the_feed_of_a_place_agree_with_its_page(client: Client) -> None:
    province = place("tinh", "province")
    village = place("lang", "village", [place("xa", "commune", [province])])
    item = at(village, "Gùi")
    at(village, "Rìu", "province")
    at(village, "Kín", access=policy.NOBODY)

    listed = {one["slug"]: one["item_count"] for one in client.get("/api/v1/places/").json()["results"]}
    expanded = client.get(f"/api/v1/items/{item.pid}/?expand=places").json()["included"]["places"]

    assert listed == counts() == {"tinh": 2, "xa": 1, "lang": 1}
    assert {one["slug"]: one["item_count"] for one in expanded} == {"lang": 1}
    assert client.get("/places/tinh/").status_code == client.get("/places/tinh/feed.atom").status_code == 200


def test_what_may_be_shown_only_wider_counts_only_there(client: Client) -> None:
    province = place("tinh", "province")
    former = place("xa-cu", "commune", [province], valid_to="2025-06-30")
    commune = place("xa", "commune", [province], valid_from="2025-07-01")
    PlaceSuccession.objects.create(before=former, after=commune, on_date="2025-07-01")
    PlaceSuccession.objects.create(before=place("xa-khac", "commune"), after=commune, on_date="2025-07-01")
    grove = place("rung", "feature")
    PlaceParent.objects.create(child=grove, parent=former, valid_to="2025-06-30")
    PlaceParent.objects.create(child=grove, parent=commune, valid_from="2025-07-01")
    for precision in ("commune", "province", "hidden"):
        at(grove, precision, precision)

    # Which of the units that became the commune it lay in would say more than the commune.
    assert counts() == {"xa": 1, "tinh": 2}
    assert by_filter()["rung"] == by_filter()["xa-cu"] == set()
    assert client.get("/places/rung/").status_code == client.get("/places/xa-cu/").status_code == 404

    at(grove, "exact")
    assert counts() == {"xa": 2, "tinh": 3, "rung": 1, "xa-cu": 1}
    Place.objects.filter(pk=grove.pk).update(precision="hidden")
    assert counts() == {}


def test_a_place_that_is_hidden_is_stepped_over() -> None:
    province = place("tinh", "province")
    commune = place("xa", "commune", [province], precision="hidden")
    at(place("lang", "village", [commune]), "Gùi")

    assert counts() == {"tinh": 1, "lang": 1}
    assert by_filter()["xa"] == set()


def test_moving_or_merging_a_place_moves_all_that_lies_in_it() -> None:
    one, other = place("tinh-mot", "province"), place("tinh-hai", "province")
    commune = place("xa", "commune", [one])
    twin = place("xa-trung", "commune", [other])
    at(place("lang", "village", [commune]), "Gùi")
    assert counts() == {"tinh-mot": 1, "xa": 1, "lang": 1}

    PlaceParent.objects.filter(child=commune).update(parent=other)
    assert counts() == {"tinh-hai": 1, "xa": 1, "lang": 1}

    PlaceParent.objects.filter(child=commune).update(parent=one)
    merge_authorities(commune, twin, actor=None, now=NOW, reason="")
    assert counts()["xa-trung"] == counts()["tinh-hai"] == counts()["lang"] == 1
    assert "xa" not in counts()


def of(slug: str) -> QuerySet[Place]:
    return Place.objects.filter(slug=slug)


def link(child: str) -> QuerySet[PlaceParent]:
    return PlaceParent.objects.filter(child__slug=child)


def turn(before: str) -> QuerySet[PlaceSuccession]:
    return PlaceSuccession.objects.filter(before__slug=before)


# What is written, and a place that then counts otherwise.
MOVES: dict[str, tuple[Callable[[], object], str]] = {
    "kind": (lambda: of("huyen").update(kind="commune"), "huyen"),
    "first day of a place": (lambda: of("xa-moi").update(valid_from=None), "huyen"),
    "last day of a place": (lambda: of("xa-ngoai").update(valid_to="2025-06-30"), "xa-chia"),
    "precision": (lambda: of("lang").update(precision="hidden"), "xa-cu"),
    "first day of a link": (lambda: link("xa-cu").update(valid_from="2000-01-01"), "tong"),
    "last day of a link": (lambda: link("xa-cu").update(valid_to="1980-01-01"), "tong"),
    "other parent": (lambda: link("xa-cu").update(parent=of("xa-chia").get()), "tong"),
    "other child": (lambda: link("xa-cu").update(child=of("huyen").get()), "tong"),
    "link taken off": (lambda: link("xa-cu").delete(), "tong"),
    "day of a change": (lambda: turn("huyen").update(on_date="2026-01-01"), "huyen"),
    "part of a change": (lambda: turn("xa-ngoai").update(is_partial=False), "xa-chia"),
    "what came of it": (lambda: turn("huyen").update(after=of("xa-chia").get()), "huyen"),
    "what it came of": (lambda: turn("huyen").update(before=of("tong").get()), "huyen"),
    "one more change": (
        lambda: PlaceSuccession.objects.create(before=of("tong").get(), after=of("xa-moi").get(), on_date="2025-07-01"),
        "xa-cu",
    ),
    "change taken back": (lambda: turn("huyen").delete(), "huyen"),
}


def test_every_change_of_places_that_moves_a_count_is_heard_of(monkeypatch: pytest.MonkeyPatch) -> None:
    canton = place("tong", "feature")
    former = place("xa-cu", "commune", [canton], valid_to="2025-06-30")
    PlaceParent.objects.update(valid_to="1990-01-01")
    village = place("lang")
    PlaceParent.objects.create(child=village, parent=former, valid_from="1985-01-01", valid_to="1990-01-01")
    commune = place("xa-moi", "commune", valid_from="2025-07-01")
    PlaceSuccession.objects.create(before=former, after=commune, on_date="2025-07-01")
    PlaceSuccession.objects.create(
        before=place("huyen", "district"), after=commune, on_date="2025-07-01", is_partial=True
    )
    outside, part = place("xa-ngoai", "commune"), place("xa-chia", "commune")
    hamlet = place("xom", within=[outside])
    PlaceSuccession.objects.create(before=outside, after=part, on_date="2025-07-01", is_partial=True)
    for where in (village, commune, hamlet):
        at(where, where.slug)
    unheard = {}
    for name, (write, otherwise) in MOVES.items():
        with transaction.atomic(), followed(monkeypatch) as compare:
            before = counts()
            write()
            try:
                compare()
                assert counts().get(otherwise, 0) != before.get(otherwise, 0)
            except AssertionError as error:
                unheard[name] = str(error)[:300]
            transaction.set_rollback(True)

    assert unheard == {}


@pytest.mark.parametrize("seed", range(12))
def test_index_database_and_reference_agree_whatever_is_changed(seed: int, monkeypatch: pytest.MonkeyPatch) -> None:
    chance = Random(seed)
    write(places_at_random.make(chance.randint(0, 2**32)))
    for number, where in enumerate(Place.objects.order_by("pk")):
        at(where, f"Gùi {number}", chance.choice(places_at_random.PRECISIONS))
        at(where, f"Ghè {number}")

    with followed(monkeypatch) as compare:
        for _change in range(CHANGES):
            change(chance)
            compare()
            expected = by_reference()
            assert {slug: found for slug, found in by_filter().items() if found} == expected
            assert counts() == {slug: len(found) for slug, found in expected.items()}
            keys = {str(one.pk): one.slug for one in Place.objects.all()}
            told = ways.counted(anybody(), "place").counts.get("place", {})
            shown = {keys[key]: count for key, count in told.items() if keys[key] in expected}
            assert shown == counts()


def write(world: places_at_random.World) -> None:
    keys = {}
    for unit in world.units:
        life = {"valid_from": unit.first, "valid_to": unit.last}
        keys[unit.key] = place(f"p{unit.key}", unit.kind, precision=unit.precision, **life).pk
    for link in world.links:
        ends = {"child_id": keys[link.child], "parent_id": keys[link.parent]}
        PlaceParent.objects.create(**ends, valid_from=link.first, valid_to=link.last)
    for turn in world.turns:
        ends = {"before_id": keys[turn.before], "after_id": keys[turn.after]}
        PlaceSuccession.objects.create(**ends, on_date=turn.day, is_partial=turn.is_partial)


def change(chance: Random) -> None:
    """Change something of a place, of what it lies in, of what became of it, or of where an item is."""
    keys = list(Place.objects.order_by("pk").values_list("pk", flat=True))
    one, other = chance.choice(keys), chance.choice(keys)
    places, day = Place.objects.filter(pk=one), chance.choice(places_at_random.CUTS)
    ways_to_write = (
        lambda: places.update(precision=chance.choice(places_at_random.PRECISIONS)),
        lambda: places.update(kind=chance.choice(places_at_random.KINDS)),
        lambda: places.update(valid_from=chance.choice((None, day))),
        lambda: places.update(valid_to=chance.choice((None, day))),
        lambda: one == other or PlaceParent.objects.create(child_id=one, parent_id=other),
        lambda: PlaceParent.objects.filter(child=one).exclude(child=other).update(parent=other),
        lambda: PlaceParent.objects.filter(parent=one).update(valid_to=chance.choice((None, day))),
        lambda: PlaceParent.objects.filter(parent=one).delete(),
        lambda: PlaceSuccession.objects.get_or_create(before_id=one, after_id=other, on_date=day),
        lambda: PlaceSuccession.objects.filter(before=one).update(is_partial=chance.random() < 0.5),
        lambda: PlaceSuccession.objects.filter(after=one).delete(),
        lambda: ItemPlace.objects.filter(place=one).update(precision=chance.choice(places_at_random.PRECISIONS)),
    )
    chance.choice(ways_to_write)()


def by_reference() -> dict[str, set[int]]:
    world = places_at_random.World(
        [
            containment.Unit(one.pk, one.kind, one.precision, one.valid_from, one.valid_to)
            for one in Place.objects.all()
        ],
        [
            containment.Link(one.pk, one.child_id, one.parent_id, one.valid_from, one.valid_to)
            for one in PlaceParent.objects.all()
        ],
        [
            containment.Turn(one.before_id, one.after_id, one.on_date, one.is_partial)
            for one in PlaceSuccession.objects.all()
        ],
    )
    shown = containment.Containment(world.units, world.links, world.turns)
    slugs = dict(Place.objects.values_list("pk", "slug"))
    found: dict[str, set[int]] = {}
    for row in ItemPlace.objects.filter(item__in=queries.visible_items(anybody())):
        for key in places_at_random.counted(world, shown.shown_at(row.place_id, row.precision)):
            found.setdefault(slugs[key], set()).add(row.item_id)
    return found
