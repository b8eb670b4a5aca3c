"""Addresses of IIIF."""

from django.urls import path

from interop.iiif.image import views

app_name = "iiif"
urlpatterns = [
    path("image/3/<str:pid>", views.base, name="image_base"),
    path("image/3/<str:pid>/", views.base),
    path("image/3/<str:pid>/info.json", views.info, name="image_info"),
    path("image/3/<str:pid>/<path:rest>", views.image, name="image"),
]
