"""The languages of what the asking reader may see."""

from __future__ import annotations

from collections.abc import Mapping

from django.conf import settings
from django.utils import translation
from rest_framework.request import Request
from rest_framework.response import Response

from access.requests import viewer_of
from archive import vocabularies
from archive.crosswalks.codes import iso_639_3
from archive.search import Filters, search
from interop.api.documents import describe_languages
from interop.api.headings import Record
from interop.api.views import ReadView


class LanguagesView(ReadView):
    """All of them in one page: an archive has dozens. Counted in the index of the search, like the filters of the search page."""

    @describe_languages
    def get(self, request: Request) -> Response:
        (facet,) = search("", Filters(), viewer_of(request), page_size=1, facets=("language",)).facets
        counts = {one.value: one.count for one in facet.values}
        return Response({"next": None, "previous": None, "results": _records(counts)})


def _records(counts: Mapping[str, int]) -> list[Record]:
    """Return the records of languages, by tag."""
    names: dict[str, list[Record]] = {tag: [] for tag in sorted(counts)}
    for code, _name in settings.LANGUAGES:
        with translation.override(code):
            for tag, listed in names.items():
                # What has no name in our lists is known by its tag alone.
                if (name := vocabularies.language(tag)) != tag:
                    listed.append({"lang": code, "value": name})
    known = {tag: iso_639_3(tag) for tag in names}
    return [
        {
            "tag": tag,
            "iso_639_3": None if known[tag] == "und" else known[tag],
            "names": listed,
            "item_count": counts[tag],
        }
        for tag, listed in names.items()
    ]
