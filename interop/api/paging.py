"""Pages of lists by keyset: a page stays where it is while rows come and go around it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Generic, Protocol, TypeVar

from django.db.models import F, Model, OrderBy, Q, QuerySet

from archive import cursors
from archive.cursors import BadCursor, Part
from archive.models import Item
from archive.models.authority import Authority
from archive.querysets import NEWEST_FIRST

M = TypeVar("M", bound=Model)
R = TypeVar("R", bound=Model, contravariant=True)
Order = tuple[str | OrderBy, ...]
SALT = "interop.api.cursor"
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)


@dataclass(frozen=True)
class Page(Generic[M]):
    """Rows in order, and cursors of the pages beside this one; empty where there is none."""

    rows: Sequence[M]
    next: str
    previous: str


class Keyset(Protocol[R]):
    """How rows of one kind are ordered, and how a place in that order is written."""

    def order(self, *, backwards: bool) -> Order: ...

    def position(self, row: R) -> list[Part]: ...

    def beyond(self, position: Sequence[Part], *, backwards: bool) -> Q:
        """Return the condition of the rows after (before, when backwards) a position. Raises BadCursor."""


class NewestFirst:
    """Published items by (-published_at, -pk). A position names the item by its pid: nothing that counts leaves the house."""

    def order(self, *, backwards: bool) -> Order:
        return (F("published_at").asc(nulls_first=True), "pk") if backwards else NEWEST_FIRST

    def position(self, row: Item) -> list[Part]:
        if row.published_at is None:
            raise TypeError("only what was published is listed")
        return [(row.published_at - _EPOCH) // _MICROSECOND, row.pid]

    def beyond(self, position: Sequence[Part], *, backwards: bool) -> Q:
        match position:
            case [int(micros), str(pid)]:
                moment = _EPOCH + timedelta(microseconds=micros)
            case _:
                raise BadCursor
        # The row settles the order among what was published at one moment; when it is gone, that moment is told again.
        pk = Item.objects.filter(pid=pid).values_list("pk", flat=True).first()
        tie = Q(published_at=moment)
        # The bound is said by itself, too: a database begins at it, and not where the list begins.
        if backwards:
            return Q(published_at__gte=moment) & (
                Q(published_at__gt=moment) | (tie if pk is None else tie & Q(pk__gt=pk))
            )
        return Q(published_at__lte=moment) & (Q(published_at__lt=moment) | (tie if pk is None else tie & Q(pk__lt=pk)))


class BySlug:
    """Authorities by their slug, which is unique."""

    def order(self, *, backwards: bool) -> Order:
        return ("-slug",) if backwards else ("slug",)

    def position(self, row: Authority) -> list[Part]:
        return [row.slug]

    def beyond(self, position: Sequence[Part], *, backwards: bool) -> Q:
        match position:
            case [str(slug)]:
                return Q(slug__lt=slug) if backwards else Q(slug__gt=slug)
            case _:
                raise BadCursor


def page(rows: QuerySet[M], keyset: Keyset[M], *, cursor: str, page_size: int, question: str) -> Page[M]:
    """Return one page. One query, and up to three small ones: for where it begins, for the row that settles a tie, and for
    whether something lies on the side that was not read.

    Raises BadCursor for a cursor that was not made for this question.
    """
    backwards, found = False, rows
    if cursor:
        match cursors.read(cursor, question=question, salt=SALT):
            case [bool(backwards), *position]:
                found = rows.filter(keyset.beyond(position, backwards=backwards))
            case _:
                raise BadCursor
    listed = list(found.order_by(*keyset.order(backwards=backwards))[: page_size + 1])
    more = len(listed) > page_size
    listed = listed[:page_size]
    if backwards:
        listed.reverse()
    if not listed:
        return Page(rows=(), next="", previous="")

    def beside(row: M, *, behind: bool) -> str:
        position = keyset.position(row)
        known = more if behind == backwards else None
        if known is None:
            known = bool(cursor) and _any(rows, keyset.beyond(position, backwards=behind))
        return cursors.write([behind, *position], question=question, salt=SALT) if known else ""

    return Page(rows=listed, next=beside(listed[-1], behind=False), previous=beside(listed[0], behind=True))


def _any(rows: QuerySet[Any], where: Q) -> bool:  # Any: whatever is paged
    return rows.filter(where).exists()
