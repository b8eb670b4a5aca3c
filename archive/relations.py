"""Ties between items as one reader may know them: read from both ends, and of hidden ends nothing, not even how many."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db.models import Q, QuerySet
from django.utils.translation import pgettext_lazy

from access.viewer import Viewer
from archive.languages import LangValue
from archive.models import Item, ItemRelation
from archive.prepared import Key, Prepared, known
from archive.querysets import seen_items

if TYPE_CHECKING:
    from django_stubs_ext import StrPromise

Kind = ItemRelation.RelationKind
# Ties that say the same from both ends.
_MUTUAL = frozenset({Kind.TELLING, Kind.RELATED})
# A book of a thousand leaves is paged through leaf by leaf, but does not stand in a thousand compounds.
_WHOLES_MOST = 3

# What the other end is to the item: of a tie that the item has, and of one that the other item has to it.
LABELS: Mapping[str, tuple[StrPromise, StrPromise]] = {
    Kind.PART: (pgettext_lazy("relation", "Parts"), pgettext_lazy("relation", "Part of")),
    Kind.TELLING: (
        pgettext_lazy("relation", "Tells the same story as"),
        pgettext_lazy("relation", "Tells the same story as"),
    ),
    Kind.VERSION: (pgettext_lazy("relation", "Other versions"), pgettext_lazy("relation", "Version of")),
    Kind.TRANSLATION: (pgettext_lazy("relation", "Translations"), pgettext_lazy("relation", "Translation of")),
    Kind.TRANSCRIPT: (pgettext_lazy("relation", "Written down in"), pgettext_lazy("relation", "Written down from")),
    Kind.FORMAT: (pgettext_lazy("relation", "Also there as"), pgettext_lazy("relation", "Made from")),
    Kind.REPLACEMENT: (pgettext_lazy("relation", "Replaced by"), pgettext_lazy("relation", "Replaces")),
    Kind.REFERENCE: (pgettext_lazy("relation", "Refers to"), pgettext_lazy("relation", "Referred to by")),
    Kind.RELATED: (pgettext_lazy("relation", "Belongs with"), pgettext_lazy("relation", "Belongs with")),
}
# The same for partners, as properties of DCMI Metadata Terms.
PROPERTIES: Mapping[str, tuple[str, str]] = {
    Kind.PART: ("dcterms:hasPart", "dcterms:isPartOf"),
    Kind.TELLING: ("dcterms:relation", "dcterms:relation"),
    Kind.VERSION: ("dcterms:hasVersion", "dcterms:isVersionOf"),
    Kind.TRANSLATION: ("dcterms:hasVersion", "dcterms:isVersionOf"),
    Kind.TRANSCRIPT: ("dcterms:hasFormat", "dcterms:isFormatOf"),
    Kind.FORMAT: ("dcterms:hasFormat", "dcterms:isFormatOf"),
    Kind.REPLACEMENT: ("dcterms:isReplacedBy", "dcterms:replaces"),
    Kind.REFERENCE: ("dcterms:references", "dcterms:isReferencedBy"),
    Kind.RELATED: ("dcterms:relation", "dcterms:relation"),
}
_ORDER = list(LABELS)


@dataclass(frozen=True)
class Tie:
    """One tie of an item, seen from it. `is_inverse`: it is kept with the other one."""

    kind: str
    is_inverse: bool
    other: Item
    notes: Sequence[LangValue]

    @property
    def label(self) -> str:
        """What the other one is to the item, in the active language."""
        return str(LABELS[self.kind][self.is_inverse])

    @property
    def dcterms(self) -> str:
        return PROPERTIES[self.kind][self.is_inverse]


@dataclass(frozen=True)
class Neighbours:
    """Where an item stands in a whole: the parts before and after it that may be seen, None at the ends."""

    whole: Item
    previous: Item | None
    next: Item | None


def _own(items: Sequence[Key], viewer: Viewer | None) -> QuerySet[ItemRelation]:
    seen = ItemRelation.objects.filter(seen_items(known(viewer), "other__"), item__in=items)
    return seen.select_related("other").order_by("position", "pk")


def _to_them(items: Sequence[Key], viewer: Viewer | None) -> QuerySet[ItemRelation]:
    seen = ItemRelation.objects.filter(seen_items(known(viewer), "item__"), other__in=items)
    return seen.select_related("item").order_by("position", "pk")


_OWN, _TO_THEM = Prepared(_own), Prepared(_to_them)


def of_items(viewer: Viewer, items: Iterable[Item]) -> dict[int, list[Tie]]:
    """Return the ties of each item (by primary key) to items that the viewer may see: by kind, parts in their order. Two queries; none for
    an item of which it was read that it has none (`archive.queries.item`)."""
    items = list(items)
    found: dict[int, list[Tie]] = {item.pk: [] for item in items}
    keys = [item.pk for item in items if getattr(item, "has_ties", True)]
    for row in _OWN.rows(keys, viewer):
        found[row.item_id].append(Tie(row.kind, is_inverse=False, other=row.other, notes=row.notes))
    for row in _TO_THEM.rows(keys, viewer):
        _add_inverse(found[row.other_id], row)
    for ties in found.values():
        ties.sort(key=lambda tie: (_ORDER.index(Kind(tie.kind)), tie.is_inverse))
    return found


def _add_inverse(ties: list[Tie], row: ItemRelation) -> None:
    """Add a tie kept with the other item, unless both keep the same one and it says the same from both ends."""
    is_there = row.kind in _MUTUAL and any((tie.kind, tie.other.pk) == (row.kind, row.item_id) for tie in ties)
    if not is_there:
        ties.append(Tie(row.kind, is_inverse=row.kind not in _MUTUAL, other=row.item, notes=row.notes))


def neighbours(viewer: Viewer, item: Item, ties: Iterable[Tie]) -> list[Neighbours]:
    """Return what stands before and after an item in each whole that it is a part of, from its ties. Three queries a whole, three wholes
    at most; hidden parts are stepped over."""
    wholes = [tie.other for tie in ties if tie.kind == Kind.PART and tie.is_inverse]
    return [_neighbours(viewer, item, whole) for whole in wholes[:_WHOLES_MOST]]


def _neighbours(viewer: Viewer, item: Item, whole: Item) -> Neighbours:
    # Its own place in the row is told to whoever reads it, also where it is read before its time: a preview of a draft.
    here = ItemRelation.objects.get(item=whole, other=item, kind=Kind.PART)
    parts = ItemRelation.objects.filter(seen_items(viewer, "other__"), item=whole, kind=Kind.PART)
    before = Q(position__lt=here.position) | Q(position=here.position, pk__lt=here.pk)
    after = Q(position__gt=here.position) | Q(position=here.position, pk__gt=here.pk)
    return Neighbours(
        whole,
        _other(parts.filter(before).order_by("-position", "-pk")),
        _other(parts.filter(after).order_by("position", "pk")),
    )


def _other(rows: QuerySet[ItemRelation]) -> Item | None:
    row = rows.select_related("other").first()
    return None if row is None else row.other
