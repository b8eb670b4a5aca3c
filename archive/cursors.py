"""Opaque, signed positions in lists. The same position is always the same text: a listing is the same bytes every time."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence

from django.core import signing

Part = str | int | None
LENGTH_MOST = 400


class BadCursor(ValueError):
    """A cursor that we did not make, or made for another question."""


def write(position: Sequence[Part], *, question: str, salt: str) -> str:
    """Return the cursor of a position in the answer to `question` (any text that names filters, order and direction)."""
    return signing.Signer(salt=salt).sign_object([_mark(question), *position], compress=False)


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


def _mark(question: str) -> str:
    # Enough to tell questions apart; the signature is what keeps strangers out.
    return hashlib.sha256(question.encode()).hexdigest()[:12]
