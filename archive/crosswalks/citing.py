"""Written citations: APA (7th edition), Chicago (18th, bibliography), MLA (9th) and ISO 690 (TCVN 10256). Pure.

Rules where these styles leave a choice, or know nothing of what is kept here:

- Names stand as they are said, in every style. None is turned round: a Vietnamese or highland name is
  listed by no family name.
- Where nobody made it, those lead who had a part in it, each with that part; where nobody is known, the title does.
- The community that it belongs to is named before the library, in every style.
- The address is the lasting one, so no date of looking is given (ISO 690:2021, 6.6; the other three ask for it only where a page changes).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from archive.crosswalks.reference import Dated, Name, Reference

_ENDS = (".", "?", "!", "…", ".”", "?”", "!”")
_APA_NAMES_MOST, _APA_FIRST = 20, 19
_CHICAGO_NAMES_MOST, _CHICAGO_FIRST = 6, 3
_MLA_NAMES_MOST = 2
_ISO_NAMES_MOST = 3


class Run(NamedTuple):
    """A piece of a citation. A title of a whole work is set in italics."""

    text: str
    is_title: bool = False


@dataclass(frozen=True)
class Words:
    """The words of one language. `pair` stands between two names, `last` before the last of several; `about`, `community` and `available`
    have a place for what they are said of (year, name, address). `part` names a MARC relator code, `day` says a date of EDTF."""

    pair: str
    last: str
    others: str
    no_date: str
    about: str
    online: str
    available: str
    community: str
    part: Callable[[str], str]
    day: Callable[[str], str]


Citation = tuple[Run, ...]
Element = str | Run | list[str | Run]


def apa(reference: Reference, words: Words) -> Citation:
    """Return a citation in the style of the American Psychological Association."""
    names = _led(reference, words, _apa_names)
    date = f"({_year(reference.dated, words) or words.no_date})"
    title: list[str | Run] = [Run(reference.title, is_title=True)]
    if reference.genre and not reference.is_published:
        title.append(f" [{reference.genre}]")
    first: list[Element] = [names, date, title] if names else [title, date]
    return _sentences([*first, *_where(reference, words)], reference.address)


def chicago(reference: Reference, words: Words) -> Citation:
    """Return an entry of a bibliography in the style of The Chicago Manual of Style: unpublished things in quotation marks."""
    names = _led(reference, words, _chicago_names)
    date = _day(reference.dated, words) or words.no_date
    if reference.is_published:
        title: Element = Run(reference.title, is_title=True)
        made = _imprint(reference, date)
    else:
        title = f"“{_stopped(reference.title)}”"
        made = ", ".join([one for one in (reference.genre, date) if one])
    return _stopped_at_last(
        _sentences([names, title, made, *_where(reference, words, own_publisher=False)], reference.address)
    )


def mla(reference: Reference, words: Words) -> Citation:
    """Return an entry of a list of works cited in the style of the Modern Language Association; a date that is not known is left out."""
    names = _led(reference, words, _mla_names)
    made = _begun(", ".join([*reference.publishers, *filter(None, [_day(reference.dated, words)])]))
    title = Run(reference.title, is_title=True)
    kept = _kept(reference)
    place = ", ".join([*([kept] if kept else []), reference.address])
    community = _community(reference, words)
    return _stopped_at_last(_sentences([names, title, made, community, place, reference.genre], ""))


def iso_690(reference: Reference, words: Words) -> Citation:
    """Return a reference as ISO 690 has it (in Viet Nam TCVN 10256)."""
    names = _led(reference, words, _iso_names)
    medium = ", ".join([*([reference.genre] if reference.genre else []), words.online])
    title: list[str | Run] = [Run(reference.title, is_title=True), f" [{medium}]"]
    made = _imprint(reference, _day(reference.dated, words) or words.no_date)
    community, kept = _community(reference, words), _kept(reference)
    return _sentences([names, title, made, community, kept], words.available % {"address": reference.address})


Style = Callable[[Reference, Words], Citation]
STYLES: Mapping[str, tuple[str, Style]] = {
    "apa": ("APA 7", apa),
    "chicago": ("Chicago 18", chicago),
    "mla": ("MLA 9", mla),
    "iso690": ("ISO 690 / TCVN 10256", iso_690),
}


def plain(citation: Citation) -> str:
    """Return a citation as text without italics."""
    return "".join(run.text for run in citation)


# --- Names ---------------------------------------------------------------------------------------------------------------------


def _led(reference: Reference, words: Words, joined: Callable[[list[str], Words], str]) -> str:
    if reference.creators:
        return joined([one.name for one in reference.creators], words)
    return joined([_with_part(one, words) for one in reference.contributors], words)


def _with_part(one: Name, words: Words) -> str:
    part = words.part(one.role)
    return f"{one.name} ({part})" if part else one.name


def _apa_names(names: list[str], words: Words) -> str:  # noqa: ARG001 – the sign is the same in every language
    if len(names) > _APA_NAMES_MOST:
        return f"{', '.join(names[:_APA_FIRST])}, … {names[-1]}"
    return _joined(names, " & ", ", & ")


def _chicago_names(names: list[str], words: Words) -> str:
    if len(names) > _CHICAGO_NAMES_MOST:
        return f"{', '.join(names[:_CHICAGO_FIRST])}, {words.others}"
    return _joined(names, words.pair, words.last)


def _mla_names(names: list[str], words: Words) -> str:
    return f"{names[0]}, {words.others}" if len(names) > _MLA_NAMES_MOST else _joined(names, words.pair, words.last)


def _iso_names(names: list[str], words: Words) -> str:
    return f"{names[0]} {words.others}" if len(names) > _ISO_NAMES_MOST else _joined(names, words.pair, words.pair)


def _joined(names: list[str], pair: str, last: str) -> str:
    if len(names) < 2:
        return "".join(names)
    return f"{', '.join(names[:-1])}{pair if len(names) == 2 else last}{names[-1]}"


# --- Dates ---------------------------------------------------------------------------------------------------------------------


def _year(when: Dated, words: Words) -> str:
    """Return the year, or the years from one to another; what people wrote where no year is known."""
    first, last = (f"{one[0]:04}" if one else "" for one in (when.start, when.end))
    if not (first or last):
        return when.words
    years = first if not last or first == last else f"{first}–{last}"
    return words.about % {"year": years} if when.is_about else years


def _day(when: Dated, words: Words) -> str:
    """Return the day or the month in words where it is known for sure, else the year."""
    is_sure = len(when.start) > 1 and not when.end and not when.is_about
    return (words.day(when.edtf) if is_sure else "") or _year(when, words)


# --- Where it is ---------------------------------------------------------------------------------------------------------------


def _imprint(reference: Reference, date: str) -> str:
    who = ", ".join(reference.publishers)
    made = f"{reference.place}: {who}" if reference.place and who else who
    return _begun(", ".join([one for one in (made, date) if one]))


def _begun(text: str) -> str:
    """Return a sentence with a capital: words about a date are written without one."""
    return text[:1].upper() + text[1:]


def _where(reference: Reference, words: Words, *, own_publisher: bool = True) -> Iterator[str]:
    if own_publisher and reference.publishers:
        yield ", ".join(reference.publishers)
    if reference.collection and not reference.is_published:
        yield reference.collection
    yield _community(reference, words)
    yield _kept(reference)


def _community(reference: Reference, words: Words) -> str:
    return words.community % {"name": ", ".join(reference.communities)} if reference.communities else ""


def _kept(reference: Reference) -> str:
    """Return the library and the number under which it keeps it."""
    is_named = [reference.archive] in ([one.name for one in reference.leads], list(reference.publishers))
    return ", ".join([one for one in ("" if is_named else reference.archive, reference.number) if one])


# --- Sentences -----------------------------------------------------------------------------------------------------------------


def _sentences(elements: Sequence[Element], address: str) -> Citation:
    """Return the elements as sentences, each with the stop that it does not have yet, and at the end the address without one."""
    runs: list[Run] = []
    for element in elements:
        several = element if isinstance(element, list) else [element]
        pieces = [run for one in several if (run := one if isinstance(one, Run) else Run(one)).text]
        if not pieces:
            continue
        last = pieces[-1].text
        runs += [*pieces, Run(" " if last.endswith(_ENDS) else ". ")]
    runs.append(Run(address))
    return _merged(runs)


def _stopped(text: str) -> str:
    return text if text.endswith(_ENDS) else f"{text}."


def _stopped_at_last(citation: Citation) -> Citation:
    """Return a citation with a stop at its end, also after an address: Chicago and MLA have one."""
    runs = list(citation)
    while runs and not runs[-1].text.strip():
        runs.pop()
    text = runs[-1].text.rstrip()
    runs[-1] = Run(text if text.endswith(_ENDS) else f"{text}.", runs[-1].is_title)
    return tuple(runs)


def _merged(runs: Sequence[Run]) -> Citation:
    made: list[Run] = []
    for run in runs:
        if made and made[-1].is_title == run.is_title:
            made[-1] = Run(made[-1].text + run.text, run.is_title)
        else:
            made.append(run)
    return tuple(run for run in made if run.text)
