"""The public page of an item as somebody else would find it. The door that has such a page hands over how it is drawn."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils.translation import gettext as _

from access.requests import viewer_of
from archive import looking_as
from archive.admin import protocol_choices
from archive.admin.generic import ModelAdmin
from archive.looking_as import ON_SITE, READER, STANDINGS, VISITOR, Found
from archive.models import Item, ItemState
from archive.queries import NotVisible

# Draws the public page for what was found, under a sentence that says whose view it is.
Renderer = Callable[[HttpRequest, Found, str], HttpResponse]
_renderers: list[Renderer] = []


def register(renderer: Renderer) -> None:
    """Let the public page be drawn by this; the last one that was registered does."""
    _renderers.append(renderer)


def choices(request: HttpRequest) -> list[tuple[str, str]]:
    """Return whose view may be taken, with what they are called: everybody's, and members of protocols that the person knows of."""
    members = [
        (pid, _("a member of “%(name)s”") % {"name": name}) for pid, name in protocol_choices.names(request).items()
    ]
    return [
        (VISITOR, _("a visitor")),
        (READER, _("a registered reader")),
        (ON_SITE, _("a visitor at a reading point")),
        *members,
    ]


class Previews(ModelAdmin[Item]):
    """Adds the preview to the screen of items."""

    def get_urls(self) -> Any:  # Any: as in Django
        wrapped, name = self.admin_site.admin_view, "archive_item_preview"
        return [
            path("<int:key>/preview/", wrapped(self.choose_view), name=name),
            # Whose view it is stands in the path: links of the page to its files and leaves keep it.
            path("<int:key>/preview/<slug:who>/", wrapped(self.preview_view), {"would_be": False}, name=f"{name}_now"),
            path(
                "<int:key>/preview/<slug:who>/published/",
                wrapped(self.preview_view),
                {"would_be": True},
                name=f"{name}_published",
            ),
            *super().get_urls(),
        ]

    def choose_view(self, request: HttpRequest, key: int) -> HttpResponse:
        """Lead to the preview that was chosen: `?as=`, `?published=1`. Raises Http404 as the preview does."""
        who = request.GET.get("as", VISITOR)
        self._item_or_404(request, key, who)
        ending = "published" if request.GET.get("published") == "1" else "now"
        return HttpResponseRedirect(reverse(f"admin:archive_item_preview_{ending}", args=[key, who]))

    def preview_view(self, request: HttpRequest, key: int, who: str, *, would_be: bool) -> HttpResponse:
        """Show the public page as `who` would find it; `would_be`: if it were published. Changes nothing. Raises Http404 for what the
        person may not see, for protocols that they do not know of, and for who is not of the library."""
        item = self._item_or_404(request, key, who)
        if request.method not in {"GET", "HEAD"}:
            return HttpResponse(status=405, headers={"Allow": "GET, HEAD"})
        standing = STANDINGS.get(who) or looking_as.standing_of_member(who)
        would_be = would_be and item.state != ItemState.PUBLISHED
        try:
            found = looking_as.look(viewer_of(request), item.pid, standing, as_published=would_be)
        except NotVisible as error:
            raise Http404 from error
        return _unlisted(self._answer(request, item, found, _banner(dict(choices(request))[who], would_be=would_be)))

    def _item_or_404(self, request: HttpRequest, key: int, who: str) -> Item:
        if not request.user.is_staff or not self.has_view_permission(request) or who not in dict(choices(request)):
            raise Http404
        item = self.get_queryset(request).filter(pk=key).first()
        if item is None:
            raise Http404
        return item

    def _answer(self, request: HttpRequest, item: Item, found: Found, banner: str) -> HttpResponse:
        if found.item is not None and _renderers:
            return _renderers[-1](request, found, banner)
        context = {
            **self.admin_site.each_context(request),
            "title": str(item),
            "banner": banner,
            "item": item,
            "opts": self.opts,
            "form_address": reverse("admin:archive_item_change", args=[item.pk]),
        }
        return TemplateResponse(request, "desk/preview_nothing.html", context)


def _banner(who: str, *, would_be: bool) -> str:
    if would_be:
        return _("Preview: as %(who)s would see it if it were published now.") % {"who": who}
    return _("Preview: as %(who)s sees it now.") % {"who": who}


def _unlisted(response: HttpResponse) -> HttpResponse:
    response["X-Robots-Tag"] = "noindex, nofollow"
    return response
