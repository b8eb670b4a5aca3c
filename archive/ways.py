"""Ways into the archive: what peoples, places, collections and subjects there are for a viewer with how much, when things are from, what
came last, and something by chance. Counts come from the index of the search; while that is being prepared, from the database."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from collections.abc import Collection as Collected
from dataclasses import dataclass
from datetime import date
from typing import Any, TypeVar

from django.db.models import Count, Exists, OuterRef, QuerySet

from access.models import Community
from access.viewer import Viewer
from archive import queries
from archive.models import Collection, Item, ItemFile, ItemPlace, ItemState, People, Place, PlaceParent, Subject
from archive.querysets import NEWEST_FIRST, shown_exactly
from archive.rule_lookups import has_rule
from archive.search import Filters, SearchPreparing
from archive.search.tallies import Tally, tally

R = TypeVar("R", People, Collection)
Bounds = tuple[float, float, float, float]  # west, east, south, north: degrees of WGS 84
LOOKED_AT_MOST = 300
_BY_DATABASE: Mapping[str, Callable[[Viewer], QuerySet[Any]]] = {  # Any: one of four models
    "people": queries.peoples,
    "place": queries.places,
    "collection": queries.collections,
    "subject": queries.subjects,
}


@dataclass(frozen=True)
class Tree:
    """Headings by primary key, and by each the keys of those right above it. `counts`: of those that have a page; the others are only there
    because something below them is."""

    rows: Mapping[int, Any]  # Any: one of four models
    above: Mapping[int, Sequence[int]]
    counts: Mapping[int, int]


@dataclass(frozen=True)
class Dated:
    """Items whose date is from a year until a year, None where it is open on that side."""

    first: int | None
    last: int | None
    kind: str
    count: int


def counted(viewer: Viewer, *facets: str) -> Tally:
    """Return how much of what this viewer may see carries each people, place, collection, subject or kind, and how much there is in all.

    One query; without an index one for each facet and one more, which counts of a place only what is recorded right there.
    """
    try:
        return tally(viewer, *facets)
    except SearchPreparing:
        return Tally(queries.visible_items(viewer).count(), {name: _by_database(viewer, name) for name in facets})


def _by_database(viewer: Viewer, facet: str) -> dict[str, int]:
    if facet == "kind":
        rows = queries.visible_items(viewer).order_by().values("kind").annotate(count=Count("pk"))
        return {row["kind"]: row["count"] for row in rows}
    if facet not in _BY_DATABASE:
        return {}
    found = _BY_DATABASE[facet](viewer).order_by().prefetch_related(None).values_list("pk", "item_count")
    return {str(pk): count for pk, count in found}


def tree_of_peoples(counts: Mapping[int, int]) -> Tree:
    """Return the counted peoples, and what they are branches of. One query."""
    return _by_parent(People.objects.order_by("slug", "pk").only("slug", "names", "variants", "parent"), counts)


def tree_of_collections(counts: Mapping[int, int]) -> Tree:
    """Return the counted collections, and what they are parts of. One query."""
    return _by_parent(Collection.objects.order_by("slug", "pk").only("slug", "names", "descriptions", "parent"), counts)


def tree_of_subjects(counts: Mapping[int, int]) -> Tree:
    """Return the counted subjects, and what is broader, as far up as it goes. Two queries."""
    above: dict[int, list[int]] = {}
    for narrower, broader in Subject.broader.through.objects.order_by("pk").values_list("from_subject", "to_subject"):
        above.setdefault(narrower, []).append(broader)
    kept = _with_ancestors(counts, above)
    rows = Subject.objects.filter(pk__in=kept).order_by("slug", "pk").only("slug", "names")
    return Tree({row.pk: row for row in rows}, {pk: above.get(pk, ()) for pk in kept}, counts)


def tree_of_places(counts: Mapping[int, int], *, within: Bounds | None = None) -> Tree:
    """Return the counted places that may be shown as they are, with their names and what each lies in today as far as that is among them;
    `within`: only those there. Three queries."""
    found = Place.objects.filter(pk__in=counts, precision=Place.Precision.EXACT).order_by("slug", "pk")
    if within is not None:
        found = found.filter(longitude__range=within[:2], latitude__range=within[2:])
    rows = {row.pk: row for row in found.defer("notes").prefetch_related("names")}
    above: dict[int, list[int]] = {}
    for child, parent in (
        PlaceParent.objects.filter(child__in=rows, parent__in=rows, valid_to=None)
        .order_by("child", "pk")
        .values_list("child", "parent")
    ):
        above.setdefault(child, []).append(parent)
    return Tree(rows, above, {pk: count for pk, count in counts.items() if pk in rows})


def fullest_places(counts: Mapping[int, int], kinds: Iterable[str], most: int) -> list[Place]:
    """Return those places of today of these kinds where most is, with their names. Two queries."""
    likely = sorted(counts, key=lambda pk: (-counts[pk], pk))[:LOOKED_AT_MOST]
    found = Place.objects.filter(pk__in=likely, precision=Place.Precision.EXACT, kind__in=list(kinds), valid_to=None)
    return sorted(found.prefetch_related("names"), key=lambda row: (-counts[row.pk], row.slug))[:most]


def _by_parent(every: QuerySet[R], counts: Mapping[int, int]) -> Tree:
    known = {row.pk: row for row in every}
    above = {pk: [row.parent_id] for pk, row in known.items() if row.parent_id is not None}
    kept = _with_ancestors(counts, above)
    return Tree({pk: known[pk] for pk in known if pk in kept}, above, {pk: counts[pk] for pk in counts if pk in known})


def _with_ancestors(keys: Mapping[int, int], above: Mapping[int, Sequence[int]]) -> set[int]:
    kept, edge = set(keys), set(keys)
    while edge:
        edge = {parent for pk in edge for parent in above.get(pk, ())} - kept
        kept |= edge
    return kept


def subject(viewer: Viewer, slug: str) -> Subject | None:
    """Return one subject with what is broader, narrower and related; None where the viewer may see nothing under it. Four queries."""
    return queries.whole_subjects(viewer).filter(slug=slug).first()


def place(viewer: Viewer, slug: str) -> Place | None:
    """Return one place with its names, codes and changes; None where the viewer may learn of nothing that it is there, within it, or in
    what became it. Seven queries. Raises SearchPreparing where nothing is recorded at the place itself."""
    found = queries.whole_places(viewer).filter(slug=slug).first()
    if found is not None:
        return found
    wider = queries.told_whole(Place.objects.filter(slug=slug, precision=Place.Precision.EXACT)).first()
    return wider if wider is not None and tally(viewer, filters=Filters(place=slug)).total else None


def told_places(viewer: Viewer, keys: Collected[int]) -> QuerySet[Place]:
    """Return those of these places that have a page for this viewer, told as they are, with their names: something is recorded there,
    within them, or in what became of them. By slug; chainable. One query before it is read; two where the index has not heard of one."""
    known = counted(viewer, "place").keys("place")
    found = {key for key in keys if key in known}
    if missing := set(keys) - found:
        found.update(queries.places(viewer).filter(pk__in=missing).order_by().values_list("pk", flat=True))
    exact = Place.objects.filter(pk__in=found, precision=Place.Precision.EXACT)
    return exact.prefetch_related("names").order_by("slug", "pk")


def middle_of(place: Place) -> tuple[float, float] | None:
    """Return latitude and longitude of a place that may be shown as it is, else of what it lies in today; None where nobody knows. One
    query where it has none of its own."""
    if place.latitude is not None and place.longitude is not None:
        return float(place.latitude), float(place.longitude)
    around = PlaceParent.objects.filter(child=place, valid_to=None, parent__precision=Place.Precision.EXACT)
    link = around.exclude(parent__latitude=None).select_related("parent").order_by("pk").first()
    if link is None or link.parent.latitude is None or link.parent.longitude is None:
        return None
    return float(link.parent.latitude), float(link.parent.longitude)


def communities_of(viewer: Viewer, filters: Filters) -> list[tuple[Community, int]]:
    """Return the communities that this viewer may know of to which something under these filters belongs, each with how much of it they
    may see; by name. Raises SearchPreparing. Three queries; up to four more for whoever has an account."""
    counts = tally(viewer, "community", filters=filters).keys("community")
    if not counts:
        return []
    return [(one, counts[one.pk]) for one in queries.communities(viewer).filter(pk__in=counts)]


def dated(viewer: Viewer) -> list[Dated]:
    """Return how many of the items this viewer may see are of which years, by kind; what has no date at all is left out. One query."""
    rows = queries.visible_items(viewer).order_by().exclude(date_first=None, date_last=None)
    found: Counter[tuple[int | None, int | None, str]] = Counter()
    for first, last, kind, count in rows.values_list("date_first", "date_last", "kind").annotate(count=Count("pk")):
        found[(_year(first), _year(last), kind)] += count
    return [Dated(first, last, kind, count) for (first, last, kind), count in found.items()]


def _year(day: date | None) -> int | None:
    return None if day is None else day.year


def arrivals(viewer: Viewer, most: int) -> list[Item]:
    """Return what was published last of what this viewer may see, bare, the newest first. One query."""
    published = queries.visible_items(viewer).filter(state=ItemState.PUBLISHED, published_at__isnull=False)
    return list(published.order_by(*NEWEST_FIRST)[:most])


def harmless(stranger: Viewer) -> QuerySet[Item]:
    """Return the published items that may be put before somebody who did not ask for them. Unordered; chainable.

    `stranger` is a viewer who has not signed in: open to everybody with all their files, and nothing about them asks for care: no label
    or notice, no reason for closing, no note on sensitivity, nobody who can be recognised, no place that is not shown as it is.
    """
    files = ItemFile.objects.filter(item=OuterRef("pk")).exclude(has_rule("effective_rule_id", stranger.rule_ids))
    kept_quiet = ItemPlace.objects.filter(item=OuterRef("pk")).exclude(shown_exactly())
    return (
        Item.objects.visible_to(stranger)
        .filter(state=ItemState.PUBLISHED, binned_at=None, suspended_at=None)
        .filter(labels=None, restriction_reasons=[], sensitivity_note="", depicts_person=False)
        .exclude(Exists(files))
        .exclude(Exists(kept_quiet))
    )


def by_chance(stranger: Viewer, draw: Callable[[int, int], int]) -> str:
    """Return the pid of one of them, or nothing where there is none. `draw(a, b)` gives a whole number from a to b. Three queries."""
    found = harmless(stranger).order_by("pk").values_list("pk", "pid")
    first, last = found.first(), found.reverse().first()
    if first is None or last is None:
        return ""
    # From a drawn key onwards: no database counts a hundred thousand rows to skip half of them.
    chosen = found.filter(pk__gte=draw(first[0], last[0])).first()
    return (chosen or first)[1]
