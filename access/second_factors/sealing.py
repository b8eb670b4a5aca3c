"""Secrets of second factors at rest. The keys are made from SECRET_KEY: a copy of the database alone opens nothing."""

from __future__ import annotations

import base64
import hmac
from typing import TYPE_CHECKING

from django.conf import settings

if TYPE_CHECKING:
    from cryptography.fernet import Fernet


class Unreadable(Exception):
    """What was sealed cannot be opened: the row was changed, or SECRET_KEY is not the one it was sealed with."""


def seal(secret: bytes) -> str:
    """Return the secret encrypted and authenticated (Fernet), as text."""
    return _box(_keys()[0]).encrypt(secret).decode("ascii")


def unseal(sealed: str) -> bytes:
    """Return the secret, sealed with SECRET_KEY or one of SECRET_KEY_FALLBACKS. Raises Unreadable."""
    from cryptography.fernet import InvalidToken  # noqa: PLC0415  # as in _box

    for key in _keys():
        try:
            return _box(key).decrypt(sealed.encode())
        except InvalidToken:
            continue
    raise Unreadable


def keyed_digests(purpose: str, *parts: str) -> list[str]:
    """Return the keyed SHA-256 in hex, and what it was under each former SECRET_KEY. Without the key nobody can try codes on a row."""
    words = "\n".join((f"second-factor {purpose}", *parts)).encode()
    return [hmac.digest(key.encode(), words, "sha256").hex() for key in _keys()]


def _box(key: str) -> Fernet:
    from cryptography.fernet import Fernet  # noqa: PLC0415  # it takes a tenth of a start, and only second factors ask it
    from cryptography.hazmat.primitives.hashes import SHA256  # noqa: PLC0415  # as above
    from cryptography.hazmat.primitives.kdf.hkdf import HKDF  # noqa: PLC0415  # as above

    made = HKDF(algorithm=SHA256(), length=32, salt=None, info=b"access second factor").derive(key.encode())
    return Fernet(base64.urlsafe_b64encode(made))


def _keys() -> list[str]:
    return [str(key) for key in (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)]
