"""Addresses that link doors to each other, and absolute ones for what leaves the site."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse
from django.utils import translation

from archive.models import Item, ItemFile

DOWNLOAD = "download"  # in the query of a derived file's address: a copy to take away


def item(item: Item) -> str:
    """Return the item's page, in the active interface language."""
    return item_of(item.pid)


def item_of(pid: str) -> str:
    """Return the page that an item of this pid has or had."""
    return reverse("public_site:item", args=[pid])


def stable_item(item: Item) -> str:
    """Return the item's page as machines know it: the same whatever language somebody reads in."""
    with translation.override(settings.LANGUAGE_CODE):
        return reverse("public_site:item", args=[item.pid])


def export(item: Item, ending: str) -> str:
    """Return where the record of an item is taken away in the format of this ending, the same in every language."""
    with translation.override(settings.LANGUAGE_CODE):
        return reverse("public_site:cite", args=[item.pid, ending])


def ark(item: Item) -> str:
    """Return the item's ARK, without a host."""
    return ark_of(item.pid)


def ark_of(pid: str) -> str:
    """Return the ARK that has this pid, also where the item is gone."""
    return f"ark:/{settings.ARK_NAAN}/{pid}"


def derivative(file: ItemFile, role: str, name: str) -> str:
    """Return the address of one derived file."""
    return reverse("files:derivative", args=[file.pid, role, name])


def download(file: ItemFile, role: str, name: str) -> str:
    """Return the address of a derived file as a copy to take away: a name of its own, and credit and rights written into it."""
    return f"{derivative(file, role, name)}?{DOWNLOAD}=1"


def master(file: ItemFile) -> str:
    """Return the address of the master's bytes."""
    return reverse("files:master", args=[file.pid])


def status(file: ItemFile) -> str:
    """Return the address that tells how far the work on a file is."""
    return reverse("files:status", args=[file.pid])


def iiif_image(file: ItemFile) -> str:
    """Return the IIIF Image API service of a file; `/info.json` lies below it."""
    return f"/iiif/image/3/{file.pid}"


def iiif_manifest(item: Item) -> str:
    """Return the IIIF Presentation 3 manifest of an item."""
    return f"/iiif/presentation/3/{item.pid}/manifest"


def absolute(request: HttpRequest, path: str) -> str:
    """Return an address that works from outside: by the library's public address if it is set, else as the request came."""
    if settings.BASE_URL:
        return f"{settings.BASE_URL}{path}"
    return request.build_absolute_uri(path)
