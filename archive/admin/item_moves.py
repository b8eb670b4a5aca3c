"""Moving items at the desk: the buttons of the form, many rows of the list at once, and what staff say about an item."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.admin.helpers import ActionForm
from django.db import transaction
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import path, reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_POST

from access.requests import ask_again
from archive import moves
from archive.actions.errors import ActionRefused
from archive.actions.move_item import move_item
from archive.actions.permissions import allows
from archive.actions.say_remark import REMARK_MOST, may_remark, say_remark
from archive.admin import states
from archive.admin.base import actor_of
from archive.admin.generic import ModelAdmin
from archive.admin.sentences import sentence
from archive.models import Item, ItemState, Remark

REASON_MOST = 500
# So many take a few seconds; a click that waits longer is clicked again.
MOVED_AT_ONCE_MOST = 200
NAMED_MOST = 8


class MoveForm(ActionForm):
    """What is done with the chosen rows, and why."""

    reason = forms.CharField(
        label=gettext_lazy("What is to be changed"),
        required=False,
        max_length=REASON_MOST,
        widget=forms.TextInput(attrs={"data-only-for": "ask_for_edits"}),
    )


class MovesItems(ModelAdmin[Item]):
    """The part of the items' screens that moves them."""

    action_form = MoveForm
    actions: Any = ["send_to_review", "publish", "ask_for_edits"]  # Any: as in Django
    change_list_template = "desk/item_list.html"

    # --- Many at once -----------------------------------------------------------------------------------------------------

    def get_actions(self, request: HttpRequest) -> Any:  # Any: as in Django
        """Offer what the person has a right to. Nothing is deleted by the dozen."""
        rights = {"send_to_review": moves.EDIT, "publish": moves.PUBLISH, "ask_for_edits": moves.REVIEW}
        offered = super().get_actions(request)
        return {
            name: one for name, one in offered.items() if name in rights and allows(actor_of(request), rights[name])
        }

    def send_to_review(self, request: HttpRequest, chosen: QuerySet[Item]) -> None:
        self._move_all(request, chosen, ItemState.IN_REVIEW)

    def publish(self, request: HttpRequest, chosen: QuerySet[Item]) -> None:
        # Who can be recognised is decided item by item: a list takes no reason for doing without a consent.
        self._move_all(request, chosen, ItemState.PUBLISHED)

    def ask_for_edits(self, request: HttpRequest, chosen: QuerySet[Item]) -> None:
        self._move_all(request, chosen, ItemState.EDITS_NEEDED, reason=request.POST.get("reason", "")[:REASON_MOST])

    send_to_review.short_description = gettext_lazy("Submit for review")  # type: ignore[attr-defined]  # as in Django
    publish.short_description = gettext_lazy("Publish")  # type: ignore[attr-defined]  # as in Django
    ask_for_edits.short_description = gettext_lazy("Ask for edits")  # type: ignore[attr-defined]  # as in Django

    def _move_all(self, request: HttpRequest, chosen: QuerySet[Item], state: str, *, reason: str = "") -> None:
        """Move each by the action, in a transaction of its own, and say which stay as they were and why."""
        items = list(chosen[: MOVED_AT_ONCE_MOST + 1])
        if len(items) > MOVED_AT_ONCE_MOST:
            text = _("Choose %(count)s at most at once. Nothing was changed.") % {"count": MOVED_AT_ONCE_MOST}
            self.message_user(request, text, messages.ERROR)
            return
        moved, refused = 0, dict[str, list[str]]()
        for item in items:
            try:
                move_item(item, state, actor=actor_of(request), now=timezone.now(), reason=reason)
            except ActionRefused as error:
                refused.setdefault(sentence(error), []).append(str(item))
            else:
                moved += 1
        if moved:
            text = ngettext("%(count)s item: %(state)s.", "%(count)s items: %(state)s.", moved)
            self.message_user(request, text % {"count": moved, "state": ItemState(state).label}, messages.SUCCESS)
        for why, titles in refused.items():
            self.message_user(request, _refused(why, titles), messages.WARNING)

    # --- One, with its form -----------------------------------------------------------------------------------------------

    def move_saved(self, request: HttpRequest, item: Item, state: str) -> HttpResponse:
        """Make the move of the button that saved the form."""
        reason = request.POST.get(states.REASONS.get(state, ""), "")[:REASON_MOST]
        try:
            with transaction.atomic():
                move_item(item, state, actor=actor_of(request), now=timezone.now(), reason=reason)
        except ActionRefused as error:
            self.message_user(request, sentence(error), messages.ERROR)
        else:
            self.message_user(request, states.done(item), messages.SUCCESS)
        if not self.is_seen_still(request, item):
            return self.closed_to_maker(request)
        return HttpResponseRedirect(reverse("admin:archive_item_change", args=[item.pk]))

    def is_seen_still(self, request: HttpRequest, item: Item) -> bool:
        """Return whether the person sees what they have just saved."""
        ask_again(request)
        return self.get_queryset(request).filter(pk=item.pk).exists()

    def closed_to_maker(self, request: HttpRequest) -> HttpResponse:
        text = _("Saved. By the access you chose the item is now closed to you, too.")
        self.message_user(request, text, messages.WARNING)
        return HttpResponseRedirect(reverse("admin:archive_item_changelist"))

    def moves_context(self, request: HttpRequest, item: Item) -> dict[str, Any]:  # Any: as a template takes it
        """Return what the form shows of moves and of what was said. One query."""
        user = actor_of(request)
        may_change = self.has_change_permission(request, item)
        held_back = states.why_not_published(item, user) if may_change else ""
        return {
            "moves": states.moves_for(item, user) if may_change else [],
            "held_back": sentence(ActionRefused(held_back)) if held_back else "",
            "remarks": remarks_on(item) if user.is_staff else [],
            "may_remark": user.is_staff and may_remark(user),
            "remark_most": REMARK_MOST,
        }

    # --- What is said -----------------------------------------------------------------------------------------------------

    def get_urls(self) -> Any:  # Any: as in Django
        view = self.admin_site.admin_view(require_POST(self.remark_view))
        return [path("<int:item_id>/remark/", view, name="archive_item_remark"), *super().get_urls()]

    def remark_view(self, request: HttpRequest, item_id: int) -> HttpResponse:
        """Take in one remark on an item that the person sees."""
        may = request.user.is_staff and self.has_view_permission(request)
        item = self.get_queryset(request).filter(pk=item_id).first() if may else None
        if item is None:
            raise Http404
        try:
            say_remark(item, request.POST.get("text", ""), actor=actor_of(request), now=timezone.now())
        except ActionRefused as error:
            self.message_user(request, sentence(error), messages.ERROR)
        return HttpResponseRedirect(reverse("admin:archive_item_change", args=[item.pk]) + "#conversation")


def remarks_on(item: Item) -> list[Remark]:
    """Return what was said on an item, the oldest first. One query."""
    return list(Remark.objects.filter(item=item).select_related("author").order_by("at", "pk"))


def _refused(why: str, titles: list[str]) -> str:
    named = "; ".join(titles[:NAMED_MOST])
    more = len(titles) - NAMED_MOST
    if more > 0:
        named = _("%(titles)s; and %(count)s more") % {"titles": named, "count": more}
    text = ngettext("%(count)s stays as it was (%(titles)s).", "%(count)s stay as they were (%(titles)s).", len(titles))
    return f"{text % {'count': len(titles), 'titles': named}} {why}"
