"""One item with all that its page tells: read in a fixed number of prepared statements, whatever it is tied to."""

from __future__ import annotations

from collections.abc import Sequence

from django.db.models import Count, Exists, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

from access.models import Community
from access.viewer import Viewer
from archive.models import (
    Collection,
    Contribution,
    Item,
    ItemAgent,
    ItemFile,
    ItemPlace,
    ItemRelation,
    Label,
    People,
    Subject,
)
from archive.models.contribution import SHOWN
from archive.models.file import COMPANION_ROLES
from archive.place_names import name_places
from archive.prepared import Key, Prepared, keep, known
from archive.querysets import seen_items
from media_pipeline.models import Derivative


def counted_files() -> Coalesce:
    """Return how many files an item has, whoever may see them; what stands beside a recording is not counted, so that nobody learns of a
    closed transcript."""
    counted = ItemFile.objects.filter(item=OuterRef("pk")).exclude(role__in=COMPANION_ROLES)
    files = counted.order_by().values("item")
    return Coalesce(Subquery(files.annotate(count=Count("pk")).values("count")), 0)


def _item(pids: Sequence[Key], viewer: Viewer | None) -> QuerySet[Item]:
    seen = Item.objects.visible_to(known(viewer)).filter(pid__in=pids).select_related("effective_rule", "rights")
    own = OuterRef("pk")
    ties = Q(seen_items(known(viewer), "other__"), item=own) | Q(seen_items(known(viewer), "item__"), other=own)
    # What most items have none of is looked for in passing, and read where there is some: hidden ties are none.
    return seen.annotate(
        file_count=counted_files(),
        has_ties=Exists(ItemRelation.objects.filter(ties)),
        has_communities=Exists(Item.communities.through.objects.filter(item=own)),
        has_labels=Exists(Item.labels.through.objects.filter(item=own)),
        has_told=Exists(Contribution.objects.filter(SHOWN, item=own)),
    ).order_by()


def _files(items: Sequence[Key], viewer: Viewer | None) -> QuerySet[ItemFile]:
    seen = ItemFile.objects.visible_to(known(viewer)).filter(item__in=items)
    return (
        seen.select_related("master", "intake", "effective_rule").defer("master__embedded").order_by("position", "pk")
    )


def _peoples(items: Sequence[Key], _viewer: Viewer | None) -> QuerySet[People]:
    return People.objects.filter(items__in=items).select_related("parent").order_by("slug", "pk")


def _subjects(items: Sequence[Key], _viewer: Viewer | None) -> QuerySet[Subject]:
    return Subject.objects.filter(items__in=items).order_by("slug", "pk")


def _collections(items: Sequence[Key], _viewer: Viewer | None) -> QuerySet[Collection]:
    return Collection.objects.filter(items__in=items).order_by("slug", "pk")


def _credits(items: Sequence[Key], _viewer: Viewer | None) -> QuerySet[ItemAgent]:
    return ItemAgent.objects.filter(item__in=items).select_related("agent").order_by("position", "pk")


def _located(items: Sequence[Key], _viewer: Viewer | None) -> QuerySet[ItemPlace]:
    return ItemPlace.objects.filter(item__in=items).select_related("place").order_by("position", "pk")


def _communities(items: Sequence[Key], _viewer: Viewer | None) -> QuerySet[Community]:
    return Community.objects.filter(items__in=items).order_by("name", "pk")


def _labels(items: Sequence[Key], _viewer: Viewer | None) -> QuerySet[Label]:
    return Label.objects.filter(items__in=items).select_related("community").order_by("kind", "title", "pk")


def _derivatives(masters: Sequence[Key], _viewer: Viewer | None) -> QuerySet[Derivative]:
    return Derivative.objects.filter(master__in=masters).order_by("pk")


ITEM, FILES, DERIVATIVES = Prepared(_item), Prepared(_files), Prepared(_derivatives)
PEOPLES, SUBJECTS, COLLECTIONS = Prepared(_peoples), Prepared(_subjects), Prepared(_collections)
CREDITS, LOCATED = Prepared(_credits), Prepared(_located)
COMMUNITIES, LABELS = Prepared(_communities), Prepared(_labels)


def whole_item(viewer: Viewer, pid: str) -> Item | None:
    """Return an item that the viewer may see, as `described` gives it but for work that goes on; None where there is none.

    At most eleven queries: a name of a place or a derived file is asked for only where there are places and files.
    """
    item = ITEM.first([pid], viewer)
    if item is None:
        return None
    keys = [item.pk]
    keep(item, "peoples", PEOPLES.rows(keys), People)
    keep(item, "subjects", SUBJECTS.rows(keys), Subject)
    keep(item, "collections", COLLECTIONS.rows(keys), Collection)
    keep(item, "communities", COMMUNITIES.rows(keys) if item.has_communities else [], Community)  # type: ignore[attr-defined]  # annotated
    keep(item, "labels", LABELS.rows(keys) if item.has_labels else [], Label)  # type: ignore[attr-defined]  # as above
    credits = CREDITS.rows(keys)
    for credit in credits:
        credit.item = item
    keep(item, "credits", credits, ItemAgent)
    located = LOCATED.rows(keys)
    for row in located:
        row.item = item
    keep(item, "located", located, ItemPlace)
    name_places(row.place for row in located)
    item.visible_files = _visible_files(viewer, item)  # type: ignore[attr-defined]  # as with_visible_files sets it
    return item


def _visible_files(viewer: Viewer, item: Item) -> list[ItemFile]:
    files = FILES.rows([item.pk], viewer)
    made: dict[int, list[Derivative]] = {file.master_id: [] for file in files if file.master_id is not None}
    for derivative in DERIVATIVES.rows(list(made)):
        made[derivative.master_id].append(derivative)
    for file in files:
        file.item = item
        if file.master is not None:
            keep(file.master, "derivatives", made[file.master.pk], Derivative)
    return files
