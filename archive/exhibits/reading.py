"""An exhibit as one viewer finds it: what they may not see of it is not there, with its caption, and nothing says so.

A block that is made of its items or places is gone where none of them is left, a page where no block is, and an exhibit where no page is.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import takewhile

from django.db.models import Prefetch, QuerySet

from access.viewer import Viewer
from archive import ways
from archive.languages import LangValue
from archive.models import (
    BlockKind,
    Exhibit,
    ExhibitBlock,
    ExhibitPage,
    ExhibitPiece,
    ExhibitState,
    FormerAddress,
    Item,
    Place,
    RecordKind,
)
from archive.queries import NotVisible


@dataclass(frozen=True)
class Piece:
    """One item (by its key) or one place, with the words under it."""

    captions: Sequence[LangValue]
    item_key: int | None = None
    place: Place | None = None


@dataclass(frozen=True)
class Block:
    """One block: its kind, its words, and those of its things that are shown. Times are milliseconds of a recording."""

    key: int
    kind: BlockKind
    texts: Sequence[LangValue]
    sources: Sequence[LangValue]
    pieces: tuple[Piece, ...] = ()
    start_ms: int | None = None
    end_ms: int | None = None


@dataclass(frozen=True)
class Page:
    """One page with what is left of its blocks."""

    slug: str
    titles: Sequence[LangValue]
    blocks: tuple[Block, ...]


@dataclass(frozen=True)
class Shown:
    """One exhibit with what is left of its pages."""

    exhibit: Exhibit
    pages: tuple[Page, ...]


def exhibits(viewer: Viewer, *, most: int | None = None) -> list[Shown]:
    """Return the published exhibits of which this viewer may see something, in the order that staff gave them; `most`: no more than so
    many are looked at. At most seven queries; one where there are none."""
    rows = _whole(Exhibit.objects.visible_to(viewer).filter(state=ExhibitState.PUBLISHED))
    found = list(rows[:most] if most else rows)
    return [one for one in _shown(viewer, found) if one.pages]


def exhibit(viewer: Viewer, slug: str) -> Shown:
    """Return one exhibit; a draft is for staff, who may see it by its address too. At most seven queries. Raises NotVisible."""
    found = list(_whole(Exhibit.objects.visible_to(viewer).filter(slug=slug)))
    shown = _shown(viewer, found)
    if not shown or not shown[0].pages:
        raise NotVisible
    return shown[0]


def as_seen(viewer: Viewer, exhibit: Exhibit) -> Shown:
    """Return what of an exhibit that was read already this viewer would find, whatever its own rule is: for previews. Six queries."""
    (found,) = _shown(viewer, list(_whole(Exhibit.objects.filter(pk=exhibit.pk))))
    return found


def leads_to(viewer: Viewer, slug: str) -> str:
    """Return the address part that an old one of an exhibit leads to; empty where it leads to nothing that this viewer may see."""
    former = FormerAddress.objects.filter(kind=RecordKind.EXHIBIT, slug=slug).first()
    if former is None or Exhibit.objects.filter(slug=slug).exists():
        return ""
    today = Exhibit.objects.visible_to(viewer).filter(pk=former.key).values_list("slug", flat=True).first()
    if not today:
        return ""
    try:
        return exhibit(viewer, today).exhibit.slug
    except NotVisible:
        return ""


def _whole(rows: QuerySet[Exhibit]) -> QuerySet[Exhibit]:
    pieces = ExhibitPiece.objects.order_by("position", "pk")
    blocks = ExhibitBlock.objects.order_by("position", "pk").prefetch_related(Prefetch("pieces", queryset=pieces))
    pages = ExhibitPage.objects.order_by("position", "pk").prefetch_related(Prefetch("blocks", queryset=blocks))
    return (
        rows.select_related("effective_rule")
        .prefetch_related(Prefetch("pages", queryset=pages))
        .order_by("position", "slug", "pk")
    )


def _shown(viewer: Viewer, rows: Sequence[Exhibit]) -> list[Shown]:
    """Return these exhibits as far as the viewer sees what stands in them. Two queries beside those of the rows."""
    pieces = [
        piece for row in rows for page in row.pages.all() for block in page.blocks.all() for piece in block.pieces.all()
    ]
    items = {piece.item_id for piece in pieces if piece.item_id}
    places = {piece.place_id for piece in pieces if piece.place_id}
    seen = set(Item.objects.visible_to(viewer).filter(pk__in=items).values_list("pk", flat=True)) if items else set()
    known = _places(viewer, places) if places else {}
    return [Shown(row, tuple(_pages(row.pages.all(), seen, known))) for row in rows]


def _places(viewer: Viewer, keys: Iterable[int]) -> dict[int, Place]:
    """Return those of these places that readers may learn exactly, and of which this viewer finds a page."""
    return {place.pk: place for place in ways.told_places(viewer, set(keys))}


def _pages(rows: Iterable[ExhibitPage], seen: set[int], known: dict[int, Place]) -> Iterable[Page]:
    for row in rows:
        whole = [(BlockKind(one.kind), _block(one, seen, known)) for one in row.blocks.all()]
        blocks = tuple(_without_empty_parts(whole))
        if blocks:
            yield Page(row.slug, row.titles, blocks)


def _without_empty_parts(blocks: Sequence[tuple[BlockKind, Block | None]]) -> Iterable[Block]:
    """Yield what is left of the blocks of a page, without the headings under which something stood and nothing does any more."""
    for number, (kind, block) in enumerate(blocks):
        if block is None:
            continue
        if kind == BlockKind.HEADING:
            below = list(takewhile(lambda one: one[0] != BlockKind.HEADING, blocks[number + 1 :]))
            if below and all(one is None for _kind, one in below):
                continue
        yield block


def _block(row: ExhibitBlock, seen: set[int], known: dict[int, Place]) -> Block | None:
    pieces = tuple(
        Piece(one.captions, one.item_id, known.get(one.place_id or 0))
        for one in row.pieces.all()
        if one.item_id in seen or one.place_id in known
    )
    kind = BlockKind(row.kind)
    if not pieces and kind.is_of_its_pieces:
        return None
    if not row.texts and (kind == BlockKind.EXCERPT or not kind.is_of_its_pieces):
        return None
    return Block(row.pk, kind, row.texts, row.sources, pieces, row.start_ms, row.end_ms)


def recordings(viewer: Viewer, keys: Iterable[int], roles: Sequence[str]) -> dict[int, Item]:
    """Return those of these items that this viewer may see, with `visible_files` and of these only what was made in these roles. Three
    queries."""
    found = Item.objects.visible_to(viewer).filter(pk__in=list(keys)).with_visible_files(viewer, roles=roles)
    return {one.pk: one for one in found}
