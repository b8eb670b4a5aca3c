"""Sets of the searches that the library keeps for its readers: what each finds for every visitor, followed so that entering and leaving
one is news of the record."""

from __future__ import annotations

from collections.abc import Iterable

from django.db import transaction
from django.db.models import Count, Max

from access.viewer import Viewer
from archive import queries
from archive.models import SavedSearch
from archive.search import SearchPreparing, changes, following
from archive.search.engine import question_of, sight_of
from archive.search.index.planning import plan
from interop.oai import preparing
from interop.oai.models import HarvestSearchHit

_AT_ONCE = 5000  # rows written with one statement


class Follower:
    """Follows all searches where something may have moved since this process last did."""

    def __init__(self) -> None:
        self._signature: object = None

    def follow(self, viewer: Viewer, *, is_news: bool) -> None:
        """Bring the sets up to date. Two queries while nobody changed a search and nothing else happened; then four and a search each."""
        shown = queries.saved_searches()
        # Where the search's own log stands: what a place became moves things in and out of a search, however many changes of units away,
        # and is in none of their records. In PostgreSQL that moves with every transaction.
        signature = (
            shown.aggregate(count=Count("pk"), last=Max("changed_at")),
            sorted(viewer.rule_ids),
            changes.position_or_none(),
        )
        if signature == self._signature and not is_news:
            return
        searches = {saved.slug: saved for saved in shown}
        kept = set(HarvestSearchHit.objects.order_by().values_list("slug", flat=True).distinct())
        try:
            for slug in sorted(kept | set(searches)):
                _follow(viewer, slug, searches.get(slug))
        except SearchPreparing:
            return  # the next turn finds it ready
        self._signature = signature


def follow_one(viewer: Viewer, slug: str) -> bool:
    """Bring the set of one search up to date; return whether there is such a search. Five queries and a search."""
    saved = queries.saved_searches().filter(slug=slug).first()
    if saved is None:
        return False
    try:
        _follow(viewer, slug, saved)
    except SearchPreparing:
        return True  # as it was when it was last looked at
    return True


def _found(viewer: Viewer, saved: SavedSearch) -> set[int]:
    """Return the keys of all that a search finds for this viewer, as its page does. Raises SearchPreparing."""
    question = question_of(saved.query, queries.filters_of(saved))
    sight = sight_of(viewer)
    with following.index().opened() as (part, names):
        return {int(key) for key in part.keys(list(plan(question, part, sight, names).found))}


def _follow(viewer: Viewer, slug: str, saved: SavedSearch | None) -> None:
    now = set() if saved is None else _found(viewer, saved)
    with transaction.atomic():
        rows = HarvestSearchHit.objects.filter(slug=slug)
        before = set(rows.order_by().values_list("item_key", flat=True))
        entered, left = sorted(now - before), sorted(before - now)
        for some in _some(left):
            rows.filter(item_key__in=some).delete()
        for some in _some(entered):
            hits = [HarvestSearchHit(slug=slug, item_key=key) for key in some]
            HarvestSearchHit.objects.bulk_create(hits, ignore_conflicts=True)
        preparing.wait_for([*entered, *left])


def _some(keys: list[int]) -> Iterable[list[int]]:
    return (keys[start : start + _AT_ONCE] for start in range(0, len(keys), _AT_ONCE))


follower = Follower()
