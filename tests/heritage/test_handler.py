"""Addresses are found by the web process as Django finds them, the first time and each time after."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.conf import settings
from django.core.handlers.base import BaseHandler
from django.core.signals import request_started
from django.db import InterfaceError
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.test import RequestFactory
from django.urls import ResolverMatch
from django.utils import translation

from heritage import handler
from heritage.handler import Handler

pytestmark = pytest.mark.pure
ADDRESSES = (
    "/", "/about/", "/search/", "/items/", "/items/0123456789b/", "/items/bcdfghjkmn0/", "/lists/new/", "/account/", "/feed.atom",
    "/collections/one/feed.atom", "/peoples/one/feed.atom", "/healthz", "/oai", "/admin/", "/admin/nosuch/", "/api/v1/items/",
    "/nosuch/", "/about",
)  # fmt: skip


@pytest.fixture(autouse=True)
def in_vietnamese() -> Iterator[None]:
    with translation.override("vi"):
        yield


def told(how: BaseHandler, path: str, **more: str) -> object:
    request = RequestFactory().get(path)
    vars(request).update(more)
    try:
        found = how.resolve_request(request)
    except Http404:
        return None
    assert request.resolver_match is found
    return repr(found), found.func, found.view_name, found.app_names, found.kwargs


@pytest.mark.parametrize("prefix", ["", "/en"])
def test_an_address_leads_where_it_does_to_django(prefix: str) -> None:
    ours, djangos = Handler(), BaseHandler()

    for language in ("vi", "en", "vi"):
        with translation.override(language):
            for path in [f"{prefix}{path}" for path in (*ADDRESSES, *ADDRESSES)]:
                assert told(ours, path) == told(djangos, path)


def looked_up(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    asked: list[str] = []
    by_django = BaseHandler.resolve_request

    def noted(self: BaseHandler, request: HttpRequest) -> ResolverMatch:
        asked.append(request.path_info)
        return by_django(self, request)

    monkeypatch.setattr(BaseHandler, "resolve_request", noted)
    return asked


def test_only_addresses_that_hold_nothing_are_kept_and_only_so_many(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(handler, "KNOWN_MOST", 2)
    asked, ours = looked_up(monkeypatch), Handler()

    for path in (
        "/about/",
        "/about/",
        "/items/0123456789b/",
        "/items/0123456789b/",
        "/search/",
        "/search/",
        "/new/",
        "/new/",
    ):
        told(ours, path)

    assert asked == ["/about/", "/items/0123456789b/", "/items/0123456789b/", "/search/", "/new/", "/new/"]


def test_who_brings_addresses_of_their_own_is_led_by_those() -> None:
    ours = Handler()
    told(ours, "/about/")

    assert told(ours, "/about/", urlconf="interop.api.urls") is None
    assert settings.ROOT_URLCONF == "heritage.urls"


@pytest.mark.parametrize(
    ("answer", "is_whole"), [(HttpResponse("drawn"), True), (StreamingHttpResponse([b"dra", b"wn"]), False)]
)
def test_what_is_not_streamed_comes_whole_and_closed(
    monkeypatch: pytest.MonkeyPatch, answer: HttpResponseBase, *, is_whole: bool
) -> None:
    closed: list[bool] = []
    monkeypatch.setattr(answer, "close", lambda: closed.append(True))
    monkeypatch.setattr(Handler, "get_response", lambda _self, _request: answer)
    # Whoever listens would look after the connections of tests before.
    monkeypatch.setattr(request_started, "send", lambda **_facts: [])
    said: list[str] = []

    body = Handler()(RequestFactory().get("/").environ, lambda status, _headers: said.append(status))

    assert (b"".join(body), said) == (b"drawn", ["200 OK"])
    assert isinstance(body, list) is is_whole
    assert closed == [True] * is_whole


def test_an_answer_is_given_though_what_follows_it_fails(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def fail() -> None:
        raise InterfaceError

    answer = HttpResponse("drawn")
    monkeypatch.setattr(answer, "close", fail)
    monkeypatch.setattr(Handler, "get_response", lambda _self, _request: answer)
    monkeypatch.setattr(request_started, "send", lambda **_facts: [])

    body = Handler()(RequestFactory().get("/").environ, lambda *_: None)

    assert list(body) == [b"drawn"]
    assert [record.exc_info[0] for record in caplog.records if record.exc_info] == [InterfaceError]
