"""Addresses that have no language: for programs, and lasting identifiers."""

from django.urls import path, re_path
from django.views.decorators.http import require_safe

from public_site.views import item, machines

app_name = "public_root"
urlpatterns = [
    path("robots.txt", require_safe(machines.robots), name="robots"),
    path("manifest.webmanifest", require_safe(machines.web_manifest), name="web_manifest"),
    path("sitemap.xml", require_safe(machines.sitemap), name="sitemap"),
    path("sw.js", require_safe(machines.service_worker), name="service_worker"),
    # "ark:/12345/x" and the newer "ark:12345/x" are the same identifier.
    re_path(r"^ark:/?(?P<naan>[0-9a-z]{5,9})/(?P<name>[0-9a-zA-Z-]{1,60})/?$", require_safe(item.ark), name="ark"),
]
