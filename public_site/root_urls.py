"""Addresses that have no language: for programs, and lasting identifiers."""

from django.urls import path, re_path
from django.views.decorators.http import require_safe

from public_site.views import indexes, item, kept, machines, sharing, sitemaps

app_name = "public_root"
urlpatterns = [
    path("robots.txt", require_safe(machines.robots), name="robots"),
    path("manifest.webmanifest", require_safe(machines.web_manifest), name="web_manifest"),
    path("sitemap.xml", require_safe(sitemaps.sitemap), name="sitemap"),
    path("kept", require_safe(kept.still_open), name="still_open"),
    path("qr.svg", require_safe(sharing.square), name="square"),
    path("i/<pid:pid>", require_safe(sharing.short), name="short"),
    path("sw.js", require_safe(machines.service_worker), name="service_worker"),
    path("map/<int:zoom>/<int:x>/<int:y>", require_safe(indexes.map_tile), name="map_tile"),
    # "ark:/12345/x" and the newer "ark:12345/x" are the same identifier.
    re_path(r"^ark:/?(?P<naan>[0-9a-z]{5,9})/(?P<name>[0-9a-zA-Z-]{1,60})/?$", require_safe(item.ark), name="ark"),
]
