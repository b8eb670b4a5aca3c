"""Opaque, signed positions in lists. The same position is always the same text: a listing is the same bytes every time."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from collections.abc import Sequence
from functools import lru_cache

from django.conf import settings
from django.core import signing

Part = str | int | None
LENGTH_MOST = 400
_AS_JSON = json.JSONEncoder(separators=(",", ":"))


class BadCursor(ValueError):
    """A cursor that we did not make, or made for another question."""


def write(position: Sequence[Part], *, question: str, salt: str) -> str:
    """Return the cursor of a position in the answer to `question` (any text that names filters, order and direction)."""
    # As `signing.Signer.sign_object` writes it, whose `unsign_object` reads it: each page of a list has one or two.
    said = _AS_JSON.encode([_mark(question), *position]).encode("latin-1")
    told = base64.urlsafe_b64encode(said).strip(b"=")
    signature = base64.urlsafe_b64encode(hmac.digest(_key(salt, settings.SECRET_KEY), told, "sha256")).strip(b"=")
    return f"{told.decode()}:{signature.decode()}"


def read(cursor: str, *, question: str, salt: str) -> list[Part]:
    """Return the position. Raises BadCursor."""
    if len(cursor) > LENGTH_MOST:
        raise BadCursor
    try:
        kept = signing.Signer(salt=salt).unsign_object(cursor)
    except (signing.BadSignature, ValueError) as error:
        raise BadCursor from error
    if not isinstance(kept, list) or kept[:1] != [_mark(question)]:
        raise BadCursor
    return kept[1:]


@lru_cache(maxsize=32)
def _key(salt: str, secret: str) -> bytes:
    """Return the key that Django makes of a salt and our secret (`django.utils.crypto.salted_hmac`)."""
    return hashlib.sha256(f"{salt}signer{secret}".encode()).digest()


def _mark(question: str) -> str:
    # Enough to tell questions apart; the signature is what keeps strangers out.
    return hashlib.sha256(question.encode()).hexdigest()[:12]
