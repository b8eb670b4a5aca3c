"""Addresses of files: by the file's pid, never by a hash or a path."""

from django.urls import path, register_converter

from archive import views
from archive.converters import ListCodeConverter, PidConverter

register_converter(PidConverter, "pid")
register_converter(ListCodeConverter, "listcode")

app_name = "files"
urlpatterns = [
    path("<pid:pid>/status", views.status, name="status"),
    path("<pid:pid>/master", views.master, name="master"),
    path("<pid:pid>/<slug:role>/<path:name>", views.derivative, name="derivative"),
]
