"""What the desk's screens share."""

from __future__ import annotations

from typing import Any, ClassVar, TypeVar

from django.contrib import messages
from django.core.exceptions import FieldDoesNotExist, PermissionDenied
from django.db.models import Model, QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from access import audit
from access.models import AuditEntry, User
from access.requests import viewer_of
from access.stewardship import Stewardship, stewardship_of
from archive.actions.errors import ActionRefused
from archive.actions.save_authority import save_authority
from archive.admin import log_sentences
from archive.admin.choosers import WithChoosers
from archive.admin.generic import ModelAdmin
from archive.admin.sentences import sentence
from archive.admin.values import LangValuesFormField
from archive.models.fields import LangValuesField
from archive.petition_rights import Decider

HISTORY_MOST = 500
M = TypeVar("M", bound=Model)


class TellsRefusals(ModelAdmin[M]):
    """An admin whose saves are actions: what one refuses is said above the form, and nothing was written."""

    def changeform_view(
        self, request: HttpRequest, object_id: str | None = None, form_url: str = "", extra_context: Any = None
    ) -> Any:  # Any: as in Django
        try:
            return super().changeform_view(request, object_id, form_url, extra_context)
        except ActionRefused as error:
            self.message_user(request, sentence(error), messages.ERROR)
            return HttpResponseRedirect(request.path)


class WithHistory(TellsRefusals[M]):
    """An admin of authorities: columns and the rows below them are saved by one action, with a revision."""

    def save_model(self, request: HttpRequest, obj: M, form: Any, change: bool) -> None:  # Any: as in Django
        """The whole is saved in save_related."""

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:  # Any: as in Django
        save_beside = super().save_related

        def save() -> None:
            self.save_row(request, form.instance, form, change)
            save_beside(request, form, formsets, change)
            self.after_saving(request, form, formsets, change)

        version = sent_version(request) if change else None
        save_authority(form.instance, save=save, read_version=version, actor=actor_of(request), now=timezone.now())

    def save_row(self, request: HttpRequest, obj: M, form: Any, change: bool) -> None:  # Any: as in Django
        """Write the columns of one row."""
        obj.save()

    def after_saving(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:  # Any: as in Django
        """Do what follows from the whole of what was saved."""


class DeskAdmin(WithChoosers, ModelAdmin[M]):
    """An admin whose changes go to our own log. Django's keeps titles, which more people may read than a closed item."""

    formfield_overrides: ClassVar[Any] = {  # Any: Django's own
        LangValuesField: {"form_class": LangValuesFormField, "show_hidden_initial": False},
    }
    # Many rows are never changed at once by a slip of the hand.
    actions: Any = None  # Any: as in Django
    list_per_page = 50
    show_full_result_count = False

    def lookup_allowed(self, lookup: str, value: str, request: HttpRequest | None = None) -> bool:
        if request is not None and not viewer_of(request).is_staff and not is_offered(self, lookup):
            return False  # a column that a steward's list does not show holds what staff write for staff
        return leads_nowhere_else(self, lookup) and super().lookup_allowed(lookup, value, request)  # type: ignore[arg-type]  # as Django calls it

    def log_addition(self, request: HttpRequest, obj: M, message: Any) -> Any:  # Any: as in Django
        self._log(request, obj, "add")

    def log_change(self, request: HttpRequest, obj: M, message: Any) -> Any:  # Any: as in Django
        self._log(request, obj, "change")

    def log_deletion(self, request: HttpRequest, obj: M, object_repr: str) -> Any:  # Any: as in Django
        self._log(request, obj, "delete")

    def log_deletions(self, request: HttpRequest, queryset: Any) -> Any:  # Any: as in Django
        for obj in queryset:
            self._log(request, obj, "delete")

    def _log(self, request: HttpRequest, obj: M, verb: str) -> None:
        audit.record(
            actor=actor_of(request),
            verb=f"{verb}_{self.opts.model_name}",
            target_pid=self.log_name(obj),
            now=timezone.now(),
        )

    def log_name(self, obj: M) -> str:
        """Return what the log calls this row: nothing that tells more than an identifier."""
        return str(getattr(obj, "slug", obj.pk))[:32]

    def history_detail(self, request: HttpRequest, entry: AuditEntry) -> str:
        """Return what else the history tells of an entry."""
        return ", ".join(filter(None, (log_sentences.noted(entry), log_sentences.why(entry))))

    def entries_of(self, obj: M) -> QuerySet[AuditEntry]:
        """Return what our log tells of one row. A place and a people may be called the same, so that the kind is asked too."""
        verbs = [f"{verb}_{self.opts.model_name}" for verb in ("add", "change", "delete", "merge", "restore")]
        return AuditEntry.objects.filter(target_pid=self.log_name(obj), verb__in=verbs)

    def history_view(
        self, request: HttpRequest, object_id: str, extra_context: Any = None
    ) -> HttpResponse:  # Any: as in Django
        """Show who did what to one row, from our log."""
        if not self.has_view_or_change_permission(request):
            # Before the row is looked for: whether it is there is not for them.
            raise PermissionDenied
        obj = self.get_object(request, object_id)
        if obj is None or not self.has_view_or_change_permission(request, obj):
            return HttpResponseRedirect(reverse(f"admin:{self.opts.app_label}_{self.opts.model_name}_changelist"))
        entries = self.entries_of(obj)[:HISTORY_MOST]
        context = {
            **self.admin_site.each_context(request),
            "title": _("History of %(name)s") % {"name": obj},
            "entries": [
                (entry, log_sentences.sentence(entry), self.history_detail(request, entry)) for entry in entries
            ],
            "opts": self.opts,
            "object": obj,
        }
        return TemplateResponse(request, "desk/history.html", context)


def leads_nowhere_else(screen: Any, lookup: str) -> bool:  # Any: an admin of any model
    """Return whether a list's address asks only for the row's own columns, or for what a filter of the list offers.

    Django lets every address ask one step further, `?items=7`: that told what a hidden item is of.
    """
    if is_offered(screen, lookup):
        return True
    try:
        field = screen.opts.get_field(lookup.partition("__")[0])
    except FieldDoesNotExist:
        return True
    return bool(field.concrete and not field.is_relation)


def is_offered(screen: Any, lookup: str) -> bool:  # Any: an admin of any model
    """Return whether a filter of the list offers this, or it asks for a row by its key."""
    filters = [one[0] if isinstance(one, tuple) else one for one in screen.list_filter]
    offered = {one if isinstance(one, str) else getattr(one, "parameter_name", None) for one in filters}
    return lookup.partition("__")[0] in {*offered, "pk"}


def sent_version(request: HttpRequest) -> int | None:
    """Return at which version a form was read; None where it does not say."""
    text = str(request.POST.get("read_version", ""))
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else None


def actor_of(request: HttpRequest) -> User:
    """Return the signed-in member of staff; the admin lets nobody else in."""
    user = request.user
    if not isinstance(user, User):
        raise TypeError("the desk is open to accounts only")
    return user


def decider_of(request: HttpRequest) -> Decider:
    """Return who stands at the inbox, with what `looked_after` found."""
    kept = looked_after(request)
    return Decider(actor_of(request), kept.held, kept.communities)


def looked_after(request: HttpRequest) -> Stewardship:
    """Return what the asking person looks after, asked for once a request; nothing for a visitor. Also before the viewer is made."""
    if not hasattr(request, "desk_stewardship"):
        user = request.user
        found = stewardship_of(user, now=timezone.now()) if isinstance(user, User) else Stewardship()
        request.desk_stewardship = found  # type: ignore[attr-defined]  # of this request
    kept: Stewardship = request.desk_stewardship  # type: ignore[attr-defined]  # set above
    return kept
