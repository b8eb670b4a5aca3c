"""The rows that sample items point at: peoples, agents, subjects, collections and places, found or made."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any, TypeVar

from django.utils import timezone

from archive import administrative_units, gazetteer, languages
from archive.actions.save_authority import save_authority
from archive.actions.save_item import save_item
from archive.models import (
    Agent,
    Collection,
    Item,
    ItemAgent,
    ItemPlace,
    ItemRelation,
    People,
    Place,
    PlaceName,
    PlaceParent,
    PlaceSuccession,
    RightsStatement,
    Subject,
)
from archive.models.authority import Authority
from archive.sample import catalogue
from archive.sample.catalogue import Creator, SampleItem, Spot

Heading = TypeVar("Heading", bound=Authority)


def describe(item: Item, sample: SampleItem) -> None:
    """Gives a new item everything that it points at. Call in the transaction that made it."""
    item.peoples.set([_people(name) for name in sample.peoples])
    item.subjects.set([_subject(name) for name in sample.subjects])
    item.collections.set([_collection(slug) for slug in sample.collections])
    for position, creator in enumerate(sample.creators):
        agent = _agent(creator)
        ItemAgent.objects.get_or_create(item=item, agent=agent, role=creator.role, defaults={"position": position})
    _locate(item, sample)


def tie(item: Item) -> None:
    """Ties a loaded item to those of the sample that are here already, from either end. Nothing is written where all ties are there."""
    samples = {sample.identifier: sample for sample in catalogue.items()}
    own = item.identifier or ""
    for sample in samples.values():
        for position, told in enumerate(sample.relations):
            other = f"{sample.identifier[:-4]}{told['to']:04}"
            if own in {sample.identifier, other}:
                _relate(sample.identifier, other, told, position)


def _relate(identifier: str, other: str, told: Mapping[str, Any], position: int) -> None:  # Any: JSON
    ends = {one.identifier: one for one in Item.objects.filter(identifier__in=(identifier, other), is_sample=True)}
    if len(ends) < 2 or ItemRelation.objects.filter(item=ends[identifier], other=ends[other]).exists():
        return
    first = ends[identifier]
    save_item(
        first,
        read_version=first.version,
        changed=(),
        actor=None,
        now=timezone.now(),
        relations=["relations"],
        relate=lambda: ItemRelation.objects.create(
            item=first, other=ends[other], kind=told["kind"], notes=told["notes"], position=position
        ),
    )


def state_rights(uri: str) -> None:
    """Makes the statement of an address for which the sample has words, unless it is there."""
    told = catalogue.descriptions()["rights"].get(uri)
    if told is not None and not RightsStatement.objects.filter(uri=uri).exists():
        _save(RightsStatement(uri=uri, is_sample=True, **told))


def _save(record: Authority | Place, then: Callable[[], object] | None = None) -> None:
    """Saves a new record by the action that keeps its history; `then` adds the rows below it."""

    def save() -> None:
        record.save()
        if then is not None:
            then()

    save_authority(record, save=save, read_version=None, actor=None, now=timezone.now())


def _found(model: type[Heading], slug: str, columns: Mapping[str, Any]) -> tuple[Heading, bool]:  # Any: JSON
    """The row of that address part, and whether it was made now. One that the library had before stays the library's, as it is."""
    known = model._default_manager.filter(slug=slug[:80]).first()
    if known is not None:
        return known, False
    return model(slug=slug[:80], is_sample=True, **columns), True


def _people(name: str) -> People:
    told = dict(catalogue.descriptions()["peoples"].get(name, {}))
    row = next((row for row in catalogue.headings("peoples") if row["vi"] == name), None)
    if row is not None:
        variants = [{"lang": "vi", "value": variant} for variant in row["variants"]]
        told |= {"slug": row["slug"], "names": languages.of(vi=row["vi"], en=row["en"]), "variants": variants}
    parent = told.pop("parent", None)
    people, is_new = _found(People, told.pop("slug"), told)
    if is_new:
        people.parent = _people(parent) if parent else None
        _save(people)
    return people


def _subject(name: str, *, with_related: bool = True) -> Subject:
    told = dict(catalogue.descriptions()["subjects"].get(name, {}))
    broader, related = told.pop("broader", ()), told.pop("related", ())
    subject, is_new = _found(Subject, administrative_units.slug(name), {"names": languages.of(vi=name), **told})
    if is_new:
        above = [_subject(one, with_related=False) for one in broader]
        _save(subject, lambda: subject.broader.set(above))
    if is_new and with_related and related:
        beside = [_subject(one, with_related=False) for one in related]
        now, version = timezone.now(), subject.version
        save_authority(subject, save=lambda: subject.related.add(*beside), read_version=version, actor=None, now=now)
    return subject


def _agent(creator: Creator) -> Agent:
    told = catalogue.descriptions()["agents"].get(creator.name_vi, {})
    names = languages.of(vi=creator.name_vi, en=creator.name_en)
    agent, is_new = _found(
        Agent, administrative_units.slug(creator.name_vi), {"names": names, "kind": creator.kind, **told}
    )
    if is_new:
        _save(agent)
    return agent


def _collection(slug: str) -> Collection:
    row = next(row for row in catalogue.headings("collections") if row["slug"] == slug)
    told = dict(catalogue.descriptions()["collections"].get(slug, {}))
    parent = told.pop("parent", None)
    names = languages.of(vi=f"[Mẫu] {row['vi']}", en=f"[Sample] {row['en']}")
    about = languages.of(vi=row["about_vi"], en=row["about_en"])
    collection, is_new = _found(Collection, f"mau-{slug}", {"names": names, "descriptions": about, **told})
    if is_new:
        collection.parent = _collection(parent) if parent else None
        _save(collection)
    return collection


def _locate(item: Item, sample: SampleItem) -> None:
    """Ties the item to the narrowest place that is known and may be told, and to others; keeps how they were called then."""
    spot, place = sample.spot, _place(sample.spot)
    if place is not None:
        then = (spot.village, spot.commune_before or spot.commune, spot.district_before, spot.province)
        ItemPlace.objects.get_or_create(
            item=item,
            place=place,
            role=ItemPlace.PlaceRole.CREATED,
            defaults={"as_recorded": ", ".join(part for part in then if part), "precision": spot.precision},
        )
    for position, told in enumerate(sample.spots, start=1):
        ItemPlace.objects.get_or_create(
            item=item,
            place=_spot(told["place"]),
            role=told["role"],
            defaults={"as_recorded": told["as_recorded"], "position": position},
        )


def _spot(slug: str) -> Place:
    told = dict(catalogue.descriptions()["spots"][slug])
    return _made(slug, told.pop("kind"), told.pop("name"), **told)


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


def _made(slug: str, kind: str, name: str, *, ends: date | None = None, **columns: Any) -> Place:  # Any: JSON
    known = Place.objects.filter(slug=slug).first()
    if known is not None:
        return known
    told = dict(catalogue.descriptions()["places"].get(name, {}))
    tag, endonym = told.pop("endonym", ("", ""))
    place = Place(slug=slug, kind=kind, valid_to=ends, is_sample=True, **told, **columns)

    def name_it() -> None:
        PlaceName.objects.create(place=place, text=name, valid_to=ends)
        for other in administrative_units.spellings(name):
            PlaceName.objects.create(place=place, text=other, kind=PlaceName.NameKind.VARIANT, valid_to=ends)
        if endonym:
            PlaceName.objects.create(place=place, text=endonym, lang=tag, kind=PlaceName.NameKind.ENDONYM)

    _save(place, name_it)
    return place


def _lies_in(child: Place, parent: Place | None, *, begins: date | None = None, ends: date | None = None) -> None:
    if parent is not None:
        PlaceParent.objects.get_or_create(child=child, parent=parent, defaults={"valid_from": begins, "valid_to": ends})
