"""The page of one item, and its ARK."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import cast
from urllib.parse import urlencode

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.text import Truncator
from django.views.decorators.http import require_safe

from access.requests import viewer_of
from access.viewer import Viewer
from archive import (
    addresses,
    companions,
    contributions,
    derived_contents,
    progress,
    public_records,
    queries,
    relations,
    vocabularies,
)
from archive.dates_as_said import say
from archive.languages import LangValue
from archive.looking_as import Found
from archive.models import Collection, Item, ItemFile
from archive.prefetched import rows_of
from archive.queries import Tombstone
from archive.related import near
from archive.relations import Neighbours, Tie
from public_site import (
    belonging,
    beside,
    cautions,
    citations,
    citing,
    facts,
    freshness,
    keeping,
    renditions,
    spoken,
    stages,
    titles,
)
from public_site.citations import Cited
from public_site.middleware import uncompressed
from public_site.open_pictures import open_picture
from public_site.page_languages import page_addresses, page_language
from public_site.renditions import Output
from public_site.spoken import Wanted
from public_site.titles import Text
from public_site.views import notes

TEMPLATE = "public_site/item.html"
SHARE_TEXT_LENGTH = 200
THUMB_PX = 160


@dataclass(frozen=True)
class Thumb:
    """One file in the strip of an item that has several."""

    pid: str
    number: int
    label: str
    caption: Text | None
    picture: Output | None
    kind: str
    is_current: bool
    size_bytes: int = 0  # of the original; 0 before it is stored


@dataclass(frozen=True)
class Related:
    """Another item with its page, and what is said of the tie to it."""

    title: Text
    address: str
    notes: tuple[Text, ...] = ()


@dataclass(frozen=True)
class Ties:
    """The items to which an item is tied in one way."""

    label: str
    others: tuple[Related, ...]


@dataclass(frozen=True)
class Near:
    """A work that shares place, subject, people or collection with the item, and what kind of work it is."""

    work: Related
    kind: str


@dataclass(frozen=True)
class Turning:
    """The whole that an item is a part of, and the parts before and after it."""

    whole: Related
    previous: Related | None
    next: Related | None


def related(item: Item, language: str, notes: Sequence[LangValue] = ()) -> Related:
    """Another item as a link."""
    said = tuple(titles.for_reader(notes, language)) if notes else ()
    return Related(titles.marked_title(item, language), addresses.item(item), said)


def ties_of(ties: Sequence[Tie], language: str) -> list[Ties]:
    """The ties, one entry a sort, in order."""
    found: dict[str, list[Related]] = {}
    for tie in ties:
        found.setdefault(tie.label, []).append(related(tie.other, language, tie.notes))
    return [Ties(label, tuple(others)) for label, others in found.items()]


def turnings_of(places: Sequence[Neighbours], language: str) -> list[Turning]:
    """The wholes that an item is a part of, each with what stands beside it there."""
    return [
        Turning(
            related(one.whole, language),
            related(one.previous, language) if one.previous else None,
            related(one.next, language) if one.next else None,
        )
        for one in places
    ]


def work_language(item: Item, page_language: str) -> str:
    """The `lang` of text read out of the work itself: known only when it is in one language, and not the page's."""
    written = [tag for tag in item.languages if tag not in {"zxx", "und", "mul"}]
    return written[0] if len(written) == 1 and written[0] != page_language else ""


def cited_of(item: Item, request: HttpRequest, language: str) -> Cited:
    """What the item is cited by; the address is its ARK."""
    return Cited(
        creators=[text.value for credit in facts.credits_of(item, language) for text in credit.names],
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
            label=file.label,
            caption=titles.picked(file.captions, language),
            picture=renditions.picture_of(file, THUMB_PX),
            kind=file.master.kind if file.master else "",
            is_current=file is current,
            size_bytes=file.master.size_bytes if file.master else 0,
        )
        for number, file in enumerate(files, start=1)
    ]


def relation_context(item: Item, viewer: Viewer, language: str, ties: Sequence[Tie]) -> dict[str, object]:
    """What the item is tied to, as far as this viewer may see it: nothing tells that there is more."""
    near_it = near(viewer, item, but=[tie.other.pk for tie in ties])
    return {
        "ties": ties_of(ties, language),
        "turnings": turnings_of(relations.neighbours(viewer, item, ties), language),
        "near_it": [Near(related(one, language), facts.kind_name(one)) for one in near_it],
    }


def description_context(item: Item, request: HttpRequest, language: str) -> dict[str, object]:
    """Everything that describes the item, ready for the template."""
    short = addresses.of_pid("public_root:short", item.pid)
    return {
        "title": titles.marked_title(item, language),
        "kind_name": facts.kind_name(item),
        "other_titles": titles.others(item.titles, language),
        "descriptions": [
            *filter(None, [titles.picked(item.descriptions, language)]),
            *titles.others(item.descriptions, language),
        ],
        "facts": facts.of_item(item, language),
        "contents": titles.for_reader(item.contents, language),
        "gathered": [(facts.name_of(row, language), row.slug) for row in rows_of(item, "collections", Collection)[:1]],
        "work_lang": work_language(item, language),
        "owners": belonging.owners_of(item, language),
        "marks": belonging.marks_of(item, language),
        "ark": addresses.ark(item),
        "ark_address": addresses.absolute(request, f"/{addresses.ark(item)}"),
        "short_path": short,
        "short_address": addresses.absolute(request, short),
        "keep_address": addresses.of_pid("own_lists:keep", item.pid),
        "tell_address": addresses.of_pid("asking:tell", item.pid),
        "report_address": addresses.of_pid("asking:report", item.pid),
    }


def share_context(item: Item, request: HttpRequest, language: str) -> dict[str, object]:
    """What a shared link shows: title, a sentence and a picture, and only of what everybody may see."""
    if not item.effective_rule.policy.is_public:
        return {}
    picture = open_picture(item)
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
    has_closed_files = queries.closed_file_count(item) > 0
    way_in = queries.way_in(viewer, item) if has_closed_files else ""
    around = {**share_context(item, request, language), **page_addresses(request)}
    context = drawn_from(request, item, viewer, way_in=way_in, around=around)
    context |= notes.context_of(request, item, cast("ItemFile | None", context["on_view"]))
    answer = freshness.answer(request, TEMPLATE, context, rule=item.effective_rule)
    if context.get("own_notes"):
        uncompressed(answer)
    if not keeping.is_open_for_good(item):
        answer[keeping.HEADER] = keeping.NOT_THIS
    return answer


def preview(request: HttpRequest, found: Found, banner: str) -> HttpResponse:
    """The page of an item as somebody else would find it, for the desk; `banner` says as whom. Nothing of it is to be kept or shared."""
    if found.item is None:
        raise Http404
    around = {"share": {}, "preview": banner, "user": AnonymousUser(), "other_language_url": addresses.item(found.item)}
    return render(request, TEMPLATE, drawn_from(request, found.item, found.viewer, way_in=found.way_in, around=around))


def drawn_from(
    request: HttpRequest, item: Item, viewer: Viewer, *, way_in: str, around: Mapping[str, object]
) -> dict[str, object]:
    """What the page of an item that was read with its `visible_files` is drawn from; `way_in` is empty where none is closed."""
    language = page_language()
    files: list[ItemFile] = item.visible_files  # type: ignore[attr-defined]  # set by whole_item
    shown = companions.shown_alone(files)
    wanted = spoken.wanted_of(request.GET.dict())
    asked = stages.asked_of(request.GET.dict())
    # A file that is not there and one that is hidden are the same: the first is shown.
    current = file_asked_for(files, shown, request.GET.get("file", ""), wanted.pid)
    ties = relations.of_items(viewer, [item])[item.pk]
    record = public_records.of_item(
        viewer, item, base=addresses.absolute(request, "/").rstrip("/"), has_closed_files=bool(way_in), ties=ties
    )
    asked_for = request.GET.dict()
    caution = cautions.caution_of(item, asked_for) if current is not None else None
    context: dict[str, object] = {
        "section": "items",
        "item": item,
        "on_view": current,
        "caution": caution,
        "stage": None,
        "strip": [],
        "carried": "",
        "file_query": "",
        "has_closed_files": bool(way_in),
        "way_in": way_in,
        "closed_because": vocabularies.restriction_reasons(item.restriction_reasons) if way_in else [],
        **description_context(item, request, language),
        "told": contributions.of_item(item),
        **relation_context(item, viewer, language, ties),
        **citing.context(item, record, language, for_programs=caution is None and "preview" not in around),
        **around,
    }
    if current is not None and caution is None:
        context["stage"] = stages.stage_of(
            current,
            language,
            now=progress.of(current),
            asked=asked,
            read_json=lambda role, name: derived_contents.read_json(current, role, name),
            open_text=lambda: derived_contents.reading(current),
        )
        carried = cautions.carried(asked_for)
        context["strip"] = strip_of(shown, current, language)
        context["carried"] = f"{urlencode(carried)}&" if carried else ""
        query = carried if current is shown[0] else {**carried, "file": current.pid}
        context["file_query"] = f"{urlencode(query)}&" if query else ""
        if beside.has_tiles(current):
            wish = request.GET.get("beside", "")
            context["comparison"] = beside.comparison_of(viewer, item, current, shown, wish, language)
        context |= spoken_context(current, files, wanted, language, query)
    return context


def file_asked_for(
    files: Sequence[ItemFile], shown: Sequence[ItemFile], pid: str, transcript_pid: str
) -> ItemFile | None:
    """The file on view: the one that is asked for, the recording of a transcript that is, else the first; None of an item without any."""
    for asked in (pid, transcript_pid):
        named = next((file for file in files if file.pid == asked), None)
        if named is not None and named not in shown:
            named = companions.recording_of(named, files)
        if named in shown:
            return named
    return shown[0] if shown else None


def spoken_context(
    current: ItemFile, files: Sequence[ItemFile], wanted: Wanted, language: str, query: Mapping[str, str]
) -> dict[str, object]:
    """What is said in the file on view: tracks for its player, and the transcript; of a text, the text itself."""
    texts = companions.of_recording(current, files)
    said = spoken.spoken_of(texts or [current], wanted, page_language=language, file_query=query)
    return {
        "tracks": spoken.tracks_of(texts, language),
        "spoken": said,
        "second": wanted.second,
    }


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
