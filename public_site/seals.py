"""By what a device knows whether a page that it keeps is still what a stranger is answered: `Keep-Seal`, a digest of the page.

A work and its files have pids, by which a device asks for them. The page of an exhibit, a person, a people or a place tells more: names,
counts, words of others, what lies around. Each of these can be closed or withheld, in tables of their own. So nothing is picked out of a
page: the device asks for its address (`public_site.views.kept`), the page is drawn anew as a stranger would find it, and what the device
keeps goes where the seal is another one, or none. What is closed to strangers is on no page of theirs, so it moves no seal.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Hashable
from collections.abc import Collection as Several
from functools import wraps
from io import BytesIO
from typing import Concatenate, ParamSpec
from urllib.parse import unquote_to_bytes

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.core.handlers.wsgi import WSGIRequest
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import Resolver404, ResolverMatch, resolve
from django.utils import timezone, translation

from access import remembered
from access.requests import viewer_of
from access.viewer import Viewer, visitor
from archive import interface_languages, interface_words
from public_site import keeping

# Of one state of the database; a page has two addresses, and a few more with parts chosen.
KEPT_MOST = 2_000
# What says under which name and by which scheme the site was asked, and nothing of who asks.
_OF_THE_SITE = (
    "wsgi.url_scheme", "SERVER_NAME", "SERVER_PORT", "HTTP_HOST", "HTTP_X_FORWARDED_PROTO", "HTTP_X_FORWARDED_HOST",
    "HTTP_X_FORWARDED_PORT",
)  # fmt: skip
Asked = ParamSpec("Asked")
View = Callable[Concatenate[HttpRequest, Asked], HttpResponse]
_known: list[tuple[Hashable, dict[str, str]]] = [(None, {})]


def sealed(view: View[Asked]) -> View[Asked]:
    """Write the seal on what a view answers strangers and lets them keep; behind its validator, where it has one, stands the whole page."""

    @wraps(view)
    def answered(request: HttpRequest, /, *args: Asked.args, **kwargs: Asked.kwargs) -> HttpResponse:
        answer = view(request, *args, **kwargs)
        may_be_kept = answer.status_code in {200, 304} and answer.headers.get(keeping.HEADER) != keeping.NOT_THIS
        if may_be_kept and viewer_of(request).is_stranger:
            page = answer.headers["ETag"].encode() if "ETag" in answer.headers else answer.content
            answer[keeping.SEAL] = hashlib.blake2b(page, digest_size=12).hexdigest()
        return answer

    return answered


def of_pages(request: HttpRequest, asked: Several[str]) -> dict[str, str]:
    """Return the seals that strangers are given now with those of these addresses (paths with their queries) that are pages with a seal, by
    address. Each costs its page, unless it was drawn before and nothing has been written in the database since. Raises SearchPreparing."""
    state = remembered.state_now()
    stranger = visitor(now=timezone.now())
    if state is None:
        known: dict[str, str] = {}
    else:
        # A rule opens and closes by days, too, and a page may be known by the name that the site was asked by.
        at = (state, stranger.rule_ids, timezone.localdate(), *(str(request.META.get(name)) for name in _OF_THE_SITE))
        if _known[0][0] != at:
            _known[0] = (at, {})
        known = _known[0][1]
    found = {}
    for address in asked:
        seal = known.get(address) or _seal_of(request, stranger, address)
        if seal:
            if len(known) >= KEPT_MOST:
                known.clear()
            found[address] = known[address] = seal
    return found


def _seal_of(request: HttpRequest, stranger: Viewer, address: str) -> str:
    """Return the seal of a page as this viewer is answered; empty where there is none."""
    path, _mark, query = address.partition("?")
    decoded = unquote_to_bytes(path)
    try:
        path = decoded.decode()
    except UnicodeDecodeError:
        return ""
    with translation.override(_language_of(path)):
        match = _page(path)
        if match is None:
            return ""
        try:
            answer = match.func(_asked_by(request, stranger, decoded, query), *match.args, **match.kwargs)
        except Http404:
            return ""
    return answer.headers.get(keeping.SEAL, "") if answer.status_code == 200 else ""


def _page(path: str) -> ResolverMatch | None:
    try:
        match = resolve(path)
    except Resolver404:
        return None
    is_sealed = match.app_names == [keeping.NAMESPACE] and match.url_name in keeping.SEALED
    return match if is_sealed else None


def _language_of(path: str) -> str:
    """The language of a page by its address, as `archive.middleware` has it."""
    if (code := interface_languages.code_of(path)) and interface_words.is_offered(code):
        return code
    return translation.get_language_from_path(path) or settings.LANGUAGE_CODE


def _asked_by(request: HttpRequest, stranger: Viewer, path: bytes, query: str) -> HttpRequest:
    """Return the question of somebody of whom nothing is known: no cookie, no session, no key, no device."""
    environ = {name: request.META[name] for name in _OF_THE_SITE if name in request.META}
    # PEP 3333: bytes as Latin-1.
    environ |= {"REQUEST_METHOD": "GET", "PATH_INFO": path.decode("latin-1"), "QUERY_STRING": query}
    made = WSGIRequest({**environ, "wsgi.input": BytesIO()})
    made.user = AnonymousUser()
    made.viewer = stranger  # type: ignore[attr-defined]  # as ViewerMiddleware sets it
    return made
