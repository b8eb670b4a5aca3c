"""An exhibit as somebody else would find it. The door that shows exhibits hands over how a page of one is drawn."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils.translation import gettext as _

from access.requests import viewer_of
from access.viewer import Viewer
from archive import looking_as
from archive.admin.generic import ModelAdmin
from archive.admin.previews import choices
from archive.exhibits import reading
from archive.exhibits.reading import Shown
from archive.looking_as import STANDINGS, VISITOR
from archive.models import Exhibit

__all__ = ["WithPreview", "choices", "register"]

# Draws a page (its address part; empty: the first) of what was found, under a sentence that says whose view it is, its pages linked below
# an address.
Renderer = Callable[[HttpRequest, Viewer, Shown, str, str, str], HttpResponse]
_renderers: list[Renderer] = []


def register(renderer: Renderer) -> None:
    """Let exhibits be drawn by this; the last one that was registered does."""
    _renderers.append(renderer)


class WithPreview(ModelAdmin[Exhibit]):
    """Adds the preview to the screens of exhibits."""

    def get_urls(self) -> Any:  # Any: as in Django
        wrapped, name = self.admin_site.admin_view, "archive_exhibit_preview"
        return [
            path("<int:key>/preview/", wrapped(self.choose_view), name=name),
            path("<int:key>/preview/<slug:who>/", wrapped(self.preview_view), name=f"{name}_as"),
            path("<int:key>/preview/<slug:who>/<slug:page>/", wrapped(self.preview_view), name=f"{name}_page"),
            *super().get_urls(),
        ]

    def choose_view(self, request: HttpRequest, key: int) -> HttpResponse:
        """Lead to the preview that was chosen: `?as=`."""
        who = str(request.GET.get("as", VISITOR))
        self._previewed(request, key, who)
        return HttpResponseRedirect(reverse("admin:archive_exhibit_preview_as", args=[key, who]))

    def preview_view(self, request: HttpRequest, key: int, who: str, page: str = "") -> HttpResponse:
        """Show a page as `who` would find it if the exhibit were published now. Changes nothing. Raises Http404 for what the person may not
        see, and for protocols that they do not know of."""
        exhibit = self._previewed(request, key, who)
        if request.method not in {"GET", "HEAD"}:
            return HttpResponse(status=405, headers={"Allow": "GET, HEAD"})
        own = viewer_of(request)
        standing = STANDINGS.get(who) or looking_as.standing_of_member(who)
        other = looking_as.other_viewer(own, standing)
        shown = Shown(exhibit, ())
        if exhibit.chosen_rule.policy.permits(standing, now=own.decided_at):
            shown = reading.as_seen(other, exhibit)
        said = _("Preview: as %(who)s would see it if it were published now.") % {"who": dict(choices(request))[who]}
        base = reverse("admin:archive_exhibit_preview_as", args=[key, who])
        if shown.pages and _renderers:
            answer = _renderers[-1](request, other, shown, page, said, base)
        else:
            answer = TemplateResponse(
                request,
                "desk/exhibits/preview_nothing.html",
                {
                    **self.admin_site.each_context(request),
                    "title": str(exhibit),
                    "banner": said,
                    "exhibit": exhibit,
                    "opts": self.opts,
                },
            )
        answer["X-Robots-Tag"] = "noindex, nofollow"
        return answer

    def _previewed(self, request: HttpRequest, key: int, who: str) -> Exhibit:
        if not request.user.is_staff or not self.has_view_permission(request) or who not in dict(choices(request)):
            raise Http404
        found = self.get_queryset(request).select_related("chosen_rule").filter(pk=key).first()
        if found is None:
            raise Http404
        return found
