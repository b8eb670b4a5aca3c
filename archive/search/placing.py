"""Which items are to be read anew when places change: the log names the place, and here are the items of it and of what is near it."""

from __future__ import annotations

from django.db.models import Q

from archive.containment import Containment
from archive.models import ItemPlace
from archive.querysets import shown_exactly
from archive.search.changes import Changes


def expanded(found: Changes, places: Containment) -> Changes:
    """Return the same changes with the items of changed places instead of those; `places`: as they are now. Two queries at most.

    Of a place that was hidden less may be told of what is there, and of what lies in it and is not shown exactly: that closes. What only
    counted for it does so no more by itself, since nobody can ask for it.
    """
    changed = {-key for key in found.changed if key < 0}
    near = ItemPlace.objects.filter(place__in=places.near(changed)).order_by("item_id")
    items = [key for key in found.changed if key >= 0]
    keys = dict.fromkeys((*items, *near.values_list("item_id", flat=True)))
    hidden = {-key for key in found.closing if key < 0}
    closing = {key for key in found.closing if key >= 0}
    if hidden:
        blurred = Q(place__in=places.below(hidden)) & ~shown_exactly()
        closing.update(ItemPlace.objects.filter(Q(place__in=hidden) | blurred).values_list("item_id", flat=True))
    return Changes(found.position, tuple(keys), frozenset(closing))
