"""What the doors for machines would answer of an item, for the desk's page "How partners will see this"."""

from __future__ import annotations

import json
from collections.abc import Iterator
from functools import partial

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _

from archive import addresses, harvest_names, place_history, queries, relations, whereabouts
from archive.admin.partner_eyes import Shown, pretty_xml
from archive.crosswalks.markup import BASE
from archive.crosswalks.record import Record
from archive.looking_as import Found
from archive.models import Item, ItemFile
from archive.models.file import COMPANION_ROLES
from interop.api import records
from interop.iiif.presentation import records as manifests
from interop.iiif.presentation import wire
from interop.oai.formats import FORMATS


def harvested(request: HttpRequest, found: Found, record: Record) -> Iterator[Shown]:
    """Yield the record in every format of OAI-PMH and SRU. A harvest is a visitor's, whoever asks: others get no address of it."""
    base = addresses.absolute(request, "/").rstrip("/")
    for prefix, form in FORMATS.items():
        address = ""
        if record.is_public and found.item is not None:
            address = addresses.absolute(request, harvest_names.record_path(found.item.pid, prefix))
        text = pretty_xml(form.write(record).replace(BASE, base))
        yield Shown(_("OAI-PMH and SRU"), prefix, address, text)


def asked(request: HttpRequest, found: Found, _record: Record) -> Iterator[Shown]:
    """Yield the record of the REST API."""
    if found.item is None:
        return
    address = addresses.absolute(request, reverse("api:item", args=[found.item.pid]))
    yield Shown(_("REST API"), "JSON", address, _written(_of_api(request, found, found.item)))


def shown(request: HttpRequest, found: Found, _record: Record) -> Iterator[Shown]:
    """Yield the manifest for viewers."""
    if found.item is None:
        return
    address = addresses.absolute(request, addresses.iiif_manifest(found.item))
    made = wire.manifest(manifests.manifest_of(found.item, partial(addresses.absolute, request)))
    yield Shown("IIIF", "Presentation 3", address, _written(made))


def _of_api(request: HttpRequest, found: Found, item: Item) -> dict[str, object]:
    counted = ItemFile.objects.filter(item=item).exclude(role__in=COMPANION_ROLES)
    item.file_count = counted.count()  # type: ignore[attr-defined]  # as `described` annotates it
    places = whereabouts.of_items([item])
    context = records.Context(
        absolute=partial(addresses.absolute, request),
        places=places,
        histories=place_history.of_places(one.place for one in places.get(item.pk, ())),
        ties=relations.of_items(found.viewer, [item]),
        datestamp=lambda one: queries.datestamp(found.viewer, one),
        every_page=True,
    )
    return records.of_item(item, context)


def _written(made: object) -> str:
    return json.dumps(made, ensure_ascii=False, indent=1)
