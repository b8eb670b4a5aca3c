"""The interface language of a request."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest
from django.middleware.locale import LocaleMiddleware
from django.utils import translation
from django.utils.translation.trans_real import parse_accept_lang_header

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
