"""Resumption tokens: signed, and all that is needed to go on stands in them, so that no server has to remember a harvest.

The same place in the same harvest is the same text for a whole day: two answers to the same question are the same bytes.
"""

from __future__ import annotations

from dataclasses import astuple

from django.core import signing

from interop.oai.shapes import Place

_SALT = "oai"
_LENGTH_MOST = 1500
DAYS = 10
_DAY_S = 86_400


class BadToken(ValueError):
    """A token that we did not make, or that is too old."""


def expiry(now_s: int) -> int:
    """Return when a token of a harvest that begins now ends: at midnight (UTC), ten days on."""
    return (now_s // _DAY_S + DAYS) * _DAY_S


def write(place: Place) -> str:
    return signing.Signer(salt=_SALT).sign_object(list(astuple(place)), compress=False)


def read(token: str, *, verb: str, now_s: int) -> Place:
    """Return the place. Raises BadToken."""
    if len(token) > _LENGTH_MOST:
        raise BadToken
    try:
        place = Place(*signing.Signer(salt=_SALT).unsign_object(token))
    except (signing.BadSignature, ValueError, TypeError) as error:
        raise BadToken from error
    if place.verb != verb or place.expires_s <= now_s:
        raise BadToken
    return place
