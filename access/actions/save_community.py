"""Make a community, or change what is said of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from access import audit
from access.actions.errors import ActionRefused, NotAllowed
from access.actions.rights import is_administrator, manages, require_administrator
from access.models import Community, User


@dataclass(frozen=True)
class CommunityFacts:
    """What is said of a community. `statements` is a list of {"lang", "value"}; `parent` the larger one that it is part of."""

    name: str
    statements: Sequence[Mapping[str, str]] = ()
    parent: Community | None = None
    page_is_open: bool = False
    contact: str = ""


def make_community(facts: CommunityFacts, *, actor: User | None, reason: str = "", now: datetime) -> Community:
    """Return a new community, without members. For administrators. Raises NotAllowed."""
    require_administrator(actor)
    with transaction.atomic():
        community = Community.objects.create(**_columns(facts))
        audit.record(
            actor=actor, verb="make_community", target_pid=community.pid, now=now, reason=reason, after=_told(community)
        )
    return community


def change_community(
    community: Community, facts: CommunityFacts, *, actor: User | None, reason: str = "", now: datetime
) -> Community:
    """Write what managers or administrators say of a community; what it is part of, administrators only, since that decides whose blocks
    hold in it. Raises NotAllowed, ActionRefused("parent_ring")."""
    if not is_administrator(actor) and not manages(actor, community, now=now):
        raise NotAllowed
    with transaction.atomic():
        # Two moves at once could close a ring that neither sees: all rows are held, in order. Communities are tens.
        held = {one.pk: one for one in Community.objects.select_for_update(no_key=True).order_by("pk")}
        present = held[community.pk]
        parent_pk = None if facts.parent is None else facts.parent.pk
        if parent_pk != present.parent_id:
            require_administrator(actor)
            _refuse_ring(community.pk, parent_pk, {pk: one.parent_id for pk, one in held.items()})
        before = _told(present)
        for name, value in _columns(facts).items():
            setattr(community, name, value)
        community.save()
        audit.record(
            actor=actor,
            verb="change_community",
            target_pid=community.pid,
            now=now,
            reason=reason,
            before=before,
            after=_told(community),
        )
    return community


def _columns(facts: CommunityFacts) -> dict[str, object]:
    return {
        "name": facts.name,
        "statements": [dict(one) for one in facts.statements],
        "parent": facts.parent,
        "page_is_open": facts.page_is_open,
        "contact": facts.contact,
    }


def _told(community: Community) -> dict[str, object]:
    """Return what the log keeps: names and texts are the community's and stay out of it."""
    parent = community.parent.pid if community.parent else ""
    return {"part_of": parent, "page_is_open": community.page_is_open}


def _refuse_ring(community: int, parent: int | None, parents: Mapping[int, int | None]) -> None:
    place, seen = parent, {community}
    while place is not None:
        if place in seen:
            raise ActionRefused("parent_ring")
        seen.add(place)
        place = parents.get(place)
