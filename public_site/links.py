"""Ways into the archive as pages show them: a name that leads somewhere, and how much lies behind it. Pure but for addresses."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from django.urls import reverse

from archive.models import Place
from archive.models.authority import Authority
from archive.ways import Tree
from public_site import titles
from public_site.titles import Text

NODES_MOST = 600  # of one tree on one page


@dataclass(frozen=True)
class IndexLink:
    """One way into the archive: its name, its page, how much lies behind it."""

    label: Text
    address: str
    count: int
    kind: str = ""


@dataclass(frozen=True)
class Node:
    """One heading of a tree. Without an `address` it has no page of its own, and stands there for what is below it."""

    label: Text
    address: str = ""
    count: int = 0
    others: tuple[Text, ...] = ()
    below: tuple[Node, ...] = ()
    kind: str = ""


@dataclass(frozen=True)
class Shown:
    """A tree as far as a page shows it; `left_out`: how many headings it does not."""

    nodes: tuple[Node, ...]
    left_out: int = 0


def name_of_place(row: Place, language: str) -> Text:
    """What a place is called now; its names are prefetched."""
    named = row.named_on(None)
    return Text(named.text, "" if named.lang == language else named.lang) if named else Text(row.slug)


def node_of_authority(row: Authority, count: int, pattern: str, language: str) -> Node:
    """A people, subject or collection, its names in other languages beside it."""
    address = reverse(f"public_site:{pattern}", args=[row.slug]) if count else ""
    name = titles.picked(row.names, language) or Text(row.slug)
    return Node(name, address, count, unlike(name, titles.others(row.names, language)))


def node_of_place(row: Place, count: int, language: str) -> Node:
    """A place, and what those who live there call it."""
    own = [name for name in row.names.all() if name.kind == name.NameKind.ENDONYM]
    others = [Text(name.text, "" if name.lang == language else name.lang) for name in own]
    address, name = reverse("public_site:place", args=[row.slug]), name_of_place(row, language)
    return Node(name, address, count, unlike(name, others), kind=row.kind)


def unlike(name: Text, others: Iterable[Text]) -> tuple[Text, ...]:
    """The names that are written otherwise than the first, each once."""
    found = {other.value: other for other in others if other.value != name.value}
    return tuple(found.values())


def shown(tree: Tree, node: Callable[[int], Node], *, most: int = NODES_MOST) -> Shown:
    """The tree of the headings, the fullest first; one that lies under several stands under each of them, and none under itself. Level by
    level no more than `most` are shown."""
    below: dict[int, list[int]] = {}
    roots = []
    for pk in tree.rows:
        above = [one for one in tree.above.get(pk, ()) if one in tree.rows and one != pk]
        for one in above:
            below.setdefault(one, []).append(pk)
        if not above:
            roots.append(pk)
    weights = _weights(tree, below)
    reached = _reached(roots, below)
    # What lies in a ring of headings would hang on nothing.
    roots += [pk for pk in tree.rows if pk not in reached]

    def ranked(keys: Iterable[int]) -> list[int]:
        return sorted(dict.fromkeys(keys), key=lambda pk: (-weights[pk], tree.rows[pk].slug))

    deepest = _depth_within(roots, below, most)

    def grown(pk: int, path: frozenset[int]) -> Node:
        children = [] if len(path) >= deepest else [one for one in below.get(pk, ()) if one not in path and one != pk]
        return replace(node(pk), below=tuple(grown(one, path | {pk}) for one in ranked(children)))

    kept = ranked(roots)[:most]
    nodes = tuple(grown(pk, frozenset()) for pk in kept)
    return Shown(nodes, max(len(tree.rows) - _size(nodes), 0))


def _weights(tree: Tree, below: Mapping[int, Sequence[int]]) -> dict[int, int]:
    """How much lies behind each heading or behind the fullest below it: what is only there for those has no count of its own."""
    weights = {pk: tree.counts.get(pk, 0) for pk in tree.rows}
    for pk in tree.rows:
        if not weights[pk]:
            weights[pk] = max((tree.counts.get(one, 0) for one in _reached([pk], below)), default=0)
    return weights


def _reached(roots: Iterable[int], below: Mapping[int, Sequence[int]]) -> set[int]:
    reached, edge = set(roots), list(roots)
    while edge:
        edge = [one for pk in edge for one in below.get(pk, ()) if one not in reached]
        reached |= set(edge)
    return reached


def _depth_within(roots: Sequence[int], below: Mapping[int, Sequence[int]], most: int) -> int:
    """How many levels below the first fit."""
    seen, level, depth = set(roots), list(roots), 0
    while level:
        level = [one for pk in level for one in below.get(pk, ()) if one not in seen]
        if not level or len(seen) + len(level) > most:
            break
        seen |= set(level)
        depth += 1
    return depth


def _size(nodes: Sequence[Node]) -> int:
    return sum(1 + _size(node.below) for node in nodes)
