"""A derived file as a copy to take away: under the name of its item, with credit and rights written into it."""

from __future__ import annotations

import hashlib
import logging
from dataclasses import replace
from pathlib import PurePath

from django.conf import settings
from django.utils.text import slugify

from archive.crediting.credit import Credit, credit_of
from archive.crediting.spliced import Spliced
from archive.crediting.splices import HEAD_BYTES, TAIL_BYTES, Stored, edits
from archive.delivery import Body
from archive.models import ItemFile
from archive.search.folding import fold
from media_pipeline.storage.errors import KeyMissing, MasterDamaged, StorageUnavailable

logger = logging.getLogger(__name__)
_NAME_LETTERS_AT_MOST = 60


def copy_of(body: Body, file: ItemFile, *, address: str) -> Body:
    """Return what is sent of a file that the reader may see. Two queries, and one read of the file's beginning, of PDF also of its end.

    Where its format has no place for a credit, or its beginning cannot be read now, the bytes are as they are stored.
    """
    credit = credit_of(file.item, library=settings.LIBRARY_NAME, address=address)
    named = replace(body, download_name=_name(credit, file, body))
    try:
        head = b"".join(body.source.read_range(0, min(HEAD_BYTES, body.size_bytes)))
        last = min(TAIL_BYTES.get(body.media_type, 0), body.size_bytes)
        tail = b"".join(body.source.read_range(body.size_bytes - last, last)) if last else b""
    except (StorageUnavailable, KeyMissing, MasterDamaged) as error:
        logger.warning("%s: %s: %s", body.storage_name, type(error).__name__, error)
        return named
    changes = edits(body.media_type, Stored(head, body.size_bytes, tail), credit)
    if not changes:
        return named
    copy = Spliced(body.source, changes, body.size_bytes)
    validator = hashlib.sha256(f"{body.sha256} {credit.digest}".encode()).hexdigest()
    return replace(named, source=copy, storage_name="", size_bytes=copy.length, sha256=validator)


def _name(credit: Credit, file: ItemFile, body: Body) -> str:
    """The item's title in plain letters, its identifier, and what the file is called among its kind."""
    title = slugify(fold(credit.title))[:_NAME_LETTERS_AT_MOST].strip("-")
    return "-".join(part for part in (title, file.item.pid, PurePath(body.storage_name).name) if part)
