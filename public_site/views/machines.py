"""What programs ask a site for: robots.txt, web manifest, sitemap, service worker and its one page."""

from __future__ import annotations

import hashlib
from xml.sax.saxutils import escape

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.templatetags.static import static
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import override
from django.views.decorators.http import require_safe

from access.viewer import visitor
from archive import addresses, queries
from public_site.page_languages import in_language

# sitemaps.org: at most 50,000 addresses a file. Each item has one in each language.
ITEMS_PER_SITEMAP = 20_000
SITEMAP_NS = "http://www.sitemaps.org/schemas/sitemap/0.9"
OFFLINE_PARTS = ("built/site.css", "img/logo.svg", "built/fonts/sans-400.woff2", "built/fonts/serif-700.woff2")
FRONT_PAGES = ("home", "items", "collections", "peoples", "places", "about")


@require_safe
def robots(request: HttpRequest) -> HttpResponse:
    """robots.txt: pages yes; the desk, forms and endless lists no."""
    lines = [
        "User-agent: *",
        "Disallow: /admin/",
        "Disallow: /api/",
        "Disallow: /search/",
        "Disallow: /en/search/",
        "Disallow: /*cursor=",
        "Disallow: /*/ask/",
        "Disallow: /*/report/",
        "Disallow: /*/join/",
        "Disallow: /requests/",
        "Disallow: /en/requests/",
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
        "display": "minimal-ui",
        "background_color": "#faf6ec",
        "theme_color": "#14141c",
        "icons": [
            {
                "src": static("built/icons/icon-192.png"),
                "sizes": "192x192",
                "type": "image/png",
                "purpose": "any maskable",
            },
            {
                "src": static("built/icons/icon-512.png"),
                "sizes": "512x512",
                "type": "image/png",
                "purpose": "any maskable",
            },
            {"src": static("img/logo.svg"), "sizes": "any", "type": "image/svg+xml", "purpose": "any"},
        ],
    }
    return JsonResponse(manifest, content_type="application/manifest+json", json_dumps_params={"ensure_ascii": False})


@require_safe
def service_worker(request: HttpRequest) -> HttpResponse:
    """The service worker: keeps the page for no connection, and nothing of the archive."""
    pages = [in_language(reverse("public_site:offline"), code) for code, _ in settings.LANGUAGES]
    kept = [*pages, *(static(name) for name in OFFLINE_PARTS)]
    # Static addresses carry a hash of their content, so a change of look makes a new version.
    context = {"kept": kept, "version": hashlib.sha256("|".join(kept).encode()).hexdigest()[:12]}
    return render(request, "public_site/service_worker.js", context, content_type="text/javascript; charset=utf-8")


@require_safe
def offline(request: HttpRequest) -> HttpResponse:
    """The page that the service worker keeps."""
    return render(request, "offline.html")


def sitemap_entry(request: HttpRequest, path: str, changed: str) -> str:
    """The `url` elements of one page, one a language. That they are one page in two languages, each page says in its head:
    sitemaps.org's schema knows no element for it.
    """
    places = [escape(addresses.absolute(request, in_language(path, code))) for code, _ in settings.LANGUAGES]
    last = f"<lastmod>{changed}</lastmod>" if changed else ""
    return "".join(f"<url><loc>{at}</loc>{last}</url>\n" for at in places)


@require_safe
def sitemap(request: HttpRequest) -> HttpResponse:
    """The sitemap of what a visitor may see, whoever asks; an index of several when it is large. Raises Http404."""
    found = queries.sitemap_items(visitor(now=timezone.now()))
    total = found.count()
    parts = -(-total // ITEMS_PER_SITEMAP)
    asked = request.GET.get("part", "")
    if parts > 1 and not asked:
        own = addresses.absolute(request, reverse("public_root:sitemap"))
        body = "".join(f"<sitemap><loc>{escape(own)}?part={part}</loc></sitemap>\n" for part in range(1, parts + 1))
        return xml(f'<sitemapindex xmlns="{SITEMAP_NS}">\n{body}</sitemapindex>\n')
    part = int(asked) if asked.isascii() and asked.isdigit() and len(asked) < 7 else 1
    if not 1 <= part <= max(parts, 1):
        raise Http404
    with override(settings.LANGUAGE_CODE):
        entries = [sitemap_entry(request, reverse(f"public_site:{name}"), "") for name in FRONT_PAGES if part == 1]
        for pid, modified_at in found[(part - 1) * ITEMS_PER_SITEMAP : part * ITEMS_PER_SITEMAP]:
            entries.append(
                sitemap_entry(request, reverse("public_site:item", args=[pid]), modified_at.date().isoformat())
            )
    return xml(f'<urlset xmlns="{SITEMAP_NS}">\n{"".join(entries)}</urlset>\n')


def xml(body: str) -> HttpResponse:
    """An XML answer."""
    return HttpResponse(
        f'<?xml version="1.0" encoding="UTF-8"?>\n{body}', content_type="application/xml; charset=utf-8"
    )
