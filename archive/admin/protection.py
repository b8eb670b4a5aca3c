"""What the form of an item says of the end of protection by copyright: calculated from its own dates, with what it was calculated from."""

from __future__ import annotations

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from archive import copyright_terms
from archive.copyright_terms import DOUBTS, LACKING, RULES, Term, Work
from archive.dates_as_said import say
from archive.models import Agent, Item, ItemKind

# Parts whose takers are authors by the law, as MARC codes them: author, creator, artist, illustrator, compiler, translator.
AUTHORS = ("aut", "cre", "art", "ill", "com", "trl")
_BY_KIND = {ItemKind.IMAGE: Work.PHOTOGRAPH, ItemKind.VIDEO: Work.FILM}


def sentences(item: Item, language: str) -> list[str]:
    """Return what is to be read of the term of protection, in the active language; nothing for sound recordings, whose rights are other
    ones. No query where `credits__agent` is prefetched."""
    term = term_of(item)
    if term is None:
        return []
    if term.lacking:
        needed = "; ".join(str(LACKING[name]) for name in term.lacking)
        return [_("Not to be calculated yet. Any one of these is needed: %(needed)s.") % {"needed": needed}]
    rule = str(RULES[term.rule])
    if term.ends_on is None:
        return [_("Term of protection: %(rule)s.") % {"rule": rule}]
    used = "; ".join(f"{LACKING[name]}: {say(edtf, language)}" for name, edtf in term.inputs)
    told = {"day": date_format(term.ends_on, "SHORT_DATE_FORMAT"), "rule": rule, "used": used}
    first = _("Protected until %(day)s as far as can be calculated: %(rule)s (%(used)s).") % told
    return [first, *(str(DOUBTS[name]) for name in term.doubts)]


def term_of(item: Item) -> Term | None:
    """Return the term of an item; None for a sound recording."""
    if item.rights is not None and item.rights.family == "folklore":
        return copyright_terms.term(Work.FOLKLORE)
    if item.kind == ItemKind.AUDIO:
        return None
    published, made = item.issued_edtf, item.date_edtf
    if item.kind in _BY_KIND:
        return copyright_terms.term(_BY_KIND[ItemKind(item.kind)], published=published, fixed=made)
    authors = [credit.agent for credit in item.credits.all() if credit.role in AUTHORS]
    deaths = {agent.died_edtf for agent in authors if agent.kind == Agent.AgentKind.PERSON}
    if not deaths:
        return copyright_terms.term(Work.ANONYMOUS, published=published)
    # Of several authors the one who died last; one who lives, or of whose death nobody knows, leaves the term open.
    found = [copyright_terms.term(Work.ORDINARY, died=one) for one in deaths]
    open_one = next((one for one in found if one.lacking), None)
    return open_one or max(found, key=lambda one: one.ends_on.toordinal() if one.ends_on else 0)
