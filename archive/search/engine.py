"""The search: what a viewer asks, answered by the index of this process, with hits as the database has them now."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from django.db.models import Q

from access.viewer import Viewer, visitor
from archive import cursors
from archive.cursors import BadCursor
from archive.interface_languages import base_language
from archive.models import Item, ItemFile
from archive.search import following, headings, passages
from archive.search.answers import Results, Sort, Suggestions
from archive.search.called import AllCalled
from archive.search.folding import fold
from archive.search.index.helping import Help, Helper
from archive.search.index.planning import Answer, plan
from archive.search.index.questions import QUERY_LENGTH_MOST, WORDS_MOST, Question, Sight, read
from archive.search.index.shapes import Order
from archive.search.index.suggesting import Suggester
from archive.search.narrowing import Filters

__all__ = ["FACETS", "QUERY_LENGTH_MOST", "WORDS_MOST", "search", "suggest"]

CURSOR_SALT = "archive.search.cursor"
FACETS = ("kind", "people", "subject", "collection", "place", "language")
ORDERS = {Sort.RELEVANCE: None, Sort.NEWEST: Order.NEWEST, Sort.TITLE: Order.TITLE, Sort.DATE: Order.DATE}
# Reads the hits with these keys that the viewer may see, by key; is given what headings and places are called.
Load = Callable[[list[int], AllCalled], Mapping[int, Any]]  # Any: as the caller shows them
# A hit that was closed in the instant between question and answer: asked again so often, then left out.
TRIES = 3
PASSAGE_WORDS_MOST = 20


@dataclass(frozen=True)
class _Found:
    """What the index says of one page."""

    keys: Sequence[int]
    approximate: frozenset[int]
    total: int
    counts: Mapping[str, Mapping[str, int]]
    runs: frozenset[tuple[str, ...]]
    near_runs: frozenset[tuple[str, ...]]
    # Those of the words that stand in files which this viewer may read.
    in_files: Sequence[str]
    help: Help = field(default_factory=Help)


def search(
    query: str,
    filters: Filters,
    viewer: Viewer,
    *,
    sort: Sort = Sort.RELEVANCE,
    cursor: str = "",
    page_size: int = 24,
    facets: Iterable[str] = FACETS,
    load: Load | None = None,
) -> Results:
    """Return a page of what this viewer may see. Raises BadCursor, SearchPreparing.

    `load`: reads hits as the caller shows them, those that are visible to this viewer; without it they are bare items.

    One query for what was changed since the last search, if anything was, and one for the hits or those of `load`. One for each filter and
    facet of headings and two for places, where some are not called yet (archive.search.called). Where words stand in files that the viewer
    may read, one for which hits have files with texts, and two or three for where in those the words are. Counts and facets are made of
    visible items only; the order depends on nothing but the hit.
    """
    names = tuple(facets)
    offset = _read_cursor(cursor, query, filters, sort)
    sight = sight_of(viewer)
    counted = (*names, *(("decade",) if names else ()))
    for _try in range(TRIES):
        with following.index().opened() as (part, known):
            called, is_behind = following.index().called, following.index().waiting > 0
            question = question_of(query, filters, called)
            found = _ask(plan(question, part, sight, known), sort, (offset, offset + page_size), counted)
            if not found.total:
                helper = Helper(part, sight, public_rules(viewer), known)
                found = replace(found, help=helper.help(question))
        keys = list(found.keys)
        rows = Item.objects.visible_to(viewer).in_bulk(keys) if load is None else load(keys, called)
        if len(rows) == len(keys):
            break
    shown = [key for key in keys if key in rows]
    total = found.total - (len(keys) - len(shown))
    after = offset + page_size
    near_words = frozenset("".join(run) for run in found.near_runs)
    of_places, on_map = headings.places(found.counts.get("place", {}), called)
    return Results(
        hits=[rows[key] for key in shown],
        facets=tuple(
            of_places if name == "place" else headings.facet(name, found.counts[name], called) for name in names
        ),
        total=total,
        next_cursor=_cursor(after, query, filters, sort) if after < found.total else "",
        previous_cursor=_cursor(max(offset - page_size, 0), query, filters, sort) if offset else "",
        moments=passages.moments(viewer, shown, found.in_files) if found.in_files else {},
        approximate=found.approximate,
        words=frozenset("".join(run) for run in found.runs),
        near_words=near_words,
        did_you_mean=found.help.did_you_mean,
        alone=found.help.alone,
        without=found.help.without,
        decades=tuple(sorted((int(decade), count) for decade, count in found.counts.get("decade", {}).items())),
        on_map=on_map,
        is_behind=is_behind,
    )


def suggest(prefix: str, viewer: Viewer) -> Suggestions:
    """Return what may be meant by what has been typed so far. Raises SearchPreparing. One query for what was changed, if anything was, one
    for the rules of everybody, and one for titles."""
    if not fold(prefix):
        return Suggestions()
    sight, public = sight_of(viewer), public_rules(viewer)
    with following.index().opened() as (part, names):
        offer = Suggester(part, sight, public, names).offer(prefix, following.index().headings)
    rows = Item.objects.visible_to(viewer).in_bulk(list(offer.items))
    lang = base_language()
    return Suggestions(
        words=offer.queries,
        titles=tuple((rows[key].pid, rows[key].title_in(lang)) for key in offer.items if key in rows),
        headings=headings.named(offer.headings),
    )


def public_rules(viewer: Viewer) -> frozenset[int]:
    """Return the rules that everybody satisfies now. One query."""
    return visitor(now=viewer.decided_at).rule_ids


def question_of(query: str, filters: Filters, called: AllCalled | None = None) -> Question:
    """Return the question of a query and its filters. One query for each filter by a heading, but for those that are `called` already."""
    return read(
        query,
        headings.values(filters, called),
        date_from=filters.date_from.toordinal() if filters.date_from else None,
        date_to=filters.date_to.toordinal() if filters.date_to else None,
    )


def sight_of(viewer: Viewer) -> Sight:
    """Return what of the index this viewer may see. Two queries for whom something was opened to alone."""
    alone = viewer.granted | viewer.in_emergency
    if not alone:
        return Sight(viewer.rule_ids)
    keys = Item.objects.visible_to(viewer).filter(pid__in=alone).order_by("pk").values_list("pk", flat=True)
    # A file is granted by itself, or with the item that it is as open as.
    files = ItemFile.objects.visible_to(viewer).filter(Q(pid__in=alone) | Q(item__pid__in=alone)).order_by("pk")
    return Sight(viewer.rule_ids, tuple(keys), tuple(files.values_list("pk", flat=True)))


def _ask(answer: Answer, sort: Sort, span: tuple[int, int], facets: tuple[str, ...]) -> _Found:
    page = answer.page(ORDERS[sort], *span)
    has_words = bool(answer.question.units)
    keys = [int(key) for key in answer.part.keys([hit.number for hit in page])]
    runs = answer.matched_runs(nearly=False) if has_words else frozenset()
    near_runs = answer.matched_runs() if has_words and any(hit.is_approximate for hit in page) else frozenset()
    return _Found(
        keys=keys,
        approximate=frozenset(key for key, hit in zip(keys, page, strict=True) if hit.is_approximate),
        total=answer.total,
        counts=following.index().counts(answer, facets),
        runs=runs,
        near_runs=near_runs,
        in_files=_in_files(answer, runs | near_runs),
    )


def _in_files(answer: Answer, runs: Iterable[tuple[str, ...]]) -> list[str]:
    # The index holds no more of a file than `documents.FILE_LETTERS_MOST`: a word that stands behind them alone is not led to.
    words = sorted(run[0] for run in runs if len(run) == 1) or list(answer.question.folded)
    sight = answer.sight
    return [word for word in words[:PASSAGE_WORDS_MOST] if answer.part.in_files((word,), sight.rules, sight.files)]


def _question(query: str, filters: Filters, sort: Sort) -> str:
    return f"{query}|{filters}|{sort}"


def _cursor(offset: int, query: str, filters: Filters, sort: Sort) -> str:
    return cursors.write([offset], question=_question(query, filters, sort), salt=CURSOR_SALT)


def _read_cursor(cursor: str, query: str, filters: Filters, sort: Sort) -> int:
    if not cursor:
        return 0
    match cursors.read(cursor, question=_question(query, filters, sort), salt=CURSOR_SALT):
        case [int(offset)] if offset >= 0:
            return offset
        case _:
            raise BadCursor
