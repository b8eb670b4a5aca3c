"""Pages of the public site."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from access.requests import viewer_of
from archive import queries


def home(request: HttpRequest) -> HttpResponse:
    """Show the newest items."""
    return render(request, "public_site/home.html", {"items": queries.items(viewer_of(request))[:12]})


def item(request: HttpRequest, pid: str) -> HttpResponse:
    """Show one item."""
    try:
        found = queries.item(viewer_of(request), pid)
    except queries.NotVisible as error:
        raise Http404 from error
    return render(request, "public_site/item.html", {"item": found})
