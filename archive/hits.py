"""Hits of a search as lists show them: what a card tells of an item and no more, from four queries for a whole page.

The item itself is read through `visible_to`: nothing is told that this query did not return. What belongs to it is read by its key, and the
names of headings and places come from `archive.search.called`. The texts of an item are taken apart when somebody looks at them.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from typing import Any

from django.db import connection
from django.db.models import TextField
from django.db.models.functions import Cast

from access.viewer import Viewer
from archive import languages, stills, vocabularies, whereabouts
from archive.derived_names import PICTURE_ROLES
from archive.languages import LangValue
from archive.models import Agent, Item, ItemAgent, ItemFile, ItemPlace, Place
from archive.prepared import Key, PreparedTuples, Tuples, known
from archive.search.called import AllCalled, Called
from archive.stills import Entry
from archive.whereabouts import Whereabouts

# What of an item is read besides: each a list of values in languages.
TEXTS = (
    "titles",
    "alternative_titles",
    "descriptions",
    "contents",
    "extents",
    "mediums",
    "provenances",
    "sources",
    "origin_statements",
    "restriction_reasons",
)
_PLAIN = ("pk", "pid", "identifier", "kind", "is_sample", "date_edtf", "date_as_written")
_EMPTY = frozenset({"", "[]", "null"})


@dataclass(frozen=True)
class Picture:
    """A still picture of a file; width and height in px, 0 where nobody knows."""

    file_pid: str
    role: str
    name: str
    width: int
    height: int


@dataclass(frozen=True)
class Located:
    """One place of an item as recorded."""

    item_id: int
    place_id: int
    place: Place
    role: str
    as_recorded: str
    precision: str

    @property
    def shown_precision(self) -> str:
        """Return how closely readers may learn it."""
        return self.place.shown_within(self.precision)


class Agents:
    """Those who had a part in the items of a page, read when the first of them is asked for. One query then."""

    def __init__(self, keys: Iterable[int]) -> None:
        self._keys = frozenset(keys)

    @cached_property
    def _rows(self) -> Mapping[int, Agent]:
        return Agent.objects.only("slug", "names", "name_is_withheld", "shown_as").in_bulk(self._keys)

    def of(self, keys: Iterable[int]) -> list[Agent]:
        """Return some of them in the order of the keys."""
        return [row for key in keys if (row := self._rows.get(key)) is not None]


@dataclass
class Hit:
    """An item that this viewer may see, as a list tells of it. `pictures` are those of its first visible file that has one, by the sizes
    that were asked for; `places` what may be shown of where it is from."""

    pk: int
    pid: str
    identifier: str | None
    kind: str
    is_sample: bool
    date_edtf: str
    date_as_written: str
    raw: Mapping[str, str]
    peoples: Sequence[Called] = ()
    subjects: Sequence[Called] = ()
    collections: Sequence[Called] = ()
    places: Sequence[Whereabouts] = ()
    agent_keys: Sequence[int] = ()
    agents_of_page: Agents = field(default_factory=lambda: Agents(()))
    pictures: Sequence[Picture] = ()
    _read: dict[str, Sequence[LangValue]] = field(default_factory=dict)

    def texts(self, name: str) -> Sequence[LangValue]:
        """Return the values of one of `TEXTS`."""
        raw = self.raw[name]
        if raw in _EMPTY:
            return ()
        found = self._read.get(name)
        if found is None:
            found = self._read[name] = json.loads(raw)
        return found

    @property
    def titles(self) -> Sequence[LangValue]:
        """Return its titles."""
        return self.texts("titles")

    def title_in(self, lang: str) -> str:
        """Return the title for a reader of a language, as `Item.title_in`."""
        return languages.pick_text(self.titles, lang) or self.identifier or self.pid

    @property
    def is_warned_of(self) -> bool:
        """Return whether its page warns before it shows anything: a list shows no picture of it."""
        raw = self.raw["restriction_reasons"]
        return raw not in _EMPTY and bool(vocabularies.warnings(json.loads(raw)))

    @property
    def agents(self) -> Sequence[Agent]:
        """Return who had a part in it, in order. One query for the first hit of a page that has any."""
        return self.agents_of_page.of(self.agent_keys) if self.agent_keys else ()


def of_keys(viewer: Viewer, keys: Collection[int], called: AllCalled, *, sizes_px: Sequence[int]) -> dict[int, Hit]:
    """Return those of these items that this viewer may see, by key. `sizes_px` are the long edges of the wanted pictures.

    Three queries; one or two for each kind of heading that was not `called` yet, and two for each level of administration where a place may
    not be told as it is.
    """
    hits = {hit.pk: hit for hit in _visible(viewer, keys)}
    if not hits:
        return {}
    ties = _Ties(hits)
    _name(hits, ties, called)
    _place(hits, ties, called)
    for key, pictures in _pictures(viewer, hits, sizes_px).items():
        hits[key].pictures = pictures
    return hits


def _visible(viewer: Viewer, keys: Collection[int]) -> Iterable[Hit]:
    for row in _ITEMS.rows(keys, viewer):
        pk, pid, identifier, kind, is_sample, date_edtf, as_written, *raw = row
        told = dict(zip(TEXTS, raw, strict=True))
        yield Hit(pk, pid, identifier, kind, bool(is_sample), date_edtf, as_written, told)


def _items(keys: Sequence[Key], viewer: Viewer | None) -> Tuples:
    # As text: most of it nobody looks at.
    texts = [Cast(name, TextField()) for name in TEXTS]
    return Item.objects.visible_to(known(viewer)).filter(pk__in=keys).order_by().values_list(*_PLAIN, *texts)


_ITEMS = PreparedTuples(_items)


class _Ties:
    """The keys of what items are tied to, and their places. One query."""

    def __init__(self, items: Collection[int]) -> None:
        self.headings: dict[str, list[tuple[int, int]]] = {"people": [], "subject": [], "collection": []}
        self.credits: dict[int, list[int]] = {}
        self.located: list[tuple[int, int, str, str, str]] = []
        marks = ",".join(["%s"] * len(items))
        keys = list(items)
        with connection.cursor() as cursor:
            cursor.execute(_ties_of(marks), keys * 5)
            # By kind, position and key; where all three are the same, the rows are of different tables.
            rows = sorted(cursor.fetchall())
        for _kind, _position, _pk, item, what, other, role, as_recorded, precision in rows:
            if what == "place":
                self.located.append((item, other, role, as_recorded, precision))
            elif what == "agent":
                self.credits.setdefault(item, []).append(other)
            else:
                self.headings[what].append((item, other))


@lru_cache(maxsize=200)
def _ties_of(marks: str) -> str:
    """Return the statement that reads all ties of items at once: (order, position, key), item, what, other, and of a place what is said of
    it."""
    between = (("people", Item.peoples), ("subject", Item.subjects), ("collection", Item.collections))
    parts = {tie.through._meta.db_table: f"0, 0, id, item_id, '{name}', {name}_id, '', '', ''" for name, tie in between}
    parts[ItemAgent._meta.db_table] = "1, position, id, item_id, 'agent', agent_id, '', '', ''"
    parts[ItemPlace._meta.db_table] = "2, position, id, item_id, 'place', place_id, role, as_recorded, precision"
    return " UNION ALL ".join(
        f"SELECT {columns} FROM {table} WHERE item_id IN ({marks})"  # noqa: S608  # names of our own
        for table, columns in parts.items()
    )


def _name(hits: Mapping[int, Hit], ties: _Ties, called: AllCalled) -> None:
    found: dict[str, dict[int, list[Called]]] = {}
    for name, pairs in ties.headings.items():
        rows = called.headings(name, [other for _item, other in pairs])
        of_items = found[name] = {}
        for item, other in pairs:
            if other in rows:
                of_items.setdefault(item, []).append(rows[other])
    agents = Agents(key for keys in ties.credits.values() for key in keys)
    for key, hit in hits.items():
        hit.peoples, hit.subjects, hit.collections = (
            sorted(found[name].get(key, ()), key=_rank) for name in ("people", "subject", "collection")
        )
        hit.agent_keys, hit.agents_of_page = ties.credits.get(key, ()), agents


def _rank(one: Called) -> tuple[str, int]:
    return one.rank


def _place(hits: Mapping[int, Hit], ties: _Ties, called: AllCalled) -> None:
    places = called.places(place for _item, place, *_rest in ties.located)
    located = [
        Located(item, key, places[key], role, as_recorded, precision)
        for item, key, role, as_recorded, precision in ties.located
        if key in places
    ]
    for item, shown in whereabouts.of_rows(located, called.place_name).items():
        hits[item].places = shown


def _pictures(viewer: Viewer, items: Collection[int], sizes_px: Sequence[int]) -> dict[int, Sequence[Picture]]:
    """Return of each item the pictures of the first file that has one. One query."""
    files: dict[int, dict[str, tuple[int | None, dict[str, str]]]] = {}
    for item, pid, choice, role, entries in _STILLS.rows(items, viewer):
        # Of each role the newest version comes last.
        files.setdefault(item, {}).setdefault(pid, (choice, {}))[1][role] = entries
    found: dict[int, Sequence[Picture]] = {}
    for item, of_item in files.items():
        for pid, (choice, made_of) in of_item.items():
            pictures = _of_file(pid, choice or 0, made_of, sizes_px)
            if pictures:
                found[item] = pictures
                break
    return found


def _stills(items: Sequence[Key], viewer: Viewer | None) -> Tuples:
    made = "master__derivatives"
    return (
        ItemFile.objects.visible_to(known(viewer))
        .filter(item__in=items, **{f"{made}__role__in": PICTURE_ROLES})
        .order_by("position", "pk", f"{made}__version", f"{made}__pk")
        .values_list("item_id", "pid", "poster_choice", f"{made}__role", Cast(f"{made}__files", TextField()))
    )


_STILLS = PreparedTuples(_stills)


def _of_file(pid: str, choice: int, made: Mapping[str, str], sizes_px: Sequence[int]) -> tuple[Picture, ...]:
    sets = [(role, stills.entries_of(role, choice, json.loads(made[role]))) for role in PICTURE_ROLES if role in made]
    found = [stills.nearest(sets, choice, size) for size in sizes_px]
    if found[0] is None:
        return ()
    return tuple(_picture(pid, *(one or found[0])) for one in found)


def _picture(pid: str, role: str, entry: Entry) -> Picture:
    return Picture(pid, role, str(entry["name"]), _number(entry.get("width")), _number(entry.get("height")))


def _number(value: Any) -> int:  # Any: JSON
    return int(value) if isinstance(value, int | float) else 0
