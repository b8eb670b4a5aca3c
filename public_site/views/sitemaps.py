"""The sitemap of what a visitor may see, whoever asks (sitemaps.org 0.9; its schema lets no pictures in).

It is exact at each request. A large one is an index of parts by the first letters of the pids: these are random, so the parts are of
nearly one size, an item stays in its part however many others come and go, and the parts tell nothing of what is hidden. No answer is
made of more than a few thousand items.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from xml.sax.saxutils import escape

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import override
from django.views.decorators.http import require_safe

from access.caching import publicly_cacheable
from access.identifiers import ALPHABET
from access.models import AccessRule
from access.viewer import Viewer, visitor
from archive import addresses, queries
from archive.exhibits.reading import exhibits
from archive.models import Item
from public_site.page_languages import in_language

ITEMS_PER_PART = 2_000
# sitemaps.org: at most 50,000 addresses a file, and each item has one in each language.
ITEMS_PER_FILE_MOST = 20_000
ITEMS_AT_ONCE = 500
LETTERS_MOST = 3
FRONT = "pages"
FRONT_PAGES = (
    "home",
    "items",
    "collections",
    "peoples",
    "places",
    "subjects",
    "timeline",
    "exhibits",
    "arrivals",
    "about",
)
NAMESPACE = "http://www.sitemaps.org/schemas/sitemap/0.9"


@require_safe
def sitemap(request: HttpRequest) -> HttpResponseBase:
    """The whole sitemap, or the index of its parts where it is large; with `?part=` one of them. Raises Http404."""
    viewer = visitor(now=timezone.now())
    asked = request.GET.get("part", "")
    if asked == FRONT:
        return _file(front_entries(request))
    if asked:
        found = queries.sitemap_items(viewer, part=asked) if _is_part(asked) else Item.objects.none()
        if not 0 < found.count() <= ITEMS_PER_FILE_MOST:
            raise Http404
        return _file(item_entries(request, viewer, asked))
    parts = folded(queries.sitemap_parts(viewer, LETTERS_MOST), ITEMS_PER_PART)
    if set(parts) <= {""}:
        return _file([*front_entries(request), *item_entries(request, viewer, "")])
    return _index(request, parts)


def folded(parts: dict[str, tuple[int, datetime]], most: int) -> dict[str, tuple[int, datetime]]:
    """The parts with as few letters as leave them, in the mean, with no more items than `most`."""
    total = sum(count for count, _changed in parts.values())
    letters = next((n for n in range(LETTERS_MOST) if total <= most * len(ALPHABET) ** n), LETTERS_MOST)
    found: dict[str, tuple[int, datetime]] = {}
    for part, (count, changed) in sorted(parts.items()):
        before, last = found.get(part[:letters], (0, changed))
        found[part[:letters]] = (before + count, max(last, changed))
    return found


def front_entries(request: HttpRequest) -> list[str]:
    """The entries of the pages that stand whatever the archive holds, and of the exhibits that a visitor may see."""
    with override(settings.LANGUAGE_CODE):
        pages = [_entry(request, reverse(f"public_site:{name}")) for name in FRONT_PAGES]
        return [*pages, *(_entry(request, path) for path in _exhibit_pages())]


def _exhibit_pages() -> Iterator[str]:
    for shown in exhibits(visitor(now=timezone.now())):
        slug = shown.exhibit.slug
        yield reverse("public_site:exhibit", args=[slug])
        for page in shown.pages[1:]:
            yield reverse("public_site:exhibit_page", args=[slug, page.slug])


def item_entries(request: HttpRequest, viewer: Viewer, part: str) -> Iterator[str]:
    """The entries of the items of one part. One query."""
    found = queries.sitemap_items(viewer, part)
    with override(settings.LANGUAGE_CODE):
        for item in found.only("pid", "modified_at", "effective_rule_id").iterator(chunk_size=ITEMS_AT_ONCE):
            yield _entry(request, reverse("public_site:item", args=[item.pid]), queries.datestamp(viewer, item))


def _is_part(asked: str) -> bool:
    return len(asked) <= LETTERS_MOST and all(letter in ALPHABET for letter in asked)


def _entry(request: HttpRequest, path: str, changed: datetime | None = None) -> str:
    """The `url` elements of one page, one a language. That they are one page in two languages, each page says in its head:
    sitemaps.org's schema knows no element for it."""
    last = f"<lastmod>{_moment(changed)}</lastmod>" if changed else ""
    places = [escape(addresses.absolute(request, in_language(path, code))) for code, _ in settings.LANGUAGES]
    return "".join(f"<url><loc>{at}</loc>{last}</url>\n" for at in places)


def _index(request: HttpRequest, parts: dict[str, tuple[int, datetime]]) -> HttpResponseBase:
    own = escape(addresses.absolute(request, reverse("public_root:sitemap")))
    lines = [f"<sitemap><loc>{own}?part={FRONT}</loc></sitemap>\n"]
    for part, (_count, changed) in parts.items():
        lines.append(f"<sitemap><loc>{own}?part={part}</loc><lastmod>{_moment(changed)}</lastmod></sitemap>\n")
    return _xml(f'<sitemapindex xmlns="{NAMESPACE}">\n{"".join(lines)}</sitemapindex>\n')


def _file(entries: list[str] | Iterator[str]) -> HttpResponseBase:
    return _xml(f'<urlset xmlns="{NAMESPACE}">\n{"".join(entries)}</urlset>\n')


def _moment(moment: datetime) -> str:
    """W3C date and time, in UTC."""
    return moment.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")


def _xml(body: str) -> HttpResponseBase:
    answer = HttpResponse(
        f'<?xml version="1.0" encoding="UTF-8"?>\n{body}', content_type="application/xml; charset=utf-8"
    )
    return publicly_cacheable(answer, rule=AccessRule.objects.public())
