"""Exhibits: all of them, and the pages of one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.http import Http404, HttpRequest, HttpResponse, HttpResponsePermanentRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.safestring import SafeString
from django.views.decorators.http import require_safe

from access.requests import viewer_of
from access.viewer import Viewer, visitor
from archive import addresses, queries
from archive.crosswalks import schema_org
from archive.exhibits import reading
from archive.exhibits.reading import Page, Shown
from archive.models import Item
from archive.queries import NotVisible
from public_site import freshness, keeping, seals, titles
from public_site.exhibit_blocks import Words, shapes_of, words_of
from public_site.open_pictures import open_picture
from public_site.page_languages import page_addresses, page_language
from public_site.titles import Text

TEMPLATE = "public_site/exhibits/page.html"
COVER_PX = 480
SHOWN_AT_HOME = 3


@dataclass(frozen=True)
class Leaf:
    """One page of an exhibit in its contents."""

    title: Text
    address: str
    is_current: bool


@dataclass(frozen=True)
class Door:
    """One exhibit in a list: its name, its page, what it is about, and a picture that everybody may see (or none)."""

    title: Text
    address: str
    summary: Words | None
    picture: str
    width: int
    height: int


def doors_of(viewer: Viewer, shown: Sequence[Shown], language: str) -> list[Door]:
    """Exhibits as a list shows them. Three queries where any has a cover."""
    covers = covers_of(viewer, shown)
    doors = []
    for one in shown:
        cover = covers.get(one.exhibit.cover_id or 0)
        picture = open_picture(cover, COVER_PX) if cover is not None else None
        doors.append(
            Door(
                title=title_of(one, language),
                address=reverse("public_site:exhibit", args=[one.exhibit.slug]),
                summary=words_of(one.exhibit.summaries, language),
                picture=picture.address if picture else "",
                width=picture.width if picture else 0,
                height=picture.height if picture else 0,
            )
        )
    return doors


def covers_of(viewer: Viewer, shown: Sequence[Shown]) -> dict[int, Item]:
    """Return the covers by key, as far as this viewer may see the items."""
    keys = [one.exhibit.cover_id for one in shown if one.exhibit.cover_id]
    if not keys:
        return {}
    items = queries.visible_items(viewer).filter(pk__in=keys).select_related("effective_rule")
    return {item.pk: item for item in queries.pictured(viewer, items)}


def title_of(shown: Shown, language: str) -> Text:
    """What an exhibit is called."""
    return titles.picked(shown.exhibit.titles, language) or Text(shown.exhibit.slug)


def at_home(viewer: Viewer, language: str) -> list[Door]:
    """The first exhibits, for the front page."""
    return doors_of(viewer, reading.exhibits(viewer, most=SHOWN_AT_HOME), language)


@require_safe
@seals.sealed
def exhibits(request: HttpRequest) -> HttpResponse:
    """All exhibits of which the viewer may see something."""
    viewer, language = viewer_of(request), page_language()
    shown = reading.exhibits(viewer)
    context = {"section": "exhibits", "doors": doors_of(viewer, shown, language), **page_addresses(request)}
    answer = render(request, "public_site/exhibits/index.html", context)
    covers = [one.exhibit.cover_id for one in shown if one.exhibit.cover_id]
    return _kept_if_open(answer, viewer, shown, covers)


@require_safe
@seals.sealed
def exhibit(request: HttpRequest, slug: str, page: str = "") -> HttpResponse:
    """One exhibit with its first page, or another page of it. An old address leads on. Raises Http404."""
    viewer = viewer_of(request)
    try:
        shown = reading.exhibit(viewer, slug)
    except NotVisible as error:
        today = reading.leads_to(viewer, slug)
        if not today:
            raise Http404 from error
        args = [today, page] if page else [today]
        name = "public_site:exhibit_page" if page else "public_site:exhibit"
        return HttpResponsePermanentRedirect(reverse(name, args=args))
    context = {**context_of(request, viewer, shown, page), **page_addresses(request)}
    if context["share"]:
        context["data"] = _for_programs(request, context)
    answer = freshness.answer(request, TEMPLATE, context, rule=shown.exhibit.effective_rule)
    return _kept_if_open(answer, viewer, [shown], _items_of(shown))


def _items_of(shown: Shown) -> list[int]:
    """The keys of what stands in an exhibit, and of its cover, which a shared link shows."""
    things = [piece.item_key for page in shown.pages for block in page.blocks for piece in block.pieces]
    return [key for key in (shown.exhibit.cover_id, *things) if key]


def _kept_if_open(answer: HttpResponse, viewer: Viewer, shown: Sequence[Shown], items: Sequence[int]) -> HttpResponse:
    """Let a stranger's device keep a page only where no day closes these exhibits or these items."""
    is_open = all(one.exhibit.effective_rule.policy.is_public for one in shown)
    if viewer.is_stranger and not (is_open and queries.are_open_for_good(viewer, items)):
        answer[keeping.HEADER] = keeping.NOT_THIS
    return answer


def preview(request: HttpRequest, viewer: Viewer, shown: Shown, page: str, banner: str, base: str) -> HttpResponse:
    """A page of an exhibit as somebody else would find it, for the desk. `base`: the address of the preview, under which its pages lie.
    Raises Http404 where nothing of it is left for them."""
    if not shown.pages:
        raise Http404
    context = context_of(request, viewer, shown, page, base=base)
    around = {"preview": banner, "user": AnonymousUser(), "other_language_url": request.path}
    return render(request, TEMPLATE, {**context, **around})


def context_of(request: HttpRequest, viewer: Viewer, shown: Shown, page: str, *, base: str = "") -> dict[str, object]:
    """What a page is drawn from. Raises Http404 for a page that is not there for this viewer; the first page has the exhibit's address."""
    language = page_language()
    number = next((at for at, one in enumerate(shown.pages) if one.slug == page), -1) if page else 0
    if number < 0:
        raise Http404
    leaves = [
        Leaf(titles.picked(one.titles, language) or Text(one.slug), _address(shown, one, at, base), at == number)
        for at, one in enumerate(shown.pages)
    ]
    current = shown.pages[number]
    return {
        "section": "exhibits",
        "title": title_of(shown, language),
        "page_title": titles.picked(current.titles, language),
        "summary": words_of(shown.exhibit.summaries, language) if number == 0 else None,
        "leaves": leaves if len(leaves) > 1 else [],
        "previous": leaves[number - 1] if number else None,
        "next": leaves[number + 1] if number + 1 < len(leaves) else None,
        "is_first": number == 0,
        "shapes": shapes_of(viewer, current, language),
        "share": _share(request, shown, language) if not base else None,
    }


def _for_programs(request: HttpRequest, context: Mapping[str, Any]) -> SafeString:  # Any: as templates have it
    """What a page of an exhibit that everybody may see is, in schema.org: what a shared link shows, and nothing more."""
    title, share = context["title"], context["share"]
    home = addresses.absolute(request, reverse("public_site:home"))
    node: dict[str, object] = {
        "@context": schema_org.CONTEXT,
        "@type": "CollectionPage",
        "name": title.value,
        "url": context["canonical"],
        "inLanguage": title.lang or page_language(),
        "isPartOf": {"@type": "WebSite", "name": settings.LIBRARY_NAME, "url": home},
    }
    node |= {key: share[name] for key, name in (("description", "about"), ("image", "picture")) if share[name]}
    return SafeString(schema_org.in_page(node))


def _address(shown: Shown, page: Page, number: int, base: str) -> str:
    if base:
        return base if number == 0 else f"{base}{page.slug}/"
    if number == 0:
        return reverse("public_site:exhibit", args=[shown.exhibit.slug])
    return reverse("public_site:exhibit_page", args=[shown.exhibit.slug, page.slug])


def _share(request: HttpRequest, shown: Shown, language: str) -> dict[str, str] | None:
    """What a shared link shows, of an exhibit that everybody may see: its summary, and the cover where everybody may see that."""
    if not shown.exhibit.effective_rule.policy.is_public:
        return None
    about = titles.picked(shown.exhibit.summaries, language)
    cover = covers_of(visitor(now=viewer_of(request).decided_at), [shown]).get(shown.exhibit.cover_id or 0)
    picture = open_picture(cover) if cover is not None else None
    return {
        "about": about.value if about else "",
        "picture": addresses.absolute(request, picture.address) if picture else "",
    }
