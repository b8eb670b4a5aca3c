"""Pages that a visitor's own browser may keep, and asks about each time: what it has is shown again only while nothing of it has changed.

The tag is made of all that the page is drawn from, after it was read anew for whoever asks. So nothing that was closed, reworded or
withdrawn since is told to be as it was; what is spared is the drawing, and the bytes of a weak line.
"""

from __future__ import annotations

import hashlib
import json
import logging
from collections.abc import Mapping
from dataclasses import is_dataclass
from datetime import date
from functools import lru_cache
from pathlib import Path

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseNotModified
from django.shortcuts import render
from django.utils.cache import patch_vary_headers
from django.utils.functional import Promise
from django.utils.translation import get_language

from access.caching import kept_by_one
from access.models import AccessRule
from access.requests import viewer_of
from archive import interface_words
from archive.models import Item, ItemFile
from archive.noted import Note

logger = logging.getLogger(__name__)

# What pages are made with, but for what stands in the database.
_MADE_WITH = ("templates", "locale", "public_site", "archive", "media_pipeline")
_ENDINGS = frozenset({".py", ".html", ".mo"})
LIBRARY = (
    "LIBRARY_NAME",
    "LIBRARY_LOGO",
    "LIBRARY_CONTACT_EMAIL",
    "LIBRARY_CONTACT_PHONE",
    "LIBRARY_CONTACT_ADDRESS",
    "BASE_URL",
)


def still_right(request: HttpRequest, tag: str, *, rule: AccessRule) -> HttpResponse | None:
    """Say that what the browser has is still right, None where it has something else, or where no browser keeps the page."""
    if not (tag and rule.policy.is_public and tag in _tags(request) and _is_of_nobody(request)):
        return None
    answered: HttpResponse = HttpResponseNotModified()
    patch_vary_headers(answered, ("Accept-Encoding",))
    answered["ETag"] = tag
    return kept_by_one(answered, rule=rule)


def answer(
    request: HttpRequest, template: str, context: Mapping[str, object], *, rule: AccessRule, tag: str = ""
) -> HttpResponse:
    """Draw a page, or say that what the browser has is still right. Only what is open to everybody, asked for by a visitor, is kept at all:
    of everybody else's pages no browser keeps anything. `tag`: the validator, where it is known already."""
    if not (rule.policy.is_public and _is_of_nobody(request)):
        return render(request, template, context)
    try:
        tag = tag or tag_of(context)
    except TypeError:
        # Something new is drawn: rather a page that nobody keeps than one that is kept too long.
        logger.exception("A page cannot be told from an older one.")
        return render(request, template, context)
    found = still_right(request, tag, rule=rule)
    if found is not None:
        return found
    answered = render(request, template, context)
    answered["ETag"] = tag
    return kept_by_one(answered, rule=rule)


def tag_of(context: Mapping[str, object]) -> str:
    """Return the weak validator of a page drawn from this (weak: compression may change its bytes)."""
    drawn_from = json.dumps(
        [_look(), get_language(), interface_words.versions(), context], default=_plain, ensure_ascii=False
    )
    return f'W/"{hashlib.blake2b(drawn_from.encode(errors="surrogatepass"), digest_size=16).hexdigest()}"'


def tag_of_read(request: HttpRequest, note: Note) -> str:
    """Return the weak validator of a page that is drawn from what was noted, and from the address, alone; empty where more was read."""
    if not note.is_whole:
        return ""
    said = [
        _look(),
        get_language(),
        interface_words.versions(),
        request.build_absolute_uri(),
        settings.ARK_NAAN,
        note.read,
    ]
    return f'W/"{hashlib.blake2b(repr(said).encode(errors="surrogatepass"), digest_size=16).hexdigest()}"'


def _is_of_nobody(request: HttpRequest) -> bool:
    """Whether a page is the same as every stranger's: nobody is signed in, and it is no machine of the library."""
    return viewer_of(request).is_stranger and not request.user.is_authenticated


def _tags(request: HttpRequest) -> set[str]:
    return {tag.strip() for tag in request.headers.get("If-None-Match", "").split(",")}


def _plain(value: object) -> object:
    """Return a value of a context as JSON has it. Raises TypeError for one of which it is not known what a page draws."""
    if isinstance(value, Promise):
        return str(value)
    if isinstance(value, Item):
        # What templates look at themselves; a test holds them to it.
        return [value.pid, value.kind, value.state, value.is_sample]
    if isinstance(value, ItemFile):
        return value.pid
    if isinstance(value, date):
        return value.isoformat()
    if is_dataclass(value):
        return vars(value)
    raise TypeError(f"{type(value).__name__} in a page that may be kept")


@lru_cache(maxsize=1)
def _made_with() -> str:
    """Return what tells this version of the software from others on this machine."""
    files = [
        file
        for folder in _MADE_WITH
        for file in sorted(Path(settings.BASE_DIR, folder).rglob("*"))
        if file.suffix in _ENDINGS
    ]
    manifest = Path(settings.STATIC_ROOT, "staticfiles.json")
    stats = [(str(file), file.stat()) for file in [*files, *([manifest] if manifest.exists() else [])]]
    told = "|".join(f"{name} {stat.st_size} {stat.st_mtime_ns}" for name, stat in stats)
    return hashlib.blake2b(told.encode(), digest_size=16).hexdigest()


def _look() -> list[str]:
    return [_made_with(), *(str(getattr(settings, name)) for name in LIBRARY)]
