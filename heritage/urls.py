"""Addresses of the whole site; DESIGN.md section 6 fixes them."""

from django.conf.urls.i18n import i18n_patterns
from django.urls import include, path

from archive.admin.site import desk
from interop import health

urlpatterns = [
    path("healthz", health.process, name="healthz"),
    path("readyz", health.dependencies, name="readyz"),
    path("admin/", desk.urls),
    path("files/", include("archive.urls")),
    path("uploads/", include("archive.uploads.urls")),
    path("api/", include("interop.api.urls")),
    path("iiif/", include("interop.iiif.urls")),
    path("", include("interop.oai.urls")),
    path("", include("interop.sru.urls")),
    path("", include("public_site.root_urls")),
    *i18n_patterns(
        # What is asked for most comes first: each that stands before it costs every page a little.
        path("", include("public_site.urls")),
        path("", include("public_site.account_urls")),
        path("", include("public_site.asking_urls")),
        path("", include("public_site.lists_urls")),
        path("", include("public_site.notes_urls")),
        prefix_default_language=False,
    ),
]

handler400 = "public_site.views.errors.bad_request"
handler403 = "public_site.views.errors.forbidden"
handler404 = "public_site.views.errors.not_found"
handler500 = "public_site.views.errors.server_error"
