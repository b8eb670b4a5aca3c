"""What a query finds, as a set: exactly that of what a viewer may see, whatever is joined with what.

Words, headings and days come from the index of the search; names of agents, identifiers and rights from the database. Every set is cut down
to what the viewer may see before anything is joined, so that `not` and totals know of nothing else.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import date
from functools import cached_property, reduce
from operator import and_, or_

from pyroaring import BitMap

from access.viewer import Viewer
from archive import dates
from archive.crosswalks import codes
from archive.search.folding import fold
from archive.search.index.bitmaps import union
from archive.search.index.matching import Finder, Runs, Tier
from archive.search.index.names import Names
from archive.search.index.questions import QUERY_LENGTH_MOST, WORDS_MOST, Sight, read
from archive.search.index.shapes import TITLE_BEGIN, TITLE_END, Field, Part
from archive.search.index.suggesting import Heading
from interop.sru import named, terms
from interop.sru.contexts import Way
from interop.sru.cql import Both, Clause, CqlError, Node, Scoped
from interop.sru.meaning import Meant, meant
from interop.sru.terms import Term, Word

NO_PROXIMITY, NO_BOOLEAN_MODIFIER, BAD_TERM, TOO_MANY = 39, 46, 36, 30
SPELLINGS_MOST = 5000


class Found:
    """Answers clauses and what is joined of them. The part must stay open as long as it is asked. `known`: what `named.known` found."""

    def __init__(
        self,
        part: Part,
        names: Names,
        headings: Sequence[Heading],
        viewer: Viewer,
        sight: Sight,
        known: Mapping[Meant, Collection[int]],
    ) -> None:
        self._part = part
        self._names = names
        self._headings = headings
        self._viewer = viewer
        self._sight = sight
        self._known = known
        self.scope = part.under(sight.rules)
        if sight.granted:
            self.scope |= part.numbers(sight.granted)

    def of(self, node: Node, prefixes: Mapping[str, str]) -> BitMap:
        """Return the documents that a part of a query finds. Raises CqlError."""
        match node:
            case Scoped():
                return self.of(node.node, {**prefixes, node.prefix.lower(): node.uri})
            case Both():
                return self._joined(node, prefixes)
            case Clause():
                asked = meant(node, prefixes)
                found = self._clause(asked)
                return self.scope - found if asked.is_negated else found

    def _joined(self, node: Both, prefixes: Mapping[str, str]) -> BitMap:
        if node.operator == "prox":
            raise CqlError(NO_PROXIMITY)
        if node.modifiers:
            raise CqlError(NO_BOOLEAN_MODIFIER, node.modifiers[0].name)
        left, right = self.of(node.left, prefixes), self.of(node.right, prefixes)
        if node.operator == "and":
            return left & right
        return left | right if node.operator == "or" else left - right

    def _clause(self, asked: Meant) -> BitMap:
        match asked.index.way:
            case Way.EVERYTHING:
                return self.scope.copy()
            case Way.DATE:
                return self._dated(asked.relation, asked.raw)
            case Way.WORDS | Way.DESCRIBED | Way.TITLE:
                return self._words(asked)
            case Way.HEADING:
                return self._headed(asked)
            case Way.KIND | Way.LANGUAGE:
                return self._valued(asked)
            case Way.IDENTIFIER:
                return self._identified(asked)
            case Way.AGENT | Way.RIGHTS:
                return self._part.numbers(sorted(self._known[asked])) & self.scope

    # Words

    @cached_property
    def _anywhere(self) -> Finder:
        return Finder(self._part, self._sight, self.scope)

    @cached_property
    def _in_titles(self) -> Finder:
        return Finder(self._part, self._sight, self.scope, in_titles=True)

    @cached_property
    def _in_descriptions(self) -> Finder:
        return Finder(self._part, Sight(frozenset()), self.scope)

    def _words(self, asked: Meant) -> BitMap:
        way, relation, term, accents = asked.index.way, asked.relation, asked.term, asked.respects_accents
        finder = {Way.TITLE: self._in_titles, Way.WORDS: self._anywhere, Way.DESCRIBED: self._in_descriptions}[way]
        if not term.words:
            return BitMap()
        if relation == "==" or term.is_anchored or relation == "adj":
            return self._standing(finder, term, is_whole=relation == "==", accents=accents)
        if relation == "=" and not term.is_masked and not accents:
            return self._meant(finder, term)
        each = [self._word(finder, word, accents=accents) for word in term.words]
        return reduce(or_ if relation == "any" else and_, each)

    def _meant(self, finder: Finder, term: Term) -> BitMap:
        """Return what the site's own search finds but nearly: all words, written together or apart, by other names of the same."""
        question = read(term.plain)
        if len(term.words) > WORDS_MOST or len(term.plain) > QUERY_LENGTH_MOST:
            raise CqlError(terms.TOO_LONG, f"{WORDS_MOST} words, {QUERY_LENGTH_MOST} letters")
        return Runs(question, finder, self._names).matched(self.scope, Tier.NAME) & self.scope

    def _word(self, finder: Finder, word: Word, *, accents: bool) -> BitMap:
        if not word.is_masked:
            return (finder.exact(word.exact, word.folded) if accents else finder.word(word.folded)) & self.scope
        found, count = BitMap(), 0
        for folded in self._part.starting(word.prefix):
            # Words of files have no list of beginnings: a mask looks at descriptions.
            held = self._part.words(finder.field, folded) & self.scope if word.fits(folded) else BitMap()
            if held:
                # Only what the viewer may see counts: hidden words must not make a query too broad.
                count += 1
                found |= held
            if count > SPELLINGS_MOST:
                raise CqlError(TOO_MANY, word.folded)
        return found

    def _standing(self, finder: Finder, term: Term, *, is_whole: bool, accents: bool) -> BitMap:
        words = tuple(word.folded for word in term.words)
        if finder.field is Field.TITLE:
            begin = (TITLE_BEGIN,) if is_whole or term.at_begin else ()
            end = (TITLE_END,) if is_whole or term.at_end else ()
            found = self._part.standing(Field.TITLE, (*begin, *words, *end), self.scope)
        else:
            found = finder.standing(words) & self.scope
        for word in term.words if accents else ():
            found = found & finder.exact(word.exact, word.folded)
        return found

    # Values

    def _headed(self, asked: Meant) -> BitMap:
        known = (
            (one.facet, one.value)
            for one in self._headings
            if one.facet in asked.index.facets and asked.fits(one.names)
        )
        return union([self._part.valued(facet, value) & self.scope for facet, value in known])

    def _valued(self, asked: Meant) -> BitMap:
        way, relation = asked.index.way, asked.relation
        names = _kind_names if way is Way.KIND else _language_names
        plain = asked.term.plain.casefold()
        values = list(self._part.counts([way.value], self.scope)[way.value])
        each = [
            union([self._part.valued(way.value, value) & self.scope for value in values if one in names(value)])
            for one in (plain.split() if relation in ("any", "all") else [plain])
        ]
        return union(each) if relation == "any" else reduce(and_, each, self.scope)

    def _dated(self, relation: str, raw: str) -> BitMap:
        first, last = (day.toordinal() for day in days_of(raw, is_span=relation == "within"))
        span: tuple[int | None, int | None] = {
            "<": (None, first - 1),
            "<=": (None, last),
            ">": (last + 1, None),
            ">=": (first, None),
        }.get(relation, (first, last))
        found = self._part.dated(*span) & self.scope
        return (self._part.dated(None, None) & self.scope) - found if relation == "<>" else found

    def _identified(self, asked: Meant) -> BitMap:
        written = fold(asked.term.plain).split()
        plain = "".join(written)
        ways = {tuple(written), (plain,), *named.ways_of_isbn(plain)} - {()}
        candidates = union([self._in_descriptions.standing(way) & self.scope for way in sorted(ways)])
        keys = [int(key) for key in self._part.keys(list(candidates))]
        found = named.items_of_identifier(self._viewer, asked.term.plain, keys, asked.index.schemes)
        return self._part.numbers(sorted(found)) & self.scope


def days_of(raw: str, *, is_span: bool) -> tuple[date, date]:
    """Return the first and the last day that a term may mean: of ISO 8601 or EDTF; two for `within`. Raises CqlError (36)."""
    parts = raw.replace("/", " ").split() if is_span else [raw.strip()]
    if len(parts) != (2 if is_span else 1):
        raise CqlError(BAD_TERM, raw[:80])
    try:
        read_days = [dates.read(part) for part in parts]
    except dates.DateError as error:
        raise CqlError(BAD_TERM, raw[:80]) from error
    first, last = read_days[0].first, read_days[-1].last
    if first is None or last is None or last < first:
        raise CqlError(BAD_TERM, raw[:80])
    return first, last


def _kind_names(kind: str) -> set[str]:
    return {kind.casefold(), codes.DCMI_TYPES.get(kind, "Text").casefold()}


def _language_names(tag: str) -> set[str]:
    known = {codes.iso_639_3(tag), codes.marc_language(tag)} - {"und"}
    return {tag.casefold(), tag.partition("-")[0].casefold(), *known}
