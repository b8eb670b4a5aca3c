"""When the protection of a work ends by the law of Vietnam, as far as it can be calculated. Pure, no clock.

A help for the desk and no legal advice: a lawyer checks these rules, and the date of each work that is opened because of them; the result
is shown with its rule and with what went into it. Law on Intellectual Property (50/2005/QH11, amended 2009, 2019, 2022), Article 27: works
are protected for the author's life and 50 years; films, photographs, applied art and anonymous works for 75 years from their first
publication; of these, films, photographs and applied art that were not published within 25 years of their fixation for 100 years from it. A
term ends with the 31st of December of its last year. Article 23: folklore belongs to its communities and has no term. Article 15: news,
texts of law and of administration are not protected. Moral rights do not end.

A date that is not exact is taken at its latest, so that nothing is called free too early.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

from archive import dates

if TYPE_CHECKING:
    from django_stubs_ext import StrPromise

LIFE_YEARS, PUBLICATION_YEARS, FIXATION_YEARS, UNPUBLISHED_YEARS = 50, 75, 100, 25
# Until 2009 (Law 36/2009/QH12, in force on 1 January 2010) these works had 50 years, and what had ended by then may have stayed free.
OLDER_YEARS, OLDER_LAW_UNTIL = 50, 2009


class Work(StrEnum):
    """What sort of work it is, as the law sorts them."""

    ORDINARY = "ordinary"
    FILM = "film"
    PHOTOGRAPH = "photograph"
    APPLIED_ART = "applied_art"
    ANONYMOUS = "anonymous"
    FOLKLORE = "folklore"
    OFFICIAL = "official"


WORKS: Mapping[Work, StrPromise] = {
    Work.ORDINARY: _("text, music, drawing and others by known authors"),
    Work.PHOTOGRAPH: _("photograph"),
    Work.FILM: _("film"),
    Work.APPLIED_ART: _("applied art"),
    Work.ANONYMOUS: _("work whose author is not known"),
    Work.FOLKLORE: _("folklore"),
    Work.OFFICIAL: _("news, text of law or of administration"),
}
RULES: Mapping[str, StrPromise] = {
    "life_50": _("the author's life and 50 years"),
    "publication_75": _("75 years from the first publication"),
    "fixation_100": _("100 years from fixation, not published within 25 years"),
    "folklore": _("folklore, without a term: its origin is named and its value kept"),
    "not_protected": _("not protected by copyright"),
}
DOUBTS: Mapping[str, StrPromise] = {
    "estimate": _("A date is not exact: the latest that it may mean was taken."),
    "publication_unknown": _("The first publication is not known: the term may have ended earlier."),
    "older_law": _("It may have become free under the law before 2010: ask a lawyer."),
}
LACKING: Mapping[str, StrPromise] = {
    "died": _("year of the author's death, of several authors the last"),
    "published": _("date of the first publication"),
    "fixed": _("date of fixation: when it was taken, filmed or made"),
}


@dataclass(frozen=True)
class Term:
    """The last day of protection and how it was found. `ends_on` is None if there is no term, or if something is `lacking`.

    `rule` is a key of RULES ("" if something is lacking), `inputs` are the dates that were used, by name, in EDTF, `doubts` keys of DOUBTS,
    `lacking` keys of LACKING: any one of them would do.
    """

    ends_on: date | None
    rule: str
    inputs: tuple[tuple[str, str], ...] = ()
    doubts: tuple[str, ...] = ()
    lacking: tuple[str, ...] = ()


@dataclass(frozen=True)
class _Years:
    """First and last year that a date may mean."""

    edtf: str
    first: int
    last: int

    @property
    def is_exact(self) -> bool:
        return self.first == self.last and not re.search("[~?%]", self.edtf)


def term(work: Work, *, died: str = "", published: str = "", fixed: str = "") -> Term:
    """Return the term of a work. Dates are EDTF, empty where not known; `died` is the death of the author who died last.

    Raises archive.dates.DateError for a date that is no EDTF.
    """
    if work is Work.FOLKLORE:
        return Term(None, "folklore")
    if work is Work.OFFICIAL:
        return Term(None, "not_protected")
    known = {"died": _years(died), "published": _years(published), "fixed": _years(fixed)}
    if work is Work.ORDINARY or (work is Work.ANONYMOUS and known["died"]):
        # Whose author has become known is anonymous no more (Article 27.2.a, last half-sentence).
        return _ended("life_50", LIFE_YEARS, "died", known["died"]) or Term(None, "", lacking=("died",))
    publication = _ended("publication_75", PUBLICATION_YEARS, "published", known["published"], older_law=True)
    if work is Work.ANONYMOUS:
        return publication or Term(None, "", lacking=("published", "died"))
    return _recorded(publication, known["published"], known["fixed"])


def _recorded(publication: Term | None, published: _Years | None, fixed: _Years | None) -> Term:
    """Return the term of a film, photograph or work of applied art."""
    fixation = _ended("fixation_100", FIXATION_YEARS, "fixed", fixed)
    if fixation is None:
        # Had it been published later than 25 years after fixation, the term would end before 75 years from publication.
        return publication or Term(None, "", lacking=("published", "fixed"))
    if publication is None or published is None or fixed is None:
        # Had it been published within 25 years, the term would end no later than 100 years from fixation.
        return _doubted(fixation, "publication_unknown")
    used = (*publication.inputs, *fixation.inputs)
    vague = () if published.is_exact and fixed.is_exact else ("estimate",)
    if published.first > fixed.last + UNPUBLISHED_YEARS:
        return Term(fixation.ends_on, fixation.rule, used, vague)
    if published.last <= fixed.first + UNPUBLISHED_YEARS:
        older = tuple(doubt for doubt in publication.doubts if doubt == "older_law")
        return Term(publication.ends_on, publication.rule, used, (*vague, *older))
    later = max((publication, fixation), key=lambda one: one.ends_on or date.min)
    return Term(later.ends_on, later.rule, used, ("estimate",))


def _ended(rule: str, years: int, name: str, since: _Years | None, *, older_law: bool = False) -> Term | None:
    """Return the term that ends so many years after a year; None if the year is not known or the calendar ends before."""
    if since is None or since.last + years > date.max.year:
        return None
    found = Term(date(since.last + years, 12, 31), rule, ((name, since.edtf),))
    if not since.is_exact:
        found = _doubted(found, "estimate")
    if older_law and since.last + OLDER_YEARS <= OLDER_LAW_UNTIL:
        found = _doubted(found, "older_law")
    return found


def _doubted(found: Term, doubt: str) -> Term:
    return Term(found.ends_on, found.rule, found.inputs, (*found.doubts, doubt))


def _years(edtf: str) -> _Years | None:
    """Return the years of a date; None if it is not known, or has no last day."""
    days = dates.read(edtf)
    if days.last is None:
        return None
    return _Years(edtf.strip(), days.first.year if days.first else 0, days.last.year)
