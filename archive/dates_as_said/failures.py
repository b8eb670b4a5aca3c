"""Why a phrase is not read; `reading` tells callers. Pure."""

from __future__ import annotations


class Unread(Exception):
    """The phrase is no date; the code is one of SaidError's, the suggestions are EDTF."""

    def __init__(self, code: str, suggestions: tuple[str, ...] = ()) -> None:
        super().__init__(code)
        self.code, self.suggestions = code, suggestions


class Ambiguous(Exception):
    """A part of the phrase means several things; each of `meanings` is a plain phrase that may stand in its place."""

    def __init__(self, part: str, meanings: tuple[str, ...]) -> None:
        super().__init__(part)
        self.part, self.meanings = part, meanings
