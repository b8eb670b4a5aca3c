"""Sending a master as it is."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from dataclasses import dataclass

from django.http import HttpRequest, HttpResponseBase

from archive import delivery
from media_pipeline import stores
from media_pipeline.models import Master
from media_pipeline.storage.errors import KeyMissing, MasterDamaged, StorageUnavailable

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class _MasterBytes:
    sha256: str

    def read_range(self, start: int, length: int) -> Iterator[bytes]:
        return stores.masters().read_range(self.sha256, start, length)


def send(request: HttpRequest, master: Master, *, download_name: str) -> HttpResponseBase:
    """Return the answer that brings a master as a download, or says that it cannot be read now. Who may have it is decided before."""
    try:
        storage_name = stores.masters().locate(master.sha256).content_key
    except (KeyMissing, MasterDamaged, StorageUnavailable) as error:
        logger.warning("master %s: %s: %s", master.pk, type(error).__name__, error)
        return delivery.unavailable()
    body = delivery.Body(
        source=_MasterBytes(master.sha256),
        storage_name=storage_name,
        size_bytes=master.size_bytes,
        sha256=master.sha256,
        media_type="application/octet-stream",
        download_name=download_name,
    )
    return delivery.send(request, body)
