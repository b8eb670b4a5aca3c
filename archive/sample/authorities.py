"""The rows that sample items point at: peoples, agents, subjects, collections and places, found or made."""

from __future__ import annotations

from datetime import date
from typing import TypeVar

from archive import administrative_units, gazetteer, languages
from archive.models import (
    Agent,
    Collection,
    Item,
    ItemAgent,
    ItemPlace,
    People,
    Place,
    PlaceName,
    PlaceParent,
    PlaceSuccession,
    Subject,
)
from archive.models.authority import Authority
from archive.sample import catalogue
from archive.sample.catalogue import SampleItem, Spot

Heading = TypeVar("Heading", bound=Authority)


def describe(item: Item, sample: SampleItem) -> None:
    """Gives a new item everything that it points at. Call in the transaction that made it."""
    item.peoples.set([_people(name) for name in sample.peoples])
    item.subjects.set([_found(Subject, administrative_units.slug(name), vi=name) for name in sample.subjects])
    item.collections.set([_collection(slug) for slug in sample.collections])
    for position, creator in enumerate(sample.creators):
        agent = _found(Agent, administrative_units.slug(creator.name_vi)[:80], vi=creator.name_vi, en=creator.name_en)
        if agent.kind != creator.kind:
            agent.kind = creator.kind
            agent.save(update_fields=["kind"])
        ItemAgent.objects.get_or_create(item=item, agent=agent, role=creator.role, defaults={"position": position})
    _locate(item, sample.spot)


def _found(model: type[Heading], slug: str, **names: str) -> Heading:
    """The row of that address part. One that the library had before stays the library's, as it is."""
    row, _ = model._default_manager.get_or_create(
        slug=slug[:80], defaults={"names": languages.of(**names), "is_sample": True}
    )
    return row


def _people(name: str) -> People:
    row = next(row for row in catalogue.headings("peoples") if row["vi"] == name)
    people = _found(People, row["slug"], vi=row["vi"], en=row["en"])
    if people.is_sample and not people.variants:
        people.variants = [{"lang": "vi", "value": variant} for variant in row["variants"]]
        people.save(update_fields=["variants"])
    return people


def _collection(slug: str) -> Collection:
    row = next(row for row in catalogue.headings("collections") if row["slug"] == slug)
    titles = {"vi": f"[Mẫu] {row['vi']}", "en": f"[Sample] {row['en']}"}
    collection = _found(Collection, f"mau-{slug}", **titles)
    if collection.is_sample and not collection.descriptions:
        collection.descriptions = languages.of(vi=row["about_vi"], en=row["about_en"])
        collection.save(update_fields=["descriptions"])
    return collection


def _locate(item: Item, spot: Spot) -> None:
    """Ties the item to the narrowest place that is known and may be told; keeps how it was called then."""
    place = _place(spot)
    if place is None:
        return
    then = (spot.village, spot.commune_before or spot.commune, spot.district_before, spot.province)
    ItemPlace.objects.get_or_create(
        item=item,
        place=place,
        role=ItemPlace.PlaceRole.CREATED,
        defaults={"as_recorded": ", ".join(part for part in then if part), "precision": spot.precision},
    )


def _place(spot: Spot) -> Place | None:
    if spot.province:
        return _made(
            f"tinh-{administrative_units.slug(spot.province)}", Place.PlaceKind.PROVINCE, f"Tỉnh {spot.province}"
        )
    district = gazetteer.find(spot.district_before) if spot.district_before else None
    commune = gazetteer.find(spot.commune) if spot.commune else None
    former = (
        _former_commune(spot, district, commune)
        if spot.commune_before and spot.commune_before != spot.commune
        else None
    )
    if not spot.village:
        return commune or district
    village = _made(administrative_units.slug(spot.village), Place.PlaceKind.VILLAGE, spot.village)
    if commune is not None:
        _lies_in(village, commune, begins=administrative_units.FIRST_DAY)
    if former is not None or district is not None:
        _lies_in(village, former or district, ends=administrative_units.LAST_DAY_BEFORE)
    return village


def _former_commune(spot: Spot, district: Place | None, commune: Place | None) -> Place:
    """The commune of before 1 July 2025: the list's own, or one made for the sample where the list has not been loaded."""
    name = spot.commune_before
    listed = gazetteer.find(f"{name}, {spot.district_before}" if spot.district_before else name)
    if listed is not None and listed.valid_to is not None:
        return listed
    kind = {"Phường": Place.PlaceKind.WARD, "Thị": Place.PlaceKind.TOWN}.get(name.split()[0], Place.PlaceKind.COMMUNE)
    former = _made(
        f"{administrative_units.slug(name)}{administrative_units.UNTIL}",
        kind,
        name,
        ends=administrative_units.LAST_DAY_BEFORE,
    )
    if district is not None:
        _lies_in(former, district, ends=administrative_units.LAST_DAY_BEFORE)
    if commune is not None:
        PlaceSuccession.objects.get_or_create(
            before=former,
            after=commune,
            on_date=administrative_units.FIRST_DAY,
            defaults={"legal_basis": administrative_units.COMMUNES_LAW},
        )
    return former


def _made(slug: str, kind: str, name: str, *, ends: date | None = None) -> Place:
    place, created = Place.objects.get_or_create(
        slug=slug, defaults={"kind": kind, "valid_to": ends, "is_sample": True}
    )
    if created:
        PlaceName.objects.create(place=place, text=name, valid_to=ends)
        for other in administrative_units.spellings(name):
            PlaceName.objects.create(place=place, text=other, kind=PlaceName.NameKind.VARIANT, valid_to=ends)
    return place


def _lies_in(child: Place, parent: Place | None, *, begins: date | None = None, ends: date | None = None) -> None:
    if parent is not None:
        PlaceParent.objects.get_or_create(child=child, parent=parent, defaults={"valid_from": begins, "valid_to": ends})
