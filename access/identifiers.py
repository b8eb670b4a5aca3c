"""Opaque identifiers: ten random characters of the ARK alphabet and a check character (NOID check digit algorithm)."""

from __future__ import annotations

import secrets

ALPHABET = "0123456789bcdfghjkmnpqrstvwxz"
LENGTH = 10
PID_PATTERN = rf"[0-9{ALPHABET[10:]}]{{{LENGTH + 1}}}"


def new_pid() -> str:
    """Return a new identifier. 29¹⁰ ≈ 4·10¹⁴ of them: the unique column still has the last word."""
    body = "".join(secrets.choice(ALPHABET) for _ in range(LENGTH))
    return body + check_character(body)


def check_character(body: str) -> str:
    """Return the NOID check character: the sum of ordinal × position, modulo the alphabet's 29 letters (a prime).

    It catches every single wrong character and every swap of two neighbours.
    """
    total = sum(position * ALPHABET.index(letter) for position, letter in enumerate(body, start=1))
    return ALPHABET[total % len(ALPHABET)]


def is_pid(text: str) -> bool:
    """Return whether this is a well-formed identifier with a right check character."""
    if len(text) != LENGTH + 1 or any(letter not in ALPHABET for letter in text):
        return False
    return check_character(text[:-1]) == text[-1]
