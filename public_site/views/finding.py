"""What helps to find: suggestions while somebody types, and searches that can be followed as feeds."""

from __future__ import annotations

from collections.abc import Iterator

from django.http import HttpRequest, JsonResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from access.requests import viewer_of
from archive import addresses
from archive.search import Suggestions, suggest
from archive.search.engine import QUERY_LENGTH_MOST
from public_site.sifting import FACET_LABELS

SUGGESTIONS_MOST = 10
LABEL_LETTERS_MOST = 90
_PAGES = {"people": "people", "place": "place", "collection": "collection"}


@require_safe
def suggestions(request: HttpRequest) -> JsonResponse:
    """Return what may be meant by what is typed so far: `text`, `url`, and `note`, what it is. At most 2 KB."""
    found = suggest(request.GET.get("q", "")[:QUERY_LENGTH_MOST], viewer_of(request))
    listed = [
        {"text": _short(text), "note": note, "url": url} for text, note, url in list(_told(found))[:SUGGESTIONS_MOST]
    ]
    return JsonResponse({"suggestions": listed}, json_dumps_params={"ensure_ascii": False, "separators": (",", ":")})


def _told(found: Suggestions) -> Iterator[tuple[str, str, str]]:
    search = reverse("public_site:search")
    for words in found.words[: SUGGESTIONS_MOST // 2]:
        yield words, "", ""
    for heading in found.headings[: SUGGESTIONS_MOST // 3]:
        if heading.facet in _PAGES:
            address = reverse(f"public_site:{_PAGES[heading.facet]}", args=[heading.slug])
        else:
            address = f"{search}?{heading.facet}={heading.slug}"
        yield heading.label, str(FACET_LABELS.get(heading.facet, "")), address
    for pid, title in found.titles:
        yield title, _("Item"), addresses.item_of(pid)


def _short(text: str) -> str:
    return text if len(text) <= LABEL_LETTERS_MOST else f"{text[: LABEL_LETTERS_MOST - 1].rstrip()}…"
