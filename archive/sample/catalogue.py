"""The sixty items as plain values, read from catalogue.json. No database."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cache
from pathlib import Path
from typing import Any

from archive import administrative_units
from archive.sample.files import FileRecipe
from archive.sample.marks import NOTICE_EN, NOTICE_VI, PREFIX_EN, PREFIX_VI, Mark

CAPTION_KEYS = ("generator", "seed", "caption_vi", "caption_en", "role", "table")
MONTHS = (
    ("Tháng", "Việc rẫy", "Việc nhà, việc làng"),
    ("1–2", "Phát rẫy, dọn cây", "Sửa nhà, đan gùi"),
    ("3", "Phơi khô, đốt rẫy", "Lấy tranh, lấy mây"),
    ("4–5", "Chọc lỗ, trỉa hạt khi có mưa", "Gieo bông"),
    ("6–7", "Làm cỏ", "Dệt, đánh cá"),
    ("8–9", "Giữ rẫy, đuổi chim", "Chuẩn bị kho"),
    ("10–11", "Gặt, gùi lúa về kho", "Hái bông, mừng lúa mới"),
    ("12", "Nghỉ việc rẫy (ning nơng)", "Việc chung của làng, thăm nhau"),
)


@dataclass(frozen=True)
class Creator:
    """Someone who did something for an item; `role` is a MARC relator code."""

    name_vi: str
    name_en: str
    kind: str
    role: str


@dataclass(frozen=True)
class Spot:
    """Where an item comes from, as recorded then and as it is called now. Empty texts are not known or not told."""

    village: str = ""
    commune: str = ""
    commune_before: str = ""
    district_before: str = ""
    province: str = ""
    precision: str = "exact"


@dataclass(frozen=True)
class SampleFile:
    """One file of an item: its recipe and what it is to the item."""

    recipe: FileRecipe
    role: str = "main"


@dataclass(frozen=True)
class SampleItem:
    """One item of the catalogue."""

    identifier: str
    kind: str
    title_vi: str
    title_en: str
    description_vi: str
    description_en: str
    peoples: tuple[str, ...]
    languages: tuple[str, ...]
    date_edtf: str
    creators: tuple[Creator, ...]
    subjects: tuple[str, ...]
    rights_uri: str
    rights_vi: str
    rights_en: str
    access: str
    sensitivity_note: str
    collections: tuple[str, ...]
    spot: Spot
    files: tuple[SampleFile, ...]
    reasons: tuple[str, ...] = ()  # codes of archive.vocabularies.RESTRICTION_REASONS
    more: Mapping[str, Any] = field(default_factory=dict)  # Any: JSON; the rest of its columns, by their names
    relations: tuple[Mapping[str, Any], ...] = ()  # Any: JSON; "to" is the number at the end of the other's identifier
    spots: tuple[Mapping[str, str], ...] = ()  # places besides its own, by their address parts
    labels: tuple[str, ...] = ()  # of its files, in their order

    def mark(self, file: SampleFile) -> Mark:
        """What that file of this item says about itself."""
        return Mark(self.identifier, self.title_vi, ";".join(self.peoples), file.recipe.seed)

    def file_name(self, position: int) -> str:
        """The name under which the file at `position` is received."""
        extension = self.files[position].recipe.extension
        return f"mau-{self.identifier.rsplit('-', 1)[1]}-{position + 1}.{extension}"

    @property
    def is_closed(self) -> bool:
        """Whether its files are test cards."""
        return all(file.recipe.settings.get("closed") for file in self.files)

    @property
    def titles(self) -> dict[str, str]:
        """Marked titles by language."""
        return {"vi": f"{PREFIX_VI} {self.title_vi}", "en": f"{PREFIX_EN} {self.title_en}"}

    @property
    def descriptions(self) -> dict[str, str]:
        """Descriptions by language, each ending with the notice that nothing here is real."""
        return {"vi": f"{self.description_vi} {NOTICE_VI}", "en": f"{self.description_en} {NOTICE_EN}"}

    @property
    def weight(self) -> float:
        """Roughly how long its files take to make and to work on: megapixels, or seconds of film."""
        return sum(_weight(file.recipe) for file in self.files)


def _weight(recipe: FileRecipe) -> float:
    settings = recipe.settings
    if recipe.generator == "films":
        return 8.0 * int(settings["seconds"])
    if recipe.generator == "gongs":
        return int(settings["seconds"]) / 10
    if recipe.generator == "pictures":
        return int(settings["width"]) * int(settings["height"]) / 1e6
    return 4.0


def _read(name: str) -> Mapping[str, Any]:  # Any: JSON
    data: Mapping[str, Any] = json.loads(Path(__file__).with_name(name).read_text(encoding="utf-8"))
    return data


@cache
def _file() -> Mapping[str, Any]:  # Any: JSON
    return _read("catalogue.json")


@cache
def descriptions() -> Mapping[str, Mapping[str, Any]]:  # Any: JSON
    """What is told beside the catalogue: of items by identifier, of headings and places by name or address part."""
    return _read("descriptions.json")


def headings(name: str) -> list[dict[str, Any]]:  # Any: JSON
    """The "collections" or the "peoples" as they stand in the file."""
    rows: list[dict[str, Any]] = _file()[name]
    return rows


def items(size: str = "full") -> tuple[SampleItem, ...]:
    """The items in the order of loading: one of each kind first, then the rest, light ones first.

    `size` is "small" (only the first five) or "full".
    """
    every = {row["identifier"]: _item(row) for row in _file()["items"]}
    first = [every[identifier] for identifier in _file()["small"]]
    if size == "small":
        return tuple(first)
    rest = sorted(
        (item for item in every.values() if item not in first), key=lambda item: (item.weight, item.identifier)
    )
    return (*first, *rest)


def _item(row: Mapping[str, Any]) -> SampleItem:  # Any: JSON
    told = dict(descriptions()["items"].get(row["identifier"], {}))
    spot = {key: value for key, value in row["place"].items() if key not in {"lat", "lon"}}
    return SampleItem(
        identifier=row["identifier"],
        kind=row["kind"],
        title_vi=row["title"]["vi"],
        title_en=row["title"]["en"],
        description_vi=row["description"]["vi"],
        description_en=row["description"]["en"],
        peoples=tuple(told.pop("peoples", row["peoples"])),
        languages=tuple(row["languages"]),
        date_edtf=row["date"],
        creators=tuple(
            Creator(who["vi"], who["en"], who["kind"], who["role"])
            for who in (*row["creators"], *told.pop("credits", ()))
        ),
        subjects=(*row["subjects"], *told.pop("subjects", ())),
        rights_uri=told.pop("rights_uri", row["rights"]["uri"]),
        rights_vi=row["rights"]["vi"],
        rights_en=row["rights"]["en"],
        access=row["access"],
        sensitivity_note=row["sensitivity"],
        collections=tuple(row["collections"]),
        spot=Spot(**spot),
        files=tuple(_sample_file(file) for file in row["files"]),
        reasons=tuple(row.get("reasons", ())),
        relations=tuple(told.pop("relations", ())),
        spots=tuple(told.pop("located", ())),
        labels=tuple(told.pop("labels", ())),
        more=told,
    )


def _sample_file(row: Mapping[str, Any]) -> SampleFile:  # Any: JSON
    recipe = FileRecipe(
        generator=row["generator"],
        settings={key: value for key, value in row.items() if key not in CAPTION_KEYS},
        seed=row["seed"],
        caption_vi=row.get("caption_vi", ""),
        caption_en=row.get("caption_en", ""),
    )
    if "table" in row:
        recipe = replace(recipe, table=MONTHS if row["table"] == "months" else commune_table())
    return SampleFile(recipe, row.get("role", "main"))


def commune_table() -> tuple[tuple[str, ...], ...]:
    """Today's units of Quảng Ngãi with their codes and kinds: real data, from the package of administrative units."""
    rows = (
        (f"{int(ward.code):05}", administrative_units.name_of(ward), ward.division_type.value)
        for ward in administrative_units.units()
    )
    return (("Mã", "Tên từ 01/7/2025", "Loại"), *rows)
