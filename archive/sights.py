"""Writing down when a member of staff sees what is restricted. Of readers nothing is written: there is no history of reading.

Restricted is what a member of staff without any membership could not see: what a strict protocol keeps, and whatever is open to this person
by a grant alone. What is for staff, for the reading room or for registered readers is daily work, drafts among it.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import timedelta

from django.db import DatabaseError, transaction

from access import audit, standings, statements
from access.models import AccessRule, AuditEntry, User
from access.policy import Policy, Standing
from access.viewer import Viewer
from archive.models import Item, ItemFile

VERB = "see_restricted"
# A page asks for twenty pictures of one item; that is one sight.
AGAIN_AFTER = timedelta(hours=1)
_IS_STAFF = "SELECT is_staff FROM access_user WHERE id = %s"


class SightNotRecorded(Exception):
    """What cannot be written down is not shown: the door answers 503 (archive.middleware)."""


def see(viewer: Viewer, *, items: Iterable[Item] = (), files: Iterable[ItemFile] = ()) -> None:
    """Write down what of this is restricted, once for each person, thing and hour. Raises SightNotRecorded.

    A file that is as open as its item is the item; one that was closed more tightly is itself. Items and files come with their rules, files
    with their items. No query for what is not restricted, one for a reader who may see what is, and about nine when something is written.
    """
    if viewer.user_id is None:
        return
    rules = {item.pid: item.effective_rule for item in items}
    for file in files:
        is_as_open = file.effective_rule_id == file.item.effective_rule_id
        rules[file.item.pid if is_as_open else file.pid] = file.effective_rule
    restricted = _restricted(viewer, set(rules.values()))
    seen = {
        pid: "rule" if rule.pk in viewer.rule_ids else "grant" for pid, rule in rules.items() if rule.pk in restricted
    }
    if seen and _is_of_the_library(viewer, viewer.user_id):
        try:
            _write(viewer, viewer.user_id, seen)
        except DatabaseError as error:
            raise SightNotRecorded from error


def is_written_down(viewer: Viewer, file: ItemFile) -> bool:
    """Return whether sights of this file by this viewer are written down: each of them then has to be told to `see`. Up to two queries."""
    if viewer.user_id is None or not _restricted(viewer, {file.effective_rule}):
        return False
    return _is_of_the_library(viewer, viewer.user_id)


def _is_of_the_library(viewer: Viewer, user_id: int) -> bool:
    # Who has not shown the second factor yet is held back as a reader, and is staff all the same.
    if viewer.is_staff:
        return True
    with statements.repeated() as cursor:
        cursor.execute(_IS_STAFF, [user_id])
        return bool((cursor.fetchone() or [False])[0])


def _restricted(viewer: Viewer, rules: Collection[AccessRule]) -> set[int]:
    policies = {rule.pk: rule.policy for rule in rules}
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
