"""Views of the files' addresses."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from django.http import Http404, HttpRequest, HttpResponseBase, JsonResponse
from django.views.decorators.http import require_safe

from access.caching import publicly_cacheable
from access.requests import viewer_of
from archive import addresses, delivery, originals, progress, queries
from archive.addresses import DOWNLOAD
from archive.crediting import credited
from archive.models import ItemFile
from media_pipeline import stores
from media_pipeline.storage import names


@dataclass(frozen=True)
class _DerivedBytes:
    prefix: str
    name: str

    def read_range(self, start: int, length: int) -> Iterator[bytes]:
        return stores.derivatives().read_range(self.prefix, self.name, start, length)


def _file(request: HttpRequest, pid: str) -> ItemFile:
    try:
        return queries.file(viewer_of(request), pid)
    except queries.NotVisible as error:
        raise Http404 from error


@require_safe
def derivative(request: HttpRequest, pid: str, role: str, name: str) -> HttpResponseBase:
    """Send one derived file."""
    return send_derived(request, _file(request, pid), role, name)


def send_derived(request: HttpRequest, file: ItemFile, role: str, name: str) -> HttpResponseBase:
    """Send what was made of a file that the viewer may see. The path comes from the database; `name` is only compared with it. Raises
    Http404."""
    derived = file.derivative(role)
    entry = derived and next((entry for entry in derived.files if entry["name"] == name), None)
    if derived is None or not entry:
        raise Http404
    body = delivery.Body(
        source=_DerivedBytes(derived.prefix, name),
        storage_name=names.derivative_key(derived.prefix, name),
        size_bytes=entry["size_bytes"],
        sha256=entry["sha256"],
        media_type=entry["media_type"],
        download_name=f"{file.pid}.pdf" if entry["media_type"] == "application/pdf" else "",
    )
    if DOWNLOAD in request.GET:
        body = credited.copy_of(body, file, address=addresses.absolute(request, f"/{addresses.ark(file.item)}"))
    answer = delivery.readable_elsewhere(delivery.send(request, body), rule=file.effective_rule)
    return publicly_cacheable(answer, rule=file.effective_rule)


@require_safe
def master(request: HttpRequest, pid: str) -> HttpResponseBase:
    """Send the master itself, to staff who may see the file: it carries places and names that no public copy has."""
    viewer = viewer_of(request)
    file = _file(request, pid)
    if file.master is None or not viewer.is_staff:
        raise Http404
    return originals.send(request, file.master, download_name=file.original_name)


@require_safe
def status(request: HttpRequest, pid: str) -> HttpResponseBase:
    """Tell how far the work on a file is: {"state", "is_final", "percent", "reason", "reason_code"}; the page that waits asks this."""
    now = progress.of(_file(request, pid))
    answer = {"state": now.state, "is_final": now.is_final, "percent": now.percent}
    return JsonResponse({**answer, "reason": now.reason, "reason_code": now.reason_code})
