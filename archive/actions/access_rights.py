"""Who may choose which access: docs/adr/0010. Whoever may close does so always; what lies under protocols is opened or moved only by who
may in them, and put under a protocol only by who may apply it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from access import policy, standings
from access.models import AccessRule, AuditEntry, User
from access.policy import Clause, Level, Policy
from access.roles import Ability, may
from archive.actions.errors import ActionRefused, NotAllowed
from archive.actions.permissions import allows

PROTECT = "archive.protect_item"
Held = Mapping[str, frozenset[Ability]]


@dataclass(frozen=True)
class Kept:
    """What is about to be chosen anew: its own present policy and, for a file, its item's, under which it stays."""

    own: Policy
    item: Policy | None = None

    @property
    def whole(self) -> Policy:
        """Return what it is closed to by choice, its item's included."""
        return self.own if self.item is None else policy.meet(self.own, self.item)


def protocol_clauses(*policies: Policy) -> frozenset[Clause]:
    """Return the clauses of these policies that name protocols."""
    return frozenset(clause for one in policies for clause in one.clauses if clause.level is Level.PROTOCOL)


def named(*policies: Policy) -> frozenset[str]:
    """Return the pids of the protocols that these policies name."""
    return frozenset(pid for clause in protocol_clauses(*policies) for pid in clause.protocols)


def require_choice(kept: Kept, new: Policy, *, closed_from: Policy | None, actor: User | None, now: datetime) -> None:
    """Raise unless the actor may choose the new policy (for a file, met with its item's) instead of the kept one.

    `closed_from`: what it was before it was closed to everybody, since a policy of nobody names no protocol any more: opening it again is
    moving what lay under these. Raises NotAllowed, ActionRefused("protocol_not_yours", "protocol_keeps").
    """
    if actor is None:
        return
    before = [kept.own, *([closed_from] if closed_from is not None else [])]
    under = protocol_clauses(*before)
    everything = protocol_clauses(*before, *([kept.item] if kept.item is not None else []))
    held = standings.abilities(actor, now=now) if everything or protocol_clauses(new) else {}
    if not allows(actor, PROTECT) and not looks_after(actor, everything, held):
        raise NotAllowed
    require_apply(named(new) - named(*before, *([kept.item] if kept.item is not None else [])), held=held)
    after = new if kept.item is None else policy.meet(new, kept.item)
    is_closing = policy.meet(after, kept.whole) == after
    if not is_closing and not _may_edit(under, held):
        raise ActionRefused("protocol_keeps")


def require_apply(pids: Iterable[str], *, held: Held, create: bool = False) -> None:
    """Raise ActionRefused("protocol_not_yours") unless somebody may put things under each of these protocols; new things with `create`."""
    wanted = {Ability.APPLY, Ability.CREATE_ITEM} if create else {Ability.APPLY}
    if any(not wanted <= held.get(pid, frozenset()) for pid in pids):
        raise ActionRefused("protocol_not_yours")


def require_apply_of(
    new: Policy | None, *, under: Policy | None = None, actor: User | None, now: datetime, create: bool
) -> None:
    """Ask the same of a new thing's policy; what it lies `under` already needs no asking. Five queries where protocols are named."""
    pids = frozenset() if new is None else named(new) - (named(under) if under is not None else frozenset())
    if actor is not None and pids:
        require_apply(pids, held=standings.abilities(actor, now=now), create=create)


def looks_after(actor: User, clauses: frozenset[Clause], held: Held) -> bool:
    """Return whether somebody who is no librarian may change who sees what these clauses protect: all of it, and not what none does."""
    return actor.is_active and bool(clauses) and _may_edit(clauses, held)


def require_taking_off(
    clauses: frozenset[Clause], *, is_own: bool, was_never_shown: bool, actor: User | None, now: datetime
) -> None:
    """Raise ActionRefused("protocol_keeps") unless somebody may take off what lies under these clauses: who may edit it; who added it
    themselves, as long as nobody was shown it or as a contributor. Four queries where protocols are named."""
    if actor is None or not clauses or (is_own and was_never_shown):
        return
    held = standings.abilities(actor, now=now)
    if not _may(Ability.EDIT_ANY, clauses, held) and not (is_own and _may(Ability.EDIT_OWN, clauses, held)):
        raise ActionRefused("protocol_keeps")


def closed_from(pid: str, present: Policy, *, file_pid: str = "") -> Policy | None:
    """Return the policy from which an item, or one of its files, was closed to nobody, as the log has it; None where it is not, or never
    was anything else. Two queries at most."""
    if present != policy.NOBODY:
        return None
    entries = AuditEntry.objects.filter(verb="choose_access", target_pid=pid, before__isnull=False).order_by("-pk")
    nobody = policy.digest(policy.NOBODY)
    for detail, before in entries.values_list("detail", "before"):
        digest = (before or {}).get("rule", "")
        if detail.get("file", "") == file_pid and digest and digest != nobody:
            rule = AccessRule.objects.filter(digest=digest).first()
            return None if rule is None else rule.policy
    return None


def _may_edit(clauses: frozenset[Clause], held: Held) -> bool:
    return _may(Ability.EDIT_ANY, clauses, held)


def _may(ability: Ability, clauses: frozenset[Clause], held: Held) -> bool:
    return all(may(ability, protocols=one.protocols, sharing=one.sharing, held=held) for one in clauses)
