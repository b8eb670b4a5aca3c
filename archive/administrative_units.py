"""The administrative units of the province as plain values: today's, and the districts before 1 July 2025. No database.

Today's communes, wards and the special zone come from the `vietnam-provinces` package. It holds nothing older, so the
former districts, and which of today's units lie in them, are kept in administrative_units.json beside this module (source: the
state's code list of administrative units; a unit that was drawn from two districts is named in both).
"""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cache
from pathlib import Path

from vietnam_provinces import ProvinceCode, Ward

from archive.languages import canonical
from archive.search.folding import fold

PROVINCE = ProvinceCode.P_51
LAST_DAY_BEFORE, FIRST_DAY = date(2025, 6, 30), date(2025, 7, 1)
PROVINCES_LAW = "Nghị quyết 202/2025/QH15"
COMMUNES_LAW = "Nghị quyết 1677/NQ-UBTVQH15"
FORMER_PROVINCES = (("51", "Quảng Ngãi"), ("62", "Kon Tum"))
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


def slug(name: str) -> str:
    """An address part of a Vietnamese name: "Xã Đăk Rơ Wa" is "xa-dak-ro-wa"."""
    return fold(name).replace(" ", "-")[:100]


def spellings(name: str) -> tuple[str, ...]:
    """The other official way of writing water and river names: districts have "Đắk", communes "Đăk"."""
    found = {name.replace("Đắk", "Đăk"), name.replace("Đăk", "Đắk")} - {name}
    return tuple(sorted(found))
