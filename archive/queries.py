"""What doors read. Every function takes the viewer first and answers for what that viewer may see."""

from __future__ import annotations

from collections.abc import Collection as Several
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import StrEnum
from typing import Any, TypeVar, cast

from django.db.models import Count, Exists, Manager, Max, OuterRef, Prefetch, Q, QuerySet
from django.db.models.functions import Substr
from django.utils import timezone

from access import standings
from access.belonging import is_blocked
from access.models import AccessRule, Community, User
from access.policy import Policy
from access.viewer import Viewer
from archive import sights
from archive.derived_names import PICTURE_ROLES
from archive.models import (
    Agent,
    Collection,
    Item,
    ItemAgent,
    ItemFile,
    ItemState,
    People,
    Place,
    PlaceSuccession,
    SavedSearch,
    Subject,
)
from archive.models.file import COMPANION_ROLES
from archive.prepared import Key, Prepared
from archive.querysets import NEWEST_FIRST, ItemQuerySet, seen_items, shown_exactly
from archive.search.narrowing import Filters, narrow
from archive.whole_items import counted_files, whole_item


class NotVisible(Exception):
    """No such thing for this viewer: it does not exist, or not for them; nobody can tell which."""


class WayIn(StrEnum):
    """How a viewer may get at what is closed to them of something they see."""

    SIGN_IN = "sign_in"
    ON_SITE = "on_site"
    ASK = "ask"


A = TypeVar("A", People, Subject, Collection)


@dataclass(frozen=True)
class Tombstone:
    """What is left of an item that was once open to everybody: what it is called by in lists and letters, and since when it is gone."""

    pid: str
    identifier: str | None
    withdrawn_on: date  # in the library's zone
    is_suspended: bool = False  # by request, and not yet decided


def items(viewer: Viewer) -> QuerySet[Item]:
    """Return the items this viewer may see, newest publication first, with what a list shows. Chainable."""
    return Item.objects.visible_to(viewer).with_visible_files(viewer).order_by(*NEWEST_FIRST)


def visible_items(viewer: Viewer) -> QuerySet[Item]:
    """Return the items this viewer may see, bare, newest publication first. Chainable; `described` adds what a record tells."""
    return Item.objects.visible_to(viewer).order_by(*NEWEST_FIRST)


def published_items(
    viewer: Viewer, filters: Filters | None = None, *, changed_since: datetime | None = None
) -> QuerySet[Item]:
    """Return the published items this viewer may see, as harvests list them, newest publication first. Chainable.

    `changed_since`: those whose record changed since, or whose rule opened since. One query more then.
    """
    found: QuerySet[Item] = Item.objects.visible_to(viewer).filter(state=ItemState.PUBLISHED)
    if filters is not None:
        found = narrow(found, filters)
    if changed_since is not None:
        opened = [pk for pk, moment in _openings(viewer).items() if moment >= changed_since]
        found = found.filter(Q(modified_at__gte=changed_since) | Q(effective_rule_id__in=opened))
    return found.order_by(*NEWEST_FIRST)


def described(viewer: Viewer, items: QuerySet[Item]) -> ItemQuerySet:
    """Return the items with all that a full record tells, `visible_files` with their work, and `file_count`: what stands
    beside a recording is not counted, so that nobody learns of a closed transcript. Fourteen queries."""
    full = (
        cast(ItemQuerySet, items)
        .select_related("effective_rule")
        .with_description()
        .with_belonging()
        .with_visible_files(viewer, with_work=True)
    )
    return full.annotate(file_count=counted_files())


def carried(viewer: Viewer, items: QuerySet[Item]) -> ItemQuerySet:
    """Return the items with what partners' records tell: as `described`, but of the derivatives only still pictures and whether there
    are tiles, and nothing of work that goes on. Thirteen queries."""
    full = cast(ItemQuerySet, items).with_description().with_belonging()
    shown = full.with_visible_files(viewer, roles=(*PICTURE_ROLES, "pyramid"))
    return shown.annotate(file_count=counted_files())


def datestamp(viewer: Viewer, item: Item) -> datetime:
    """Return when harvesters see an item as changed: the later of its last change and its rule's opening (DESIGN.md 3)."""
    opened = _openings(viewer).get(item.effective_rule_id)
    return item.modified_at if opened is None else max(item.modified_at, opened)


def _openings(viewer: Viewer) -> Mapping[int, datetime]:
    return {pk: moment for pk, moment in viewer.opened_at.items() if pk in viewer.rule_ids}


def described_items(viewer: Viewer) -> QuerySet[Item]:
    """Return the items this viewer may see, with description and files, of which only the still pictures, for cards of a list.
    Unordered; chainable. Eleven queries."""
    return Item.objects.visible_to(viewer).with_visible_files(viewer, roles=PICTURE_ROLES).with_description()


def pictured(viewer: Viewer, items: QuerySet[Item]) -> QuerySet[Item]:
    """Return the items with `visible_files` and of these only the still pictures: what a list of titles shows. Two queries more."""
    return cast(ItemQuerySet, items).with_visible_files(viewer, roles=PICTURE_ROLES)


def item(viewer: Viewer, pid: str) -> Item:
    """Return one item with its description, whose it is, `visible_files` and `file_count`; a sight of it by staff is written down
    (archive.sights).

    Eleven queries at most. Raises NotVisible, sights.SightNotRecorded.
    """
    found = whole_item(viewer, pid)
    if found is None:
        raise NotVisible
    saw(viewer, [found])
    return found


def saw(viewer: Viewer, items: Iterable[Item]) -> None:
    """Write down that whole records, read `with_visible_files`, are shown to this viewer. Raises sights.SightNotRecorded."""
    items = list(items)
    sights.see(viewer, items=items, files=[file for item in items for file in item.visible_files])  # type: ignore[attr-defined]  # prefetched


def file(viewer: Viewer, pid: str) -> ItemFile:
    """Return one file with its item, master and derivatives; a sight of it by staff is written down (archive.sights).

    Two queries. Raises NotVisible, sights.SightNotRecorded.
    """
    found = (
        ItemFile.objects.visible_to(viewer)
        .filter(pid=pid)
        .select_related("item", "master", "intake", "effective_rule")
        .defer("master__embedded")  # kilobytes that no door shows
        .prefetch_related("master__derivatives")
        .first()
    )
    if found is None:
        raise NotVisible
    sights.see(viewer, files=[found])
    return found


def closed_file_count(item: Item) -> int:
    """Return how many files of an item read by `item` are not open to its viewer: the page says so, and how to ask. Of subtitles and
    transcripts nobody is told that they are closed. No query."""
    seen: list[ItemFile] = item.visible_files  # type: ignore[attr-defined]  # set by whole_item
    count: int = item.file_count  # type: ignore[attr-defined]  # as above
    return count - sum(1 for file in seen if file.role not in COMPANION_ROLES)


def way_in(viewer: Viewer, item: Item) -> WayIn:
    """Return what would open all files of a visible item that are closed to this viewer: an account, a reading device, or only asking.

    It tells of the rule what its visitors are told (domain.md 5.4), and of a protocol nothing. One query.
    """
    seen = [file.pk for file in item.visible_files]  # type: ignore[attr-defined]  # prefetched by with_visible_files
    hidden = item.files.exclude(pk__in=seen).exclude(role__in=COMPANION_ROLES).select_related("effective_rule")
    return way_through(viewer, [file.effective_rule.policy for file in hidden])


def way_through(viewer: Viewer, closed: Several[Policy]) -> WayIn:
    """Return what would open all of these policies to a viewer, as `way_in` does. No query."""
    reader = replace(viewer.standing, is_registered=True)
    for way, standing in ((WayIn.SIGN_IN, reader), (WayIn.ON_SITE, replace(reader, is_on_site=True))):
        if all(policy.permits(standing, now=viewer.decided_at) for policy in closed):
            return way
    return WayIn.ASK


def sitemap_items(viewer: Viewer, part: str = "") -> QuerySet[Item]:
    """Return the items this viewer may see whose pids begin with these letters, by pid. Chainable."""
    found: QuerySet[Item] = Item.objects.visible_to(viewer).order_by("pid")
    # By bounds and not by a pattern, which SQLite reads the whole table for; "~" comes after every letter of a pid.
    return found.filter(pid__gte=part, pid__lt=f"{part}~") if part else found


def sitemap_parts(viewer: Viewer, letters: int) -> dict[str, tuple[int, datetime]]:
    """Return how many items this viewer may see and when one of them changed last, its rule's opening counted, by as many of the first
    letters of their pids; what is empty is left out. One query, and one more where rules have opened."""
    cut = Item.objects.visible_to(viewer).order_by().annotate(part=Substr("pid", 1, letters)).values("part")
    found = cut.annotate(count=Count("pk"), changed=Max("modified_at")).values_list("part", "count", "changed")
    parts = {part: (count, changed) for part, count, changed in found}
    openings = _openings(viewer)
    opened = cut.filter(effective_rule_id__in=openings).values_list("part", "effective_rule_id").distinct()
    for part, rule in opened if openings else ():
        count, changed = parts[part]
        parts[part] = (count, max(changed, openings[rule]))
    return parts


def open_among(viewer: Viewer, pids: Several[str]) -> dict[str, datetime]:
    """Return which of these, pids of items and of files, this viewer may see, and when each item was changed last (of a file: its item).
    Two queries."""
    items = Item.objects.visible_to(viewer).filter(pid__in=pids)
    files = ItemFile.objects.visible_to(viewer).filter(pid__in=pids).select_related("item")
    opened = _openings(viewer)
    changed = [(item.pid, item.modified_at, item.effective_rule_id) for item in items]
    changed += [(file.pid, file.item.modified_at, file.effective_rule_id) for file in files]
    return {pid: max(moment, opened.get(rule, moment)) for pid, moment, rule in changed}


def are_open_for_good(viewer: Viewer, keys: Several[int]) -> bool:
    """Return whether everybody may see these items, and of their files all that this viewer may see, with no day on which that ends. One
    query, and two more where something is open to the viewer that is not open to everybody for good."""
    public = {pk for pk, policy in AccessRule.objects.policies().items() if policy.is_public}
    if viewer.rule_ids <= public and viewer.is_judged_by_rules:
        return True
    items = Item.objects.visible_to(viewer).filter(pk__in=keys)
    files = ItemFile.objects.visible_to(viewer).filter(item__in=keys)
    return not any(rows.exclude(effective_rule__in=public).exists() for rows in (items, files))


def _gone(pids: Sequence[Key], _viewer: Viewer | None) -> QuerySet[Item]:
    withdrawn = Q(withdrawn_at__isnull=False) & ~Q(state=ItemState.PUBLISHED)
    gone = Item.objects.filter(withdrawn | Q(suspended_at__isnull=False), pid__in=pids, was_public=True)
    return gone.only("pid", "identifier", "withdrawn_at", "suspended_at").order_by()


_GONE = Prepared(_gone)


def tombstone(pid: str) -> Tombstone | None:
    """Return the tombstone of an item that was public and is withdrawn; None for everything else, as for what never was. One query.

    It is the same for every viewer and tells nothing of what staff did to the item since: ask after an item was not visible.
    """
    left = _GONE.first([pid])
    since = None if left is None else left.withdrawn_at or left.suspended_at
    if left is None or since is None:
        return None
    return Tombstone(left.pid, left.identifier, timezone.localdate(since), is_suspended=left.suspended_at is not None)


def peoples(viewer: Viewer) -> QuerySet[People]:
    """Return the peoples of which this viewer may see something, each with `item_count`."""
    return _counted(People.objects.all(), viewer)


def subjects(viewer: Viewer) -> QuerySet[Subject]:
    """Return the subjects of which this viewer may see something, each with `item_count`."""
    return _counted(Subject.objects.all(), viewer)


def agents(viewer: Viewer) -> QuerySet[Agent]:
    """Return the persons and bodies that had a part in something this viewer may see, each with `item_count`; not those whose name must not
    be spoken."""
    seen = seen_items(viewer, "credits__item__")
    return (
        Agent.objects.filter(name_is_withheld=False)
        .annotate(item_count=Count("credits__item", filter=seen, distinct=True))
        .filter(item_count__gt=0)
        .order_by("slug", "pk")
    )


def parts_of_agent(viewer: Viewer, agent: Agent) -> list[tuple[str, int]]:
    """Return the parts that an agent had in what this viewer may see, as MARC relator codes, each with in how many items."""
    parts = ItemAgent.objects.filter(seen_items(viewer, "item__"), agent=agent).order_by().values_list("role")
    return list(parts.annotate(count=Count("item", distinct=True)).order_by("-count", "role"))


def items_of_agent(
    viewer: Viewer, agent: Agent, *, role: str = "", after: tuple[datetime | None, int] | None = None
) -> QuerySet[Item]:
    """Return the items this viewer may see in which an agent had a part (one alone with `role`), bare, newest publication first, from
    behind the one that was published then and has this key. Chainable."""
    parts = ItemAgent.objects.filter(agent=agent, **({"role": role} if role else {}))
    found = visible_items(viewer).filter(pk__in=parts.values("item"))
    if after is None:
        return found
    at, key = after
    if at is None:  # what was never published stands last
        return found.filter(published_at=None, pk__lt=key)
    return found.filter(Q(published_at__lt=at) | Q(published_at=at, pk__lt=key) | Q(published_at=None))


def collections(viewer: Viewer) -> QuerySet[Collection]:
    """Return the collections of which this viewer may see something, each with `item_count`."""
    return _counted(Collection.objects.all(), viewer)


def places(viewer: Viewer) -> QuerySet[Place]:
    """Return the places of which this viewer may see something that may be shown there, each with `item_count` and its names."""
    seen = seen_items(viewer, "located__item__") & shown_exactly("located__")
    return (
        Place.objects.annotate(item_count=Count("located__item", filter=seen, distinct=True))
        .filter(item_count__gt=0)
        .prefetch_related("names")
        .order_by("slug", "pk")
    )


def whole_peoples(viewer: Viewer) -> QuerySet[People]:
    """Return the peoples as `peoples` does, each with what it is a branch of and those of its branches that are among them. Two queries."""
    return _with_branches(peoples(viewer), viewer)


def peoples_with_ties(viewer: Viewer) -> QuerySet[People]:
    """Return every people as `whole_peoples` reads those with something, and without a count: for who knows which have something."""
    return _with_branches(People.objects.order_by("slug", "pk"), viewer)


def whole_subjects(viewer: Viewer) -> QuerySet[Subject]:
    """Return the subjects as `subjects` does, each with what is broader, and those among them that are narrower or related. Four
    queries."""
    return _with_neighbours(subjects(viewer), viewer)


def subjects_with_ties(viewer: Viewer) -> QuerySet[Subject]:
    """Return every subject as `whole_subjects` reads those with something, and without a count: for who knows which have something."""
    return _with_neighbours(Subject.objects.order_by("slug", "pk"), viewer)


def whole_collections(viewer: Viewer) -> QuerySet[Collection]:
    """Return the collections as `collections` does, each with what it is part of and its parts among them. Two queries."""
    return _with_parts(collections(viewer), viewer)


def collections_with_ties(viewer: Viewer) -> QuerySet[Collection]:
    """Return every collection as `whole_collections` reads those with something, and without a count: for who knows which have
    something."""
    return _with_parts(Collection.objects.order_by("slug", "pk"), viewer)


def _with_branches(rows: QuerySet[People], viewer: Viewer) -> QuerySet[People]:
    branches = _with_something(People.objects.order_by("slug", "pk"), Item.peoples.through.objects, "people", viewer)
    return rows.select_related("parent").prefetch_related(Prefetch("branches", queryset=branches))


def _with_neighbours(rows: QuerySet[Subject], viewer: Viewer) -> QuerySet[Subject]:
    known = _with_something(Subject.objects.order_by("slug", "pk"), Item.subjects.through.objects, "subject", viewer)
    narrower, related = Prefetch("narrower", queryset=known), Prefetch("related", queryset=known)
    return rows.prefetch_related("broader", narrower, related)


def _with_parts(rows: QuerySet[Collection], viewer: Viewer) -> QuerySet[Collection]:
    every, ties = Collection.objects.order_by("slug", "pk"), Item.collections.through.objects
    return rows.select_related("parent").prefetch_related(
        Prefetch("parts", queryset=_with_something(every, ties, "collection", viewer))
    )


def _with_something(
    rows: QuerySet[A], ties: Manager[Any], name: str, viewer: Viewer
) -> QuerySet[A]:  # Any: rows of a table of ties
    """Return those headings under which the viewer sees anything at all: one tie is looked for, and none is counted."""
    return rows.filter(Exists(ties.filter(seen_items(viewer, "item__"), **{name: OuterRef("pk")})))


def whole_places(viewer: Viewer) -> QuerySet[Place]:
    """Return the places as `places` does, each with its codes, and what it became or was made of, as far as that may be told. Seven
    queries."""
    return told_whole(places(viewer))


def places_with_changes(_viewer: Viewer) -> QuerySet[Place]:
    """Return every place that may be told as it is, as `whole_places` reads those with something, and without a count: for who knows which
    have something."""
    return told_whole(Place.objects.filter(precision=Place.Precision.EXACT).order_by("slug", "pk"))


def told_whole(places: QuerySet[Place]) -> QuerySet[Place]:
    """Return these places with names, codes and changes, as `whole_places` does."""
    changes = PlaceSuccession.objects.order_by("on_date", "pk")
    before = changes.filter(before__precision=Place.Precision.EXACT).select_related("before")
    after = changes.filter(after__precision=Place.Precision.EXACT).select_related("after")
    return places.prefetch_related(
        "names",
        "codes",
        Prefetch("predecessors", queryset=before.prefetch_related("before__names")),
        Prefetch("successors", queryset=after.prefetch_related("after__names")),
    )


def communities(viewer: Viewer) -> QuerySet[Community]:
    """Return the communities of which this viewer may know: whose page is open to everybody, and their own. By name; chainable. Up to four
    queries."""
    known = Q(page_is_open=True) | Q(pk__in=own_communities(viewer))
    return Community.objects.filter(known).order_by("name", "pk")


def counted_communities(viewer: Viewer) -> QuerySet[Community]:
    """Return the same, each with `item_count`: what of it this viewer may see."""
    seen = seen_items(viewer, "items__")
    return communities(viewer).annotate(item_count=Count("items", filter=seen, distinct=True))


def own_communities(viewer: Viewer) -> frozenset[int]:
    """Return the keys of the communities to which this viewer belongs and in which they are not blocked. Up to four queries."""
    user = None if viewer.user_id is None else User.objects.filter(pk=viewer.user_id).first()
    if user is None:
        return frozenset()
    person = standings.belonging_of(user, now=viewer.decided_at)
    if not person.blocked:
        return person.communities
    parents = dict(Community.objects.values_list("pk", "parent_id"))
    return frozenset(key for key in person.communities if not is_blocked(person, (key,), parents))


def _counted(authorities: QuerySet[A], viewer: Viewer) -> QuerySet[A]:
    seen = seen_items(viewer, "items__")
    return (
        authorities.annotate(item_count=Count("items", filter=seen, distinct=True))
        .filter(item_count__gt=0)
        .order_by("slug", "pk")
    )


def saved_searches() -> QuerySet[SavedSearch]:
    """Return the searches that the library keeps for its readers, by their address. Chainable. What they find is another question, asked
    with `filters_of` and a viewer."""
    return SavedSearch.objects.filter(is_shown=True)


def filters_of(saved: SavedSearch) -> Filters:
    """Return the filters of a saved search; its words are its `query`. No query."""
    return Filters(
        people=saved.people,
        kind=saved.kind,
        language=saved.language,
        place=saved.place,
        subject=saved.subject,
        collection=saved.collection,
        date_from=saved.date_from,
        date_to=saved.date_to,
    )
