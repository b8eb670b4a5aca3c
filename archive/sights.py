"""Writing down when a member of staff sees what is restricted. Of readers nothing is written: there is no history of reading.

Restricted is what a member of staff without any membership could not see: what a strict protocol keeps, and whatever is open to this person
by a grant alone. What is for staff, for the reading room or for registered readers is daily work, drafts among it.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import timedelta

from django.db import DatabaseError, transaction

from access import audit, standings
from access.models import AccessRule, AuditEntry, User
from access.policy import Policy, Standing
from access.viewer import Viewer
from archive.models import Item, ItemFile

VERB = "see_restricted"
# A page asks for twenty pictures of one item; that is one sight.
AGAIN_AFTER = timedelta(hours=1)


class SightNotRecorded(Exception):
    """What cannot be written down is not shown: the door answers 503 (archive.middleware)."""


def see(viewer: Viewer, *, items: Iterable[Item] = (), files: Iterable[ItemFile] = ()) -> None:
    """Write down what of this is restricted, once for each person, thing and hour. Raises SightNotRecorded.

    A file that is as open as its item is the item; one that was closed more tightly is itself. `files` come with their items. No query for
    anybody but staff and one for staff; two more where something is under a protocol, and about six when something is written.
    """
    if not viewer.is_staff or viewer.user_id is None:
        return
    rules = {item.pid: item.effective_rule_id for item in items}
    for file in files:
        is_as_open = file.effective_rule_id == file.item.effective_rule_id
        rules[file.item.pid if is_as_open else file.pid] = file.effective_rule_id
    restricted = _restricted(viewer, set(rules.values()))
    seen = {pid: "rule" if rule in viewer.rule_ids else "grant" for pid, rule in rules.items() if rule in restricted}
    if seen:
        try:
            _write(viewer, viewer.user_id, seen)
        except DatabaseError as error:
            raise SightNotRecorded from error


def _restricted(viewer: Viewer, rule_ids: Collection[int]) -> set[int]:
    policies = {rule.pk: rule.policy for rule in AccessRule.objects.filter(pk__in=rule_ids)}
    closed = {pk: policy for pk, policy in policies.items() if not _is_daily(viewer, policy, frozenset())}
    named = {name for policy in closed.values() for clause in policy.clauses for name in clause.protocols}
    # An open protocol has everybody as a member.
    opened = standings.member_protocols(None, named, now=viewer.decided_at)
    return {pk for pk, policy in closed.items() if not _is_daily(viewer, policy, opened)}


def _is_daily(viewer: Viewer, policy: Policy, opened: frozenset[str]) -> bool:
    staff = Standing(is_registered=True, is_staff=True, is_on_site=True, protocols=opened)
    return policy.permits(staff, now=viewer.decided_at)


def _write(viewer: Viewer, user_id: int, seen: dict[str, str]) -> None:
    if not _unwritten(viewer, user_id, seen):
        return
    with transaction.atomic():
        # Held, so that of twenty requests at once one writes.
        actor = User.objects.select_for_update(no_key=True).get(pk=user_id)
        for pid in sorted(_unwritten(viewer, user_id, seen)):
            detail = {"open_by": seen[pid]}
            audit.record(actor=actor, verb=VERB, target_pid=pid, now=viewer.decided_at, detail=detail)


def _unwritten(viewer: Viewer, user_id: int, seen: Collection[str]) -> set[str]:
    lately = AuditEntry.objects.filter(
        verb=VERB, target_pid__in=seen, actor=user_id, at__gt=viewer.decided_at - AGAIN_AFTER
    )
    return set(seen) - set(lately.order_by().values_list("target_pid", flat=True))
