"""A place as a line: where it lies today, and in brackets where it lay before 1 July 2025."""

from __future__ import annotations

from datetime import date

from django.utils.translation import gettext as _

from archive.administrative_units import LAST_DAY_BEFORE
from archive.models import Place, PlaceName
from archive.place_history import History, Path
from archive.prefetched import rows_of
from archive.search.folding import fold
from archive.whereabouts import Whereabouts
from media_pipeline.sizes import is_vietnamese
from public_site import ways
from public_site.formatting import format_day
from public_site.parts import Line, Part, joined

# Words before the name of a unit: small within a line, as in "Xã Dục Nông, tỉnh Quảng Ngãi".
_GENERIC = (
    "Xã ", "Phường ", "Thị trấn ", "Thị xã ", "Thành phố ", "Huyện ", "Tỉnh ", "Đặc khu ", "Làng ", "Thôn ",
)  # fmt: skip
_ALTERNATIVES_MOST = 3
_NOT_KNOWN = "und"


def line_of(where: Whereabouts, history: History, made: date | None, language: str) -> Line:
    """The line of a place of an item. `made` is the last day on which the item may have been made."""
    place = where.place
    href = ways.to("place", place.slug) if where.is_exact else ""
    line = [*told(place, history if where.is_exact else History(history.now[:1], ()), language, href)]
    then = where.name_then(made)
    if then and then not in {part.value for part in line}:
        line.append(Part(" (" + _("formerly: %(name)s") % {"name": then} + ")", is_quiet=True))
    known = {fold(name) for name in (then, *_every_name(history, place))}
    recorded = where.as_recorded
    if any(fold(name) not in known for name in recorded.split(",") if fold(name)):
        line += [Part(" (" + _("recorded as:") + " ", is_quiet=True), Part(recorded, _unless(language), is_quiet=True)]
        line.append(Part(")", is_quiet=True))
    return tuple(line)


def told(place: Place, history: History, language: str, href: str = "") -> Line:
    """Where a place lies today, and in brackets where it lay before. `href` is the place's own page, linked where it is named."""
    before = history.before
    if not history.now or len(history.now) > _ALTERNATIVES_MOST:
        return _ended(place, history, language, href)
    first, *others = history.now
    line = _named(first, None, language, (place, href))
    for other in others:
        line += [Part(" / "), *_named(other, None, language, (place, href))]
    rest = _unlike(before, first)
    if rest and history.changed_on is not None:
        day = day_of(history.changed_on, language)
        line.append(Part(" (" + _("before %(day)s:") % {"day": day} + " ", is_quiet=True))
        line += _named(rest, LAST_DAY_BEFORE, language, (place, href), is_within=True)
        line.append(Part(")", is_quiet=True))
    return tuple(line)


def _ended(place: Place, history: History, language: str, href: str) -> Line:
    """A former place that became nothing that is known, or too many to name: what it was, and what is around all that it became."""
    line = _named(history.before or (place,), LAST_DAY_BEFORE, language, (place, href))
    if place.valid_to is not None:
        line.append(Part(" (" + _("until %(day)s") % {"day": day_of(place.valid_to, language)} + ")", is_quiet=True))
    around = {path[1:] for path in history.now}
    if len(around) == 1 and (today := around.pop()):
        line.append(Part(" (" + _("today:") + " ", is_quiet=True))
        line += [*_named(today, None, language, (place, href), is_within=True), Part(")", is_quiet=True)]
    return tuple(line)


def _unlike(before: Path, now: Path) -> Path:
    """What of the earlier places is not named already: a village keeps its name while what is around it changes."""
    same = 0
    while same < min(len(before), len(now)) and before[same] == now[same]:
        same += 1
    return before[same:]


def _named(
    path: Path, day: date | None, language: str, linked: tuple[Place, str], *, is_within: bool = False
) -> list[Part]:
    """The names of places on a day, the nearest first; `linked` is the one that has its page. `is_within` brackets every name is small."""
    parts = []
    for number, one in enumerate(path):
        named = one.named_on(day)
        name, tag = (named.text, named.lang) if named else (one.slug, language)
        if (number or is_within) and name.startswith(_GENERIC):
            name = name[0].lower() + name[1:]
        href = linked[1] if one == linked[0] else ""
        parts.append(Part(name, "" if tag == language else tag, href, is_quiet=is_within))
    return joined(parts)


def _every_name(history: History, place: Place) -> list[str]:
    """All names of the places that the line tells of: words of a record that are among them say nothing more."""
    told_of = {one for path in (*history.now, history.before) for one in path} | {place}
    return [
        name.text
        for one in told_of
        for name in rows_of(one, "names", PlaceName)
        if name.kind != PlaceName.NameKind.HIDDEN
    ]


def day_of(day: date, language: str) -> str:
    """A day as laws write it: "01/7/2025" (in Vietnamese months have a leading zero below March only)."""
    if is_vietnamese(language):
        return f"{day.day:02}/{day.month:0{2 if day.month < 3 else 1}}/{day.year}"
    return format_day(day, language)


def _unless(language: str) -> str:
    return "" if language == "vi" else _NOT_KNOWN
