"""Addresses of the whole site; DESIGN.md section 6 fixes them."""

from django.conf.urls.i18n import i18n_patterns
from django.urls import include, path

from archive.admin.site import desk
from heritage import health

urlpatterns = [
    path("healthz", health.process, name="healthz"),
    path("readyz", health.dependencies, name="readyz"),
    path("admin/", desk.urls),
    path("files/", include("archive.urls")),
    path("uploads/", include("archive.uploads.urls")),
    path("api/", include("interop.api.urls")),
    *i18n_patterns(path("", include("public_site.urls")), prefix_default_language=False),
]
