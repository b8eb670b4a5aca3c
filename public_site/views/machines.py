"""What programs ask a site for: robots.txt, web manifest, description of its search, service worker and its one page."""

from __future__ import annotations

import hashlib

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.templatetags.static import static
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_noop as _
from django.views.decorators.http import require_safe

from archive import addresses
from archive.interface_languages import FRAMED
from public_site.page_languages import in_language

OFFLINE_PARTS = (
    "built/site.css",
    "built/list.css",
    "built/site.js",
    "built/kept.js",
    "img/logo.svg",
    "built/fonts/sans-400.woff2",
    "built/fonts/serif-700.woff2",
)
SHORTCUTS = ((_("Search"), "search"), (_("Items"), "items"), (_("Lists to take along"), "lists"))


@require_safe
def robots(request: HttpRequest) -> HttpResponse:
    """robots.txt: pages yes; the desk, forms and endless lists no."""
    closed = ("/search/", "/lists/", "/requests/", "/random/", "/told/")
    lines = [
        "User-agent: *",
        "Disallow: /admin/",
        "Disallow: /api/",
        *(f"Disallow: {prefix}{path}" for path in closed for prefix in ("", "/en", *(f"/{code}" for code in FRAMED))),
        "Disallow: /*cursor=",
        *(f"Disallow: /*/{form}/" for form in ("ask", "report", "know", "join", "keep", "notes")),
        "Disallow: /kept",
        "Disallow: /qr.svg",
        "",
        f"Sitemap: {addresses.absolute(request, reverse('public_root:sitemap'))}",
        "",
    ]
    return HttpResponse("\n".join(lines), content_type="text/plain; charset=utf-8")


@require_safe
def web_manifest(request: HttpRequest) -> JsonResponse:
    """The web app manifest."""
    manifest = {
        "id": "/",
        "name": settings.LIBRARY_NAME,
        "short_name": settings.LIBRARY_NAME,
        "lang": settings.LANGUAGE_CODE,
        "start_url": "/",
        "scope": "/",
        "description": gettext("Pictures, sound, film, documents and e-books of the peoples of the province."),
        "categories": ["books", "education"],
        "dir": "ltr",
        "display": "minimal-ui",
        "shortcuts": [
            {"name": gettext(name), "url": in_language(reverse(f"public_site:{page}"), settings.LANGUAGE_CODE)}
            for name, page in SHORTCUTS
        ],
        "background_color": "#faf6ec",
        "theme_color": "#14141c",
        "icons": [
            *(
                {
                    "src": static(f"built/icons/icon-{size}.png"),
                    "sizes": f"{size}x{size}",
                    "type": "image/png",
                    "purpose": purpose,
                }
                for size in (192, 512)
                for purpose in ("any", "maskable")
            ),
            {"src": static("img/logo.svg"), "sizes": "any", "type": "image/svg+xml", "purpose": "any"},
        ],
    }
    return JsonResponse(manifest, content_type="application/manifest+json", json_dumps_params={"ensure_ascii": False})


@require_safe
def service_worker(request: HttpRequest) -> HttpResponse:
    """The service worker: what a device keeps for when there is no line (public_site.keeping)."""
    codes = [code for code, _name in settings.LANGUAGES]
    pages = [in_language(reverse("public_site:offline"), code) for code in codes]
    kept = [*pages, *(static(name) for name in OFFLINE_PARTS)]
    context = {
        "kept": kept,
        # Static addresses carry a hash of their content, so a change of look makes a new version.
        "version": hashlib.sha256("|".join(kept).encode()).hexdigest()[:12],
        "still_open": reverse("public_root:still_open"),
        "static": settings.STATIC_URL,
        "farewells": [*(in_language(reverse("account:sign_out"), code) for code in codes), reverse("admin:logout")],
    }
    return render(request, "public_site/service_worker.js", context, content_type="text/javascript; charset=utf-8")


@require_safe
def offline(request: HttpRequest) -> HttpResponse:
    """The page for when there is no line: it lists what is kept on the device."""
    return render(request, "offline.html")


@require_safe
def search_description(request: HttpRequest) -> HttpResponse:
    """The OpenSearch 1.1 description, by which browsers offer our search; in the language of its address."""
    search = reverse("public_site:search")
    context = {
        "name": settings.LIBRARY_NAME[:16],
        "long_name": settings.LIBRARY_NAME[:48],
        "page": addresses.absolute(request, search),
        "feed": addresses.absolute(request, reverse("public_site:search_feed")),
        "own": addresses.absolute(request, request.path),
        "icon": addresses.absolute(request, static("built/icons/icon-192.png")),
    }
    media_type = "application/opensearchdescription+xml; charset=utf-8"
    return render(request, "public_site/opensearch.xml", context, content_type=media_type)
