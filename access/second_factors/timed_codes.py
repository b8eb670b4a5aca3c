"""Codes that an app makes from a shared secret and the time (RFC 6238 over RFC 4226). Pure."""

from __future__ import annotations

import base64
import hmac
import re
import secrets
from datetime import datetime
from urllib.parse import quote, urlencode

# What every app can do; some ignore any other wish in the address.
STEP_S = 30
DIGITS = 6
SECRET_BYTES = 20  # RFC 4226 section 4, R6: 160 bits are recommended
# RFC 6238 section 5.2: one step for the way. Here one to either side, for clocks of old telephones.
STEPS_ASIDE = 1
GROUP = 4


def new_secret() -> bytes:
    return secrets.token_bytes(SECRET_BYTES)


def step_of(now: datetime) -> int:
    return int(now.timestamp()) // STEP_S


def code_of(secret: bytes, step: int, *, digits: int = DIGITS) -> str:
    """Return the code of one step of time. HMAC-SHA-1 is what apps speak; here it is no weaker than its key."""
    from cryptography.hazmat.primitives.hashes import SHA1  # noqa: PLC0415  # as in sealing
    from cryptography.hazmat.primitives.twofactor.hotp import HOTP  # noqa: PLC0415  # as in sealing

    return HOTP(secret, digits, SHA1(), enforce_key_length=False).generate(step).decode("ascii")  # noqa: S303  # RFC 4226


def matching_step(secret: bytes, typed: str, *, now: datetime, after: int) -> int | None:
    """Return the step whose code was typed, later than the step `after`; None for a wrong code and for one that was taken before.

    All steps are looked at, whichever fits.
    """
    code = re.sub(r"\s", "", typed)
    here = step_of(now)
    found = None
    for step in range(here - STEPS_ASIDE, here + STEPS_ASIDE + 1):
        fits = hmac.compare_digest(code_of(secret, step).encode(), code.encode())
        if fits and step > after:
            found = step
    return found


def as_text(secret: bytes) -> str:
    """Return the secret as apps take it by hand: base32 in groups of four."""
    plain = base64.b32encode(secret).decode("ascii").rstrip("=")
    return " ".join(plain[at : at + GROUP] for at in range(0, len(plain), GROUP))


def address(secret: bytes, *, account: str, issuer: str) -> str:
    """Return the otpauth: address that the picture holds."""
    plain = base64.b32encode(secret).decode("ascii").rstrip("=")
    label = f"{quote(issuer, safe='')}:{quote(account, safe='')}"
    query = urlencode({"secret": plain, "issuer": issuer, "digits": DIGITS, "period": STEP_S}, quote_via=quote)
    return f"otpauth://totp/{label}?{query}"
