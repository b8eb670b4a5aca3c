"""The grammar of said dates: from the widest phrase (doubt, before and after, from and to) down to one date. Pure.

Every function takes a text that `words.plain` made and returns EDTF; it raises Unread or Ambiguous.
"""

from __future__ import annotations

import re

from archive import dates
from archive.dates_as_said import points
from archive.dates_as_said.failures import Ambiguous, Unread
from archive.dates_as_said.parts import SEASON_MONTHS
from archive.dates_as_said.words import UNKNOWN

__all__ = ["Ambiguous", "Unread", "whole"]

_LUNAR = re.compile(r"\b(am lich|lunar|tet|chap|gieng|mung [0-9]+|mong [0-9]+|ram thang)\b")
_PERHAPS = re.compile(r"(?:co le|co the|chac|perhaps|possibly|probably|maybe)(?: la)? (.+)")
_ABOUT = re.compile(
    r"(?:(?:vao )?khoang chung|(?:vao )?khoang|uoc chung|uoc|chung|tam|do|xap xi|quanh|"
    r"about|around|approximately|approx\.?|roughly|circa|ca\.?|c\.|c(?= )|~)\s*(.+)"
)
_BETWEEN = re.compile(
    r"(?:trong khoang(?: thoi gian)?(?: tu)?|giua|some ?time between|between) (.+?)(?: va | den | and | to | ?- ?)(.+)"
)
_WITHIN = re.compile(r"trong khoang(?: thoi gian)? (.+)")
_BEFORE = re.compile(r"(?:truoc(?! cong nguyen)|before|prior to|earlier than) (.+)")
_AFTER = re.compile(r"(?:sau|after|later than) (.+)")
_NOT_AFTER = re.compile(r"(?:khong muon hon|cham nhat(?: la)?|not after|no later than|not later than|by) (.+)")
_NOT_BEFORE = re.compile(r"(?:khong som hon|som nhat(?: la)?|not before|no earlier than|not earlier than) (.+)")
_SINCE = re.compile(r"(?:ke tu|bat dau tu|tu|from|since) (.+)")
_UNTIL = re.compile(r"(?:cho den|den|toi|until|till|up to|to) (?:het )?(.+)")
_OPEN = re.compile(
    r"(.+?)(?: ?-)? ?(?:tro di|tro lai day|tro ve sau|(?:den |toi )?nay|on|onwards?|(?:to )?(?:the )?present|to date|to now)"
)
_DASH_OPEN = re.compile(r"([0-9]{4}) ?-")
_TO = re.compile(r"(.+?) (?:den|toi|to|until|till|through)(?: het)? (.+)")
_LATE_EARLY = re.compile(r"((?:the )?(?:cuoi|late) .+?),?(?: va)?(?: den| to)? ((?:dau|(?:the )?early) .+)")
_YEARS = re.compile(r"(?:nhung nam|cac nam) ([0-9]{4})(?: ?- ?|, ?| va )([0-9]{4})")
_SHORT_DECADES = re.compile(
    r"(?:thap nien|nhung nam|cac nam) ([0-9])0(?: ?- ?|, ?| va )([0-9])0(?:,? (?:cua )?(?:the k[yi]|tk) ([0-9ivx]{1,5}))?"
)
_OR, _AND, _COMMA = re.compile(r" (?:hoac|hay|or) "), re.compile(r" (?:va|and|&) "), re.compile(r", ?")


def whole(said: str) -> str:
    """Return a whole phrase in EDTF."""
    said = said.strip(" .,;")
    bracketed = re.fullmatch(r"[\[(](.+)[\])]", said)
    if bracketed:
        # A cataloguer's brackets: the date is not on the thing itself. "[..1944]" and its kin were EDTF and did not come here.
        said = bracketed[1].strip(" .,;")
    if said in UNKNOWN:
        return "XXXX"
    if not re.search(r"[0-9]", said) and not re.search(r"the k[yi]|tk |centur", said):
        raise Unread("lunar" if _LUNAR.search(said) else "no_year" if points.names_time(said) else "unreadable")
    if "duong lich" in said:
        said = _solar(re.sub(r" ?\(?(?:theo )?duong lich\)?", "", said))
    if _LUNAR.search(said):
        raise Unread("lunar", _if_solar(said))
    return _phrase(said)


def _solar(said: str) -> str:
    """Return the phrase with the first days and the first month called as in the solar calendar."""
    return re.sub(r"\b(?:ngay )?(?:mung|mong) ", "ngay ", re.sub(r"\bthang gieng\b", "thang 1", said))


def _if_solar(said: str) -> tuple[str, ...]:
    """Return what the phrase would be in the solar calendar, where its words are used of that too."""
    solar = _solar(said)
    if _LUNAR.search(solar):
        return ()
    try:
        return (_phrase(solar),)
    except (Unread, Ambiguous):
        return ()


def _phrase(said: str) -> str:
    if _OR.search(said):
        return _listed(said, _OR, "[]")
    if match := _BETWEEN.fullmatch(said):
        return _between(match[1], match[2])
    if match := _LATE_EARLY.fullmatch(said):
        return _spanned(match[1], match[2])
    if _AND.search(said) and not _YEARS.fullmatch(said) and not _SHORT_DECADES.fullmatch(said):
        return _listed(said, _AND, "{}")
    if match := re.fullmatch(r"(.+?) ?(?:\(\?\)|\?)", said):
        return _qualified(_phrase(match[1]), "?")
    if match := _PERHAPS.fullmatch(said):
        return _qualified(_phrase(match[1]), "?")
    if match := _WITHIN.fullmatch(said):
        return _qualified(_phrase(match[1]), "~")
    if (said[:1] != "c" or not points.is_copyright(said)) and (match := _ABOUT.fullmatch(said)):
        return _qualified(_phrase(match[1]), "~")
    if match := re.fullmatch(r"(.+?) ?~", said):
        return _qualified(_phrase(match[1]), "~")
    return _bounded(said)


def _bounded(said: str) -> str:
    """Before, after, from, until; then what has two ends; then one date."""
    if match := _BEFORE.fullmatch(said):
        return _one_sided(match[1], before=True, inclusive=False)
    if match := _AFTER.fullmatch(said):
        return _one_sided(match[1], before=False, inclusive=False)
    if match := _NOT_AFTER.fullmatch(said):
        return _one_sided(match[1], before=True, inclusive=True)
    if match := _NOT_BEFORE.fullmatch(said):
        return _one_sided(match[1], before=False, inclusive=True)
    if match := _SINCE.fullmatch(said):
        return _since(match[1])
    if match := _UNTIL.fullmatch(said):
        return _open_ended(_phrase(match[1]), until=True)
    if (match := _OPEN.fullmatch(said)) or (match := _DASH_OPEN.fullmatch(said)):
        return _open_ended(_phrase(match[1]), until=False)
    return _from_to(said)


def _since(rest: str) -> str:
    """The rest after "từ" or "from": two ends, or one and open."""
    if match := _OPEN.fullmatch(rest):
        return _open_ended(_phrase(match[1]), until=False)
    if _TO.fullmatch(rest) or points.read(rest) is None:
        return _from_to(rest)
    return _open_ended(_phrase(rest), until=False)


def _from_to(said: str) -> str:
    point = points.read(said)
    if point is not None:
        return point
    if (years := _years(said)) is not None:
        return years
    if match := _TO.fullmatch(said):
        return _spanned(match[1], match[2])
    if " - " in said:
        first, _dash, last = said.partition(" - ")
        return _spanned(first, last)
    if said.count("-") == 1:
        first, _dash, last = said.partition("-")
        return _spanned(first.strip(), last.strip())
    if said.count("/") == 1 and re.fullmatch(r"[0-9]{4} ?/ ?[0-9]{4}", said):
        first, _slash, last = said.partition("/")
        return _spanned(first.strip(), last.strip())
    if "," in said:
        return _listed(said, _COMMA, "{}")
    raise Unread(points.why_not(said))


def _years(said: str) -> str | None:
    """Return "những năm 1981-1985", which are years, and "những năm 80-90 thế kỷ 20", which are decades; some may be either."""
    if match := _SHORT_DECADES.fullmatch(said):
        if not match[3]:
            raise Unread("ambiguous", (f"19{match[1]}X/19{match[2]}X",))
        first, last = (points.read(f"thap nien {figure}0 the ky {match[3]}") for figure in (match[1], match[2]))
        return f"{first}/{last}"
    if match := _YEARS.fullmatch(said):
        if match[1][3] == match[2][3] == "0":
            raise Unread("ambiguous", (f"{match[1][:3]}X/{match[2][:3]}X", f"{match[1]}/{match[2]}"))
        return f"{match[1]}/{match[2]}"
    return None


def _listed(said: str, between: re.Pattern[str], marks: str) -> str:
    return f"{marks[0]}{','.join(_single(part) for part in between.split(said))}{marks[1]}"


def _single(said: str) -> str:
    edtf = _phrase(said)
    if edtf[0] in "[{" or "/" in edtf:
        raise Unread("unreadable")
    return edtf


def _spanned(first: str, last: str) -> str:
    """Return the interval between two dates, of which the first may leave out what the second says."""
    ends = _phrase(last)
    begins = points.completed(first, ends.rpartition("/")[2]) or _phrase(first)
    if begins[0] in "[{" or ends[0] in "[{" or ".." in begins or ".." in ends:
        raise Unread("unreadable")
    begins, ends = begins.partition("/")[0], ends.rpartition("/")[2]
    edtf = f"{begins}/{ends}"
    if dates.is_edtf(edtf):
        return edtf
    return f"{_edge(begins, last=False)}/{_edge(ends, last=True)}"


def _between(first: str, last: str) -> str:
    """Return one day, not known which, between two dates; what is about that is an interval."""
    interval = _spanned(first, last)
    begins, _slash, ends = interval.partition("/")
    one = f"[{begins}..{ends}]"
    if dates.is_edtf(one):
        return one
    if re.search("[~?%]", interval):
        return interval
    days = dates.read(interval)
    return f"[{days.first}..{days.last}]" if days.first and days.last else interval


def _one_sided(said: str, *, before: bool, inclusive: bool) -> str:
    """Return one day, not known which, before or after a date. What is about that is an interval: EDTF has no such set."""
    point = _phrase(said)
    if point[0] in "[{" or ".." in point or point == "XXXX":
        raise Unread("unreadable")
    simple = (
        _edge(point.partition("/")[0], last=False)
        if before != inclusive
        else _edge(point.rpartition("/")[2], last=True)
    )
    bare = simple.rstrip("~?%")
    step = 0 if inclusive else (-1 if before else 1)
    moved = points.moved(bare, step)
    doubt = simple[len(bare) :] or ("~" if "~" in point else "")
    if doubt:
        return f"../{moved}{doubt}" if before else f"{moved}{doubt}/.."
    return f"[..{moved}]" if before else f"[{moved}..]"


def _open_ended(edtf: str, *, until: bool) -> str:
    if edtf[0] in "[{" or ".." in edtf or edtf == "XXXX":
        raise Unread("unreadable")
    point = edtf.rpartition("/")[2] if until else edtf.partition("/")[0]
    open_ended = f"../{point}" if until else f"{point}/.."
    if dates.is_edtf(open_ended):
        return open_ended
    return f"../{_edge(point, last=True)}" if until else f"{_edge(point, last=False)}/.."


def _edge(point: str, *, last: bool) -> str:
    """Return the first or last year or month of a decade, century or season, its doubt kept; a plain date as it is."""
    bare = point.rstrip("~?%")
    doubt = point[len(bare) :]
    if re.fullmatch(r"[0-9]{2,3}X{1,2}", bare):
        return f"{bare.replace('X', '9' if last else '0')}{doubt}"
    if re.fullmatch(r"[0-9]{4}-[0-9]{2}", bare) and bare[5:] in SEASON_MONTHS:
        return f"{bare[:4]}-{SEASON_MONTHS[bare[5:]][last]}{doubt}"
    return point


def _qualified(edtf: str, doubt: str) -> str:
    """Return the date with one doubt more: "about" and "perhaps" together are "%". Of an interval both ends have it."""
    if edtf == "XXXX":
        raise Unread("unreadable")
    if edtf[0] in "[{":
        sides = re.fullmatch(r"\[(\.\.)?([0-9-]+)(\.\.)?\]", edtf)
        if sides is None or bool(sides[1]) == bool(sides[3]):
            raise Unread("unreadable")
        return f"../{_more(sides[2], doubt)}" if sides[1] else f"{_more(sides[2], doubt)}/.."
    if "/" in edtf:
        first, _slash, last = edtf.partition("/")
        ends = [end if end in ("", "..") else _more(end, doubt) for end in (first, last)]
        if not dates.is_edtf("/".join(ends)):
            # The library takes no doubtful decade or season at the end of an interval.
            ends = [_edge(end, last=bool(place)) for place, end in enumerate(ends)]
        return "/".join(ends)
    if not dates.is_edtf(_more(edtf, doubt)) and edtf[5:7] in SEASON_MONTHS:
        return f"{_more(_edge(edtf, last=False), doubt)}/{_more(_edge(edtf, last=True), doubt)}"
    return _more(edtf, doubt)


def _more(point: str, doubt: str) -> str:
    bare = point.rstrip("~?%")
    has = point[len(bare) :]
    return f"{bare}{has if has in (doubt, '%') else '%' if has else doubt}"
