"""The administrative units of the province as plain values: today's, and those before 1 July 2025. No database.

Today's communes, wards and the special zone come from the `vietnam-provinces` package. It holds nothing older, so the former districts, and
which of today's units lie in them, are kept in administrative_units.json beside this module; the former communes, wards and townships in
former_communes.json: by district, each a code, a name, and the codes of today's units that it went into. Source of both is the state's code
list of administrative units; a unit that was drawn from two districts is named in both. A code says nothing without a day: 90 codes of
former units belong to another unit today.
"""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from archive.languages import canonical
from archive.search.folding import fold

if TYPE_CHECKING:
    from vietnam_provinces import Ward

PROVINCE = 51
LAST_DAY_BEFORE, FIRST_DAY = date(2025, 6, 30), date(2025, 7, 1)
PROVINCES_LAW = "Nghị quyết 202/2025/QH15"
COMMUNES_LAW = "Nghị quyết 1677/NQ-UBTVQH15"
FORMER_PROVINCES = (("51", "Quảng Ngãi"), ("62", "Kon Tum"))
# What ends the address part of a former unit.
UNTIL = "-den-2025"
# Where the package's spelling is not that of the law.
CORRECTED = {23302: "Phường Đăk Bla"}


@dataclass(frozen=True)
class FormerDistrict:
    """A district that ended on 30 June 2025, and the codes of today's units that lie in it, whole or in part."""

    code: str
    name: str
    province: str
    communes: tuple[int, ...]
    centroid: tuple[Decimal, Decimal] | None


@dataclass(frozen=True)
class FormerCommune:
    """A commune, ward or township before 1 July 2025. With several codes in `became` it was divided; with its own it is the same today."""

    code: str
    name: str
    district: str
    became: tuple[int, ...]
    is_unchanged: bool

    @property
    def is_divided(self) -> bool:
        return len(self.became) > 1


@cache
def former_communes() -> tuple[FormerCommune, ...]:
    """The 272 communes, wards and townships of the two former provinces. Five of them are what they were."""
    path = Path(__file__).with_name("former_communes.json")
    districts: dict[str, list[list[str | int]]] = json.loads(path.read_text(encoding="utf-8"))
    kept = {(int(ward.code), name_of(ward)) for ward in units()}
    drawn = Counter(int(code) for rows in districts.values() for row in rows for code in row[2:])
    found = []
    for district, rows in districts.items():
        for code, name, *after in rows:
            became = tuple(int(one) for one in after)
            alone = became == (int(code),) and drawn[int(code)] == 1
            found.append(
                FormerCommune(
                    code=str(code),
                    name=canonical(str(name)),
                    district=district,
                    became=became,
                    is_unchanged=alone and (int(code), canonical(str(name))) in kept,
                )
            )
    return tuple(found)


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
    from vietnam_provinces import ProvinceCode, Ward  # noqa: PLC0415  # a table of all the country, for who asks for units

    return sorted(Ward.iter_by_province(ProvinceCode(PROVINCE)), key=lambda ward: int(ward.code))


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


@cache
def _shared_former_slugs() -> frozenset[str]:
    """Address parts that several former units would have: two wards were called Nguyễn Nghiêm."""
    counted = Counter(slug(commune.name) for commune in former_communes() if not commune.is_unchanged)
    return frozenset(part for part, count in counted.items() if count > 1)


def former_slug(commune: FormerCommune) -> str:
    """The address part of a former commune, ward or township, that none of today's units has."""
    part = slug(commune.name)
    return f"{part}-{commune.code}{UNTIL}" if part in _shared_former_slugs() else f"{part}{UNTIL}"


def slug(name: str) -> str:
    """An address part of a Vietnamese name: "Xã Đăk Rơ Wa" is "xa-dak-ro-wa"."""
    return fold(name).replace(" ", "-")[:100]


def spellings(name: str) -> tuple[str, ...]:
    """The other official way of writing water and river names: districts have "Đắk", communes "Đăk"."""
    found = {name.replace("Đắk", "Đăk"), name.replace("Đăk", "Đắk")} - {name}
    return tuple(sorted(found))
