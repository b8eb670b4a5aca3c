"""The page of one item, and its ARK."""

from __future__ import annotations

from dataclasses import dataclass

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.text import Truncator
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from access.requests import viewer_of
from archive import addresses, derived_contents, progress, queries, vocabularies, whereabouts
from archive.dates_as_said import say
from archive.models import Agent, Item, ItemFile
from archive.queries import Tombstone
from public_site import belonging, citations, renditions, stages, titles
from public_site.citations import Cited
from public_site.page_languages import page_addresses, page_language
from public_site.renditions import Output
from public_site.titles import Text

SHARE_TEXT_LENGTH = 200
THUMB_PX = 160
SHARE_PX = 1280


@dataclass(frozen=True)
class Thumb:
    """One file in the strip of an item that has several."""

    pid: str
    number: int
    caption: Text | None
    picture: Output | None
    kind: str
    is_current: bool


@dataclass(frozen=True)
class Credit:
    """Who did what."""

    role: str
    names: tuple[Text, ...]


@dataclass(frozen=True)
class Link:
    """A name with its page."""

    text: Text
    slug: str


def whole_number(text: str | None) -> int:
    """A number of the query string; 0 for anything that is none."""
    return int(text) if text and text.isascii() and text.isdigit() and len(text) < 7 else 0


@dataclass(frozen=True)
class Locality:
    """One place: what it is called today, what it was called when the item was made (empty if the same), and its page.

    A place that stands for a closer one has no page here: nothing is listed as being exactly there.
    """

    name: str
    former: str
    slug: str


def places_of(item: Item) -> list[Locality]:
    """The places that may be shown, in order."""
    return [
        Locality(one.name_now(), one.name_then(item.date_last), one.place.slug if one.is_exact else "")
        for one in whereabouts.of_items([item]).get(item.pk, ())
    ]


def links(rows: object, language: str) -> list[Link]:
    """Names and slugs of prefetched authorities."""
    return [Link(titles.picked(row.names, language) or Text(row.slug), row.slug) for row in rows.all()]  # type: ignore[attr-defined]  # a related manager


def work_language(item: Item, page_language: str) -> str:
    """The `lang` of text read out of the work itself: known only when it is in one language, and not the page's."""
    written = [tag for tag in item.languages if tag not in {"zxx", "und", "mul"}]
    return written[0] if len(written) == 1 and written[0] != page_language else ""


def shown_agent(agent: Agent, language: str) -> Text:
    """Return what an agent is called on a page; where their name must not be spoken and nothing stands instead, that it is withheld."""
    return titles.picked(agent.shown_names, language) or Text(agent.shown_slug or _("name not spoken by custom"))


def credits_of(item: Item, language: str) -> list[Credit]:
    """The parts of people, one entry a role, in order. Uses the prefetched `credits__agent`."""
    found: dict[str, list[Text]] = {}
    for credit in item.credits.all():
        found.setdefault(credit.role, []).append(shown_agent(credit.agent, language))
    return [Credit(vocabularies.relator(role), tuple(names)) for role, names in found.items()]


def cited_of(item: Item, request: HttpRequest, language: str) -> Cited:
    """What the item is cited by; the address is its ARK."""
    return Cited(
        creators=[text.value for credit in credits_of(item, language) for text in credit.names],
        title=titles.marked_title(item, language).value,
        date=say(item.date_edtf, language),
        library=settings.LIBRARY_NAME,
        address=addresses.absolute(request, f"/{addresses.ark(item)}"),
    )


def strip_of(files: list[ItemFile], current: ItemFile, language: str) -> list[Thumb]:
    """The strip; empty when there is only one file."""
    if len(files) < 2:
        return []
    return [
        Thumb(
            pid=file.pid,
            number=number,
            caption=titles.picked(file.captions, language),
            picture=renditions.picture_of(file, THUMB_PX),
            kind=file.master.kind if file.master else "",
            is_current=file is current,
        )
        for number, file in enumerate(files, start=1)
    ]


def description_context(item: Item, request: HttpRequest, language: str) -> dict[str, object]:
    """Everything that describes the item, ready for the template."""
    return {
        "title": titles.marked_title(item, language),
        "other_titles": titles.others(item.titles, language),
        "descriptions": [
            *filter(None, [titles.picked(item.descriptions, language)]),
            *titles.others(item.descriptions, language),
        ],
        "peoples": links(item.peoples, language),
        "subjects": links(item.subjects, language),
        "collections": links(item.collections, language),
        "places": places_of(item),
        "credits": credits_of(item, language),
        "work_lang": work_language(item, language),
        "languages": [vocabularies.language(tag) for tag in item.languages],
        "rights": [titles.text_of(value, language) for value in item.rights_statements],
        "owners": belonging.owners_of(item, language),
        "marks": belonging.marks_of(item, language),
        "origins": [titles.text_of(value, language) for value in item.origin_statements],
        "rights_link": item.rights_uri if item.rights_uri.startswith(("https://", "http://")) else "",
        "ark": addresses.ark(item),
        "ark_address": addresses.absolute(request, f"/{addresses.ark(item)}"),
        "citation": citations.citation(cited_of(item, request, language)),
    }


def share_context(item: Item, request: HttpRequest, language: str) -> dict[str, object]:
    """What a shared link shows: title, a sentence and a picture, and only of what everybody may see."""
    if not item.effective_rule.policy.is_public:
        return {}
    picture = None
    for file in item.visible_files:  # type: ignore[attr-defined]  # set by with_visible_files
        if file.effective_rule.policy.is_public:
            picture = renditions.picture_of(file, SHARE_PX)
        if picture is not None:
            break
    about = titles.picked(item.descriptions, language)
    return {
        "share": {
            "description": Truncator(about.value).chars(SHARE_TEXT_LENGTH) if about else "",
            "picture": picture,
            "picture_address": addresses.absolute(request, picture.address) if picture else "",
        }
    }


def tombstone_of(pid: str, error: queries.NotVisible) -> Tombstone:
    """What is left of an item that was open to everybody and is withdrawn. Raises Http404 for all other items not seen."""
    left = queries.tombstone(pid)
    if left is None:
        raise Http404 from error
    return left


def gone(request: HttpRequest, left: Tombstone) -> HttpResponse:
    """410: identifiers and the day, no word of the description."""
    ark = addresses.ark_of(left.pid)
    context = {
        "tombstone": left,
        "ark": ark,
        "ark_address": addresses.absolute(request, f"/{ark}"),
        **page_addresses(request),
        # Nothing for a search engine to keep.
        "alternates": None,
    }
    return render(request, "410.html", context, status=410)


@require_safe
def page(request: HttpRequest, pid: str) -> HttpResponse:
    """The item page. `?file=` puts one of its files on view, `?page=` and `?chapter=` open it there. Raises Http404."""
    viewer, language = viewer_of(request), page_language()
    try:
        item = queries.item(viewer, pid)
    except queries.NotVisible as error:
        return gone(request, tombstone_of(pid, error))
    files: list[ItemFile] = item.visible_files  # type: ignore[attr-defined]  # set by with_visible_files
    asked = stages.Asked(**{name: whole_number(request.GET.get(name)) for name in ("page", "chapter", "part")})
    # A file that is not there and one that is hidden are the same: the first is shown.
    current = next((file for file in files if file.pid == request.GET.get("file")), files[0] if files else None)
    has_closed_files = queries.closed_file_count(viewer, item) > 0
    context: dict[str, object] = {
        "section": "items",
        "item": item,
        "stage": None,
        "strip": [],
        "file_query": "",
        "has_closed_files": has_closed_files,
        "way_in": queries.way_in(viewer, item) if has_closed_files else "",
        "closed_because": vocabularies.restriction_reasons(item.restriction_reasons) if has_closed_files else [],
        **description_context(item, request, language),
        **share_context(item, request, language),
        **page_addresses(request),
    }
    if current is not None:
        context["stage"] = stages.stage_of(
            current,
            language,
            now=progress.of(current),
            asked=asked,
            read_json=lambda role, name: derived_contents.read_json(current, role, name),
            open_text=lambda: derived_contents.reading(current),
        )
        context["strip"] = strip_of(files, current, language)
        context["file_query"] = f"file={current.pid}&" if current is not files[0] else ""
    return render(request, "public_site/item.html", context)


@require_safe
def ark(request: HttpRequest, naan: str, name: str) -> HttpResponse:
    """An ARK of ours leads to the item page; with `?info` (or the older `??`) it answers with its short description.

    Hyphens in an ARK mean nothing. A withdrawn item's ARK is answered with what is left of it, since others cite it. Raises Http404 for
    other libraries' names and for what the viewer may not see.
    """
    pid = name.replace("-", "").lower()
    if naan != settings.ARK_NAAN:
        raise Http404
    wants_description = request.META.get("QUERY_STRING") in {"info", "?", "?info"}
    try:
        item = queries.item(viewer_of(request), pid)
    except queries.NotVisible as error:
        left = tombstone_of(pid, error)
        if wants_description:
            text = citations.erc_of_withdrawn(
                left.withdrawn_on, addresses.absolute(request, f"/{addresses.ark_of(left.pid)}")
            )
            return HttpResponse(text, content_type="text/plain; charset=utf-8", status=410)
        return HttpResponseRedirect(addresses.item_of(left.pid))
    if wants_description:
        text = citations.erc(cited_of(item, request, settings.LANGUAGE_CODE))
        return HttpResponse(text, content_type="text/plain; charset=utf-8")
    return HttpResponseRedirect(addresses.item(item))
