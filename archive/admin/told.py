"""What people told of items, for those who look after them: read, taken up, asked back, or not taken up."""

from __future__ import annotations

from typing import Any, ClassVar

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from access.models import User
from access.requests import viewer_of
from archive import addresses, contributions, moves, petition_rights
from archive.actions import contribute
from archive.admin import taking_over
from archive.admin.base import DeskAdmin, actor_of, decider_of
from archive.admin.inbox import titles_of
from archive.contribution_sentences import sentence
from archive.contributions import TEXT_LETTERS_MOST, ContributionRefused
from archive.models import Contribution, Item

State = Contribution.State


class ToldForm(forms.Form):
    """What is answered to who told it."""

    answer = forms.CharField(
        label=gettext_lazy("Question or answer"),
        required=False,
        max_length=TEXT_LETTERS_MOST,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=gettext_lazy("Who told it reads this with their code. Asking back, and not taking it up, need one."),
    )


@admin.register(Contribution)
class ToldAdmin(DeskAdmin[Contribution]):
    """Told knowledge that the asking person looks after, what waits first."""

    list_display = ("subject", "shown_item", "state", "consented_at")
    list_filter: ClassVar[Any] = ("state", "subject")  # Any: as in Django
    ordering = ("state", "-consented_at", "-pk")

    # --- Who gets in ----------------------------------------------------------------------------------------------------

    def has_view_permission(self, request: HttpRequest, obj: Contribution | None = None) -> bool:
        if not isinstance(request.user, User) or not request.user.is_active:
            return False
        if obj is not None:
            return self._inbox(request).filter(pk=obj.pk).exists()
        who = decider_of(request)
        return bool(who.decides_in) or (who.user.is_staff and who.user.has_perm(petition_rights.DESCRIBE))

    def has_module_permission(self, request: HttpRequest) -> bool:
        return self.has_view_permission(request)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Contribution | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Contribution | None = None) -> bool:
        return False

    def _inbox(self, request: HttpRequest) -> QuerySet[Contribution]:
        return contributions.inbox(decider_of(request), viewer_of(request))

    # --- Screens --------------------------------------------------------------------------------------------------------

    def get_queryset(self, request: HttpRequest) -> QuerySet[Contribution]:
        return self._inbox(request).select_related("item", "decided_by")

    def get_changelist_instance(self, request: HttpRequest) -> Any:  # Any: as in Django
        shown = super().get_changelist_instance(request)
        titles = titles_of(request, [one.item.pid for one in shown.result_list])
        for one in shown.result_list:
            one.desk_title = titles.get(one.item.pid, one.item.pid)
        return shown

    @admin.display(description=gettext_lazy("item"))
    def shown_item(self, told: Contribution) -> str:
        return str(getattr(told, "desk_title", ""))

    def get_urls(self) -> Any:  # Any: as in Django
        wrapped = self.admin_site.admin_view
        return [
            path("<int:key>/file", wrapped(self.file_view), name="archive_contribution_file"),
            *super().get_urls(),
        ]

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None
    ) -> Any:  # Any: as in Django
        """One thing that was told, and what is done with it."""
        told = self._told_or_404(request, object_id)
        form = ToldForm(request.POST or None)
        if request.method == "POST" and form.is_valid() and self._do(request, told, str(form.cleaned_data["answer"])):
            return HttpResponseRedirect(request.path)
        item = Item.objects.visible_to(viewer_of(request)).filter(pk=told.item_id).first()
        is_own = told.giver_id == actor_of(request).pk
        may_decide = told.state in {*Contribution.PENDING, State.ACCEPTED} and not is_own
        takes_over = item is not None and contributions.may_be_taken_over(told)
        if takes_over and actor_of(request).has_perm(moves.EDIT):
            form_address = reverse("admin:archive_item_change", args=[told.item_id])
            over_address = f"{form_address}?{taking_over.ASKED}={told.pid}"
        else:
            over_address = ""
        context = {
            **self.admin_site.each_context(request),
            "title": told.get_subject_display(),
            "told": told,
            "item": item,
            "item_address": addresses.item(item) if item else "",
            "form": form,
            "over_address": over_address,
            "opts": self.opts,
            "is_pending": told.state in Contribution.PENDING,
            "may_decide": may_decide,
            "is_own": is_own,
        }
        return TemplateResponse(request, "desk/told.html", context)

    def file_view(self, request: HttpRequest, key: int) -> HttpResponseBase:
        """The bytes that came with it, to be saved and never opened by a browser here. Raises Http404."""
        told = self._told_or_404(request, key)
        if request.method not in {"GET", "HEAD"}:
            return HttpResponse(status=405, headers={"Allow": "GET, HEAD"})
        kept = contributions.path_of(told.file_token) if told.file_token else None
        if kept is None or not kept.is_file():
            raise Http404
        answer = FileResponse(kept.open("rb"), content_type="application/octet-stream", as_attachment=True)
        # Our own name: the sender's may tell anything.
        answer["Content-Disposition"] = f'attachment; filename="{told.pid}.{told.file_ending}"'
        answer["X-Content-Type-Options"] = "nosniff"
        return answer

    def history_view(self, request: HttpRequest, object_id: str, extra_context: Any = None) -> Any:  # Any: as in Django
        raise Http404  # the log has it, by its identifier

    def _told_or_404(self, request: HttpRequest, object_id: object) -> Contribution:
        if not self.has_view_permission(request):
            raise PermissionDenied
        key = str(object_id)
        found = None
        if key.isascii() and key.isdigit() and len(key) < 19:
            found = self.get_queryset(request).filter(pk=key).first()
        if found is None:
            raise Http404
        return found

    def _do(self, request: HttpRequest, told: Contribution, answer: str) -> bool:
        """Do what the button says; return whether it was done."""
        actor, now = actor_of(request), timezone.now()
        deed = request.POST.get("_do", "")
        try:
            if deed == "accept":
                done = contribute.accept(told, actor=actor, now=now, answer=answer)
            elif deed == "ask_back":
                done = contribute.ask_back(told, actor=actor, now=now, answer=answer)
            elif deed == "refuse":
                done = contribute.refuse(told, actor=actor, now=now, answer=answer)
            else:
                return False
        except ContributionRefused as error:
            self.message_user(request, sentence(error), messages.ERROR)
            return False
        said = _("Written down: %(state)s.") % {"state": done.get_state_display()}
        self.message_user(request, said, messages.SUCCESS)
        return True
