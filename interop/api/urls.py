"""Addresses of the REST API. Each answers with and without its last slash: links and people drop it, and a redirect costs a journey."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpResponseBase
from django.urls import URLPattern, path, re_path

from interop.api import changes, views
from interop.api.language_list import LanguagesView
from interop.api.pages import docs
from interop.api.schema import SchemaView

app_name = "api"


def _both(route: str, view: Callable[..., HttpResponseBase], name: str) -> list[URLPattern]:
    return [path(route, view, name=name), path(route.removesuffix("/"), view)]


urlpatterns = [
    path("docs/", docs, name="docs"),
    *_both("v1/items/", views.ItemsView.as_view(), "items"),
    # Any text, not only the shape of a pid: whatever is not there is answered by one view, in one way.
    *_both("v1/items/<str:pid>/", views.ItemView.as_view(), "item"),
    *_both("v1/changes/", changes.ChangesView.as_view(), "changes"),
    *_both("v1/search/", views.SearchView.as_view(), "search"),
    *_both("v1/suggest/", views.SuggestView.as_view(), "suggest"),
    *_both("v1/collections/", views.CollectionsView.as_view(), "collections"),
    *_both("v1/peoples/", views.PeoplesView.as_view(), "peoples"),
    *_both("v1/agents/", views.AgentsView.as_view(), "agents"),
    *_both("v1/files/<str:pid>/", views.FileView.as_view(), "file"),
    *_both("v1/subjects/", views.SubjectsView.as_view(), "subjects"),
    *_both("v1/places/", views.PlacesView.as_view(), "places"),
    *_both("v1/languages/", LanguagesView.as_view(), "languages"),
    *_both("v1/schema/", SchemaView.as_view(), "schema"),
    re_path(r"^v1/(?P<rest>.*)$", views.NothingView.as_view(), name="nothing"),
]
