"""What the screens of communities and of protocols share: changes go through actions, refusals are said, pages of one deed."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, TypeVar

from django import forms
from django.contrib import messages
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from access.actions.errors import ActionRefused
from access.models import AuditEntry, Community, Protocol, User
from archive.admin.base import DeskAdmin, TellsRefusals, looked_after
from archive.admin.membership_forms import person_name
from archive.admin.sentences import sentence

M = TypeVar("M", Community, Protocol)
Deed = tuple[str, Callable[[], object]]  # what its button says, and what it does


def is_administrator(request: HttpRequest) -> bool:
    """Return whether an administrator of the library asks."""
    return bool(request.user.is_active and request.user.is_staff and request.user.is_superuser)


class LookedAfterAdmin(TellsRefusals[M], DeskAdmin[M]):
    """A screen of what people look after who need not be of the library. Nothing is deleted: the log tells of it by its pid."""

    def has_module_permission(self, request: HttpRequest) -> bool:
        return self.has_view_permission(request)

    def has_view_permission(self, request: HttpRequest, obj: M | None = None) -> bool:
        if obj is not None:
            return self.get_queryset(request).filter(pk=obj.pk).exists()
        allowed = request.user.has_perm(f"access.view_{self.opts.model_name}")
        return is_administrator(request) or allowed or bool(looked_after(request))

    def has_delete_permission(self, request: HttpRequest, obj: M | None = None) -> bool:
        return False

    # --- Saving -----------------------------------------------------------------------------------------------------------

    def render_change_form(
        self,
        request: HttpRequest,
        context: Any,
        add: bool = False,
        change: bool = False,
        form_url: str = "",
        obj: Any = None,  # Any: one of two models, which the class above cannot tell
    ) -> HttpResponse:
        context |= {"show_save_and_add_another": False, "show_save_and_continue": False}
        context |= self.shown(request, obj)
        return super().render_change_form(request, context, add=add, change=change, form_url=form_url, obj=obj)

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:  # Any: as in Django
        """The action has saved everything."""

    def log_addition(self, request: HttpRequest, obj: M, message: Any) -> Any:  # Any: as in Django
        """The action has written the log."""

    def log_change(self, request: HttpRequest, obj: M, message: Any) -> Any:  # Any: as in Django
        """The action has written the log."""

    def response_add(self, request: HttpRequest, obj: M, post_url_continue: str | None = None) -> HttpResponse:
        self.message_user(request, _("It is made. Nobody belongs to it yet."), messages.SUCCESS)
        return HttpResponseRedirect(self.address(obj))

    def response_change(self, request: HttpRequest, obj: M) -> HttpResponse:
        self.message_user(request, _("Saved."), messages.SUCCESS)
        if self.get_queryset(request).filter(pk=obj.pk).exists():
            return HttpResponseRedirect(self.address(obj))
        return HttpResponseRedirect(reverse(f"admin:access_{self.opts.model_name}_changelist"))

    def address(self, obj: M) -> str:
        """Return the address of the screen of one of them."""
        return reverse(f"admin:access_{self.opts.model_name}_change", args=[obj.pk])

    # --- History ----------------------------------------------------------------------------------------------------------

    def log_name(self, obj: M) -> str:
        return obj.pid

    def entries_of(self, obj: M) -> QuerySet[AuditEntry]:
        return AuditEntry.objects.filter(target_pid=obj.pid)

    def history_view(
        self, request: HttpRequest, object_id: str, extra_context: Any = None
    ) -> HttpResponse:  # Any: as in Django
        obj = self.get_object(request, object_id)
        if obj is not None and not self.shows_members(request, obj):
            return HttpResponseRedirect(self.address(obj))
        return super().history_view(request, object_id, extra_context)

    def history_detail(self, request: HttpRequest, entry: AuditEntry) -> str:
        """Return whom it is about, what it became, and why."""
        if not hasattr(request, "desk_accounts"):
            request.desk_accounts = {}  # type: ignore[attr-defined]  # of this page
        names: dict[int, str] = request.desk_accounts  # type: ignore[attr-defined]  # set above
        key = entry.detail.get("account") if isinstance(entry.detail, dict) else None
        if key is not None and key not in names:
            user = User.objects.filter(pk=key).first()
            names[key] = person_name(user) if user else ""
        return "; ".join(part for part in (names.get(key, "") if key else "", entry.reason) if part)

    def shows_members(self, request: HttpRequest, obj: M) -> bool:
        """Return whether the person learns who belongs to it: not unless a screen says so."""
        return False

    def shown(self, request: HttpRequest, obj: M | None) -> dict[str, Any]:  # Any: what a template shows
        """Return what its screen shows beside the form; None: of a new one."""
        return {}

    # --- Pages of one deed --------------------------------------------------------------------------------------------------

    def deed_page(
        self,
        request: HttpRequest,
        obj: M,
        *,
        title: str,
        form: forms.Form,
        deeds: Mapping[str, Deed],
        more: Mapping[str, object] | None = None,
    ) -> HttpResponse:
        """Show a form with its buttons and do what the pressed one says; then back to the screen of what it is about.

        A deed that returns a text is answered by a page that shows it, once.
        """
        shown: object = None
        if request.method == "POST" and form.is_valid() and request.POST.get("_do", "") in deeds:
            try:
                shown = deeds[request.POST["_do"]][1]()
            except ActionRefused as error:
                self.message_user(request, sentence(error), messages.ERROR)
            else:
                if not isinstance(shown, str):
                    self.message_user(request, _("Saved."), messages.SUCCESS)
                    return HttpResponseRedirect(self.address(obj))
        context = {
            **self.admin_site.each_context(request),
            "title": title,
            "form": form,
            "deeds": [(name, label) for name, (label, _do) in deeds.items()],
            "code": shown if isinstance(shown, str) else "",
            "object": obj,
            "address": self.address(obj),
            "opts": self.opts,
            **(more or {}),
        }
        return TemplateResponse(request, "desk/deed.html", context)

    def visible_or_404(self, request: HttpRequest, pk: int) -> M:
        """Return one that the person may see. Raises Http404."""
        found = self.get_queryset(request).filter(pk=pk).first()
        if found is None or not self.has_view_permission(request):
            raise Http404
        return found
