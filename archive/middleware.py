"""The interface language of a request; addresses that no door can read; what the log cannot tell of is not shown; the last word on answers
that nginx completes."""

from __future__ import annotations

import logging
from collections.abc import Callable
from functools import lru_cache
from typing import Any, cast

from csp.constants import HEADER as POLICY
from csp.middleware import CSPMiddleware
from csp.utils import build_policy
from django.conf import settings
from django.contrib.messages.middleware import MessageMiddleware
from django.contrib.messages.storage import default_storage
from django.contrib.messages.storage.base import BaseStorage
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.http.response import HttpResponseBase
from django.middleware.locale import LocaleMiddleware
from django.urls import get_resolver
from django.utils import translation
from django.utils.cache import patch_vary_headers
from django.utils.functional import SimpleLazyObject
from django.utils.translation import gettext as _
from django.utils.translation.trans_real import parse_accept_lang_header

from archive import interface_languages, interface_words, sendfile
from archive.sights import SightNotRecorded
from archive.texts import is_storable

logger = logging.getLogger(__name__)
RETRY_S = "30"
GetResponse = Callable[[HttpRequest], HttpResponse]
# Django's middleware forces Vietnamese on every unprefixed path; for these the person's choice or Accept-Language counts (DESIGN.md 6).
MACHINES = ("/api/", "/files/", "/uploads/", "/iiif/", "/oai", "/sru", "/opds/")
FOLLOWS_THE_PERSON = ("/admin/", *MACHINES)


class InterfaceLanguageMiddleware(LocaleMiddleware):
    """Vietnamese without a prefix, English under /en/, a community's words below their code once they are offered; staff pages and machine
    doors by cookie or Accept-Language."""

    def process_request(self, request: HttpRequest) -> None:
        """Let the language of the address be active, whatever the browser would like; of what follows the person, theirs."""
        translation.activate(_language_in(request.path_info) or settings.LANGUAGE_CODE)
        request.LANGUAGE_CODE = translation.get_language()
        if (code := interface_languages.code_of(request.path_info)) and interface_words.is_offered(code):
            # Its frame is the community's; what stands in it is written in Vietnamese.
            translation.activate(code)
            return
        if request.path_info.startswith(FOLLOWS_THE_PERSON):
            chosen = request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME, "")
            if chosen not in dict(settings.LANGUAGES):
                chosen = self._accepted(request)
            translation.activate(chosen)
            request.LANGUAGE_CODE = translation.get_language()

    def process_response(self, request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
        if code := interface_languages.framed():
            response.headers.setdefault("Content-Language", f"{settings.LANGUAGE_CODE}, {code}")
        if not _language_in(request.path_info):
            patch_vary_headers(response, ("Accept-Language",))
        response.headers.setdefault("Content-Language", translation.get_language())
        return response

    @staticmethod
    def _accepted(request: HttpRequest) -> str:
        for accepted, _quality in parse_accept_lang_header(request.headers.get("Accept-Language", "")):
            for code, _name in settings.LANGUAGES:
                if accepted == code or accepted.startswith(f"{code}-"):
                    return code
        return settings.LANGUAGE_CODE


def _language_in(path: str) -> str | None:
    """Return the language that an address begins with."""
    return _language_of(path[: path.find("/", 1) + 1] or path)


@lru_cache(maxsize=256)
def _language_of(beginning: str) -> str | None:
    return translation.get_language_from_path(beginning)


class ContentPolicyMiddleware(CSPMiddleware):
    """django-csp's, with the policy of the settings put into words once: the same for every answer that asks for none of its own."""

    # What views set on their answers by django-csp's decorators.
    OWN = frozenset(
        {"_csp_config", "_csp_update", "_csp_replace", "_csp_config_ro", "_csp_update_ro", "_csp_replace_ro"}
    )

    def __init__(self, get_response: Any) -> None:  # Any: as in Django
        super().__init__(get_response)
        self._said: tuple[object, str] = (None, "")

    def process_request(self, request: HttpRequest) -> None:
        """Offer no nonce: no page of ours has a script or a style of its own that one would let in."""

    def process_response(self, request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
        """Write the policy as django-csp would."""
        policy = settings.CONTENT_SECURITY_POLICY
        is_plain = not (
            settings.DEBUG
            or policy.keys() != {"DIRECTIVES"}
            or getattr(settings, "CONTENT_SECURITY_POLICY_REPORT_ONLY", None)
            or not self.OWN.isdisjoint(vars(response))
        )
        if not is_plain:
            return super().process_response(request, response)
        if self._said[0] is not policy:
            self._said = (policy, build_policy())
        if POLICY not in response and not getattr(response, "_csp_exempt", False):
            response[POLICY] = self._said[1]
        return response


class MessagesMiddleware(MessageMiddleware):
    """Django's, but that what holds messages is made when there is one to keep or somebody looks for one: of most pages nobody does."""

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        made: list[BaseStorage] = []

        def make() -> BaseStorage:
            made.append(default_storage(request))
            return made[0]

        request._messages = SimpleLazyObject(make)  # type: ignore[attr-defined]  # where Django looks for it
        response = cast(HttpResponse, self.get_response(request))
        return self.process_response(request, response) if made else response


class SendfileMiddleware:
    """Outside of all that write headers: an answer which only names a file is brought into the form that the proxy wants."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if response.has_header(sendfile.HEADER):
            sendfile.prepare(response)
        return response


class ReadableCookiesMiddleware:
    """Takes away cookies that no database can be asked for. Refusing would lock out whose browser keeps one. Before the session's."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        for name in [name for name, value in request.COOKIES.items() if not is_storable(value)]:
            del request.COOKIES[name]
        return self.get_response(request)


class ReadableAddressMiddleware:
    """Refuses, before any door is asked, an address whose text no database can hold: one with a NUL. After the language's.

    SQLite takes such text and PostgreSQL does not; here it is the same 400 for every door, whatever it would have done with it.
    """

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        # Addresses are UTF-8, whatever charset a request names: in another (utf-7) their text would be anything. Of one that names none
        # nothing is to be read anew.
        if request.encoding is not None:
            request.encoding = "utf-8"
        asked = [(name, text) for name, values in request.GET.lists() for text in values]
        parameter = next((name for name, text in asked if not is_storable(text)), "")
        if not parameter and all(map(is_storable, (request.path_info, *request.GET))):
            return self.get_response(request)
        if not request.path_info.startswith(MACHINES):
            # Called and not raised: a traceback in the log for each odd address would be a gift to whoever sends many.
            page: GetResponse = get_resolver().resolve_error_handler(400)
            return page(request)
        problem = {"status": 400, "title": _("This address holds a character that cannot be read.")}
        if is_storable(parameter) and parameter:
            problem["parameter"] = parameter
        return JsonResponse(problem, status=400, content_type="application/problem+json")


class SightsMiddleware:
    """Answers 503 where a sight of what is restricted could not be written down: no record, no sight. For every door, the desk too."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        if not isinstance(exception, SightNotRecorded):
            return None
        logger.error("a sight was not recorded, so nothing was shown: %s", type(exception.__cause__).__name__)
        if request.path_info.startswith(MACHINES):
            problem = {"status": 503, "title": _("This cannot be shown just now. Please try again in a moment.")}
            response: HttpResponse = JsonResponse(problem, status=503, content_type="application/problem+json")
        else:
            # The page for what broke asks neither database nor session.
            page: GetResponse = get_resolver().resolve_error_handler(500)
            response = page(request)
            response.status_code = 503
        response["Retry-After"] = RETRY_S
        return response
