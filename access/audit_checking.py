"""Going along the chain of the log in the database."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from django.db import models

from access.audit_chain import Content, Head, Link, Walk
from access.audit_sealing import CONTENT, HEAD
from access.models import AuditEntry, AuditHead

AT_ONCE = 1000
Model = type[models.Model]


def check(*, expected: str = "", entries: Model = AuditEntry, heads: Model = AuditHead) -> Walk:
    """Return the walk along the whole chain. `expected`: the beginning of a digest that must be in it.

    Reads a thousand entries at a time and holds no lock: what is sealed meanwhile is read, too. `entries` and `heads` may be the models of
    an older schema.
    """
    walk = Walk(expected=expected)
    below = entries._base_manager.filter(sequence__lt=1).values_list("sequence", "digest")
    for sequence, digest in below.order_by("sequence"):
        walk.step(Link(sequence, digest, None))
    while True:
        for link in _links(entries, after=walk.last.sequence):
            walk.step(link)
        # Read after the entries: an end is moved together with its entries, so that those it counts are there by now.
        head = _end(heads)
        is_ahead = head is not None and head.sequence > walk.last.sequence
        if not is_ahead or next(_links(entries, after=walk.last.sequence), None) is None:
            break
    walk.end(head)
    return walk


def _links(entries: Model, *, after: int) -> Iterator[Link]:
    while page := _page(entries, after=after):
        yield from page
        after = page[-1].sequence


def _page(entries: Model, *, after: int) -> list[Link]:
    rows = entries._base_manager.filter(sequence__gt=after).order_by("sequence")
    try:
        return [_link(row) for row in rows.values_list("sequence", "digest", *CONTENT)[:AT_ONCE]]
    except (AttributeError, TypeError, ValueError):
        # SQLite keeps whatever somebody wrote into a column, and not every text is a date.
        return [_read_alone(entries, *row) for row in rows.values_list("sequence", "digest")[:AT_ONCE]]


def _read_alone(entries: Model, sequence: int, digest: str) -> Link:
    try:
        row = entries._base_manager.filter(sequence=sequence).values_list("sequence", "digest", *CONTENT).get()
    except (AttributeError, TypeError, ValueError):
        return Link(sequence, digest, None)
    return _link(row)


def _link(row: tuple[Any, ...]) -> Link:  # Any: columns of a row
    sequence, digest, *said = row
    content = Content(*said)
    # A moment that SQLite cannot read comes back as nothing.
    return Link(sequence, digest, content if isinstance(content.at, datetime) else None)


def _end(heads: Model) -> Head | None:
    kept = heads._base_manager.filter(pk=HEAD).values_list("sequence", "digest").first()
    return None if kept is None else Head(*kept)
