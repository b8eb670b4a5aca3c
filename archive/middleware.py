"""The interface language of a request; the last word on answers that nginx completes."""

from __future__ import annotations

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.middleware.locale import LocaleMiddleware
from django.utils import translation
from django.utils.translation.trans_real import parse_accept_lang_header

from archive import sendfile

# Django's middleware forces Vietnamese on every unprefixed path; for these the person's choice or Accept-Language counts (DESIGN.md 6).
FOLLOWS_THE_PERSON = ("/admin/", "/api/", "/files/", "/uploads/", "/iiif/", "/oai", "/sru", "/opds/")


class InterfaceLanguageMiddleware(LocaleMiddleware):
    """Vietnamese without a prefix, English under /en/; staff pages and machine doors by cookie or Accept-Language."""

    def process_request(self, request: HttpRequest) -> None:
        super().process_request(request)
        if request.path_info.startswith(FOLLOWS_THE_PERSON):
            chosen = request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME, "")
            if chosen not in dict(settings.LANGUAGES):
                chosen = self._accepted(request)
            translation.activate(chosen)
            request.LANGUAGE_CODE = translation.get_language()

    @staticmethod
    def _accepted(request: HttpRequest) -> str:
        for accepted, _quality in parse_accept_lang_header(request.headers.get("Accept-Language", "")):
            for code, _name in settings.LANGUAGES:
                if accepted == code or accepted.startswith(f"{code}-"):
                    return code
        return settings.LANGUAGE_CODE


class SendfileMiddleware:
    """Outside of all that write headers: an answer which only names a file is brought into the form that the proxy wants."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if response.has_header(sendfile.HEADER):
            sendfile.prepare(response)
        return response
