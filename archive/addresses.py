"""Addresses that link doors to each other, and absolute ones for what leaves the site."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import nullcontext
from functools import lru_cache

from django.conf import settings
from django.http import HttpRequest
from django.urls import get_script_prefix, get_urlconf, reverse
from django.utils import translation
from django.utils.translation import get_language

from archive.models import Item, ItemFile

PLACEHOLDER = "00000000000"  # of the shape of a pid
DOWNLOAD = "download"  # in the query of a derived file's address: a copy to take away


def item(item: Item) -> str:
    """Return the item's page, in the active interface language."""
    return item_of(item.pid)


def item_of(pid: str) -> str:
    """Return the page that an item of this pid has or had."""
    return of_pid("public_site:item", pid)


def of_pid(view: str, pid: str, language: str | None = None) -> str:
    """Return the address of a view that takes a pid and nothing else, in the active interface language or in another."""
    key = (language or get_language() or "", get_script_prefix(), get_urlconf())
    before, after = _around(view, (PLACEHOLDER,), *key)
    return f"{before}{pid}{after}"


def items_of() -> Callable[[str], str]:
    """Return what gives the pages of items by pid, in the active interface language: a list has dozens, and looking each address up takes
    longer than the rest of a line."""
    key = (get_language() or "", get_script_prefix(), get_urlconf())
    before, after = _around("public_site:item", (PLACEHOLDER,), *key)
    return lambda pid: f"{before}{pid}{after}"


def derivatives_of() -> Callable[[str, str, str], str]:
    """Return what gives the addresses of derived files by the file's pid, role and name; for lists, as above."""
    key = ("", get_script_prefix(), get_urlconf())

    def address(file_pid: str, role: str, name: str) -> str:
        before, after = _around("files:derivative", (PLACEHOLDER, role, name), *key)
        return f"{before}{file_pid}{after}"

    return address


@lru_cache(maxsize=256)
def _around(view: str, args: tuple[str, ...], language: str, _prefix: str, _urlconf: str | None) -> tuple[str, str]:
    """Return what stands before the pid and after it in the addresses of a view, which depend on the language and where the site lies."""
    with translation.override(language) if language else nullcontext():
        before, _pid, after = reverse(view, args=args).partition(PLACEHOLDER)
    return before, after


def stable_item(item: Item) -> str:
    """Return the item's page as machines know it: the same whatever language somebody reads in."""
    return of_pid("public_site:item", item.pid, settings.LANGUAGE_CODE)


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
    return derivatives_of()(file.pid, role, name)


def download(file: ItemFile, role: str, name: str) -> str:
    """Return the address of a derived file as a copy to take away: a name of its own, and credit and rights written into it."""
    return f"{derivative(file, role, name)}?{DOWNLOAD}=1"


def master(file: ItemFile) -> str:
    """Return the address of the master's bytes."""
    return of_pid("files:master", file.pid)


def status(file: ItemFile) -> str:
    """Return the address that tells how far the work on a file is."""
    return of_pid("files:status", file.pid)


def find_told() -> str:
    """Return where what somebody told is found again by its code, in the active interface language."""
    return reverse("asking:find_told")


def iiif_image(file: ItemFile) -> str:
    """Return the IIIF Image API service of a file; `/info.json` lies below it."""
    return f"/iiif/image/3/{file.pid}"


def iiif_page(file: ItemFile, number: int) -> str:
    """Return the IIIF Image API service of one page of a document."""
    return f"/iiif/page/3/{file.pid}/{number}"


def iiif_manifest(item: Item) -> str:
    """Return the IIIF Presentation 3 manifest of an item."""
    return f"/iiif/presentation/3/{item.pid}/manifest"


def absolute(request: HttpRequest, path: str) -> str:
    """Return an address that works from outside: by the library's public address if it is set, else as the request came."""
    if settings.BASE_URL:
        return f"{settings.BASE_URL}{path}"
    return request.build_absolute_uri(path)
