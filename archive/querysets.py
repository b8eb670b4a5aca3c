"""The only ways from a door to items and files."""

from __future__ import annotations

from collections.abc import Collection
from typing import TYPE_CHECKING, Self

from django.apps import apps
from django.db import models
from django.db.models import Exists, F, OuterRef, Prefetch, Q

from access.viewer import Viewer
from archive.rule_lookups import has_rule

if TYPE_CHECKING:
    from archive.models import ConsentRecord, Item, ItemFile  # noqa: F401  # names for the type parameters only

# Databases do not agree where nothing stands in an order: what was never published comes last on all of them.
NEWEST_FIRST = (F("published_at").desc(nulls_last=True), "-pk")


def seen_items(viewer: Viewer, prefix: str = "") -> Q:
    """Return the condition on items (behind `prefix`, such as "item__") that this viewer may see.

    Their rule is one integer. What was granted to this person alone is asked by its pid, and only of who has a grant: it opens what the
    rule closes, and to readers never what is not published.
    """
    by_rule = Q(has_rule(f"{prefix}effective_rule_id", viewer.rule_ids))
    if not (viewer.granted or viewer.in_emergency):
        return by_rule
    # What is in the bin no grant and no emergency takes out.
    granted = _granted(viewer, f"{prefix}pid__in", prefix) & Q(**{f"{prefix}binned_at": None})
    if not viewer.is_staff:
        granted &= Q(**{f"{prefix}state": "published", f"{prefix}suspended_at": None})
    return by_rule | granted


def _granted(viewer: Viewer, pid_in: str, prefix: str) -> Q:
    """Return the condition that a row (its rule behind `prefix`, its pid or its item's by `pid_in`) was opened to this viewer alone."""
    is_open = Q(**{pid_in: viewer.granted})
    if viewer.shut_rule_ids:
        is_open &= ~Q(**{f"{prefix}effective_rule_id__in": viewer.shut_rule_ids})
    return is_open | Q(**{pid_in: viewer.in_emergency})


def _as_open_as_its_item() -> Q:
    return Q(chosen_rule=None, effective_rule=F("item__effective_rule"))


def shown_exactly(prefix: str = "") -> Q:
    """Return the condition on places of items (behind `prefix`, such as "located__") that readers may learn as they are."""
    return Q(**{f"{prefix}precision": "exact", f"{prefix}place__precision": "exact"})


class ItemQuerySet(models.QuerySet["Item"]):
    """Items; chain `visible_to(viewer)` first."""

    def visible_to(self, viewer: Viewer) -> Self:
        """Return the items this viewer may see."""
        return self.filter(seen_items(viewer))

    def binned_for(self, viewer: Viewer) -> Self:
        """Return what is in the bin and was this member of staff's to see before: by the rule that people chose. No grant and no emergency
        widens it."""
        if not viewer.is_staff:
            return self.none()
        return self.filter(has_rule("chosen_rule_id", viewer.rule_ids), binned_at__isnull=False)

    def with_visible_files(
        self, viewer: Viewer, *, with_work: bool = False, roles: Collection[str] | None = None
    ) -> Self:
        """Prefetch `visible_files`: the files this viewer may see, in order, each with its master and derivatives. Two queries;
        one more with the jobs of their masters, which `archive.progress` reads while work goes on.

        `roles`: fetch the derivatives of these roles only. A document's pages are a row of a hundred thousand letters.
        """
        files: ItemFileQuerySet = apps.get_model("archive", "ItemFile").objects.all()
        visible = (
            files.visible_to(viewer).select_related("master", "intake", "effective_rule").defer("master__embedded")
        )
        derivatives = apps.get_model("media_pipeline", "Derivative").objects.all()
        wanted = derivatives if roles is None else derivatives.filter(role__in=roles)
        visible = visible.prefetch_related(Prefetch("master__derivatives", queryset=wanted))
        if with_work:
            visible = visible.prefetch_related("master__jobs")
        return self.prefetch_related(
            Prefetch("files", queryset=visible.order_by("position", "pk"), to_attr="visible_files")
        )

    def with_description(self) -> Self:
        """Read with it what a description shows: rights, peoples with what they are a branch of, subjects, collections, credits, places
        with names. Eight queries."""
        peoples = apps.get_model("archive", "People").objects.select_related("parent")
        return self.select_related("rights").prefetch_related(
            Prefetch("peoples", queryset=peoples), "subjects", "collections", "credits__agent", "located__place__names"
        )

    def with_belonging(self) -> Self:
        """Prefetch whose it is and what they say of it: communities, labels and notices with theirs. Two queries."""
        labels = apps.get_model("archive", "Label").objects.select_related("community")
        return self.prefetch_related("communities", Prefetch("labels", queryset=labels))


class ItemFileQuerySet(models.QuerySet["ItemFile"]):
    """Files of items; chain `visible_to(viewer)` first."""

    def visible_to(self, viewer: Viewer) -> Self:
        """Return the files this viewer may see: the file's own rule and, since a rule may lag behind a fault, its item's too.

        What is granted of an item are its files that are as open as it; one that was closed more tightly is granted by itself, and so
        are the subtitles of a recording that was.
        """
        own = Q(has_rule("effective_rule_id", viewer.rule_ids))
        if viewer.granted or viewer.in_emergency:
            own |= _granted(viewer, "pid__in", "") | (_as_open_as_its_item() & _granted(viewer, "item__pid__in", ""))
        return self.filter(own & seen_items(viewer, "item__"))


class ConsentQuerySet(models.QuerySet["ConsentRecord"]):
    """Consents; chain `visible_to(viewer)` first."""

    def visible_to(self, viewer: Viewer) -> Self:
        """Return the consents all of whose items this viewer may see: half of one would tell that there is something else.

        One whose items are all deleted is left to whoever recorded it.
        """
        links = apps.get_model("archive", "ConsentRecord").items.through.objects.filter(consentrecord=OuterRef("pk"))
        seen = seen_items(viewer, "item__")
        known = seen
        if viewer.is_staff:
            # What is in the bin hides no consent of other things from those whom it was open to.
            known |= Q(has_rule("item__chosen_rule_id", viewer.rule_ids), item__binned_at__isnull=False)
        hidden, shown = links.exclude(known), Exists(links.filter(seen))
        is_of_gone = ~Exists(links) & Q(recorded_by__isnull=False, recorded_by=viewer.user_id)
        return self.filter(~Exists(hidden), shown | is_of_gone)
