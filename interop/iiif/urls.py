"""Addresses of IIIF."""

from django.urls import path

from interop.iiif.discovery import views as discovery
from interop.iiif.image import views
from interop.iiif.presentation import views as presentation
from interop.iiif.search import views as search

app_name = "iiif"
urlpatterns = [
    path("image/3/<str:pid>", views.base, name="image_base"),
    path("image/3/<str:pid>/", views.base),
    path("image/3/<str:pid>/info.json", views.info, name="image_info"),
    path("image/3/<str:pid>/<path:rest>", views.image, name="image"),
    path("page/3/<str:pid>/<int:number>", views.page_base, name="page_base"),
    path("page/3/<str:pid>/<int:number>/info.json", views.page_info, name="page_info"),
    path("page/3/<str:pid>/<int:number>/<path:rest>", views.page_image, name="page"),
    path("presentation/3/collection/top", presentation.top, name="top"),
    path("presentation/3/collection/<str:slug>", presentation.collection, name="collection"),
    path("presentation/3/rest", presentation.rest, name="rest"),
    path("presentation/3/<str:pid>/manifest", presentation.manifest, name="manifest"),
    path("presentation/3/<str:pid>/transcript/<str:file_pid>", presentation.transcript, name="transcript"),
    path("search/2/<str:pid>", search.search_2, name="search_2"),
    path("search/1/<str:pid>", search.search_1, name="search_1"),
    path("activity/all-changes", discovery.all_changes, name="all_changes"),
    path("activity/page/<int:number>", discovery.page, name="activities"),
]
