"""Writes the administrative units of the province into the authority of places, and finds them there."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any, TypeVar

from django.db import transaction
from django.db.models import F, Model
from vietnam_provinces import Province, ProvinceCode, VietNamDivisionType

from archive.administrative_units import (
    COMMUNES_LAW,
    FIRST_DAY,
    FORMER_PROVINCES,
    LAST_DAY_BEFORE,
    PROVINCE,
    PROVINCES_LAW,
    UNTIL,
    centroid,
    former_communes,
    former_districts,
    former_slug,
    name_of,
    slug,
    spellings,
    unit_slug,
    units,
)
from archive.languages import canonical
from archive.models import Place, PlaceCode, PlaceName, PlaceParent, PlaceSuccession
from archive.search.folding import fold

SCHEME = "NSO"
KINDS = {
    VietNamDivisionType.XA: Place.PlaceKind.COMMUNE,
    VietNamDivisionType.PHUONG: Place.PlaceKind.WARD,
    VietNamDivisionType.DAC_KHU: Place.PlaceKind.SPECIAL_ZONE,
}
FORMER_KINDS = {"Xã": Place.PlaceKind.COMMUNE, "Phường": Place.PlaceKind.WARD, "Thị trấn": Place.PlaceKind.TOWN}
FOUND_BY = (PlaceName.NameKind.OFFICIAL, PlaceName.NameKind.VARIANT)

# How kinds of units are shortened in front of a name.
_SHORT = {"tp": "Thành phố", "tx": "Thị xã", "tt": "Thị trấn", "p": "Phường", "x": "Xã", "h": "Huyện", "t": "Tỉnh"}
_SHORTENED = re.compile(r"(tp|tx|tt|[pxht])\. ?(?=\S)", re.IGNORECASE)

Change = PlaceSuccession.ChangeKind
Row = Mapping[str, Any]  # Any: values of columns
Kept = TypeVar("Kept", bound=Model)


def find(name: str) -> Place | None:
    """The unit of that name, in either spelling: one of today's before a former one. None where it is not in the list.

    Units around it may follow after commas, in order or not, of today or of then: "xã Đăk Hà, huyện Tu Mơ Rông" is another commune than
    "Xã Đăk Hà", and is found only in that district. At most four queries.
    """
    wanted, *around = [_written(part) for part in name.split(",") if part.strip()] or [""]
    named = PlaceName.objects.filter(text=wanted, lang="vi", kind__in=FOUND_BY, place__is_sample=False)
    found = list(
        named.select_related("place").order_by(
            F("place__valid_to").desc(nulls_first=True), "kind", F("valid_from").desc(nulls_last=True), "pk"
        )
    )
    if not around or not found:
        return found[0].place if found else None
    names = _names_around({one.place_id for one in found})
    places = (one.place for one in found if {fold(part) for part in around} <= names[one.place_id])
    return next(places, None)


def _written(name: str) -> str:
    """The name as it is stored: "p. Kon Tum" and "phường Kon Tum" are "Phường Kon Tum"."""
    text = " ".join(canonical(name).split())
    text = (
        _SHORTENED.sub(lambda match: f"{_SHORT[match[1].lower()]} ", text, count=1) if _SHORTENED.match(text) else text
    )
    return text[:1].upper() + text[1:]


def _names_around(place_ids: set[int]) -> dict[int, set[str]]:
    """The folded names of all units that the places lay in, at any time."""
    above: dict[int, set[int]] = {pk: {pk} for pk in place_ids}
    wanted = set(place_ids)
    for _level in range(2):  # district, province
        links = list(PlaceParent.objects.filter(child_id__in=wanted).values_list("child_id", "parent_id"))
        for reached in above.values():
            reached |= {parent for child, parent in links if child in reached}
        wanted = {parent for _child, parent in links}
    every = set().union(*above.values())
    names: dict[int, set[str]] = {}
    for pk, text in PlaceName.objects.filter(place_id__in=every, kind__in=FOUND_BY).values_list("place_id", "text"):
        names.setdefault(pk, set()).add(fold(text))
    return {pk: set().union(*(names.get(one, set()) for one in reached - {pk})) for pk, reached in above.items()}


@dataclass(frozen=True)
class Unit:
    """One unit about to be written. `parents` are slugs with the first and last day of lying there."""

    slug: str
    kind: str
    name: str
    code: str
    begins: date | None = FIRST_DAY
    ends: date | None = None
    at: tuple[Decimal, Decimal] | None = None
    parents: tuple[tuple[str, date | None, date | None], ...] = ()


@dataclass(frozen=True)
class Succession:
    """What became of a unit on 1 July 2025; `before` and `after` are slugs."""

    before: str
    after: str
    kind: str
    law: str
    is_partial: bool = False


@dataclass
class Gazetteer:
    """All units of the province with what became of them, in the order in which they are written."""

    units: list[Unit] = field(default_factory=list)
    successions: list[Succession] = field(default_factory=list)


def gather() -> Gazetteer:
    """The units as plain values. No query."""
    found = Gazetteer()
    today = f"Tỉnh {Province.from_code(ProvinceCode(PROVINCE)).name}"
    provinces = {name: f"tinh-{slug(name)}{UNTIL}" for _code, name in FORMER_PROVINCES}
    for code, name in FORMER_PROVINCES:
        kind = Place.PlaceKind.PROVINCE
        found.units.append(Unit(provinces[name], kind, f"Tỉnh {name}", code, None, LAST_DAY_BEFORE))
        found.successions.append(Succession(provinces[name], slug(today), Change.MERGED_INTO, PROVINCES_LAW))
    found.units.append(Unit(slug(today), Place.PlaceKind.PROVINCE, today, str(PROVINCE)))
    communes = _gather_districts(found, provinces)
    _gather_communes(found, slug(today), communes)
    return found


def _gather_districts(found: Gazetteer, provinces: Mapping[str, str]) -> dict[int, str]:
    """Add the former districts; return the address parts of today's communes by code."""
    communes = {int(ward.code): unit_slug(ward) for ward in units()}
    for district in former_districts():
        at = slug(district.name)
        parents = ((provinces[district.province], None, LAST_DAY_BEFORE),)
        kind = Place.PlaceKind.DISTRICT
        found.units.append(
            Unit(at, kind, district.name, district.code, None, LAST_DAY_BEFORE, district.centroid, parents)
        )
        is_partial = len(district.communes) > 1
        for code in district.communes:
            # Districts were abolished; only Lý Sơn as a whole became a unit of another kind.
            what = Change.ABOLISHED if is_partial else Change.UPGRADED
            found.successions.append(Succession(at, communes[code], what, COMMUNES_LAW, is_partial))
    return communes


def _gather_communes(found: Gazetteer, province: str, communes: Mapping[int, str]) -> None:
    """Add today's communes, and the former ones. What was not changed is one place, which lay in a district and lies in the province."""
    districts = {district.code: slug(district.name) for district in former_districts()}
    kept = {int(commune.code): commune for commune in former_communes() if commune.is_unchanged}
    for ward in units():
        code = int(ward.code)
        parents: tuple[tuple[str, date | None, date | None], ...] = ((province, FIRST_DAY, None),)
        if code in kept:
            parents = ((districts[kept[code].district], None, LAST_DAY_BEFORE), *parents)
        begins = None if code in kept else FIRST_DAY
        kind = KINDS[ward.division_type]
        found.units.append(
            Unit(communes[code], kind, name_of(ward), f"{code:05}", begins, None, centroid(code), parents)
        )
    for commune in former_communes():
        if commune.is_unchanged:
            continue
        at = former_slug(commune)
        kind = next(kind for word, kind in FORMER_KINDS.items() if commune.name.startswith(word))
        parents = ((districts[commune.district], None, LAST_DAY_BEFORE),)
        found.units.append(Unit(at, kind, commune.name, commune.code, None, LAST_DAY_BEFORE, None, parents))
        what = Change.SPLIT_INTO if commune.is_divided else Change.MERGED_INTO
        for code in commune.became:
            found.successions.append(Succession(at, communes[code], what, COMMUNES_LAW, commune.is_divided))


def load() -> list[str]:
    """Writes every unit in one transaction; returns their names. Running it again changes nothing. Some twenty queries."""
    found = gather()
    with transaction.atomic():
        places = _write_places(found.units)
        _write_names(found.units, places)
        _write_rest(found, places)
    return [unit.name for unit in found.units]


def _write_places(listed: Sequence[Unit]) -> dict[str, Place]:
    wanted: dict[tuple[Any, ...], Row] = {}
    for unit in listed:
        middle = {"latitude": unit.at[0], "longitude": unit.at[1]} if unit.at else {}
        life = {"kind": unit.kind, "valid_from": unit.begins, "valid_to": unit.ends, "is_sample": False}
        wanted[(unit.slug,)] = {**life, **middle}
    held = Place.objects.filter(slug__in=[unit.slug for unit in listed])
    return {key[0]: place for key, place in _settled(Place, ("slug",), wanted, held).items()}


def _write_names(listed: Sequence[Unit], places: Mapping[str, Place]) -> None:
    """One official name for each, kept through a correction of its spelling; the other spellings beside it."""
    every = PlaceName.objects.filter(place__in=places.values(), lang="vi", kind__in=FOUND_BY).order_by("pk")
    held: dict[int, list[PlaceName]] = {}
    for name in every:
        held.setdefault(name.place_id, []).append(name)
    new, changed = [], []
    for unit in listed:
        place = places[unit.slug]
        known = held.get(place.pk, [])
        official = [name for name in known if name.kind == PlaceName.NameKind.OFFICIAL]
        same = [name for name in official if name.text == unit.name] or official
        wanted = {"text": unit.name, "valid_from": unit.begins, "valid_to": unit.ends}
        if not same:
            new.append(PlaceName(place=place, kind=PlaceName.NameKind.OFFICIAL, lang="vi", **wanted))
        elif _changed(same[0], wanted):
            changed.append(same[0])
        variants = {name.text for name in known if name.kind == PlaceName.NameKind.VARIANT}
        new += [
            PlaceName(place=place, kind=PlaceName.NameKind.VARIANT, lang="vi", text=other)
            for other in spellings(unit.name)
            if other not in variants
        ]
    PlaceName.objects.bulk_create(new, batch_size=500)
    PlaceName.objects.bulk_update(changed, ["text", "valid_from", "valid_to"], batch_size=200)


def _write_rest(found: Gazetteer, places: Mapping[str, Place]) -> None:
    """Codes, parents and successions."""
    codes: dict[tuple[Any, ...], Row] = {}
    parents: dict[tuple[Any, ...], Row] = {}
    for unit in found.units:
        codes[(places[unit.slug].pk, SCHEME, unit.code)] = {"valid_from": unit.begins, "valid_to": unit.ends}
        for parent, begins, ends in unit.parents:
            parents[(places[unit.slug].pk, places[parent].pk)] = {"valid_from": begins, "valid_to": ends}
    successions: dict[tuple[Any, ...], Row] = {
        (places[one.before].pk, places[one.after].pk, FIRST_DAY): {
            "kind": one.kind,
            "legal_basis": one.law,
            "is_partial": one.is_partial,
        }
        for one in found.successions
    }
    own = list(places.values())
    _settled(PlaceCode, ("place_id", "scheme", "code"), codes, PlaceCode.objects.filter(place__in=own))
    _settled(PlaceParent, ("child_id", "parent_id"), parents, PlaceParent.objects.filter(child__in=own))
    keys = ("before_id", "after_id", "on_date")
    _settled(PlaceSuccession, keys, successions, PlaceSuccession.objects.filter(before__in=own))


def _settled(
    model: type[Kept], key: tuple[str, ...], wanted: Mapping[tuple[Any, ...], Row], held: Iterable[Kept]
) -> dict[tuple[Any, ...], Kept]:
    """Makes the rows be as wanted, by their key: new ones in bulk, those that differ rewritten. Rows of other keys stay."""
    rows: dict[tuple[Any, ...], Kept] = {}
    for row in held:
        rows.setdefault(tuple(getattr(row, name) for name in key), row)
    new = {at: model(**dict(zip(key, at, strict=True)), **values) for at, values in wanted.items() if at not in rows}
    model._default_manager.bulk_create(new.values(), batch_size=500)
    changed = [row for at, row in rows.items() if at in wanted and _changed(row, wanted[at])]
    if changed:
        model._default_manager.bulk_update(
            changed, sorted({name for at in wanted for name in wanted[at]}), batch_size=200
        )
    return {at: new.get(at) or rows[at] for at in wanted}


def _changed(row: Model, wanted: Row) -> bool:
    """Writes the values on the row; returns whether one was another."""
    differing = [name for name, value in wanted.items() if getattr(row, name) != value]
    for name in differing:
        setattr(row, name, wanted[name])
    return bool(differing)
