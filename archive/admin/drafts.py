"""Forms that survive a power cut: the page sends what is typed, and offers it again when its owner comes back."""

from __future__ import annotations

import json
import re
from typing import Any, TypeVar

from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import Model
from django.forms.utils import ErrorDict
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse, QueryDict
from django.urls import path, reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from archive.actions.errors import ActionRefused
from archive.actions.keep_draft import draft_of, fields_of, forget_draft, keep_draft
from archive.admin.base import actor_of
from archive.admin.generic import ModelAdmin
from archive.admin.sentences import sentence

# Sent by the button that takes a kept form up again.
RESTORE = "_restore"
# In what a form is filled with then: it is shown, and not saved.
RESTORED = "_restored"
NEW = "new"


def target_of(screen: Any, key: object) -> str:  # Any: an admin of any model
    """Return what a kept form is called: the model, and the row or that it is new."""
    return f"{screen.opts.model_name}:{key}"


M = TypeVar("M", bound=Model)


class KeepsDrafts(ModelAdmin[M]):
    """For screens whose forms are long. The row must be one that the person may see and change, each time."""

    def get_urls(self) -> Any:  # Any: as in Django
        wrapped, name = self.admin_site.admin_view(self.draft_view), f"{self.opts.app_label}_{self.opts.model_name}"
        return [
            path("add/draft/", wrapped, name=f"{name}_new_draft"),
            path("<int:key>/draft/", wrapped, name=f"{name}_draft"),
            *super().get_urls(),
        ]

    def draft_view(self, request: HttpRequest, key: int | None = None) -> HttpResponse:
        """Keep a form that is being written ({"kept": "14:05"}), or throw away what was kept. Raises Http404, PermissionDenied."""
        may = self.has_add_permission(request) if key is None else self.has_change_permission(request)
        if key is not None and (not may or not self.get_queryset(request).filter(pk=key).exists()):
            raise Http404
        if not may:
            raise PermissionDenied
        if request.method != "POST":
            return HttpResponse(status=405, headers={"Allow": "POST"})
        user, target = actor_of(request), target_of(self, NEW if key is None else key)
        if "discard" in request.POST:
            forget_draft(user, target)
            return HttpResponseRedirect(request.path.removesuffix("draft/") + ("" if key is None else "change/"))
        version = request.POST.get("read_version", "")
        try:
            draft = keep_draft(
                user,
                target,
                _read_fields(request.POST.get("fields", "")),
                read_version=int(version) if version.isascii() and version.isdigit() and len(version) < 9 else 0,
                now=timezone.now(),
            )
        except ActionRefused as error:
            return JsonResponse({"refused": sentence(error)}, status=413 if error.code == "draft_too_long" else 400)
        return JsonResponse({"kept": date_format(timezone.localtime(draft.saved_at), "TIME_FORMAT")})

    def changeform_view(
        self, request: HttpRequest, object_id: str | None = None, form_url: str = "", extra_context: Any = None
    ) -> Any:  # Any: as in Django
        if request.method == "POST" and RESTORE in request.POST:
            if object_id is not None and not self.get_queryset(request).filter(pk=object_id).exists():
                raise Http404
            draft = draft_of(actor_of(request), target_of(self, object_id or NEW))
            if draft is None:
                return HttpResponseRedirect(request.path)
            request.POST = filled(fields_of(draft))  # type: ignore[assignment]  # what the form is filled with
        return super().changeform_view(request, object_id, form_url, extra_context)

    def draft_context(self, request: HttpRequest, obj: M | None) -> dict[str, Any]:  # Any: what a template shows
        """Return where the page sends what is typed, and what it offers. One query where the form was opened afresh."""
        may = self.has_add_permission(request) if obj is None else self.has_change_permission(request, obj)
        if not may:
            return {}
        name = f"admin:{self.opts.app_label}_{self.opts.model_name}"
        address = reverse(f"{name}_new_draft") if obj is None else reverse(f"{name}_draft", args=[obj.pk])
        draft = None
        # A form in which what two people wrote was brought together is shown afresh, and is as unsaved as one that was sent.
        is_met = hasattr(request, "desk_meeting")
        if request.method == "GET" and not is_met:
            draft = draft_of(actor_of(request), target_of(self, NEW if obj is None else obj.pk))
        is_restored = RESTORED in request.POST
        return {
            **({"errors": None} if is_restored else {}),
            "draft_address": address,
            "draft": draft,
            "draft_is_old": draft is not None and draft.read_version != getattr(obj, "version", 0),
            "is_restored": is_restored,
            "is_unsaved": is_met or request.method == "POST",
        }

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:  # Any: as in Django
        super().save_related(request, form, formsets, change)
        forget_draft(actor_of(request), target_of(self, form.instance.pk if change else NEW))


def filled(fields: list[tuple[str, str]]) -> QueryDict:
    """Return what a browser would send, marked as not to be saved."""
    sent = QueryDict(mutable=True)
    for name, text in fields:
        sent.appendlist(name, text)
    sent[RESTORED] = "1"
    return sent


def _read_fields(text: str) -> list[tuple[str, str]]:
    try:
        read = json.loads(text)
    except (ValueError, RecursionError):
        raise ActionRefused("unreadable") from None
    if not isinstance(read, list) or not all(
        isinstance(one, list) and len(one) == 2 and all(isinstance(part, str) for part in one) for one in read
    ):
        raise ActionRefused("unreadable")
    return [(name, value) for name, value in read]


class Restorable:
    """For the forms of such screens: filled with what was kept they are shown as they were left, unchecked and unsaved."""

    data: Any  # Any: as in Django
    is_bound: bool

    def full_clean(self) -> None:
        if not (self.is_bound and RESTORED in self.data):
            super().full_clean()  # type: ignore[misc]  # a form
            return
        self._errors = ErrorDict()
        self.cleaned_data: dict[str, Any] = {}  # Any: values of many kinds
        self.add_error(None, ValidationError(_("Nothing is saved yet."), code="restored"))  # type: ignore[attr-defined]  # a form


_ROW = re.compile(r"-(\d{1,5})-(.+)\Z")


class RestorableRows:
    """For formsets whose rows come and go by themselves: what was kept is laid over the rows that are there now."""

    def __init__(self, data: Any = None, files: Any = None, **kwargs: Any) -> None:  # Any: as in Django
        self.kept_rows: dict[str, dict[str, list[str]]] = {}
        if data is not None and RESTORED in data:
            self.kept_rows = _rows_by_key(data, str(kwargs.get("prefix") or ""))
            data = files = None
        super().__init__(data, files, **kwargs)  # type: ignore[call-arg]  # a formset

    def _construct_form(self, number: int, **kwargs: Any) -> Any:  # Any: as in Django
        form: Any = super()._construct_form(number, **kwargs)  # type: ignore[misc]  # a formset  # Any: a form
        kept = self.kept_rows.get(str(form.instance.pk))
        if kept is not None:
            laid = QueryDict(mutable=True)
            for name, texts in kept.items():
                laid.setlist(f"{form.prefix}-{name}", texts)
            form.data, form.is_bound = laid, True
        return form


def _rows_by_key(data: Any, prefix: str) -> dict[str, dict[str, list[str]]]:  # Any: a QueryDict
    rows: dict[str, dict[str, list[str]]] = {}
    for name, texts in data.lists():
        if name.startswith(f"{prefix}-") and (match := _ROW.match(name[len(prefix) :])):
            rows.setdefault(match[1], {})[match[2]] = texts
    return {row["id"][0]: row for row in rows.values() if row.get("id")}
