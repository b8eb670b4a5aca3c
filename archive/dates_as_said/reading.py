"""What people say of a date, to EDTF. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from archive import dates
from archive.dates_as_said import phrases
from archive.dates_as_said.phrases import Ambiguous, Unread
from archive.dates_as_said.words import plain

LONGEST_SAID, LONGEST_EDTF = 200, 80
SUGGESTIONS_MOST = 6
_DEEPEST = 3  # a phrase may hold several two-figure years

_FIGURES = re.compile(r"[0-9xXtTzZ/.~?%\[\]{},: +-]+\Z")
_YEAR_AND_MORE = re.compile(r"([0-9]{2})([0-9]{2})-([0-9]{2})\Z")


@dataclass(frozen=True)
class Said:
    """A date that was understood: its EDTF, and the first and last day that it may mean (None where that is open)."""

    edtf: str
    first: date | None
    last: date | None


class SaidError(ValueError):
    """The text is no date that can be kept. `code` says why; `suggestions` are EDTF dates that may be meant, likeliest first.

    Codes: "unreadable", "ambiguous" (has suggestions), "no_year", "lunar" (of the lunar calendar, or likely to be), "no_such_day",
    "backwards" (ends before it begins), "long".
    """

    def __init__(self, code: str, suggestions: tuple[str, ...] = ()) -> None:
        super().__init__(code)
        self.code, self.suggestions = code, suggestions


def read(text: str) -> Said:
    """Return what the text means; an empty text is no date, "không rõ" and "unknown" are `XXXX`. Raises SaidError."""
    text = text.strip()
    if len(text) > LONGEST_SAID:
        raise SaidError("long")
    if not text:
        return Said("", None, None)
    if (written := _as_edtf(text)) is not None:
        return written
    said = plain(text)
    try:
        found = _checked(phrases.whole(said))
    except Ambiguous as doubt:
        raise SaidError("ambiguous", tuple(_meanings(said, doubt))[:SUGGESTIONS_MOST]) from None
    except Unread as reason:
        raise SaidError(reason.code, reason.suggestions) from None
    if len(found.edtf) > LONGEST_EDTF:
        raise SaidError("long")
    return found


def _as_edtf(text: str) -> Said | None:
    """Return the date of a text that is EDTF already. "1925-30" is no month there but, to people, the years until 1930."""
    if not _FIGURES.match(text):
        return None
    text = re.sub(r" (?=[?~%,\]}])|(?<=[,\[{]) ", "", text.upper())
    years = _YEAR_AND_MORE.match(text)
    if years and int(years[3]) > max(int(years[2]), 12):
        raise SaidError("ambiguous", tuple(_only_dates((f"{years[1]}{years[2]}/{years[1]}{years[3]}", text))))
    if re.match(r"-[0-9]{4}\Z", text) and text[1] != "0":
        # To people the dash stands for "until", to EDTF for "before Christ".
        raise SaidError("ambiguous", (f"../{text[1:]}",))
    try:
        found = _checked(text)
    except Unread:
        return None
    if len(text) > LONGEST_EDTF:
        raise SaidError("long")
    return found


def _only_dates(texts: tuple[str, ...]) -> Iterator[str]:
    for text in texts:
        try:
            yield _checked(text).edtf
        except Unread:
            continue


def _meanings(said: str, doubt: Ambiguous, depth: int = 1) -> Iterator[str]:
    """Yield in EDTF what the whole phrase means under each meaning of its doubtful part."""
    seen: set[str] = set()
    pattern = re.compile(rf"(?<![0-9]){re.escape(doubt.part)}(?![0-9])")
    for meaning in doubt.meanings:
        clearer = pattern.sub(meaning.replace("\\", ""), said, count=1)
        if clearer == said:
            continue
        try:
            found = [_checked(phrases.whole(clearer)).edtf]
        except Ambiguous as further:
            found = list(_meanings(clearer, further, depth + 1)) if depth < _DEEPEST else []
        except Unread:
            continue
        for edtf in found:
            if edtf not in seen:
                seen.add(edtf)
                yield edtf


def _checked(edtf: str) -> Said:
    try:
        days = dates.read(edtf)
    except dates.DateError:
        ends = re.fullmatch(r"([0-9]{4}[0-9~?%-]*)/([0-9]{4}[0-9~?%-]*)", edtf)
        if ends and re.sub("[~?%]", "", ends[1]) > re.sub("[~?%]", "", ends[2]):
            raise Unread("backwards") from None
        raise Unread("no_such_day" if re.search(r"[0-9]{4}-[0-9]{2}", edtf) else "unreadable") from None
    return Said(edtf, days.first, days.last)
