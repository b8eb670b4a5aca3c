"""Which protocols somebody at the desk may choose, and which they know by name."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext as _

from access.models import Protocol
from access.policy import Policy
from access.roles import Ability
from archive.actions.access_rights import PROTECT, looks_after, named, protocol_clauses
from archive.actions.permissions import allows
from archive.admin.base import actor_of, decider_of
from archive.models import Item


def known_protocols(request: HttpRequest) -> QuerySet[Protocol]:
    """Return the protocols whose names this person may learn: all for who looks after communities; else those that they have a role in,
    those of communities that they manage, and those of communities with an open page."""
    user = actor_of(request)
    if user.has_perm("access.view_protocol"):
        return Protocol.objects.order_by("name", "pk")
    own = Q(memberships__user=user) | Q(communities__in=decider_of(request).managed)
    known = Protocol.objects.filter(own | Q(communities__page_is_open=True)).order_by().values("pk")
    return Protocol.objects.filter(pk__in=known).order_by("name", "pk")


def names(request: HttpRequest) -> Mapping[str, str]:
    """Return the names of these protocols by pid, asked for once a request."""
    if not hasattr(request, "desk_protocol_names"):
        request.desk_protocol_names = dict(known_protocols(request).values_list("pid", "name"))  # type: ignore[attr-defined]  # of this request
    found: Mapping[str, str] = request.desk_protocol_names  # type: ignore[attr-defined]  # set above
    return found


def names_for(request: HttpRequest, policies: Iterable[Policy]) -> Mapping[str, str]:
    """Return the same where one of these policies names a protocol; no query otherwise."""
    return names(request) if named(*policies) else {}


@dataclass(frozen=True)
class Offered:
    """What a form of access offers: protocols that may be chosen, and the names of all that the person knows."""

    applicable: frozenset[str]
    names: Mapping[str, str]

    def choices(self, current: Policy | None) -> list[tuple[str, str]]:
        """Return pid and name of what may be chosen and of what is set already, in the order of names."""
        pids = self.applicable | (named(current) if current is not None else frozenset())
        return sorted(((pid, self.names.get(pid, _("another protocol"))) for pid in pids), key=lambda one: one[1])


NOTHING = Offered(frozenset(), {})


def offered(request: HttpRequest, *, new: bool = False) -> Offered:
    """Return what this person may put things under: `new` ones, or those that are there."""
    wanted = {Ability.APPLY, Ability.CREATE_ITEM} if new else {Ability.APPLY}
    held = decider_of(request).held
    return Offered(frozenset(pid for pid, allowed in held.items() if wanted <= allowed), names(request))


def may_choose(request: HttpRequest, item: Item | None) -> bool:
    """Return whether this person chooses who may see an item: librarians with that right; of a new one, who makes items under a protocol;
    of one that lies under protocols, their stewards."""
    user = actor_of(request)
    if allows(user, PROTECT):
        return True
    if item is None:
        return bool(offered(request, new=True).applicable)
    clauses = protocol_clauses(item.chosen_rule.policy)
    return bool(clauses) and looks_after(user, clauses, decider_of(request).held)
