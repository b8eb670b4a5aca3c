"""What every page knows of the library, from settings. No queries: the page of an error uses it, too."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from django.conf import settings
from django.core.signals import setting_changed
from django.dispatch import receiver
from django.http import HttpRequest
from django.templatetags.static import static

OUR_LOGO = "img/logo.svg"


@dataclass(frozen=True)
class Library:
    """Name, logo address and contact of the library that runs this archive, and whom its maps name; empty where a setting is."""

    name: str
    logo: str
    email: str
    phone: str
    address: str
    map_credit: str = ""

    @property
    def phone_digits(self) -> str:
        """The telephone number as a `tel:` address takes it."""
        return "".join(letter for letter in self.phone if letter.isdigit() or letter == "+")


def logo_address(setting: str) -> str:
    """The logo's address: an absolute one as it is, a static path resolved, nothing set: ours."""
    if setting.startswith(("/", "https://", "http://")):
        return setting
    return static(setting or OUR_LOGO)


def library(request: HttpRequest | None = None) -> dict[str, Library]:
    """Context processor: `library` in every template."""
    return {"library": _of_settings()}


@lru_cache(maxsize=1)
def _of_settings() -> Library:
    return Library(
        name=settings.LIBRARY_NAME,
        logo=logo_address(settings.LIBRARY_LOGO),
        email=settings.LIBRARY_CONTACT_EMAIL,
        phone=settings.LIBRARY_CONTACT_PHONE,
        address=settings.LIBRARY_CONTACT_ADDRESS,
        map_credit=settings.MAP_CREDIT,
    )


@receiver(setting_changed, dispatch_uid="public_site.context")
def _forget(**_facts: object) -> None:  # in tests only
    _of_settings.cache_clear()
