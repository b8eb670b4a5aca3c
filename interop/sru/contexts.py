"""Which indexes a query may ask, and what each is: context sets cql 1.2, dc 1.1, bath 2.0 and rec 1.1. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from archive.crosswalks import codes
from interop.sru.cql import CqlError

UNSUPPORTED_SET, UNSUPPORTED_INDEX, UNSUPPORTED_RELATION = 15, 16, 19
UNSUPPORTED_MODIFIER, UNSUPPORTED_PAIR = 20, 22


class Sort(StrEnum):
    """What can be sorted by."""

    TITLE = "title"
    DATE = "date"
    NEWEST = "newest"


class Way(StrEnum):
    """How an index is asked."""

    EVERYTHING = "everything"  # all there is
    WORDS = "words"  # of descriptions and of texts of files
    TITLE = "title"
    DESCRIBED = "described"  # words of descriptions alone
    HEADING = "heading"  # by the names of headings and places
    AGENT = "agent"
    DATE = "date"
    KIND = "kind"
    LANGUAGE = "language"
    IDENTIFIER = "identifier"
    RIGHTS = "rights"


_TEXTUAL = frozenset({"=", "<>", "all", "any", "adj"})
_WHOLE = _TEXTUAL | {"=="}
_VALUES = frozenset({"=", "==", "<>", "any", "all"})
RELATIONS: Mapping[Way, frozenset[str]] = {
    Way.EVERYTHING: _WHOLE | {"<", ">", "<=", ">="},
    Way.WORDS: _TEXTUAL,
    Way.TITLE: _WHOLE,
    Way.DESCRIBED: _TEXTUAL,
    Way.HEADING: _WHOLE,
    Way.AGENT: _WHOLE,
    Way.DATE: frozenset({"=", "<>", "<", ">", "<=", ">=", "within"}),
    Way.KIND: _VALUES,
    Way.LANGUAGE: _VALUES,
    Way.IDENTIFIER: _VALUES,
    Way.RIGHTS: _WHOLE,
}
KNOWN_RELATIONS = frozenset().union(*RELATIONS.values())
# Of the context set cql: other names of the same relation.
_SAME: Mapping[str, str] = {"exact": "==", "scr": "=", "eq": "="}
# Modifiers that change nothing here, since they say what is done anyway, and the one that does.
RESPECT_ACCENTS, UNMASKED = "respectaccents", "unmasked"
MODIFIERS = frozenset({"word", "string", "masked", "ignorecase", "ignoreaccents", UNMASKED, RESPECT_ACCENTS})


@dataclass(frozen=True)
class Index:
    """One index. `facets` are those of the search; `roles` MARC relators, None for all; `schemes` of identifiers, empty for all."""

    title: str
    way: Way
    facets: tuple[str, ...] = ()
    roles: frozenset[str] | None = None
    is_contributor: bool = False
    kinds: frozenset[str] = frozenset()
    schemes: frozenset[str] = frozenset()
    sort: Sort | None = None


SETS: Mapping[str, str] = {
    "cql": "info:srw/cql-context-set/1/cql-v1.2",
    "dc": "info:srw/cql-context-set/1/dc-v1.1",
    "bath": "http://zing.z3950.org/cql/bath/2.0/",
    "rec": "info:srw/cql-context-set/2/rec-1.1",
}
_OTHER_NAMES: Mapping[str, str] = {
    "info:srw/cql-context-set/1/cql-v1.1": "cql",
    "http://www.loc.gov/zing/cql/context-sets/cql/v1.1/": "cql",
    "http://purl.org/dc/elements/1.1/": "dc",
    "http://www.loc.gov/zing/cql/dc-indexes/v1.0/": "dc",
    "info:srw/cql-context-set/1/bath-v1.0": "bath",
    "info:srw/cql-context-set/2/rec-1.0": "rec",
    **{uri: name for name, uri in SETS.items()},
}
_ANY = Index("Words of descriptions and of the texts of files", Way.WORDS)
_TITLE = Index("Words of titles", Way.TITLE, sort=Sort.TITLE)
_NAME = Index("Names of persons and bodies in any part", Way.AGENT)
_SUBJECT = Index("Subjects and peoples", Way.HEADING, facets=("subject", "people"))
_NUMBER = Index("Identifier: our own, ARK, call number, ISBN and others", Way.IDENTIFIER)
_PLACE = Index("Places, by any of their names", Way.HEADING, facets=("place",))
_DESCRIBED = Index("Words of the whole description", Way.DESCRIBED)
INDEXES: Mapping[str, Index] = {
    "cql.serverChoice": _ANY,
    "cql.anywhere": _ANY,
    "cql.anyIndexes": _ANY,
    "cql.allIndexes": _ANY,
    "cql.keywords": _ANY,
    "cql.allRecords": Index("Everything", Way.EVERYTHING),
    "dc.title": _TITLE,
    "dc.creator": Index("Who made it", Way.AGENT, roles=codes.CREATORS),
    "dc.contributor": Index("Who had another part in it", Way.AGENT, is_contributor=True),
    "dc.publisher": Index("Who published it", Way.AGENT, roles=codes.PUBLISHERS),
    "dc.subject": _SUBJECT,
    "dc.description": _DESCRIBED,
    "dc.date": Index("Days that it may be from", Way.DATE, sort=Sort.DATE),
    "dc.type": Index("Kind, or type of the DCMI vocabulary", Way.KIND),
    "dc.identifier": _NUMBER,
    "dc.language": Index("Language: BCP 47, ISO 639-2 or 639-3", Way.LANGUAGE),
    "dc.coverage": _PLACE,
    "dc.relation": Index("Collections", Way.HEADING, facets=("collection",)),
    "dc.rights": Index("Statement of rights, by its name or address", Way.RIGHTS),
    "bath.any": _ANY,
    "bath.title": _TITLE,
    "bath.name": _NAME,
    "bath.author": Index("Who made it", Way.AGENT, roles=codes.CREATORS),
    "bath.personalName": Index("Names of persons", Way.AGENT, kinds=frozenset({"person"})),
    "bath.corporateName": Index("Names of bodies", Way.AGENT, kinds=frozenset({"body"})),
    "bath.subject": _SUBJECT,
    "bath.topicalSubject": Index("Subjects", Way.HEADING, facets=("subject",)),
    "bath.geographicName": _PLACE,
    "bath.notes": _DESCRIBED,
    "bath.isbn": Index("ISBN, with hyphens or without", Way.IDENTIFIER, schemes=frozenset({"isbn"})),
    "bath.issn": Index("ISSN", Way.IDENTIFIER, schemes=frozenset({"issn"})),
    "bath.standardIdentifier": _NUMBER,
    "rec.identifier": _NUMBER,
    "rec.creationDate": Index("When it was published here (to sort by)", Way.DATE, sort=Sort.NEWEST),
}
# By which nothing can be asked, only sorted.
ONLY_SORTED = frozenset({"rec.creationDate"})
_BY_LOWER = {name.lower(): name for name in INDEXES}
_DEFAULT_SETS = ("cql", "dc", "bath", "rec")


def find(name: str, prefixes: Mapping[str, str]) -> str:
    """Return the full name of an index, as in INDEXES; `prefixes` are those that the query assigned. Raises CqlError (15, 16)."""
    prefix, dot, local = name.rpartition(".")
    if prefix.lower() in prefixes:
        uri = prefixes[prefix.lower()]
        context = _OTHER_NAMES.get(uri)
        if context is None:
            raise CqlError(UNSUPPORTED_SET, uri)
        candidates = [f"{context}.{local}"]
    elif dot:
        candidates = [name]
    else:
        candidates = [f"{context}.{local}" for context in _DEFAULT_SETS]
    for candidate in candidates:
        if candidate.lower() in _BY_LOWER:
            return _BY_LOWER[candidate.lower()]
    raise CqlError(UNSUPPORTED_INDEX, name)


def relation_of(index: Index, written: str) -> str:
    """Return the relation that is meant. Raises CqlError (19, 22)."""
    name = written.removeprefix("cql.")
    name = _SAME.get(name, name)
    if name not in KNOWN_RELATIONS:
        raise CqlError(UNSUPPORTED_RELATION, written)
    if name not in RELATIONS[index.way]:
        raise CqlError(UNSUPPORTED_PAIR, f"{written}: {index.title}")
    return name
