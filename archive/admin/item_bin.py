"""The bin of the desk: drafts that nobody needs go in, come out again, or are deleted for good."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from access.requests import viewer_of
from access.viewer import Viewer
from archive.actions.bin_item import bin_item, unbin_item
from archive.actions.delete_item import delete_item, may_be_deleted
from archive.actions.errors import ActionRefused
from archive.actions.permissions import allows
from archive.actions.restore_record import revive_authority
from archive.admin import deleted_authorities
from archive.admin.base import actor_of
from archive.admin.files import visible_files
from archive.admin.generic import ModelAdmin
from archive.admin.sentences import sentence
from archive.history import recording
from archive.models import Item, ItemFile, ItemState, RecordKind, Revision
from archive.querysets import ItemQuerySet

PAGE_SIZE = 50
DELETE = "archive.delete_item"


@dataclass(frozen=True)
class Binned:
    """One item in the bin, as the screen shows it."""

    item: Item
    since: datetime
    who: str
    why: str


class WithBin(ModelAdmin[Item]):
    """What the items' screens have of the bin: the button that puts one in, and the bin's own pages."""

    delete_confirmation_template = "desk/item_delete.html"

    def get_urls(self) -> Any:  # Any: as in Django
        wrap = self.admin_site.admin_view
        own = [
            path("bin/", wrap(self.bin_view), name="archive_bin"),
            path("bin/made-again/<int:revision_id>/", wrap(self.revive_view), name="archive_bin_revive"),
            path("bin/<int:item_id>/out/", wrap(self.out_view), name="archive_bin_out"),
            path("bin/<int:item_id>/delete/", wrap(self.for_good_view), name="archive_bin_delete"),
        ]
        return [*own, *super().get_urls()]

    # --- In: the admin's page for deleting, one draft at a time, and only what no reader has seen ------------------------

    def has_delete_permission(self, request: HttpRequest, obj: Item | None = None) -> bool:
        if obj is None or not may_be_deleted(obj) or not self.has_change_permission(request, obj):
            return False
        # Nobody takes away a file that is closed to them; that there is one, the item's own page says as well.
        return not obj.files.exclude(pk__in=visible_files(request).values("pk")).exists()

    def get_deleted_objects(
        self, objs: Sequence[Item] | QuerySet[Item], request: HttpRequest
    ) -> Any:  # Any: as in Django
        files = [str(file) for item in objs for file in visible_files(request).filter(item=item)]
        return files, {}, set(), []

    def delete_model(self, request: HttpRequest, obj: Item) -> None:
        try:
            bin_item(obj, actor=actor_of(request), now=timezone.now(), reason=request.POST.get("reason", "")[:500])
        except ActionRefused as error:
            raise PermissionDenied(sentence(error)) from error

    def response_delete(self, request: HttpRequest, obj_display: str, obj_id: int) -> HttpResponse:
        text = _("“%(name)s” is in the bin. It can be taken out again.") % {"name": obj_display}
        self.message_user(request, text, messages.SUCCESS)
        return HttpResponseRedirect(reverse("admin:archive_item_changelist"))

    # --- The bin ---------------------------------------------------------------------------------------------------------

    def bin_view(self, request: HttpRequest) -> HttpResponse:
        """List what is in the bin and was this person's to see before it went in."""
        self._require_staff(request)
        rows = binned(request).order_by("-binned_at", "-pk")
        page = Paginator(rows, PAGE_SIZE).get_page(request.GET.get("page"))
        context = {
            **self.admin_site.each_context(request),
            "title": _("Bin"),
            "opts": self.opts,
            "page": page,
            "items": _told(list(page.object_list)),
            "authorities": deleted_authorities.deleted(request, get_language() or "vi"),
            "may_change": allows(actor_of(request), "archive.change_item"),
            "may_delete": allows(actor_of(request), DELETE),
        }
        return TemplateResponse(request, "desk/bin.html", context)

    def revive_view(self, request: HttpRequest, revision_id: int) -> HttpResponse:
        """Make a deleted authority again."""
        self._require_staff(request)
        revision = Revision.objects.filter(pk=revision_id, verb="delete").exclude(kind=RecordKind.ITEM).first()
        if revision is None or not deleted_authorities.may_make(request, revision.kind):
            raise Http404
        if request.method == "POST":
            try:
                record, _done = revive_authority(revision, actor=actor_of(request), now=timezone.now())
            except ActionRefused as error:
                self.message_user(request, sentence(error), messages.ERROR)
            else:
                self.message_user(request, _("“%(name)s” is back as it was.") % {"name": record}, messages.SUCCESS)
        return HttpResponseRedirect(reverse("admin:archive_bin"))

    def out_view(self, request: HttpRequest, item_id: int) -> HttpResponse:
        """Take one item out of the bin."""
        item = self._binned_or_404(request, item_id)
        if request.method != "POST":
            return HttpResponseRedirect(reverse("admin:archive_bin"))
        try:
            unbin_item(item, actor=actor_of(request), now=timezone.now())
        except ActionRefused as error:
            self.message_user(request, sentence(error), messages.ERROR)
            return HttpResponseRedirect(reverse("admin:archive_bin"))
        self.message_user(request, _("“%(name)s” is back as it was.") % {"name": item}, messages.SUCCESS)
        return HttpResponseRedirect(reverse("admin:archive_item_change", args=[item.pk]))

    def for_good_view(self, request: HttpRequest, item_id: int) -> HttpResponse:
        """Ask, and then delete one item for good."""
        item = self._binned_or_404(request, item_id)
        if not allows(actor_of(request), DELETE) or _has_closed_files(item, viewer_of(request)):
            raise PermissionDenied
        if request.method == "POST" and request.POST.get("sure") == "yes":
            name = str(item)
            try:
                delete_item(item, actor=actor_of(request), now=timezone.now())
            except ActionRefused as error:
                self.message_user(request, sentence(error), messages.ERROR)
            else:
                self.message_user(request, _("“%(name)s” is deleted for good.") % {"name": name}, messages.SUCCESS)
            return HttpResponseRedirect(reverse("admin:archive_bin"))
        context = {
            **self.admin_site.each_context(request),
            "title": _("Delete “%(name)s” for good?") % {"name": item},
            "opts": self.opts,
            "item": item,
            "files": list(item.files.order_by("position", "pk").values_list("original_name", flat=True)),
        }
        return TemplateResponse(request, "desk/bin_delete.html", context)

    def _require_staff(self, request: HttpRequest) -> None:
        if not (request.user.is_staff and self.has_view_permission(request)):
            raise PermissionDenied

    def _binned_or_404(self, request: HttpRequest, item_id: int) -> Item:
        may = request.user.is_staff and self.has_view_permission(request)
        found = binned(request).filter(pk=item_id).first() if may else None
        if found is None:
            raise Http404
        return found


def why_not_binned(item: Item) -> str:
    """Return why an item cannot go into the bin as it is, and what to do; empty where it can, or is there."""
    if may_be_deleted(item) or item.binned_at is not None:
        return ""
    if item.state == ItemState.PUBLISHED:
        return _(
            "This item cannot go into the bin: readers have seen it, and others may cite it. To take it away from them, press "
            "“Withdraw…”: then its address says only that it is gone, and since when. It can be published again."
        )
    if item.published_at is not None or item.was_public:
        return _(
            "This item cannot go into the bin, also now that readers do not find it: they have seen it, and its address goes on "
            "saying that it is gone."
        )
    return _("Only a draft goes into the bin: press “Send back to draft” first.")


def binned(request: HttpRequest) -> ItemQuerySet:
    """Return what is in the bin and is this person's to find there."""
    return Item.objects.binned_for(viewer_of(request))


def where_identifier_is(request: HttpRequest, identifier: str) -> str:
    """Return a sentence for who may see the item in the bin that holds an identifier; empty for everybody else. One query."""
    held = binned(request).filter(identifier=identifier).first() if identifier else None
    if held is None:
        return ""
    return _("This identifier is that of “%(name)s”, which is in the bin.") % {"name": held}


def _told(items: Sequence[Item]) -> list[Binned]:
    """Return the items with who put them in, and why. One query."""
    last: dict[str, Revision] = {}
    pids = [item.pid for item in items]
    put_in = Revision.objects.filter(kind=RecordKind.ITEM, key__in=pids, verb="bin_item").select_related("actor")
    for one in put_in.order_by("number"):
        last[one.key] = one
    told = []
    for item in items:
        revision = last.get(item.pid)
        who = recording.who(revision) if revision else ""
        since = item.binned_at or timezone.now()
        told.append(Binned(item, since, who, revision.reason if revision else ""))
    return told


def _has_closed_files(item: Item, viewer: Viewer) -> bool:
    """Return whether the item has a file that is closed to somebody who may see the item. One query."""
    closed = ItemFile.objects.filter(item=item, chosen_rule__isnull=False)
    return closed.exclude(chosen_rule__in=viewer.rule_ids).exists()
