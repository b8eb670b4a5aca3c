"""Filters of lists and searches, over items that somebody may see."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import reduce
from operator import or_
from typing import Any

from django.db.models import Q, QuerySet, TextField
from django.db.models.functions import Cast

from archive import containment
from archive.models import Item, ItemPlace, Place

_HEADINGS = (("people", Item.peoples), ("subject", Item.subjects), ("collection", Item.collections))


@dataclass(frozen=True)
class Filters:
    """What narrows a search. Slugs and codes; empty means any."""

    people: str = ""
    kind: str = ""
    language: str = ""
    place: str = ""
    subject: str = ""
    collection: str = ""
    date_from: date | None = None
    date_to: date | None = None
    community: str = ""  # its pid; only for its own page, which not everybody may know of


def narrow(items: QuerySet[Item], filters: Filters) -> QuerySet[Item]:
    """Return those of the items that pass every filter. A place finds what lies in it, however many levels down, as far as that may be
    told: no filter finds what the page of an item does not tell. An interval that is open on one side reaches every day there; what has
    no date at all none. No query by itself; four where it is narrowed to a place."""
    if filters.kind:
        items = items.filter(kind=filters.kind)
    for name, related in _HEADINGS:
        slug = getattr(filters, name)
        if slug:
            # Asked of the table between: a second look at all items takes PostgreSQL as long again.
            between: QuerySet[Any] = related.through.objects.all()  # Any: one of three models that Django makes
            items = items.filter(pk__in=between.filter(**{f"{name}__slug": slug}).values("item"))
    if filters.community:
        theirs = Item.communities.through.objects.filter(community__pid=filters.community)
        items = items.filter(pk__in=theirs.values("item"))
    if filters.place:
        items = items.filter(pk__in=_recorded_within(filters.place).values("item"))
    if filters.language:
        # JSON containment is not the same in SQLite and PostgreSQL; both write a list of tags the same way as text.
        tag = f'"{filters.language}"'
        items = items.annotate(language_tags=Cast("languages", TextField())).filter(language_tags__contains=tag)
    if filters.date_from:
        items = items.filter(Q(date_last__gte=filters.date_from) | Q(date_last=None, date_first__isnull=False))
    if filters.date_to:
        items = items.filter(Q(date_first__lte=filters.date_to) | Q(date_first=None, date_last__isnull=False))
    return items


def _recorded_within(slug: str) -> QuerySet[ItemPlace]:
    """Return the places of items that count for a place that may be shown as it is."""
    key = Place.objects.filter(slug=slug, precision=Place.Precision.EXACT).values_list("pk", flat=True).first()
    if key is None:
        return ItemPlace.objects.none()
    within = containment.read().recorded_within(key)
    recorded = (Q(precision=precision, place__in=places) for precision, places in within.items() if places)
    return ItemPlace.objects.filter(reduce(or_, recorded, Q(pk=None)))
