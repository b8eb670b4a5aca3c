"""Addresses of uploads."""

from django.urls import path

from archive.uploads import views

app_name = "uploads"
urlpatterns = [
    path("", views.collection, name="collection"),
    path("<slug:pid>", views.upload, name="upload"),
]
