"""What may be taken away from the page of an item, for the desk's page "How partners will see this"."""

from __future__ import annotations

from collections.abc import Iterator

from django.http import HttpRequest
from django.utils.translation import gettext as _

from archive import addresses
from archive.admin.partner_eyes import Shown
from archive.crosswalks.record import Record
from archive.looking_as import Found
from public_site.exports import EXPORTS
from public_site.page_languages import page_language


def exported(request: HttpRequest, found: Found, record: Record) -> Iterator[Shown]:
    """Yield each form but MARC, which harvests have, too."""
    if found.item is None:
        return
    for ending, export in EXPORTS.items():
        if export.is_text and ending != "xml":
            address = addresses.absolute(request, addresses.export(found.item, ending))
            yield Shown(
                _("Citations and schema.org"), export.name, address, export.write(record, page_language()).decode()
            )
