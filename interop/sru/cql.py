"""CQL 1.2 (Contextual Query Language, Library of Congress; OASIS searchRetrieve part 5): text to a tree and back. Pure.

Only form is judged here: what an index or relation means, and whether there is such a one, is for `interop.sru.contexts`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

LETTERS_MOST = 4000
OPERATORS_MOST = 60
DEPTH_MOST = 30
SYNTAX, TOO_LONG, TOO_MANY_OPERATORS = 10, 12, 38
BOOLEANS = frozenset({"and", "or", "not", "prox"})
KEYWORDS = BOOLEANS | {"sortby"}
SERVER_CHOICE = "cql.serverChoice"
_COMPARES = frozenset({"=", "==", "<>", "<", ">", "<=", ">="})
_TOKEN = re.compile(
    r"""\s*(?:"(?P<quoted>(?:[^"\\]|\\.)*)"|(?P<symbol><=|>=|<>|==|[=<>()/])|(?P<word>[^\s()=<>"/]+))""", re.DOTALL
)
_BARE = re.compile(r"""[^\s()=<>"/]+\Z""")


class CqlError(Exception):
    """What is wrong with a query: `code` is the number of the diagnostic (info:srw/diagnostic/1/…)."""

    def __init__(self, code: int, details: str = "") -> None:
        super().__init__(code, details)
        self.code = code
        self.details = details


@dataclass(frozen=True)
class Modifier:
    """A modifier of a relation, a boolean or a sort key: `/name` or `/name=value`."""

    name: str
    compare: str = ""
    value: str = ""


@dataclass(frozen=True)
class Clause:
    """One search clause. `term` is as written, its backslashes too: they tell a mask from a sign."""

    index: str
    relation: str
    term: str
    modifiers: tuple[Modifier, ...] = ()


@dataclass(frozen=True)
class Both:
    """Two parts joined by and, or, not, prox; of equals the left binds first."""

    operator: str
    left: Node
    right: Node
    modifiers: tuple[Modifier, ...] = ()


@dataclass(frozen=True)
class Scoped:
    """A part within which prefixes stand for context sets; the empty prefix is what has none."""

    prefix: str
    uri: str
    node: Node


Node = Clause | Both | Scoped


@dataclass(frozen=True)
class SortKey:
    """One index to sort by."""

    index: str
    modifiers: tuple[Modifier, ...] = ()


@dataclass(frozen=True)
class Query:
    """A whole query."""

    root: Node
    sort: tuple[SortKey, ...] = ()


@dataclass(frozen=True)
class _Token:
    text: str
    kind: str  # quoted, symbol, word, end

    def is_symbol(self, *symbols: str) -> bool:
        return self.kind == "symbol" and self.text in symbols

    def is_keyword(self, *words: str) -> bool:
        return self.kind == "word" and self.text.lower() in words

    @property
    def is_text(self) -> bool:
        return self.kind in ("quoted", "word")


def parse(text: str) -> Query:
    """Return the tree of a query. Raises CqlError (10, 12, 38)."""
    if len(text) > LETTERS_MOST:
        raise CqlError(TOO_LONG, str(LETTERS_MOST))
    return _Parser(list(_tokens(text))).query()


def write(query: Query) -> str:
    """Return a query as text; parsed it is the same query."""
    sort = " ".join(f"{_text(key.index)}{_modifiers(key.modifiers)}" for key in query.sort)
    return f"{_node(query.root)} sortBy {sort}" if sort else _node(query.root)


def _tokens(text: str) -> Iterator[_Token]:
    at, end = 0, len(text.rstrip())
    while at < end:
        found = _TOKEN.match(text, at)
        if found is None or found.lastgroup is None:
            raise CqlError(SYNTAX, "A quotation mark is not closed.")
        yield _Token(found[found.lastgroup], found.lastgroup)
        at = found.end()
    yield _Token("", "end")


class _Parser:
    """Reads tokens from left to right, looking one ahead."""

    def __init__(self, tokens: list[_Token]) -> None:
        self._tokens = tokens
        self._at = 0
        self._depth = 0
        self._operators = 0

    def query(self) -> Query:
        root = self._scoped()
        sort: tuple[SortKey, ...] = ()
        if self._next.is_keyword("sortby"):
            self._take()
            sort = tuple(self._sort_keys())
        if self._next.kind != "end":
            raise CqlError(SYNTAX, f"Not expected here: {self._next.text[:40]}")
        return Query(root, sort)

    @property
    def _next(self) -> _Token:
        return self._tokens[self._at]

    def _take(self) -> _Token:
        token = self._tokens[self._at]
        self._at += 1
        return token

    def _take_text(self, what: str) -> str:
        if not self._next.is_text:
            raise CqlError(SYNTAX, f"Expected {what}: {self._next.text[:40]}")
        return self._take().text

    def _sort_keys(self) -> Iterator[SortKey]:
        yield SortKey(self._take_text("an index to sort by"), self._read_modifiers())
        while self._next.is_text:
            yield SortKey(self._take().text, self._read_modifiers())

    def _scoped(self) -> Node:
        """prefixAssignment cqlQuery | scopedClause"""
        self._depth += 1
        if self._depth > DEPTH_MOST:
            raise CqlError(TOO_MANY_OPERATORS, "Too many parentheses.")
        found = self._assigned() if self._next.is_symbol(">") else self._joined()
        self._depth -= 1
        return found

    def _assigned(self) -> Node:
        self._take()
        name, prefix = self._take_text("a prefix or an address"), ""
        if self._next.is_symbol("="):
            self._take()
            prefix, name = name, self._take_text("an address")
        return Scoped(prefix, name, self._scoped())

    def _joined(self) -> Node:
        left = self._operand()
        while self._next.is_keyword(*BOOLEANS):
            self._operators += 1
            if self._operators > OPERATORS_MOST:
                raise CqlError(TOO_MANY_OPERATORS, str(OPERATORS_MOST))
            operator = self._take().text.lower()
            modifiers = self._read_modifiers()
            left = Both(operator, left, self._operand(), modifiers)
        return left

    def _operand(self) -> Node:
        if self._next.is_symbol("("):
            self._take()
            inner = self._scoped()
            if not self._next.is_symbol(")"):
                raise CqlError(SYNTAX, "A parenthesis is not closed.")
            self._take()
            return inner
        if self._next.is_keyword(*KEYWORDS):
            raise CqlError(SYNTAX, f"Not expected here: {self._next.text[:40]}")
        first = self._take_text("a term")
        if self._next.is_symbol(*_COMPARES) or (self._next.is_text and not self._next.is_keyword(*KEYWORDS)):
            relation = self._take().text.lower()
            modifiers = self._read_modifiers()
            return Clause(first, relation, self._take_text("a term"), modifiers)
        return Clause(SERVER_CHOICE, "=", first)

    def _read_modifiers(self) -> tuple[Modifier, ...]:
        found = []
        while self._next.is_symbol("/"):
            self._take()
            name = self._take_text("a modifier").lower()
            if self._next.is_symbol(*_COMPARES):
                found.append(Modifier(name, self._take().text, self._take_text("a value")))
            else:
                found.append(Modifier(name))
        return tuple(found)


def _node(node: Node) -> str:
    match node:
        case Clause():
            relation = node.relation if node.relation in _COMPARES else _text(node.relation)
            return f"{_text(node.index)} {relation}{_modifiers(node.modifiers)} {_text(node.term)}"
        case Both():
            right = f"({_node(node.right)})" if isinstance(node.right, Both) else _node(node.right)
            return f"{_node(node.left)} {node.operator}{_modifiers(node.modifiers)} {right}"
        case Scoped():
            prefix = f"{_text(node.prefix)} = " if node.prefix else ""
            return f"(> {prefix}{_text(node.uri)} {_node(node.node)})"


def _modifiers(modifiers: tuple[Modifier, ...]) -> str:
    return "".join(
        f" /{_text(one.name)}{f' {one.compare} {_text(one.value)}' if one.compare else ''}" for one in modifiers
    )


def _text(text: str) -> str:
    return text if _BARE.match(text) and text.lower() not in KEYWORDS else f'"{text}"'
