"""What the database knows of names, identifiers and rights: keys of items that a viewer may see."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence

from django.db.models import Q

from access.viewer import Viewer
from archive.crosswalks import codes
from archive.models import Agent, Item, ItemAgent, RightsStatement
from interop.sru.contexts import Index, Way
from interop.sru.meaning import Meant

AT_ONCE = 2000
Fits = Callable[[Iterable[str]], bool]
_PID = re.compile(r"[0-9a-z]{11}\Z")


def known(viewer: Viewer, asked: Iterable[Meant]) -> dict[Meant, set[int]]:
    """Return the items that clauses about agents and rights find. To be asked before the index is opened: nobody else's search waits."""
    found: dict[Meant, set[int]] = {}
    for one in asked:
        if one.index.way is Way.AGENT and one not in found:
            found[one] = items_of_agents(viewer, one.index, one.fits)
        elif one.index.way is Way.RIGHTS and one not in found:
            found[one] = items_under_rights(viewer, one.fits, one.term.plain)
    return found


def items_of_agents(viewer: Viewer, index: Index, fits: Fits) -> set[int]:
    """Return the items in which an agent whose names fit had one of the parts of an index. Two queries, and one more for each two thousand
    agents. A name that must not be spoken fits nothing: what stands instead of it does."""
    rows = Agent.objects.order_by("pk")
    if index.kinds:
        rows = rows.filter(kind__in=index.kinds)
    columns = rows.values_list("pk", "names", "variants", "shown_as", "name_is_withheld")
    agents = [
        pk
        for pk, names, variants, shown_as, withheld in columns.iterator(chunk_size=AT_ONCE)
        if fits(value["value"] for value in (shown_as if withheld else [*names, *variants]))
    ]
    found: set[int] = set()
    visible = Item.objects.visible_to(viewer).order_by().values("pk")
    for some in _batches(agents):
        credits_ = ItemAgent.objects.filter(agent__in=some, item__in=visible)
        if index.roles is not None:
            credits_ = credits_.filter(role__in=index.roles)
        if index.is_contributor:
            credits_ = credits_.exclude(role__in=codes.CREATORS | codes.PUBLISHERS)
        found |= set(credits_.order_by().values_list("item", flat=True))
    return found


def items_under_rights(viewer: Viewer, fits: Fits, plain: str) -> set[int]:
    """Return the items under a statement of rights whose names fit, or whose address or address part is the text. Two queries."""
    statements = [
        pk
        for pk, slug, uri, names in RightsStatement.objects.order_by("pk").values_list("pk", "slug", "uri", "names")
        if plain in (slug, uri) or fits(value["value"] for value in names)
    ]
    if not statements:
        return set()
    rows = Item.objects.visible_to(viewer).filter(rights__in=statements).order_by()
    return set(rows.values_list("pk", flat=True))


def items_of_identifier(viewer: Viewer, text: str, candidates: Sequence[int], schemes: frozenset[str]) -> set[int]:
    """Return the items that have this identifier. `candidates`: keys of those that may have it among their other identifiers.
    `schemes`: only identifiers of these. One query, and one more for each two thousand candidates."""
    visible = Item.objects.visible_to(viewer).order_by()
    found: set[int] = set()
    if not schemes:
        last = re.split(r"[/:]", text.rstrip("/"))[-1]
        own = Q(identifier=text) | Q(pid__in=[one for one in (text, last) if _PID.match(one)])
        found |= set(visible.filter(own).values_list("pk", flat=True))
    sought = _plain(text)
    for some in _batches(candidates):
        for pk, others in visible.filter(pk__in=some).values_list("pk", "other_identifiers"):
            if any(
                _plain(str(one.get("value", ""))) == sought
                and (not schemes or str(one.get("scheme", "")).casefold() in schemes)
                for one in others
            ):
                found.add(pk)
    return found


def ways_of_isbn(plain: str) -> Iterator[tuple[str, ...]]:
    """Yield how hyphens may part an ISBN or ISSN (ISO 2108, ISO 3297), written without them; nothing of another text. Pure."""
    if re.fullmatch(r"[0-9]{7}[0-9x]", plain):
        yield plain[:4], plain[4:]
    found = re.fullmatch(r"(97[89])?([0-9]{9})([0-9x])", plain)
    if found is None:
        return
    before = (found[1],) if found[1] else ()
    body = found[2]
    for first in range(1, 6):
        for second in range(first + 1, min(first + 8, len(body))):
            yield *before, body[:first], body[first:second], body[second:], found[3]


def _plain(text: str) -> str:
    return re.sub(r"[\s‐‑-]+", "", text).casefold()


def _batches(keys: Sequence[int]) -> Iterator[Sequence[int]]:
    for start in range(0, len(keys), AT_ONCE):
        yield keys[start : start + AT_ONCE]
