"""The reference of an item as a file, for programs that keep references and for catalogues."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from access.requests import viewer_of
from archive import addresses, public_records, queries
from public_site.exports import EXPORTS
from public_site.page_languages import page_language
from public_site.views.item import gone, tombstone_of


@require_safe
def cite(request: HttpRequest, pid: str, ending: str) -> HttpResponse:
    """Send an item in the format of this ending. Raises Http404 for other endings, and for what the viewer may not see."""
    export = EXPORTS.get(ending)
    if export is None:
        raise Http404
    viewer = viewer_of(request)
    try:
        item = queries.item(viewer, pid)
    except queries.NotVisible as error:
        return gone(request, tombstone_of(pid, error))
    closed = queries.closed_file_count(item) > 0
    base = addresses.absolute(request, "/").rstrip("/")
    record = public_records.of_item(viewer, item, base=base, has_closed_files=closed)
    content_type = f"{export.media_type}; charset=utf-8" if export.is_text else export.media_type
    response = HttpResponse(export.write(record, page_language()), content_type=content_type)
    response["Content-Disposition"] = f'attachment; filename="{item.pid}.{ending}"'
    # The page is what search engines should find.
    response["X-Robots-Tag"] = "noindex"
    return response
