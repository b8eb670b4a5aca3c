"""Hits of a search as lists show them: what a card tells of an item and no more, from one query for a whole page.

Items are read through `visible_to`, and the files whose pictures they have: nothing is told that this did not return. What else belongs to
an item is gathered into its row by its key, and the names of headings and places come from `archive.search.called`. What the rows tell is
taken apart for all of them at once, but for the texts that few look at.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Mapping, Sequence
from functools import cached_property
from typing import Any, NamedTuple

from django.db.models import Case, Subquery, TextField, When
from django.db.models.expressions import Combinable
from django.db.models.functions import Cast, Coalesce

from access.viewer import Viewer
from archive import languages, noted, stills, vocabularies, whereabouts
from archive.derived_names import PICTURE_ROLES
from archive.gathered import All, Quoted, Written, first_of
from archive.languages import LangValue
from archive.models import Agent, Item, ItemAgent, ItemFile, ItemPlace, Place
from archive.prepared import Key, PreparedTuples, Row, Tuples, known
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
# What it is tied to by keys alone: the name of the facet, and what both an item and a hit call it.
_HEADINGS = {"people": "peoples", "subject": "subjects", "collection": "collections"}
# Where in a row each of all that stands.
_TEXTS_AT = len(_PLAIN)
_TEXT_AT = {name: at for at, name in enumerate(TEXTS, _TEXTS_AT)}
_TITLES_AT, _REASONS_AT = _TEXT_AT["titles"], _TEXT_AT["restriction_reasons"]
_HEADING_AT = {name: at for at, name in enumerate(_HEADINGS, _TEXTS_AT + len(TEXTS))}
_CREDITS_AT, _PLACES_AT, _STILL_AT = (max(_HEADING_AT.values()) + after for after in (1, 2, 3))
_MADE = "master__derivatives"  # of a file
_EMPTY = frozenset({"", "[]", "null"})


class Picture(NamedTuple):
    """A still picture of a file; width and height in px, 0 where nobody knows."""

    file_pid: str
    role: str
    name: str
    width: int
    height: int


class Located(NamedTuple):
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
        place = self.place
        return self.precision if self.precision == place.precision else place.shown_within(self.precision)


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


_NO_AGENTS = Agents(())


class Hit:
    """An item that this viewer may see, as a list tells of it. `pictures` are those of its first visible file that has one, by the sizes
    that were asked for; `places` what may be shown of where it is from."""

    __slots__ = (
        "_raw",
        "_read",
        "agent_keys",
        "agents_of_page",
        "collections",
        "date_as_written",
        "date_edtf",
        "identifier",
        "is_sample",
        "kind",
        "peoples",
        "pictures",
        "pid",
        "pk",
        "places",
        "subjects",
    )
    pk: int
    pid: str
    identifier: str | None
    kind: str
    date_edtf: str
    date_as_written: str

    def __init__(self, row: Row) -> None:
        """Of a row of `_items`, whose texts nobody has taken apart yet."""
        self.pk, self.pid, self.identifier, self.kind, is_sample, self.date_edtf, self.date_as_written = row[:_TEXTS_AT]
        self.is_sample = bool(is_sample)
        self._raw = row
        self._read: dict[str, Sequence[LangValue]] = {}
        self.peoples: Sequence[Called] = ()
        self.subjects: Sequence[Called] = ()
        self.collections: Sequence[Called] = ()
        self.places: Sequence[Whereabouts] = ()
        self.agent_keys: Sequence[int] = ()
        self.agents_of_page = _NO_AGENTS
        self.pictures: Sequence[Picture] = ()

    def take_titles(self, titles: Sequence[LangValue]) -> None:
        """Take its titles, which were read with those of the whole page."""
        self._read["titles"] = titles

    def texts(self, name: str) -> Sequence[LangValue]:
        """Return the values of one of `TEXTS`."""
        raw = self._raw[_TEXT_AT[name]]
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
        raw = self._raw[_REASONS_AT]
        return raw not in _EMPTY and bool(vocabularies.warnings(json.loads(raw)))

    @property
    def agents(self) -> Sequence[Agent]:
        """Return who had a part in it, in order. One query for the first hit of a page that has any."""
        return self.agents_of_page.of(self.agent_keys) if self.agent_keys else ()


def of_keys(viewer: Viewer, keys: Collection[int], called: AllCalled, *, sizes_px: Sequence[int]) -> dict[int, Hit]:
    """Return those of these items that this viewer may see, by key. `sizes_px` are the long edges of the wanted pictures.

    One query; a second one where the first picture of a file is none after all, one or two for each kind of heading that was not `called`
    yet, and two for each level of administration where a place may not be told as it is.
    """
    noted.beside()
    rows = _ITEMS.rows(keys, viewer)
    if not rows:
        return {}
    hits = {row[0]: Hit(row) for row in rows}
    for hit, titles in zip(hits.values(), _read_all(row[_TITLES_AT] or "[]" for row in rows), strict=True):
        hit.take_titles(titles or ())
    _name(hits, rows, called)
    _credit(hits, rows)
    _place(hits, rows, called)
    _picture(viewer, hits, rows, sizes_px)
    return hits


def _items(keys: Sequence[Key], viewer: Viewer | None) -> Tuples:
    seen = known(viewer)
    # As text: most of it nobody looks at.
    told: list[Combinable] = [Cast(name, TextField()) for name in TEXTS]
    told += [All(getattr(Item, many).through, "item_id", Item, f"{name}_id") for name, many in _HEADINGS.items()]
    ordered = ("item_id", "position", "id")
    told += [
        All(ItemAgent, "item_id", Item, *ordered, "agent_id"),
        All(ItemPlace, "item_id", Item, *ordered, "place_id", "role", "as_recorded", "precision"),
        _still(seen),
    ]
    return Item.objects.visible_to(seen).filter(pk__in=keys).order_by().values_list(*_PLAIN, *told)


def _still(viewer: Viewer) -> Subquery:
    """Return of the first file that has sets of pictures the newest one of the best role: the item's key, the pid of the file, which of
    its stills was chosen, the role, and the files of the set."""
    best_first = Case(*(When(**{f"{_MADE}__role": role}, then=at) for at, role in enumerate(PICTURE_ROLES)))
    files = ItemFile.objects.visible_to(viewer).filter(**{f"{_MADE}__role__in": PICTURE_ROLES})
    told = Written(
        "item_id",
        Quoted("pid"),
        Coalesce("poster_choice", 0),
        Quoted(f"{_MADE}__role"),
        Cast(f"{_MADE}__files", TextField()),
    )
    return first_of(files.order_by("position", "pk", best_first, f"-{_MADE}__version", f"-{_MADE}__pk"), "item", told)


_ITEMS = PreparedTuples(_items)


def _read_all(texts: Iterable[str]) -> list[Any]:  # Any: JSON
    """Return what some texts of JSON say. Read as one: each by itself takes twice as long."""
    found: list[Any] = json.loads(f"[{','.join(texts)}]")
    return found


def _name(hits: Mapping[int, Hit], rows: Iterable[Row], called: AllCalled) -> None:
    for name, attribute in _HEADINGS.items():
        at = _HEADING_AT[name]
        tied = [(row[0], row[at]) for row in rows if row[at]]
        named = called.tied(name, [keys for _item, keys in tied])
        for item, keys in tied:
            setattr(hits[item], attribute, named[keys])


def _credit(hits: Mapping[int, Hit], rows: Iterable[Row]) -> None:
    credited = sorted(_read_all(row[_CREDITS_AT] for row in rows if row[_CREDITS_AT]))
    if not credited:
        return
    agents = Agents(agent for *_order, agent in credited)
    keys: dict[int, list[int]] = {}
    for item, _position, _pk, agent in credited:
        keys.setdefault(item, []).append(agent)
    for item, of_item in keys.items():
        hits[item].agent_keys, hits[item].agents_of_page = of_item, agents


def _place(hits: Mapping[int, Hit], rows: Iterable[Row], called: AllCalled) -> None:
    recorded = sorted(_read_all(row[_PLACES_AT] for row in rows if row[_PLACES_AT]))
    places = called.places(place for _item, _position, _pk, place, *_said in recorded)
    located = [
        Located(item, key, places[key], role, as_recorded, precision)
        for item, _position, _pk, key, role, as_recorded, precision in recorded
        if key in places
    ]
    for item, shown in whereabouts.of_rows(located, called.place_name).items():
        hits[item].places = shown


def _picture(viewer: Viewer, hits: Mapping[int, Hit], rows: Iterable[Row], sizes_px: Sequence[int]) -> None:
    """Give each item the pictures of the first file that has one. No query where the first set of the first file has all of them."""
    others: list[int] = []
    for item, pid, choice, role, entries in _read_all(row[_STILL_AT] for row in rows if row[_STILL_AT]):
        sets = ((role, stills.entries_of(role, choice, entries)),)
        made: list[Picture] = []
        for size in sizes_px:
            one = stills.nearest(sets, choice, size)
            if one is None:
                others.append(item)
                break
            made.append(_pictured(pid, one))
        else:
            hits[item].pictures = made
    for item, pictures in _pictures(viewer, others, sizes_px).items():
        hits[item].pictures = pictures


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
    return (
        ItemFile.objects.visible_to(known(viewer))
        .filter(item__in=items, **{f"{_MADE}__role__in": PICTURE_ROLES})
        .order_by("position", "pk", f"{_MADE}__version", f"{_MADE}__pk")
        .values_list("item_id", "pid", "poster_choice", f"{_MADE}__role", Cast(f"{_MADE}__files", TextField()))
    )


_STILLS = PreparedTuples(_stills)


def _of_file(pid: str, choice: int, made: Mapping[str, str], sizes_px: Sequence[int]) -> tuple[Picture, ...]:
    sets = [(role, stills.entries_of(role, choice, json.loads(made[role]))) for role in PICTURE_ROLES if role in made]
    found = [stills.nearest(sets, choice, size) for size in sizes_px]
    if found[0] is None:
        return ()
    return tuple(_pictured(pid, one or found[0]) for one in found)


def _pictured(pid: str, of_set: tuple[str, Entry]) -> Picture:
    role, entry = of_set
    width, height = entry.get("width"), entry.get("height")
    if type(width) is not int or type(height) is not int:
        width, height = _number(width), _number(height)
    return Picture(pid, role, str(entry["name"]), width, height)


def _number(value: Any) -> int:  # Any: JSON
    return int(value) if isinstance(value, int | float) else 0
