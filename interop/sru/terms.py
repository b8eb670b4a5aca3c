"""Terms of CQL: masks, anchors and words. Pure.

CQL 1.2: * stands for any signs, ? for one, ^ for the beginning or the end; a backslash before one takes its meaning away.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from archive.search.folding import exact_words, fold
from interop.sru.cql import CqlError

WORDS_MOST = 30
PREFIX_LEAST = 2
TOO_LONG, EMPTY, TOO_SHORT, MASK_PLACE, ANCHOR_PLACE = 23, 27, 29, 49, 32
_SIGNS = re.compile(r"\\(.)|([*?^])", re.DOTALL)


@dataclass(frozen=True)
class Word:
    """One word. Without masks it is folded, with its marks in `exact`; with masks `folded` still holds them."""

    folded: str
    exact: str = ""

    @property
    def is_masked(self) -> bool:
        return "*" in self.folded or "?" in self.folded

    @property
    def prefix(self) -> str:
        """Return what stands before the first mask."""
        return re.split(r"[*?]", self.folded)[0]

    def fits(self, folded: str) -> bool:
        """Return whether a folded word fits the mask."""
        pattern = "".join({"*": ".*", "?": "."}.get(sign, re.escape(sign)) for sign in self.folded)
        return re.fullmatch(pattern, folded) is not None


@dataclass(frozen=True)
class Term:
    """A term. `plain` is its text without masks and backslashes, as it was meant."""

    plain: str
    words: tuple[Word, ...]
    at_begin: bool = False
    at_end: bool = False

    @property
    def is_masked(self) -> bool:
        return any(word.is_masked for word in self.words)

    @property
    def is_anchored(self) -> bool:
        return self.at_begin or self.at_end


def read(raw: str, *, unmasked: bool = False) -> Term:
    """Return what a raw term of `interop.sru.cql` means. Raises CqlError (23, 27, 29, 32, 49)."""
    pieces = [("", raw)] if unmasked else list(_pieces(raw))
    plain = "".join(text for _sign, text in pieces)
    if not raw.strip():
        raise CqlError(EMPTY)
    signs = [sign for sign, _text in pieces if sign]
    at_begin, at_end = _anchors(pieces)
    if not {"*", "?"}.intersection(signs):
        exact, folded = exact_words(plain), fold(plain).split()
        words = tuple(Word(one, other) for one, other in zip(folded, exact, strict=True))
    else:
        words = tuple(_masked(pieces))
    if len(words) > WORDS_MOST:
        raise CqlError(TOO_LONG, f"{WORDS_MOST} words")
    for word in words:
        if word.is_masked and len(word.prefix) < PREFIX_LEAST:
            raise CqlError(TOO_SHORT if word.prefix else MASK_PLACE, word.folded)
    return Term(plain.strip(), words, at_begin, at_end)


def _pieces(raw: str) -> list[tuple[str, str]]:
    """Return texts, each with the mask or anchor before it; the first has none."""
    pieces, text, sign, at = [], "", "", 0
    for found in _SIGNS.finditer(raw):
        text += raw[at : found.start()]
        at = found.end()
        if found[1] is not None:
            text += found[1]
        else:
            pieces.append((sign, text))
            sign, text = found[2], ""
    pieces.append((sign, text + raw[at:]))
    return pieces


def _anchors(pieces: list[tuple[str, str]]) -> tuple[bool, bool]:
    """Return whether the term is anchored at its beginning and its end. Raises CqlError (32)."""
    places = [number for number, (sign, _text) in enumerate(pieces) if sign == "^"]
    is_first = bool(places) and places[0] == 1 and not pieces[0][1].strip()
    is_last = bool(places) and places[-1] == len(pieces) - 1 and not pieces[-1][1].strip()
    if len(places) > is_first + is_last or (len(places) == 1 and is_first and is_last):
        raise CqlError(ANCHOR_PLACE, "^")
    return is_first, is_last


def _masked(pieces: list[tuple[str, str]]) -> list[Word]:
    """Return words with masks in them: each text between two masks is folded by itself, so that a mask sticks to its neighbours."""
    out = ""
    for sign, text in pieces:
        if sign in ("*", "?"):
            out += sign
        folded = fold(text)
        before = " " if text[:1].isspace() else ""
        after = " " if text[-1:].isspace() else ""
        out += f"{before}{folded}{after}"
    return [Word(word, word) for word in out.split()]
