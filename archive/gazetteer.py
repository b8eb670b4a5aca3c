"""The administrative units of the province, before and after 1 July 2025, written into the authority of places.

Today's communes, wards and the special zone come from the `vietnam-provinces` package. It holds nothing older, so the
former provinces and districts, and which of today's units lie in them, are kept in gazetteer.json beside this module
(source: the state's code list of administrative units; a unit that was drawn from two districts is named in both).
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cache
from pathlib import Path

from django.db import transaction
from django.db.models import F
from vietnam_provinces import Province, ProvinceCode, VietNamDivisionType, Ward

from archive.languages import canonical
from archive.models import Place, PlaceCode, PlaceName, PlaceParent, PlaceSuccession
from archive.search.folding import fold

PROVINCE = ProvinceCode.P_51
LAST_DAY_BEFORE, FIRST_DAY = date(2025, 6, 30), date(2025, 7, 1)
PROVINCES_LAW = "Nghị quyết 202/2025/QH15"
COMMUNES_LAW = "Nghị quyết 1677/NQ-UBTVQH15"
SCHEME = "NSO"
FORMER_PROVINCES = (("51", "Quảng Ngãi"), ("62", "Kon Tum"))

# Where the package's spelling is not that of the law.
CORRECTED = {23302: "Phường Đăk Bla"}
KINDS = {
    VietNamDivisionType.XA: Place.PlaceKind.COMMUNE,
    VietNamDivisionType.PHUONG: Place.PlaceKind.WARD,
    VietNamDivisionType.DAC_KHU: Place.PlaceKind.SPECIAL_ZONE,
}


@dataclass(frozen=True)
class FormerDistrict:
    """A district that ended on 30 June 2025, and the codes of today's units that lie in it, whole or in part."""

    code: str
    name: str
    province: str
    communes: tuple[int, ...]
    centroid: tuple[Decimal, Decimal] | None


@cache
def _file() -> dict[str, object]:
    data: dict[str, object] = json.loads(Path(__file__).with_suffix(".json").read_text(encoding="utf-8"))
    return data


def former_districts() -> tuple[FormerDistrict, ...]:
    """The 23 districts, towns and cities of the two former provinces."""
    rows = _file()["former_districts"]
    assert isinstance(rows, list)  # noqa: S101 (our own file)
    return tuple(
        FormerDistrict(
            code=row["code"],
            name=row["name"],
            province=row["province"],
            communes=tuple(row["communes"]),
            centroid=(Decimal(row["lat"]), Decimal(row["lon"])) if "lat" in row else None,
        )
        for row in rows
    )


def centroid(code: int) -> tuple[Decimal, Decimal] | None:
    """The middle of one of today's units (degrees), where we know it."""
    known = _file()["centroids"]
    assert isinstance(known, dict)  # noqa: S101 (our own file)
    pair = known.get(str(code))
    return (Decimal(pair[0]), Decimal(pair[1])) if pair else None


def units() -> list[Ward]:
    """Today's communes, wards and special zone of the province, by code."""
    return sorted(Ward.iter_by_province(PROVINCE), key=lambda ward: int(ward.code))


def name_of(ward: Ward) -> str:
    """The unit's official name, kind included."""
    return canonical(CORRECTED.get(int(ward.code), ward.name))


@cache
def _shared_slugs() -> frozenset[str]:
    """Address parts that several units would have: Ba Tơ and Ba Tô, Sơn Hà and Sơn Hạ. Those get their code as well."""
    counted = Counter(slug(name_of(ward)) for ward in units())
    return frozenset(part for part, count in counted.items() if count > 1)


def unit_slug(ward: Ward) -> str:
    """The address part of one of today's units."""
    part = slug(name_of(ward))
    return f"{part}-{int(ward.code)}" if part in _shared_slugs() else part


def find(name: str) -> Place | None:
    """The unit of that name, in either spelling: one of today's before a former one. None where it is not in the list."""
    named = PlaceName.objects.filter(text=canonical(name), lang="vi", place__is_sample=False)
    found = named.select_related("place").order_by("kind", F("valid_from").desc(nulls_last=True), "pk").first()
    return found.place if found else None


def slug(name: str) -> str:
    """An address part of a Vietnamese name: "Xã Đăk Rơ Wa" is "xa-dak-ro-wa"."""
    return fold(name).replace(" ", "-")[:100]


@dataclass(frozen=True)
class Unit:
    """One unit about to be written: from when or until when it exists follows from `former`."""

    slug: str
    kind: str
    name: str
    code: str
    former: bool
    at: tuple[Decimal, Decimal] | None = None


def load() -> Iterator[str]:
    """Writes every unit, one transaction in all, and yields each name as it is done. Running it again changes nothing."""
    with transaction.atomic():
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
            row = _write(
                Unit(slug(district.name), kind, district.name, district.code, former=True, at=district.centroid)
            )
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


def spellings(name: str) -> tuple[str, ...]:
    """The other official way of writing water and river names: districts have "Đắk", communes "Đăk"."""
    found = {name.replace("Đắk", "Đăk"), name.replace("Đăk", "Đắk")} - {name}
    return tuple(sorted(found))


def _lie_in(child: Place, parent: Place, *, former: bool) -> None:
    begins, ends = (None, LAST_DAY_BEFORE) if former else (FIRST_DAY, None)
    PlaceParent.objects.update_or_create(child=child, parent=parent, defaults={"valid_from": begins, "valid_to": ends})


def _succeed(before: Place, after: Place, *, law: str, partial: bool) -> None:
    PlaceSuccession.objects.update_or_create(
        before=before, after=after, on_date=FIRST_DAY, defaults={"legal_basis": law, "is_partial": partial}
    )
