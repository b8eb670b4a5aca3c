"""Steps of composing an exhibit, each to be made inside `archive.actions.compose_exhibit.change_exhibit`.

Whoever composes may not see all things in a block. What is closed to them keeps its place when others are moved past it.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import TypeVar

from django.db.models import Max, QuerySet

from archive import languages
from archive.models import Exhibit, ExhibitBlock, ExhibitPage, ExhibitPiece, Item, Place
from archive.models.exhibit import BlockKind
from archive.slugs import free_slug

PAGES_MOST, BLOCKS_MOST, PIECES_MOST = 40, 60, 60
R = TypeVar("R", ExhibitPage, ExhibitBlock, ExhibitPiece)


class Full(Exception):
    """There is no room for one more."""


def add_page(exhibit: Exhibit, titles: Sequence[languages.LangValue]) -> ExhibitPage:
    """Return a new page at the end. Raises Full."""
    rows = exhibit.pages.all()
    _require_room(rows, PAGES_MOST)
    slug = free_slug(rows, languages.pick_text(titles, "vi"))
    return ExhibitPage.objects.create(exhibit=exhibit, slug=slug, titles=list(titles), position=_next(rows))


def add_block(page: ExhibitPage, kind: str) -> ExhibitBlock:
    """Return a new block at the end of a page. Raises Full, ValueError for a kind that is not there."""
    _require_room(page.blocks.all(), BLOCKS_MOST)
    return ExhibitBlock.objects.create(page=page, kind=BlockKind(kind), position=_next(page.blocks.all()))


def add_piece(block: ExhibitBlock, *, item: Item | None = None, place: Place | None = None) -> ExhibitPiece:
    """Return a new thing at the end of a block. Raises Full."""
    _require_room(block.pieces.all(), PIECES_MOST)
    return ExhibitPiece.objects.create(block=block, item=item, place=place, position=_next(block.pieces.all()))


def move(rows: QuerySet[R], key: int, *, up: bool, seen: Collection[int] | None = None) -> None:
    """Move one row past the one before or after it, of those that are `seen` (None: of all); at the end nothing happens."""
    order = [row.pk for row in rows.order_by("position", "pk")]
    shown = [pk for pk in order if seen is None or pk in seen]
    if key not in shown:
        return
    beside = shown.index(key) + (-1 if up else 1)
    if not 0 <= beside < len(shown):
        return
    other = shown[beside]
    order.remove(key)
    order.insert(order.index(other) + (0 if up else 1), key)
    for position, pk in enumerate(order):
        rows.filter(pk=pk).update(position=position)


def _require_room(rows: QuerySet[R], most: int) -> None:
    if rows.count() >= most:
        raise Full


def _next(rows: QuerySet[R]) -> int:
    last = rows.aggregate(last=Max("position"))["last"]
    return 0 if last is None else int(last) + 1
