"""What the desk's command palette finds: items, headings, screens and commands, as far as the asking person may see them."""

from __future__ import annotations

from typing import Any

from django.contrib.admin import AdminSite
from django.http import HttpRequest, JsonResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from access.requests import viewer_of
from archive import search
from archive.models import Agent, Collection, Item, People, Place, Subject
from archive.search.folding import compact, fold
from archive.texts import is_storable

ITEMS_MOST, HEADINGS_MOST, SCREENS_MOST = 8, 5, 8
FEWEST_LETTERS = 2
HEADINGS = (People, Place, Agent, Subject, Collection)
Found = dict[str, str]


def answer(request: HttpRequest, site: AdminSite) -> JsonResponse:
    """Answer {"groups": [{"label", "found": [{"label", "address", "note"}]}]} for `?q=`. About ten queries; none but the screens' rights
    where less than two letters are asked."""
    asked = request.GET.get("q", "").strip()
    asked = asked if is_storable(asked) else ""
    groups = [(_("Commands"), _commands(request, asked)), (_("Screens"), _screens(request, site, asked))]
    if len(compact(asked)) >= FEWEST_LETTERS:
        found = [(_("Items"), _items(request, site, asked))]
        for model in HEADINGS:
            found.append((str(model._meta.verbose_name_plural).capitalize(), _headings(request, site, model, asked)))
        groups = [*groups, *found] if groups[0][1] else [*found, *groups]
    return JsonResponse({"groups": [{"label": label, "found": found} for label, found in groups if found]})


def _commands(request: HttpRequest, asked: str) -> list[Found]:
    """Return what somebody does, rather than where they go."""
    items = reverse("admin:archive_item_changelist")
    user = request.user
    commands: list[tuple[bool, str, str]] = [
        (user.has_perm("archive.add_item"), _("New item"), reverse("admin:archive_item_add")),
        (_is_staff_with(request, "archive.view_item"), _("What waits for review"), f"{items}?state__exact=in_review"),
        (_is_staff_with(request, "archive.change_item"), _("What was sent back to me"), f"{items}?mine=back"),
        (_is_staff_with(request, "archive.change_item"), _("What I changed"), f"{items}?mine=changed"),
        (True, _("What needs doing"), reverse("admin:index")),
        (True, _("Change password"), reverse("admin:password_change")),
    ]
    return [_found(label, address) for may, label, address in commands if may and _fits(asked, label)]


def _is_staff_with(request: HttpRequest, right: str) -> bool:
    return bool(request.user.is_staff and request.user.has_perm(right))


def _screens(request: HttpRequest, site: AdminSite, asked: str) -> list[Found]:
    found = [
        _found(str(model["name"]), model["admin_url"])
        for app in site.get_app_list(request)
        for model in app["models"]
        if model.get("admin_url") and _fits(asked, str(model["name"]))
    ]
    return found[:SCREENS_MOST] if asked else found


def _items(request: HttpRequest, site: AdminSite, asked: str) -> list[Found]:
    screen = site.get_model_admin(Item)
    if not request.user.is_staff or not screen.has_view_permission(request):
        return []
    try:
        hits = search.search(asked, search.Filters(), viewer_of(request), page_size=ITEMS_MOST, facets=()).hits
    except search.SearchPreparing:
        # Screens and headings are offered meanwhile.
        return []
    return [
        _found(str(item), reverse("admin:archive_item_change", args=[item.pk]), item.identifier or item.pid)
        for item in hits
    ]


def _headings(request: HttpRequest, site: AdminSite, model: Any, asked: str) -> list[Found]:  # Any: one of five models
    screen = site.get_model_admin(model)
    if not screen.has_view_permission(request):
        return []
    found, _duplicates = screen.get_search_results(request, screen.get_queryset(request), asked)
    name = f"admin:{model._meta.app_label}_{model._meta.model_name}_change"
    return [_found(str(row), reverse(name, args=[row.pk])) for row in found[:HEADINGS_MOST]]


def _fits(asked: str, label: str) -> bool:
    """Return whether all words that were asked begin a word of the label, with or without diacritics."""
    words = fold(label).split()
    return all(any(word.startswith(part) for word in words) for part in fold(asked).split())


def _found(label: str, address: str, note: str = "") -> Found:
    return {"label": label, "address": address, "note": note}
