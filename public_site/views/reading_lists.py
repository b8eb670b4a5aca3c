"""Lists that readers make without an account, as whoever knows their code reads them: a page, a table, and what a device takes along.

These pages are the same for everybody who may see the same works: whose list it is they do not know. Making and changing is own_lists.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from access.requests import viewer_of
from access.viewer import Viewer, visitor
from archive import addresses, public_records, queries, reading_lists
from archive.crosswalks.record import Record
from archive.dates_as_said import say
from archive.models import Item
from archive.reading_lists import ReadingList
from public_site import citing, road, titles
from public_site.exports import EXPORTS, SEVERAL
from public_site.page_languages import page_addresses, page_language
from public_site.renditions import Output
from public_site.views.lists import cards_of

BYTE_ORDER_MARK = "\ufeff"  # by which spreadsheets know UTF-8
# A cell that begins so is a formula to a spreadsheet.
FORMULA = ("=", "+", "-", "@", "\t", "\r")


@require_safe
def lists(request: HttpRequest) -> HttpResponse:
    """Where a code is typed; with `?code=` to its list, if there is one."""
    typed = request.GET.get("code", "")[:60]
    found = reading_lists.find(typed, now=timezone.now()) if typed else None
    if found is not None:
        return HttpResponseRedirect(reverse("public_site:list", args=[found.code]))
    context = {"section": "lists", "typed": typed, **page_addresses(request), "alternates": None}
    return render(request, "public_site/lists/index.html", context)


@require_safe
def page(request: HttpRequest, code: str) -> HttpResponse:
    """One list: what of it this viewer may see, in its maker's order. Raises Http404."""
    found = list_of(code)
    if found.code != code:
        return HttpResponseRedirect(reverse("public_site:list", args=[found.code]))
    items, language = items_of(viewer_of(request), found), page_language()
    cited = citations_of(request, items, language)
    own = reverse("public_site:list", args=[found.code])
    context = {
        "section": "lists",
        "list": found,
        "name": name_of(found),
        "entries": [(card, cited.get(card.pid, "")) for card in cards_of(viewer_of(request), items, language)],
        "own_address": addresses.absolute(request, own),
        "square": square_of(own),
        "references": [(EXPORTS[ending].name, ending) for ending in SEVERAL],
        **page_addresses(request),
        "alternates": None,
    }
    return render(request, "public_site/lists/list.html", context)


def citations_of(request: HttpRequest, items: Sequence[Item], language: str) -> dict[str, SafeString]:
    """How each work is cited, by pid. Six queries or so, however many works there are."""
    told = _records(request, items)
    return {item.pid: citing.written(item, told[item.pid], language) for item in items if item.pid in told}


def _records(request: HttpRequest, items: Sequence[Item]) -> dict[str, Record]:
    viewer, base = viewer_of(request), addresses.absolute(request, "/").rstrip("/")
    found = queries.published_items(viewer).filter(pid__in=[item.pid for item in items])
    return {one.pid: one for one in public_records.of_items(viewer, queries.carried(viewer, found), base=base)}


@require_safe
def references(request: HttpRequest, code: str, ending: str) -> HttpResponse:
    """The list as one file of references, in the format of this ending and in its maker's order. Raises Http404."""
    write = SEVERAL.get(ending)
    if write is None:
        raise Http404
    found, language = list_of(code), page_language()
    items = items_of(viewer_of(request), found)
    told = _records(request, items)
    made = [citing.referred(item, told[item.pid], language) for item in items if item.pid in told]
    answer = HttpResponse(write(made), content_type=f"{EXPORTS[ending].media_type}; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="{found.code}.{ending}"'
    return answer


@require_safe
def table(request: HttpRequest, code: str) -> HttpResponse:
    """The list as a table (CSV, RFC 4180, UTF-8). Raises Http404."""
    found, language = list_of(code), page_language()
    text = io.StringIO(newline="")
    rows = csv.writer(text)
    rows.writerow([_("Number"), _("Title"), _("Date"), _("Kind"), _("Identifier"), _("Lasting address"), _("Page")])
    for number, item in enumerate(items_of(viewer_of(request), found), start=1):
        lasting = addresses.absolute(request, f"/{addresses.ark(item)}")
        cells = [titles.marked_title(item, language).value, say(item.date_edtf, language), item.get_kind_display()]
        cells += [item.identifier or "", lasting, addresses.absolute(request, addresses.item(item))]
        rows.writerow([number, *(f"'{cell}" if cell.startswith(FORMULA) else cell for cell in cells)])
    answer = HttpResponse(BYTE_ORDER_MARK + text.getvalue(), content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="{found.code}.csv"'
    return answer


@require_safe
def for_the_road(request: HttpRequest, code: str) -> JsonResponse:
    """What a device fetches to keep the list (public_site.road), whoever asks only of what everybody may see without an end: {"name",
    "count", "cut": titles of works too long to be taken whole, "pages": [{"address", "also", "bytes"}], "files": [{"choices": [{"address",
    "type", "bytes"}], "wide"}]}. Raises Http404."""
    found, language = list_of(code), page_language()
    viewer = visitor(now=timezone.now())
    shown = {
        item.pid: item for item in queries.items(viewer).select_related("effective_rule").filter(pid__in=found.pids)
    }
    items = [shown[pid] for pid in found.pids if pid in shown and shown[pid].effective_rule.policy.is_public]
    loads = [(item, road.of_item(item, language)) for item in items]
    own = road.Page(reverse("public_site:list", args=[found.code]))
    return JsonResponse(
        {
            "name": name_of(found),
            "count": len(items),
            "cut": [titles.marked_title(item, language).value for item, load in loads if load.is_cut],
            "pages": [
                {"address": one.address, "also": one.also, "bytes": one.size_bytes}
                for one in (own, *(page for _item, load in loads for page in load.pages))
            ],
            "files": [
                {"wide": one.is_wide, "choices": [_output(output) for output in one.choices]}
                for _item, load in loads
                for one in load.files
            ],
        }
    )


def _output(output: Output) -> dict[str, object]:
    return {"address": output.address, "type": output.media_type, "bytes": output.size_bytes}


def list_of(code: str) -> ReadingList:
    """The list of a code. Raises Http404."""
    found = reading_lists.find(code, now=timezone.now())
    if found is None:
        raise Http404
    return found


def name_of(one: ReadingList) -> str:
    """What its maker called it, else what every list is called."""
    return one.name or _("List")


def items_of(viewer: Viewer, one: ReadingList) -> Sequence[Item]:
    """The items of a list that this viewer may see, described, in its order: nothing tells that there are more."""
    found = {item.pid: item for item in queries.described_items(viewer).filter(pid__in=one.pids)}
    return [found[pid] for pid in one.pids if pid in found]


def square_of(path: str) -> str:
    """The address of the square code of a page of ours."""
    return f"{reverse('public_root:square')}?to={path}"
