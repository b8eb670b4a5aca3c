"""The collection that queries are judged on, and the judged queries.

The collection: the sample as it is loaded, sentences and letters from the wild, and a few titles that hold what neither does."""

from __future__ import annotations

import tomllib
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from pathlib import Path
from typing import Any

from access import policy
from archive import gazetteer, languages
from archive.actions.create_item import Description, create_item
from archive.actions.move_item import publish_item
from archive.models import Item
from archive.sample import catalogue, loading
from archive.search import Filters, Sort

TABLES = Path(__file__).parent / "judged"
SENTENCES_OF_ONE, ITEMS_OF_SENTENCES = 8, 20
# What no title of the sample holds, by the identifier of its item.
OWN_TITLES = {
    "J-THUY": "Chị Thuý dệt vải",
    "J-CHAR": "Čar tơpuôl",
    "J-EDE": "Chữ ê̆ trong vần",
    "J-MYSON": "Một chuyến thăm Mỹ Sơn",
    "J-TV1": "ꪁꪲ",
    "J-TV2": "ꪁꪳ",
    "J-DA1": "Đá ong",
    "J-DA2": "Dá nia",
    "J-Y": unicodedata.normalize("NFD", "Y Brĩu kể chuyện"),
    "J-U": "Hoa văn chữ U",
    "J-O": "Làng Ô bên suối",
    "J-DRAN": "Đường lên D’Ran",
}


@dataclass(frozen=True)
class Judged:
    """One query and its right answer: the item that stands first, items among the hits on the first page, items not among them, hits that
    fit only nearly, the total, nothing at all, another spelling."""

    q: str
    filters: Filters = field(default_factory=Filters)
    sort: Sort = Sort.RELEVANCE
    first: str = ""
    has: Sequence[str] = ()
    without: Sequence[str] = ()
    near: Sequence[str] = ()
    total: int | None = None
    none: bool = False
    meant: str = ""
    table: str = ""

    def __str__(self) -> str:
        return f"{self.table}: {self.q}"


def queries() -> list[Judged]:
    """Return all judged queries, table by table."""
    return [
        _judged(row, path.stem)
        for path in sorted(TABLES.glob("*.toml"))
        for row in tomllib.loads(path.read_text(encoding="utf-8"))["query"]
    ]


def _judged(row: Mapping[str, Any], table: str) -> Judged:  # Any: TOML
    own = dict(row)
    names = ("people", "kind", "language", "place", "subject", "collection")
    chosen = {name: own.pop(name) for name in names if name in own}
    days: dict[str, Any] = {
        name: date.fromisoformat(own.pop(name)) for name in ("date_from", "date_to") if name in own
    }  # Any: as its fields
    sort = Sort(own.pop("sort", Sort.RELEVANCE.value))
    return Judged(filters=Filters(**chosen, **days), sort=sort, table=table, **own)


def load(folder: Path, *, now: datetime) -> None:
    """Make the collection; `folder` holds texts from the wild. No files: what is judged here is described."""
    gazetteer.load()
    list(loading.load(tuple(replace(sample, files=()) for sample in catalogue.items("full"))))
    for identifier, title in OWN_TITLES.items():
        _make(identifier, title, "", now=now)
    _make("J-JRA", "Chữ cái Gia Rai", letters(folder / "vietnamese" / "jra.xml"), now=now)
    for number, sentences in enumerate(told(folder)):
        _make(f"W-{number:03}", sentences[0], "\n".join(sentences[1:]), now=now)


def letters(path: Path) -> str:
    """Return the letters of Jarai as the language's own list has them, a blank between each."""
    listed = path.read_text(encoding="utf-8").partition("<exemplarCharacters>[")[2].partition("]")[0]
    return listed.replace("{", "").replace("}", "")


def told(folder: Path) -> Iterator[list[str]]:
    """Yield the sentences of each item that is made of a newspaper's."""
    lines = (folder / "vietnamese" / "vi_vtb-ud-train.conllu").read_text(encoding="utf-8").splitlines()
    sentences = [line.partition("=")[2].strip()[:300] for line in lines if line.startswith("# text")]
    for number in range(ITEMS_OF_SENTENCES):
        yield sentences[number * SENTENCES_OF_ONE : (number + 1) * SENTENCES_OF_ONE]


def _make(identifier: str, title: str, description: str, *, now: datetime) -> Item:
    described = Description(
        kind="document",
        titles=languages.of(vi=title),
        descriptions=languages.of(vi=description) if description else [],
        identifier=identifier,
    )
    return publish_item(create_item(described, actor=None, now=now, access=policy.PUBLIC), actor=None, now=now)
