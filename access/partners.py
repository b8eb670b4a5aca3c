"""Programs of partner libraries, known by a key that each request carries in its Authorization header.

A key counts at the doors for machines and nowhere else: pages of the site and the desk do not know of it. Where it is sent, cookies do not
count: a program is its partner, whoever's browser it runs in.
"""

from __future__ import annotations

import base64
import binascii
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import cast

from django.http import HttpRequest

from access.devices import digest
from access.models import PartnerKey, Scope

SECRET_BYTES = 32
# By it people and scanners of source code know one of ours.
MARK = "nr_"
PREFIX_LETTERS = len(MARK) + 6
KEY_LETTERS_MOST = 200


@dataclass(frozen=True)
class Door:
    """One door for machines: where it begins, what sums are kept under, and what a key must be good for there."""

    begins: str
    name: str
    scope: Scope


# The longer beginning first.
DOORS: Sequence[Door] = (
    Door("/iiif/image/", "image", Scope.MEDIA),
    Door("/iiif/page/", "image", Scope.MEDIA),
    Door("/iiif/", "iiif", Scope.READ),
    Door("/files/", "files", Scope.MEDIA),
    Door("/api/", "api", Scope.READ),
    Door("/oai", "oai", Scope.READ),
    Door("/sru", "sru", Scope.READ),
    Door("/opds/", "opds", Scope.READ),
)


def new_secret() -> str:
    """Return a key of 256 random bits, as its partner keeps it."""
    return f"{MARK}{secrets.token_urlsafe(SECRET_BYTES)}"


def door_of(path: str) -> Door | None:
    """Return the door for machines at which a path lies."""
    return next((door for door in DOORS if path.startswith(door.begins)), None)


def sent_key(request: HttpRequest) -> str | None:
    """Return the key that a request carries: as a bearer token (RFC 6750, 2.1), or as the password of RFC 7617 for tools that know nothing
    else. None where there is none; another password is a proxy's in front of us, and not ours to refuse."""
    scheme, _blank, value = request.headers.get("Authorization", "").partition(" ")
    value = value.strip()
    if scheme.lower() == "bearer":
        return value
    if scheme.lower() != "basic":
        return None
    try:
        _name, _colon, password = base64.b64decode(value, validate=True).decode().partition(":")
    except (binascii.Error, UnicodeDecodeError):
        return None
    return password if password.startswith(MARK) else None


def find_key(secret: str, *, now: datetime) -> PartnerKey | None:
    """Return the key with its partner and account, if it counts at this moment. One query, the same whatever was sent."""
    sought = digest(secret[:KEY_LETTERS_MOST])
    key = PartnerKey.objects.select_related("partner__account").filter(secret_digest=sought).first()
    counts = key is not None and key.is_live(now) and key.partner.is_active and key.partner.account.is_active
    return key if counts else None


def partner_key_of(request: HttpRequest) -> PartnerKey | None:
    """Return the key by which PartnerMiddleware knew the request."""
    return cast("PartnerKey | None", getattr(request, "partner_key", None))
