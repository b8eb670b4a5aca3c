"""Filters of lists and searches, over items that somebody may see."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Q, QuerySet, TextField
from django.db.models.functions import Cast

from archive.models import Item, ItemPlace
from archive.querysets import shown_exactly

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
    """Return those of the items that pass every filter. A place counts only where it may be shown exactly: no filter finds
    what its page does not tell. An interval that is open on one side reaches every day there; what has no date at all none."""
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
        around = Q(place__parents__parent__slug=filters.place, place__parents__parent__precision="exact")
        # What was recorded under a unit of before July 2025 is found under what that became, and the other way round only by its own name.
        became = Q(place__successors__after__slug=filters.place, place__successors__after__precision="exact")
        shown = ItemPlace.objects.filter(Q(place__slug=filters.place) | around | became, shown_exactly())
        items = items.filter(pk__in=shown.values("item"))
    if filters.language:
        # JSON containment is not the same in SQLite and PostgreSQL; both write a list of tags the same way as text.
        tag = f'"{filters.language}"'
        items = items.annotate(language_tags=Cast("languages", TextField())).filter(language_tags__contains=tag)
    if filters.date_from:
        items = items.filter(Q(date_last__gte=filters.date_from) | Q(date_last=None, date_first__isnull=False))
    if filters.date_to:
        items = items.filter(Q(date_first__lte=filters.date_to) | Q(date_first=None, date_last__isnull=False))
    return items
