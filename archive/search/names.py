"""What peoples and places are called, for questions that name them otherwise than records do (domain.md 1.2)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from archive.languages import LangValue
from archive.models import People, Place, PlaceName
from archive.search.index.names import Names

Called = tuple[Sequence[str], Sequence[str]]


def read_names() -> Names:
    """Return the names of all peoples, and of all places that may be shown as they are. Two queries."""
    return Names([*_peoples(), *_places()])


def _peoples() -> Iterator[Called]:
    rows = People.objects.order_by("pk").values_list("names", "variants", "hidden_variants")
    for names, variants, hidden in rows:
        yield [*_values(names), *_values(variants)], _values(hidden)


def _places() -> Iterator[Called]:
    """Yield names of places; those that are searched and never shown only lead to the others."""
    rows = (
        PlaceName.objects.filter(place__precision=Place.Precision.EXACT)
        .order_by("place_id", "pk")
        .values_list("place_id", "text", "kind")
    )
    held: dict[int, tuple[list[str], list[str]]] = {}
    for place, text, kind in rows:
        shown, finding = held.setdefault(place, ([], []))
        (finding if kind == PlaceName.NameKind.HIDDEN else shown).append(text)
    yield from held.values()


def _values(values: Iterable[LangValue]) -> list[str]:
    return [value["value"] for value in values]
