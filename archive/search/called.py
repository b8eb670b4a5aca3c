"""What headings and places are called and addressed, kept in this process for as long as the log of changes names none of them.

`archive.search.following` makes a new one whenever the log says that a heading or a place was changed, in any process, and every question
first reads the log if anything was written: what is kept here is never older than the question. What was not asked for before is read when
it is.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from typing import Any, Generic, TypeVar

from django.conf import settings
from django.db import connection

from archive import languages
from archive.languages import LangValue
from archive.models import Collection as GatheredIn
from archive.models import People, Place, Subject
from archive.models.authority import Authority
from archive.place_names import name_places
from archive.search.answers import Spot, Told

T = TypeVar("T")
_MODELS: Mapping[str, type[Authority]] = {"people": People, "subject": Subject, "collection": GatheredIn}
SLUGS_MOST = 4_000  # addresses that are remembered
TIED_MOST = 4_000  # texts of ties of each kind that are remembered
WIDE_KINDS = frozenset({Place.PlaceKind.PROVINCE.value, Place.PlaceKind.DISTRICT.value})
EXACT = Place.Precision.EXACT.value


class Called:
    """A people, subject or collection: its address part and its names."""

    __slots__ = ("_labels", "key", "names", "slug")

    def __init__(self, key: int, slug: str, names: Sequence[LangValue]) -> None:
        self.key, self.slug, self.names = key, slug, names
        self._labels: dict[str, str] = {}

    def label(self, language: str) -> str:
        """Return what it is called for readers of a language."""
        found = self._labels.get(language)
        if found is None:
            found = self._labels[language] = languages.pick_text(self.names, language) or self.slug
        return found

    @property
    def rank(self) -> tuple[str, int]:
        """Return where it stands among others of its kind: by address part, as `Authority` is ordered."""
        return self.slug, self.key


def _rank(one: Called) -> tuple[str, int]:
    return one.rank


class _Kept(Generic[T]):
    """Rows by their key, read once; None for one that is not there."""

    def __init__(self, read: Callable[[Collection[int]], Mapping[int, T]]) -> None:
        self._read = read
        self._rows: dict[int, T | None] = {}

    def of(self, keys: Iterable[int]) -> dict[int, T]:
        """Return those that there are of these. One query where some were not asked for before."""
        wanted = list(dict.fromkeys(keys))
        rows: Mapping[int, T | None] = self._rows
        missing = [key for key in wanted if key not in rows]
        if missing:
            found = self._read(missing)
            fresh = {key: found.get(key) for key in missing}
            if _is_certain():
                self._rows.update(fresh)
            rows = {**{key: rows[key] for key in wanted if key in rows}, **fresh}
        return {key: row for key in wanted if (row := rows[key]) is not None}


class AllCalled:
    """What all headings and places are called, as far as somebody asked."""

    def __init__(self) -> None:
        self._headings = {name: _Kept(_reader(model)) for name, model in _MODELS.items()}
        self._tied: dict[str, dict[str, Sequence[Called]]] = {name: {} for name in _MODELS}
        self._places = _Kept(_read_places)
        self._place_names: dict[int, str] = {}
        self._spots: dict[int, Spot | None] = {}
        self._keys: dict[tuple[str, str], int] = {}
        self._told: dict[tuple[str, str], dict[str, Told | None]] = {}

    def headings(self, facet: str, keys: Iterable[int]) -> dict[int, Called]:
        """Return peoples, subjects or collections by key. One query where some were not asked for before."""
        return self._headings[facet].of(keys)

    def tied(self, facet: str, gathered: Collection[str]) -> Mapping[str, Sequence[Called]]:
        """Return what each of some texts names, in the order of headings: keys of `headings` with commas between. One query where some were
        not asked for before."""
        kept = self._tied[facet]
        missing = {text for text in gathered if text not in kept}
        if not missing:
            return kept
        keys = {text: [int(key) for key in text.split(",")] for text in missing}
        rows = self.headings(facet, (key for some in keys.values() for key in some))
        fresh = {text: sorted((rows[key] for key in some if key in rows), key=_rank) for text, some in keys.items()}
        if not _is_certain() or len(kept) >= TIED_MOST:
            # Others may be reading what is kept: it grows, and is left to them as it is.
            kept = {text: kept[text] for text in gathered if text not in missing}
            if _is_certain():
                self._tied[facet] = kept
        kept.update(fresh)
        return kept

    def places(self, keys: Iterable[int]) -> dict[int, Place]:
        """Return places by key with their names, whatever may be shown of them: whoever shows one asks `Place.precision` first. Two queries
        where some were not asked for before. They are shared between requests: not to be written to."""
        return self._places.of(keys)

    def place_name(self, place: Place) -> str:
        """Return what one of `places` is called today."""
        found = self._place_names.get(place.pk)
        if found is None:
            found = self._place_names[place.pk] = place.name_on(None)
        return found

    def spot(self, place: Place) -> Spot | None:
        """Return the spot on a map of one of `places`; None where it has no coordinates or is wider than a commune."""
        if place.pk not in self._spots:
            self._spots[place.pk] = _spot(place)
        return self._spots[place.pk]

    def told(self, facet: str, language: str, values: Collection[str]) -> list[Told | None]:
        """Return headings or places by the values that the index keeps, in their order; None for one that is gone, and for a place that may
        not be shown as it is, whatever the index still knows of it. One query where some were not asked for before, two of places."""
        known = self._told.setdefault((facet, language), {})
        try:
            return list(map(known.__getitem__, values))
        except KeyError:
            missing = [value for value in values if value not in known]
        fresh = self._tell(facet, language, missing)
        if _is_certain():
            known.update(fresh)
        return [fresh[value] if value in fresh else known[value] for value in values]

    def _tell(self, facet: str, language: str, values: Collection[str]) -> dict[str, Told | None]:
        keys = [int(value) for value in values]
        told: dict[int, Told] = {}
        if facet == "place":
            for key, place in self.places(keys).items():
                if place.precision == EXACT:
                    told[key] = Told(place.slug, key, self.place_name(place), self.spot(place))
        else:
            for key, row in self.headings(facet, keys).items():
                told[key] = Told(row.slug, key, row.label(language))
        return {value: told.get(key) for value, key in zip(values, keys, strict=True)}

    def key_of(self, facet: str, slug: str) -> int | None:
        """Return the key of a heading or of a place that may be shown as it is; None where there is none. One query where it was not asked
        for before, and for what there is not."""
        found = self._keys.get((facet, slug))
        if found is None:
            rows: Any = _MODELS[facet]._default_manager if facet in _MODELS else _shown_places()
            found = rows.filter(slug=slug).values_list("pk", flat=True).first()
            if found is not None and len(self._keys) < SLUGS_MOST and _is_certain():
                self._keys[facet, slug] = found
        return found


def _spot(place: Place) -> Spot | None:
    if place.latitude is None or place.longitude is None or place.kind in WIDE_KINDS:
        return None
    return float(place.latitude), float(place.longitude)


def _is_certain() -> bool:
    """Whether what is read now may be kept: what was read within somebody's open transaction may never be committed."""
    return bool(settings.SEARCH_IN_TRANSACTIONS) or not connection.in_atomic_block


def _shown_places() -> Any:  # Any: a query set of places
    return Place.objects.filter(precision=EXACT)


def _reader(model: type[Authority]) -> Callable[[Collection[int]], Mapping[int, Called]]:
    def read(keys: Collection[int]) -> Mapping[int, Called]:
        rows = model._default_manager.filter(pk__in=keys).order_by().values_list("pk", "slug", "names")
        return {key: Called(key, slug, names) for key, slug, names in rows}

    return read


def _read_places(keys: Collection[int]) -> Mapping[int, Place]:
    places = Place.objects.filter(pk__in=keys).order_by().in_bulk()
    name_places(places.values())
    return places
