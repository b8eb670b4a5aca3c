"""Writes the administrative units of the province into the authority of places, and finds them there."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from django.db import transaction
from django.db.models import F
from vietnam_provinces import Province, VietNamDivisionType

from archive.administrative_units import (
    COMMUNES_LAW,
    FIRST_DAY,
    FORMER_PROVINCES,
    LAST_DAY_BEFORE,
    PROVINCE,
    PROVINCES_LAW,
    centroid,
    former_districts,
    name_of,
    slug,
    spellings,
    unit_slug,
    units,
)
from archive.languages import canonical
from archive.models import Place, PlaceCode, PlaceName, PlaceParent, PlaceSuccession

SCHEME = "NSO"
KINDS = {
    VietNamDivisionType.XA: Place.PlaceKind.COMMUNE,
    VietNamDivisionType.PHUONG: Place.PlaceKind.WARD,
    VietNamDivisionType.DAC_KHU: Place.PlaceKind.SPECIAL_ZONE,
}
FOUND_BY = (PlaceName.NameKind.OFFICIAL, PlaceName.NameKind.VARIANT)


def find(name: str) -> Place | None:
    """The unit of that name, in either spelling: one of today's before a former one. None where it is not in the list."""
    named = PlaceName.objects.filter(text=canonical(name), lang="vi", kind__in=FOUND_BY, place__is_sample=False)
    found = named.select_related("place").order_by("kind", F("valid_from").desc(nulls_last=True), "pk").first()
    return found.place if found else None


@dataclass(frozen=True)
class Unit:
    """One unit about to be written: from when or until when it exists follows from `former`."""

    slug: str
    kind: str
    name: str
    code: str
    former: bool
    at: tuple[Decimal, Decimal] | None = None


def load() -> list[str]:
    """Writes every unit in one transaction; returns their names. Running it again changes nothing."""
    with transaction.atomic():
        return list(_write_all())


def _write_all() -> Iterator[str]:
    former = {}
    for old_code, name in FORMER_PROVINCES:
        unit = Unit(f"tinh-{slug(name)}-den-2025", Place.PlaceKind.PROVINCE, f"Tỉnh {name}", old_code, former=True)
        former[name] = _write(unit)
        yield unit.name
    today_name = f"Tỉnh {Province.from_code(PROVINCE).name}"
    today = _write(Unit(slug(today_name), Place.PlaceKind.PROVINCE, today_name, str(int(PROVINCE)), former=False))
    yield today_name
    for before in former.values():
        _succeed(before, today, law=PROVINCES_LAW, partial=False)
    communes = {}
    for ward in units():
        code = int(ward.code)
        communes[code] = _write(
            Unit(
                unit_slug(ward),
                KINDS[ward.division_type],
                name_of(ward),
                f"{code:05}",
                former=False,
                at=centroid(code),
            )
        )
        _lie_in(communes[code], today, former=False)
        yield name_of(ward)
    for district in former_districts():
        kind = Place.PlaceKind.DISTRICT
        row = _write(Unit(slug(district.name), kind, district.name, district.code, former=True, at=district.centroid))
        _lie_in(row, former[district.province], former=True)
        for code in district.communes:
            _succeed(row, communes[code], law=COMMUNES_LAW, partial=len(district.communes) > 1)
        yield district.name


def _write(unit: Unit) -> Place:
    begins, ends = (None, LAST_DAY_BEFORE) if unit.former else (FIRST_DAY, None)
    place, _ = Place.objects.update_or_create(
        slug=unit.slug,
        defaults={
            "kind": unit.kind,
            "valid_from": begins,
            "valid_to": ends,
            "is_sample": False,
            **({"latitude": unit.at[0], "longitude": unit.at[1]} if unit.at else {}),
        },
    )
    PlaceName.objects.update_or_create(
        place=place,
        kind=PlaceName.NameKind.OFFICIAL,
        lang="vi",
        defaults={"text": unit.name, "valid_from": begins, "valid_to": ends},
    )
    for other in spellings(unit.name):
        PlaceName.objects.get_or_create(place=place, kind=PlaceName.NameKind.VARIANT, lang="vi", text=other)
    PlaceCode.objects.update_or_create(
        place=place, scheme=SCHEME, code=unit.code, defaults={"valid_from": begins, "valid_to": ends}
    )
    return place


def _lie_in(child: Place, parent: Place, *, former: bool) -> None:
    begins, ends = (None, LAST_DAY_BEFORE) if former else (FIRST_DAY, None)
    PlaceParent.objects.update_or_create(child=child, parent=parent, defaults={"valid_from": begins, "valid_to": ends})


def _succeed(before: Place, after: Place, *, law: str, partial: bool) -> None:
    PlaceSuccession.objects.update_or_create(
        before=before, after=after, on_date=FIRST_DAY, defaults={"legal_basis": law, "is_partial": partial}
    )
