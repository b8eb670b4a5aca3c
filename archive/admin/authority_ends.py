"""How an authority ends at the desk: deleted where nothing uses it, or merged into another."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import Model
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from access.requests import viewer_of
from archive.actions.delete_authority import delete_authority
from archive.actions.errors import ActionRefused
from archive.actions.merge_authorities import merge_authorities
from archive.admin import history_words
from archive.admin.base import DeskAdmin, actor_of
from archive.admin.choosers import Chooser, is_key
from archive.admin.history_words import Words
from archive.admin.sentences import sentence
from archive.history import snapshots
from archive.models import Collection, Item, ItemAgent, People, PlaceParent, RecordKind, Subject
from archive.uses import uses_of

M = TypeVar("M", bound=Model)
MOST_NAMED = 50
# By which column the desk's autocompletion finds another one of the same kind.
FOUND_BY: Mapping[str, tuple[type[Model], str]] = {
    RecordKind.PEOPLE: (People, "parent"),
    RecordKind.COLLECTION: (Collection, "parent"),
    RecordKind.SUBJECT: (Subject, "broader"),
    RecordKind.AGENT: (ItemAgent, "agent"),
    RecordKind.PLACE: (PlaceParent, "parent"),
    RecordKind.RIGHTS: (Item, "rights"),
}


@dataclass(frozen=True)
class Named:
    """What uses an authority, as far as one person may know: nobody is told how much of it is hidden, nor what (docs/adr/0009)."""

    items: Sequence[Item]
    seen: int
    records: Sequence[Model]
    is_elsewhere: bool

    @property
    def is_used(self) -> bool:
        return bool(self.items or self.records or self.is_elsewhere)

    @property
    def more(self) -> int:
        return self.seen - len(self.items)


def named(request: HttpRequest, record: Any) -> Named:  # Any: one of six models
    """Return what uses an authority, for this person."""
    uses = uses_of(record)
    # By a set of keys: an item that names it twice is one item.
    seen = Item.objects.visible_to(viewer_of(request)).filter(pk__in=uses.items.order_by().values("pk"))
    count = seen.count()
    hidden = uses.items.count() > count
    items = list(seen.order_by("-modified_at", "-pk")[:MOST_NAMED])
    return Named(items, count, uses.records, hidden or uses.is_kept_otherwise)


class WithEnds(DeskAdmin[M]):
    """An admin of authorities: deleting is refused with the list of uses, and duplicates are merged."""

    def get_urls(self) -> Any:  # Any: as in Django
        name = f"{self.opts.app_label}_{self.opts.model_name}_merge"
        own = path("<int:record_id>/merge/", self.admin_site.admin_view(self.merge_view), name=name)
        return [own, *super().get_urls()]

    # --- Deleting --------------------------------------------------------------------------------------------------------

    def delete_view(
        self, request: HttpRequest, object_id: str, extra_context: Any = None
    ) -> HttpResponse:  # Any: as in Django
        """Ask, and then delete; of what is in use say where."""
        if not self.has_delete_permission(request):
            raise PermissionDenied
        record = self.get_object(request, object_id)
        if record is None:
            return self._back(request)
        refused: ActionRefused | None = None
        if request.method == "POST":
            try:
                delete_authority(record, actor=actor_of(request), now=timezone.now(), reason=_reason(request))  # type: ignore[arg-type]  # an authority
            except ActionRefused as error:
                refused = error
            else:
                text = _("“%(name)s” is deleted. The bin keeps it.") % {"name": record}
                self.message_user(request, text, messages.SUCCESS)
                return self._back(request)
        context = {
            **self.admin_site.each_context(request),
            "title": _("Delete “%(name)s”?") % {"name": record},
            "opts": self.opts,
            "object": record,
            "uses": named(request, record),
            "refused": "" if refused is None else sentence(refused),
        }
        return TemplateResponse(request, "desk/authority_delete.html", context, status=403 if refused else 200)

    def _back(self, request: HttpRequest) -> HttpResponse:
        may = self.has_view_or_change_permission(request)
        name = f"admin:{self.opts.app_label}_{self.opts.model_name}_changelist" if may else "admin:index"
        return HttpResponseRedirect(reverse(name))

    # --- Merging ---------------------------------------------------------------------------------------------------------

    def merge_view(self, request: HttpRequest, record_id: int) -> HttpResponse:
        """Choose another one, see both side by side, and merge this one into it."""
        if not (self.has_delete_permission(request) and self.has_change_permission(request)):
            raise PermissionDenied
        goes: Any = self.get_object(request, str(record_id))  # Any: one of six models
        if goes is None:
            raise Http404
        stays = self._other(request, goes)
        if request.method == "POST" and request.POST.get("sure") == "yes" and stays is not None:
            try:
                merge_authorities(goes, stays, actor=actor_of(request), now=timezone.now(), reason=_reason(request))
            except ActionRefused as error:
                self.message_user(request, sentence(error), messages.ERROR)
                return HttpResponseRedirect(f"{request.path}?other={stays.pk}")
            text = _("“%(gone)s” was merged into “%(name)s”.") % {"gone": goes, "name": stays}
            self.message_user(request, text, messages.SUCCESS)
            change = f"admin:{self.opts.app_label}_{self.opts.model_name}_change"
            return HttpResponseRedirect(reverse(change, args=[stays.pk]))
        form = self._form(goes)(request.GET or None)
        context = {
            **self.admin_site.each_context(request),
            "title": _("Merge “%(name)s” into another") % {"name": goes},
            "opts": self.opts,
            "object": goes,
            "stays": stays,
            "form": form,
            "media": self.media + form.media,
            "sides": _sides(goes, stays) if stays is not None else [],
            "goes_uses": named(request, goes),
            "stays_uses": named(request, stays) if stays is not None else None,
        }
        return TemplateResponse(request, "desk/merge.html", context)

    def _other(self, request: HttpRequest, goes: Model) -> Any:  # Any: one of six models
        key = (request.POST if request.method == "POST" else request.GET).get("other", "")
        found = self.get_object(request, key) if is_key(key) else None
        return None if found is None or found.pk == goes.pk else found

    def _form(self, goes: Model) -> type[forms.Form]:
        model, column = FOUND_BY[snapshots.kind_of(goes)]
        others: Any = type(goes)._default_manager.exclude(pk=goes.pk)  # Any: one of six models
        chooser = Chooser(model._meta.get_field(column), self.admin_site)
        field = forms.ModelChoiceField(others, label=gettext_lazy("The one that stays"), widget=chooser)
        return type("MergeForm", (forms.Form,), {"other": field})


def _reason(request: HttpRequest) -> str:
    return request.POST.get("reason", "")[:500]


def _sides(goes: Any, stays: Any) -> list[tuple[str, str, str]]:  # Any: one of six models
    """Return the fields of both, in words: label, the one that goes, the one that stays."""
    first, second = snapshots.of(goes), snapshots.of(stays)
    kind = snapshots.kind_of(goes)
    words = Words(kind, others=history_words.named_elsewhere(kind, [first, second]))
    left, right = snapshots.parts_of(first), snapshots.parts_of(second)
    told = [(words.field(name), words.value(name, left[name]), words.value(name, right.get(name))) for name in left]
    return [one for one in told if one[1] or one[2]]
