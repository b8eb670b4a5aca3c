"""The only ways from a door to items and files."""

from __future__ import annotations

from collections.abc import Collection
from typing import TYPE_CHECKING, Self

from django.apps import apps
from django.db.models import F, Prefetch

from access.querysets import VisibleQuerySet
from access.viewer import Viewer

if TYPE_CHECKING:
    from archive.models import Item, ItemFile  # noqa: F401  # names for the type parameter only

# Databases do not agree where nothing stands in an order: what was never published comes last on all of them.
NEWEST_FIRST = (F("published_at").desc(nulls_last=True), "-pk")


class ItemQuerySet(VisibleQuerySet["Item"]):
    """Items; chain `visible_to(viewer)` first."""

    def with_visible_files(
        self, viewer: Viewer, *, with_work: bool = False, roles: Collection[str] | None = None
    ) -> Self:
        """Prefetch `visible_files`: the files this viewer may see, in order, each with its master and derivatives. Two queries;
        one more with the jobs of their masters, which `archive.progress` reads while work goes on.

        `roles`: fetch the derivatives of these roles only. A document's pages are a row of a hundred thousand letters.
        """
        files: ItemFileQuerySet = apps.get_model("archive", "ItemFile").objects.all()
        visible = files.visible_to(viewer).select_related("master", "intake", "effective_rule")
        derivatives = apps.get_model("media_pipeline", "Derivative").objects.all()
        wanted = derivatives if roles is None else derivatives.filter(role__in=roles)
        visible = visible.prefetch_related(Prefetch("master__derivatives", queryset=wanted))
        if with_work:
            visible = visible.prefetch_related("master__jobs")
        return self.prefetch_related(
            Prefetch("files", queryset=visible.order_by("position", "pk"), to_attr="visible_files")
        )

    def with_description(self) -> Self:
        """Prefetch what a description shows: peoples, subjects, collections, credits, places with names. Eight queries."""
        return self.prefetch_related("peoples", "subjects", "collections", "credits__agent", "located__place__names")


class ItemFileQuerySet(VisibleQuerySet["ItemFile"]):
    """Files of items; chain `visible_to(viewer)` first."""

    def visible_to(self, viewer: Viewer) -> Self:
        """Return the files this viewer may see: the file's own rule and, since a rule may lag behind a fault, its item's too."""
        return super().visible_to(viewer).filter(item__effective_rule_id__in=viewer.rule_ids)
