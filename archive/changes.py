"""What changed since a moment, oldest change first: for whoever keeps a copy of what they may see.

Of what a viewer may not see nothing is told but this: that something which was once open to everybody is not any more, and since when
(docs/adr/0005). What staff do with it afterwards moves that moment by nothing.
"""

from __future__ import annotations

import heapq
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from django.db.models import Case, DateTimeField, F, OuterRef, Q, QuerySet, Subquery, Value, When
from django.db.models.functions import Coalesce, Least
from django.db.models.lookups import GreaterThanOrEqual

from access.models import AccessRule, AuditEntry
from access.policy import PUBLIC
from access.viewer import Viewer
from archive import queries
from archive.models import Item, ItemState
from archive.querysets import seen_items

# Later than any closing: databases do not agree about the least of values of which one is missing.
NEVER = Value(datetime(9999, 12, 1, tzinfo=UTC), output_field=DateTimeField())


@dataclass(frozen=True, order=True)
class Change:
    """One item as a copy has to take it now. `at` is its datestamp: the later of its last change and its rule's opening, or its closing."""

    at: datetime
    key: int
    pid: str
    is_deleted: bool


@dataclass(frozen=True)
class Position:
    """Up to where somebody has read. Without a key that moment is told again."""

    at: datetime
    key: int | None = None


def since(viewer: Viewer, position: Position, *, at_most: int) -> list[Change]:
    """Return the changes after a position, by moment and key. Each item stands there once, at its last change.

    Three queries, one more where rules name a moment at which they close, and one for each rule that opened since the position.
    """
    streams = [_changed(viewer, position, at_most), _gone(viewer, position, at_most)]
    streams += [_opened(viewer, rule, moment, position, at_most) for rule, moment in _openings(viewer, position)]
    merged = heapq.merge(*streams)
    return [change for change, _place in zip(merged, range(at_most), strict=False)]


def _openings(viewer: Viewer, position: Position) -> Iterator[tuple[int, datetime]]:
    for rule, moment in viewer.opened_at.items():
        if rule in viewer.rule_ids and moment >= position.at:
            yield rule, moment


def _changed(viewer: Viewer, position: Position, at_most: int) -> Iterator[Change]:
    """Yield what was changed after its rule opened, in the order of an index."""
    opened = Q()
    for rule, moment in viewer.opened_at.items():
        opened |= Q(effective_rule_id=rule, modified_at__lt=moment)
    rows = queries.published_items(viewer).filter(_beyond("modified_at", position))
    rows = rows.exclude(opened) if opened else rows
    for key, pid, at in rows.order_by("modified_at", "pk").values_list("pk", "pid", "modified_at")[:at_most]:
        yield Change(at, key, pid, is_deleted=False)


def _opened(viewer: Viewer, rule: int, moment: datetime, position: Position, at_most: int) -> Iterator[Change]:
    """Yield what was not changed since its rule opened."""
    rows = queries.published_items(viewer).filter(effective_rule_id=rule, modified_at__lt=moment)
    if moment == position.at and position.key is not None:
        rows = rows.filter(pk__gt=position.key)
    for key, pid in rows.order_by("pk").values_list("pk", "pid")[:at_most]:
        yield Change(moment, key, pid, is_deleted=False)


def _gone(viewer: Viewer, position: Position, at_most: int) -> Iterator[Change]:
    """Yield what was open to everybody, and is closed to this viewer now."""
    rows = gone(viewer).filter(_beyond("gone_at", position)).order_by("gone_at", "pk")
    for key, pid, at in rows.values_list("pk", "pid", "gone_at")[:at_most]:
        yield Change(at, key, pid, is_deleted=True)


def gone(viewer: Viewer) -> QuerySet[Any]:  # Any: items with one column more
    """Return the items that were open to everybody and are closed to this viewer, each with `gone_at`. Chainable; one query now.

    Since when: it was withdrawn, hidden by a request, closed by who chose another rule, or by a date in its rule.
    """
    policies = AccessRule.objects.policies()
    open_to_all = [pk for pk, policy in policies.items() if policy.clauses == PUBLIC.clauses]
    digests = list(AccessRule.objects.filter(pk__in=open_to_all).order_by().values_list("digest", flat=True))
    chosen = AuditEntry.objects.filter(verb="choose_access", target_pid=OuterRef("pid"), before__rule__in=digests)
    closed = chosen.exclude(after__rule__in=digests).exclude(detail__has_key="file").order_by("-at", "-pk")
    dated = [
        When(effective_rule_id=pk, then=Value(policy.closes_at, output_field=DateTimeField()))
        for pk, policy in policies.items()
        if policy.closes_at is not None and policy.closes_at <= viewer.decided_at
    ]
    # Of several closings the first: what staff do with a closed item afterwards is not told. Each counts only while it lasts.
    closings = (
        Case(*dated, default=NEVER, output_field=DateTimeField()),
        _while(Q(withdrawn_at__isnull=False) & ~Q(state=ItemState.PUBLISHED), F("withdrawn_at")),
        Coalesce("suspended_at", NEVER),
        _while(~Q(chosen_rule_id__in=open_to_all), Coalesce(Subquery(closed.values("at")[:1]), NEVER)),
    )
    first = Least(*closings)
    moment = Case(
        When(GreaterThanOrEqual(first, NEVER), then=Coalesce("published_at", "created_at")),
        default=first,
        output_field=DateTimeField(),
    )
    return Item.objects.filter(was_public=True).exclude(seen_items(viewer)).annotate(gone_at=moment)


def _while(condition: Q, moment: Any) -> Case:  # Any: whatever Django takes for an expression
    return Case(When(condition, then=moment), default=NEVER, output_field=DateTimeField())


def _beyond(column: str, position: Position) -> Q:
    if position.key is None:
        return Q(**{f"{column}__gte": position.at})
    # The bound is said by itself, too: a database begins at it.
    later, same = Q(**{f"{column}__gt": position.at}), Q(**{column: position.at, "pk__gt": position.key})
    return Q(**{f"{column}__gte": position.at}) & (later | same)
