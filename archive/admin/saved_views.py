"""Lists as people want to find them again: filters, words and order under a name."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.contrib.admin.options import IS_FACETS_VAR
from django.contrib.admin.views.main import ERROR_FLAG, PAGE_VAR
from django.contrib.auth.models import AnonymousUser
from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from access.models import User
from archive.admin.base import actor_of
from archive.admin.generic import ModelAdmin
from archive.models import Item, SavedView
from archive.texts import is_storable

SCREEN = "item"
NAME_MOST, QUERY_MOST = 80, 1000
VIEWS_MOST = 50  # of one person: a bar of more is no help
# What belongs to one look, and not to the list.
PASSING = (PAGE_VAR, ERROR_FLAG, IS_FACETS_VAR, "_popup", "_to_field", "csrfmiddlewaretoken")


@dataclass(frozen=True)
class View:
    """One saved view, as the bar shows it."""

    pk: int
    name: str
    address: str
    is_mine: bool
    is_here: bool


class SavesViews(ModelAdmin[Item]):
    """The bar above the list: views of one's own and those that colleagues share."""

    def get_urls(self) -> Any:  # Any: as in Django
        wrap = self.admin_site.admin_view
        own = [
            path("views/", wrap(require_POST(self.save_view)), name="archive_item_save_view"),
            path("views/<int:view_id>/forget/", wrap(require_POST(self.forget_view)), name="archive_item_forget_view"),
        ]
        return [*own, *super().get_urls()]

    def save_view(self, request: HttpRequest) -> HttpResponse:
        """Keep the filters of the list that was looked at under a name; the same name again takes the new ones."""
        self._require_staff(request)
        query, name = lasting(request.POST.get("query", "")), request.POST.get("name", "").strip()
        address = f"{reverse('admin:archive_item_changelist')}?{query}"
        user = actor_of(request)
        mine = SavedView.objects.filter(user=user, screen=SCREEN)
        if not name or len(name) > NAME_MOST or len(query) > QUERY_MOST or not is_storable(name + query):
            text = _("Give the view a name of up to %(count)s letters. Nothing was kept.") % {"count": NAME_MOST}
            self.message_user(request, text, messages.ERROR)
        elif mine.exclude(name=name).count() >= VIEWS_MOST:
            text = _("You keep %(count)s views already: forget one first.") % {"count": VIEWS_MOST}
            self.message_user(request, text, messages.ERROR)
        else:
            kept = {"query": query, "is_shared": request.POST.get("is_shared") == "1"}
            SavedView.objects.update_or_create(user=user, screen=SCREEN, name=name, defaults=kept)
            self.message_user(request, _("The view “%(name)s” is kept.") % {"name": name}, messages.SUCCESS)
        return HttpResponseRedirect(address)

    def forget_view(self, request: HttpRequest, view_id: int) -> HttpResponse:
        """Forget a view of one's own. Of anybody else's there is none to forget."""
        self._require_staff(request)
        gone, _rows = SavedView.objects.filter(pk=view_id, user=actor_of(request), screen=SCREEN).delete()
        if not gone:
            raise Http404
        self.message_user(request, _("The view is forgotten."), messages.SUCCESS)
        return HttpResponseRedirect(reverse("admin:archive_item_changelist"))

    def _require_staff(self, request: HttpRequest) -> None:
        if not request.user.is_staff or not self.has_view_permission(request):
            raise Http404

    def views_context(self, request: HttpRequest) -> dict[str, Any]:  # Any: as a template takes it
        """Return what the bar shows. One query."""
        if not request.user.is_staff:
            return {}
        here = lasting(request.GET.urlencode())
        return {"saved_views": views_for(request.user, here=here), "view_query": here}


def views_for(user: User | AnonymousUser, *, here: str) -> list[View]:
    """Return a person's own views, then those that colleagues share. One query."""
    address = reverse("admin:archive_item_changelist")
    rows = SavedView.objects.filter(Q(user=user.pk) | Q(is_shared=True), screen=SCREEN).order_by("name", "pk")
    views = [
        View(row.pk, row.name, f"{address}?{row.query}", row.user_id == user.pk, row.query == here) for row in rows
    ]
    return sorted(views, key=lambda view: not view.is_mine)


def lasting(query: str) -> str:
    """Return what of a list's address is worth keeping, in one order, so that equal views are seen to be equal."""
    asked = QueryDict(query.lstrip("?"), mutable=True)
    for name in PASSING:
        asked.pop(name, None)
    ordered = QueryDict(mutable=True)
    for name in sorted(asked):
        ordered.setlist(name, asked.getlist(name))
    return ordered.urlencode()
