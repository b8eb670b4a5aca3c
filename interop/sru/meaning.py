"""What the clauses of a query mean: indexes, relations and terms that there are, or the diagnostic of one that there is not. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from archive.search.folding import fold
from interop.sru import contexts, terms
from interop.sru.contexts import Index, Way
from interop.sru.cql import Both, Clause, CqlError, Node, Scoped
from interop.sru.terms import Term

NO_MASKS, NO_ANCHORS = 28, 31


@dataclass(frozen=True)
class Meant:
    """One clause as it is to be answered. `term` is empty where the index does not read words; `raw` is as it was written."""

    index: Index
    relation: str
    raw: str
    term: Term
    respects_accents: bool = False
    is_negated: bool = False

    def fits(self, names: Iterable[str]) -> bool:
        """Return whether the names of one thing fit: as a whole, side by side in one of them, or word by word in any of them."""
        words = self.term.words
        if not words:
            return False
        folded = [fold(name) for name in names]
        phrase = " ".join(word.folded for word in words)
        if self.relation == "==":
            return phrase in folded
        if self.relation == "adj":
            return any(f" {phrase} " in f" {name} " for name in folded)
        held = {word for name in folded for word in name.split()}
        each = (any(word.fits(one) for one in held) if word.is_masked else word.folded in held for word in words)
        return any(each) if self.relation == "any" else all(each)


def meant(clause: Clause, prefixes: Mapping[str, str]) -> Meant:
    """Return what a clause means where these prefixes are assigned. Raises CqlError."""
    name = contexts.find(clause.index, prefixes)
    if name in contexts.ONLY_SORTED:
        raise CqlError(contexts.UNSUPPORTED_INDEX, name)
    index = contexts.INDEXES[name]
    relation = contexts.relation_of(index, clause.relation)
    modifiers = {one.name.removeprefix("cql.") for one in clause.modifiers}
    if not modifiers <= contexts.MODIFIERS or any(one.compare for one in clause.modifiers):
        raise CqlError(contexts.UNSUPPORTED_MODIFIER, clause.modifiers[0].name)
    accents = contexts.RESPECT_ACCENTS in modifiers
    if accents and index.way not in (Way.WORDS, Way.TITLE):
        raise CqlError(contexts.UNSUPPORTED_MODIFIER, contexts.RESPECT_ACCENTS)
    is_negated = relation == "<>" and index.way is not Way.DATE
    relation = "=" if is_negated else relation
    if index.way in (Way.EVERYTHING, Way.DATE):
        return Meant(index, relation, clause.term, Term("", ()), is_negated=is_negated)
    # In numbers a star is a star.
    unmasked = contexts.UNMASKED in modifiers or index.way is Way.IDENTIFIER
    term = terms.read(clause.term, unmasked=unmasked)
    if term.is_anchored and index.way is not Way.TITLE:
        raise CqlError(NO_ANCHORS, "^")
    is_whole = relation in ("==", "adj") or term.is_anchored or index.way in (Way.KIND, Way.LANGUAGE)
    if term.is_masked and is_whole:
        raise CqlError(NO_MASKS, term.plain)
    return Meant(index, relation, clause.term, term, accents, is_negated)


def clauses(node: Node, prefixes: Mapping[str, str]) -> Iterator[Meant]:
    """Yield what each clause of a query means. Raises CqlError."""
    match node:
        case Scoped():
            yield from clauses(node.node, {**prefixes, node.prefix.lower(): node.uri})
        case Both():
            yield from clauses(node.left, prefixes)
            yield from clauses(node.right, prefixes)
        case Clause():
            yield meant(node, prefixes)
