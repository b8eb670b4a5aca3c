"""Who gets which request, and who may decide it: read from the rules of what it is about.

A request to see something goes to the stewards of the protocols that close it, or to the library where no protocol does; one to join goes
to the community's managers; one to correct, to take down or about a consent goes to the library and to those who look after the item's
protocols and communities.
"""

from __future__ import annotations

import functools
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from django.db.models import Q, QuerySet

from access import roles, standings
from access.models import CommunityMembership, Petition, User
from access.policy import NOBODY, Level, Policy, meet
from access.roles import Ability, CommunityRole
from access.stewardship import stewardship_of
from access.viewer import Viewer, viewer_for
from archive import visibility
from archive.actions.access_rights import closed_from
from archive.actions.permissions import allows
from archive.models import Item, ItemFile

Kind = Petition.Kind
PROTECT = "archive.protect_item"
DESCRIBE = "archive.change_item"
# Addressed to the library as well as to the community: their text is read also by staff to whom the item is closed.
TO_THE_LIBRARY_TOO = (Kind.CORRECTION, Kind.TAKEDOWN, Kind.CONSENT)


@dataclass(frozen=True)
class Decider:
    """Someone at the inbox. `held`: their abilities by protocol; `managed`: keys of the communities that they manage."""

    user: User
    held: Mapping[str, frozenset[Ability]]
    managed: frozenset[int]

    @property
    def decides_in(self) -> frozenset[str]:
        """Return the pids of the protocols whose requests this person decides."""
        return frozenset(pid for pid, allowed in self.held.items() if Ability.DECIDE in allowed)

    @property
    def is_of_the_library(self) -> bool:
        return allows(self.user, PROTECT)

    @property
    def is_administrator(self) -> bool:
        return self.user.is_active and self.user.is_staff and self.user.is_superuser


def decider(user: User, *, now: datetime) -> Decider:
    """Return who stands at the inbox. Two queries for who looks after nothing, at most nine."""
    kept = stewardship_of(user, now=now)
    return Decider(user, kept.held, kept.communities)


def readable(who: Decider, viewer: Viewer) -> Q:
    """Return the condition on the requests that this person finds in the inbox."""
    routed = Petition.protocols.through.objects
    found = Q(pk__in=routed.filter(protocol__pid__in=who.decides_in).values("petition"))
    if who.managed:
        theirs = Item.objects.filter(communities__in=who.managed)
        found |= Q(kind__in=(Kind.JOINING, Kind.NOTICE), community__in=who.managed)
        found |= Q(kind__in=TO_THE_LIBRARY_TOO, target_pid__in=theirs.values("pid"))
    if who.is_of_the_library:
        found |= Q(kind=Kind.ACCESS) & ~Q(pk__in=routed.values("petition"))
        found |= Q(kind__in=TO_THE_LIBRARY_TOO)
    elif allows(who.user, DESCRIBE):
        found |= Q(kind=Kind.CORRECTION, target_pid__in=Item.objects.visible_to(viewer).values("pid"))
    if who.is_administrator:
        # What was opened in an emergency and is under no protocol: another administrator reads of it.
        found |= Q(kind=Kind.NOTICE, community=None) & ~Q(pk__in=routed.values("petition"))
        # Nobody else would ever read it. Whoever manages the community later finds it, too.
        found |= Q(kind=Kind.JOINING) & ~Q(community__in=_with_managers())
    return found


def inbox(who: Decider, viewer: Viewer) -> QuerySet[Petition]:
    """Return the requests that this person finds in the inbox. Chainable."""
    return Petition.objects.filter(readable(who, viewer))


def waiting(who: Decider, viewer: Viewer) -> QuerySet[Petition]:
    """Return those of them that wait for an answer which this person did not ask for."""
    return inbox(who, viewer).filter(state__in=Petition.PENDING).exclude(asker=who.user)


def is_urgent(now: datetime) -> Q:
    """Return the condition on waiting requests that cannot wait: a clock has run out, or what was to be hidden is still shown."""
    unread = Q(state=Petition.State.OPEN, acknowledge_by__lt=now)
    shown = Q(kind=Kind.TAKEDOWN, hid_target=False) | Q(kind=Kind.CONSENT, hid_target=False)
    return Q(state__in=Petition.PENDING) & (unread | Q(act_by__lt=now) | shown)


def may_acknowledge(who: Decider, petition: Petition) -> bool:
    """Return whether somebody who may read a request may say so. An emergency is told to others than who opened something in it."""
    return petition.kind != Kind.NOTICE or petition.asker_id != who.user.pk


def may_grant(who: Decider, petition: Petition) -> bool:
    """Return whether somebody who may read a request may fulfil it; of one to see something, file by file (`may_open`)."""
    if petition.kind in (Kind.ACCESS, Kind.JOINING) and petition.asker_id == who.user.pk:
        return False  # nobody opens something, or a community, to themselves
    if petition.kind == Kind.JOINING:
        return petition.community_id in who.managed  # an administrator who reads it makes somebody manager first
    return petition.kind != Kind.NOTICE


def may_refuse(who: Decider, petition: Petition) -> bool:
    """Return whether somebody who may read a request may refuse it. Refusing to take something down shows it again, which takes the right
    to open it."""
    if petition.kind == Kind.NOTICE or (petition.kind != Kind.CORRECTION and petition.asker_id == who.user.pk):
        return False
    if petition.kind not in (Kind.TAKEDOWN, Kind.CONSENT):
        return True
    item = Item.objects.filter(pid=petition.target_pid).select_related("chosen_rule").first()
    return who.is_of_the_library if item is None else may_show(who, item.chosen_rule.policy)


def may_show(who: Decider, policy: Policy) -> bool:
    """Return whether somebody may show again what a request hid: its rule is the same as before, and whose it is decides."""
    named = [clause for clause in policy.clauses if clause.level is Level.PROTOCOL]
    return may_open(who, policy) if named else who.is_of_the_library


def may_open(who: Decider, policy: Policy) -> bool:
    """Return whether somebody may open to one person what this policy closes: its stewards where it names protocols, administrators
    where it is closed to all, else staff who choose access."""
    if any(clause.level is Level.NOBODY for clause in policy.clauses):
        return who.is_administrator
    named = [clause for clause in policy.clauses if clause.level is Level.PROTOCOL]
    if not named:
        return who.is_of_the_library
    return all(
        roles.may(Ability.DECIDE, protocols=clause.protocols, sharing=clause.sharing, held=who.held) for clause in named
    )


@dataclass(frozen=True)
class Closed:
    """One thing that is closed to who asks: the item itself (`file` None), or one of its files; and whether it may be opened."""

    pid: str
    file: ItemFile | None
    may_open: bool


def closed_to_asker(who: Decider, petition: Petition, *, now: datetime) -> list[Closed]:
    """Return what of the item a request to see it is about: all that is closed to who asks, in order. Empty where the item or the account
    is gone. About eight queries."""
    item = Item.objects.filter(pid=petition.target_pid).select_related("chosen_rule").first()
    if item is None or petition.asker is None:
        return []
    asker = viewer_for(petition.asker, now=now)
    found: list[Closed] = []
    if not Item.objects.visible_to(asker).filter(pk=item.pk).exists():
        found.append(Closed(item.pid, None, may_open(who, kept_of(item))))
    return found + [Closed(file.pid, file, may_open(who, policy_of(file, item))) for file in closed_files(item, asker)]


def closed_files(item: Item, viewer: Viewer) -> list[ItemFile]:
    """Return the files of an item that a viewer may not see, in order. One query."""
    seen = ItemFile.objects.visible_to(viewer).filter(item=item)
    hidden = ItemFile.objects.filter(item=item).exclude(pk__in=seen.values("pk"))
    return list(hidden.select_related("chosen_rule", "master").order_by("position", "pk"))


def policy_of(file: ItemFile, item: Item) -> Policy:
    """Return what people chose for a file: never wider than its item. Where the item alone is closed to everybody, the file's protocols
    go on saying whose it is: the item is opened by itself. Up to four queries where something is closed to everybody."""
    own, above = kept_of(item, file) if file.chosen_rule else None, kept_of(item)
    whole = visibility.of_file(own, above)
    if whole != NOBODY or own is None:
        return whole
    under = [_undated(one) for one in (own, above) if protocols_named([one])]
    return functools.reduce(meet, under) if under else whole


def kept_of(item: Item, file: ItemFile | None = None) -> Policy:
    """Return what was chosen for an item, or for a file by itself; of what was closed to everybody the protocols that it lay under before,
    since whoever closes it does not take it from those whose it is. Two queries for what is closed to everybody."""
    if file is None or file.chosen_rule is None:
        present, file_pid = item.chosen_rule.policy, ""
    else:
        present, file_pid = file.chosen_rule.policy, file.pid
    before = closed_from(item.pid, present, file_pid=file_pid)
    return before if before is not None and protocols_named([before]) else present


def _undated(one: Policy) -> Policy:
    return replace(one, opens_at=None, closes_at=None)


def closers_of(item: Item, viewer: Viewer) -> frozenset[str]:
    """Return the pids of the protocols that close files of an item to a viewer. One query."""
    return protocols_named(policy_of(file, item) for file in closed_files(item, viewer))


def keepers_of(item: Item) -> frozenset[str]:
    """Return the pids of all protocols under which an item or one of its files lies. One query."""
    closed_more = [file for file in item.files.select_related("chosen_rule") if file.chosen_rule]
    return protocols_named([kept_of(item), *(kept_of(item, file) for file in closed_more)])


def keepers_of_opened(petition: Petition, item: Item) -> frozenset[str]:
    """Return the pids of the protocols under which lies what a request opened. Two queries."""
    opened = set(petition.grants.filter(withdrawn_at=None).values_list("target_pid", flat=True))
    files = item.files.filter(pid__in=opened).select_related("chosen_rule")
    policies = [policy_of(file, item) for file in files]
    return protocols_named([*policies, kept_of(item)] if item.pid in opened else policies)


def protocols_named(policies: Iterable[Policy]) -> frozenset[str]:
    """Return the pids of all protocols that these policies name."""
    return frozenset(pid for policy in policies for clause in policy.clauses for pid in clause.protocols)


def is_of_its_people(user: User, item: Item, protocols: Collection[str], *, now: datetime) -> bool:
    """Return whether somebody stands close to an item: its library's staff, a member of one of its communities, a steward of its protocols.
    Up to eight queries."""
    if not user.is_active:
        return False
    if user.is_staff:
        return True
    person = standings.belonging_of(user, now=now)
    if item.communities.filter(pk__in=person.communities - person.blocked).exists():
        return True
    held = standings.abilities(user, now=now, protocols=protocols) if protocols else {}
    return any(Ability.DECIDE in allowed for allowed in held.values())


def _with_managers() -> QuerySet[CommunityMembership, int]:
    managers = CommunityMembership.objects.filter(role=CommunityRole.MANAGER, is_blocked=False, user__is_active=True)
    return managers.order_by().values_list("community_id", flat=True)
