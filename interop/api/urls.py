"""Addresses of the REST API."""

from django.urls import path, re_path

from interop.api import views
from interop.api.pages import docs
from interop.api.schema import SchemaView

app_name = "api"
urlpatterns = [
    path("docs/", docs, name="docs"),
    path("v1/items/", views.ItemsView.as_view(), name="items"),
    # Any text, not only the shape of a pid: whatever is not there is answered by one view, in one way.
    path("v1/items/<str:pid>/", views.ItemView.as_view(), name="item"),
    path("v1/search/", views.SearchView.as_view(), name="search"),
    path("v1/collections/", views.CollectionsView.as_view(), name="collections"),
    path("v1/peoples/", views.PeoplesView.as_view(), name="peoples"),
    path("v1/subjects/", views.SubjectsView.as_view(), name="subjects"),
    path("v1/places/", views.PlacesView.as_view(), name="places"),
    path("v1/schema/", SchemaView.as_view(), name="schema"),
    re_path(r"^(?P<rest>.*/)$", views.NothingView.as_view(), name="nothing"),
]
