"""Parameters of addresses: text to typed values, or BadParameter. Strict, so that a typing error never gives the whole archive."""

from __future__ import annotations

import re
from collections.abc import Collection as AnyCollection
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime

from django.http import QueryDict
from django.utils.translation import gettext as _

from archive.cursors import LENGTH_MOST
from archive.models import ItemKind
from archive.search import Filters, Sort
from archive.search.engine import QUERY_LENGTH_MOST
from interop.api.expansion import EXPANSIONS
from interop.api.problems import BadParameter

PAGE_SIZE = 50
PAGE_SIZE_MOST = 200
SLUG_PATTERN = r"^[-a-zA-Z0-9_]{1,120}$"
LANGUAGE_PATTERN = r"^[A-Za-z0-9]{1,8}(-[A-Za-z0-9]{1,8}){0,5}$"
YEAR_PATTERN = r"^(000[1-9]|00[1-9][0-9]|0[1-9][0-9]{2}|[1-9][0-9]{3})$"

FIELDS_LENGTH_MOST = 600

PAGING = frozenset({"cursor", "page_size", "count"})
FILTERS = frozenset({"people", "kind", "language", "place", "subject", "collection", "date_from", "date_to"})
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
# RFC 3339 section 5.6; a leap second is read as the second before it.
_MOMENT = re.compile(
    r"([0-9]{4}-[0-9]{2}-[0-9]{2})[Tt]([0-9]{2}:[0-9]{2}:)([0-9]{2})(\.[0-9]+)?([Zz]|[+-][0-9]{2}:[0-9]{2})"
)


@dataclass(frozen=True)
class Paging:
    """Which part of a list is asked for."""

    cursor: str
    page_size: int
    with_count: bool


def check_names(query: QueryDict, known: AnyCollection[str]) -> None:
    """Raise BadParameter for a name that the address does not know or that comes twice."""
    for name in query:
        if name not in known:
            raise BadParameter(name[:40], _("This parameter is not known here. The schema lists those that are."))
        if len(query.getlist(name)) > 1:
            raise BadParameter(name, _("This parameter may be given once."))


def paging(query: QueryDict) -> Paging:
    """Return the paging parameters."""
    size = query.get("page_size", str(PAGE_SIZE))
    if not re.fullmatch(r"[0-9]{1,3}", size) or not 1 <= int(size) <= PAGE_SIZE_MOST:
        raise BadParameter("page_size", _("This is a whole number from 1 to %(most)s.") % {"most": PAGE_SIZE_MOST})
    count = query.get("count", "false")
    if count not in {"true", "false"}:
        raise BadParameter("count", _("This is true or false."))
    cursor = query.get("cursor", "")
    if "cursor" in query and not 0 < len(cursor) <= LENGTH_MOST:
        raise bad_cursor()
    return Paging(cursor=cursor, page_size=int(size), with_count=count == "true")


def bad_cursor() -> BadParameter:
    """Return the error for a cursor that does not fit."""
    return BadParameter("cursor", _("This place in the list is not known. Begin again without a cursor."))


def filters(query: QueryDict) -> Filters:
    """Return the filters that lists and search share."""
    kind = query.get("kind", "")
    if "kind" in query and kind not in ItemKind.values:
        raise BadParameter("kind", _("This is one of %(choices)s.") % {"choices": ", ".join(ItemKind.values)})
    return Filters(
        kind=kind,
        people=_matching(query, "people", SLUG_PATTERN),
        place=_matching(query, "place", SLUG_PATTERN),
        subject=_matching(query, "subject", SLUG_PATTERN),
        collection=_matching(query, "collection", SLUG_PATTERN),
        language=_matching(query, "language", LANGUAGE_PATTERN),
        date_from=_day(query, "date_from", last=False),
        date_to=_day(query, "date_to", last=True),
    )


def fields(query: QueryDict, known: Sequence[str]) -> frozenset[str]:
    """Return the fields that a record shall have, always with its pid; nothing where all are asked for."""
    text = query.get("fields")
    if text is None:
        return frozenset()
    chosen = frozenset(text.split(","))
    if not chosen <= set(known) or len(text) > FIELDS_LENGTH_MOST:
        raise BadParameter("fields", _("This is a list of fields of the record, parted by commas."))
    return chosen | {"pid"}


def refuse_fields(query: QueryDict) -> None:
    """Raise BadParameter where fields of our record are asked for in a form that has other ones."""
    for name in {"fields", "expand"} & set(query):
        raise BadParameter(name, _("Linked data comes whole: this parameter is for records as application/json."))


def expansions(query: QueryDict) -> frozenset[str]:
    """Return what shall be told whole."""
    text = query.get("expand")
    if text is None:
        return frozenset()
    chosen = frozenset(text.split(","))
    if not chosen <= set(EXPANSIONS) or len(text) > FIELDS_LENGTH_MOST:
        raise BadParameter(
            "expand", _("This is a list, parted by commas, of %(choices)s.") % {"choices": ", ".join(EXPANSIONS)}
        )
    return chosen


def changed_since(query: QueryDict, name: str = "modified_since") -> datetime | None:
    """Return the moment of a parameter: RFC 3339, or a day that begins in UTC."""
    text = query.get(name)
    if text is None:
        return None
    found = _MOMENT.fullmatch(text)
    try:
        if _DAY.fullmatch(text):
            return datetime.combine(_read_day(text), datetime.min.time(), UTC)
        if found is None:
            raise ValueError(text)
        _read_day(found[1])
        second = min(int(found[3]), 59) if int(found[3]) <= 60 else int(found[3])
        fraction = (found[4] or "")[:7]
        year = found[1].replace("0000-", "0001-", 1)
        moment = datetime.fromisoformat(f"{year}T{found[2]}{second:02d}{_six(fraction)}{found[5].upper()}")
    except ValueError as error:
        sentence = _("This is a moment such as 2026-07-01T00:00:00Z, or a day such as 2026-07-01.")
        raise BadParameter(name, sentence) from error
    try:
        return moment.astimezone(UTC)
    except OverflowError:
        # Within a day of the calendar's first or last moment: before or after everything in any case.
        return moment.replace(tzinfo=UTC)


def sort(query: QueryDict) -> Sort:
    """Return the order of search hits."""
    try:
        return Sort(query.get("sort", Sort.RELEVANCE.value))
    except ValueError as error:
        choices = ", ".join(one.value for one in Sort)
        raise BadParameter("sort", _("This is one of %(choices)s.") % {"choices": choices}) from error


def question(query: QueryDict) -> str:
    """Return the words of a search. Control characters are read as spaces: no database has to see them."""
    text = query.get("q", "")
    if len(text) > QUERY_LENGTH_MOST:
        sentence = _("This is at most %(most)s characters long.") % {"most": QUERY_LENGTH_MOST}
        raise BadParameter("q", sentence)
    return "".join(letter if letter.isprintable() else " " for letter in text)


def _matching(query: QueryDict, name: str, pattern: str) -> str:
    text = query.get(name)
    if text is None:
        return ""
    if not re.fullmatch(pattern, text):
        raise BadParameter(name, _("This is not in the form that the schema describes."))
    return text


def _day(query: QueryDict, name: str, *, last: bool) -> date | None:
    text = query.get(name)
    if text is None:
        return None
    try:
        if re.fullmatch(YEAR_PATTERN, text):
            return date(int(text), 12, 31) if last else date(int(text), 1, 1)
        return _read_day(text)
    except ValueError as error:
        raise BadParameter(name, _("This is a year such as 1975, or a day such as 1975-04-30.")) from error


def _read_day(text: str) -> date:
    if not _DAY.fullmatch(text):
        raise ValueError(text)
    # The year 0 is a date to RFC 3339 and none to Python; nothing here is as old.
    return date.fromisoformat(text.replace("0000-", "0001-", 1))


def _six(fraction: str) -> str:
    return f"{fraction:0<7}" if fraction else ""
