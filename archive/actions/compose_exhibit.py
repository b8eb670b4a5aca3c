"""Compose an exhibit, show it to readers, take it away again: every change of one goes through `change_exhibit` or `move_exhibit`."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from django.conf import settings
from django.db import transaction
from django.db.models import F

from access import audit, policy
from access.models import AccessRule, User
from access.policy import Policy
from archive import former_addresses
from archive.actions.access_rights import require_apply_of
from archive.actions.errors import ActionRefused, StaleVersion
from archive.actions.permissions import allows, require
from archive.exhibits import snapshots
from archive.history import recording
from archive.models import Exhibit, ExhibitState, RecordKind, Revision

EDIT, PUBLISH, DELETE = "archive.change_exhibit", "archive.publish_exhibit", "archive.delete_exhibit"
# To where: from which states one may come, and what right it takes.
MOVES = {
    ExhibitState.IN_REVIEW.value: (frozenset({ExhibitState.DRAFT.value}), EDIT),
    ExhibitState.PUBLISHED.value: (frozenset({ExhibitState.DRAFT.value, ExhibitState.IN_REVIEW.value}), PUBLISH),
    ExhibitState.DRAFT.value: (frozenset({ExhibitState.IN_REVIEW.value, ExhibitState.PUBLISHED.value}), EDIT),
}


def effective_of(chosen: Policy, *, state: str, is_binned: bool) -> Policy:
    """Return the effective policy of an exhibit: only what is published is as open as it was chosen to be. Pure."""
    if is_binned:
        return policy.NOBODY
    return chosen if state == ExhibitState.PUBLISHED else policy.meet(chosen, policy.STAFF)


def make_exhibit(exhibit: Exhibit, *, access: Policy, actor: User | None, now: datetime) -> Exhibit:
    """Write a new exhibit, a draft. Raises NotAllowed, ActionRefused("protocol_not_yours")."""
    require(actor, "archive.add_exhibit")
    require_apply_of(access, actor=actor, now=now, create=False)
    with transaction.atomic():
        exhibit.state, exhibit.changed_at, exhibit.changed_by = ExhibitState.DRAFT, now, actor
        exhibit.chosen_rule = AccessRule.objects.intern(access)
        exhibit.effective_rule = _effective(exhibit)
        exhibit.save(force_insert=True)
        _write_down(exhibit, "add_exhibit", actor=actor, now=now)
    return exhibit


def change_exhibit(
    exhibit: Exhibit,
    change: Callable[[Exhibit], object],
    *,
    access: Policy | None = None,
    read_version: int | None = None,
    actor: User | None,
    now: datetime,
    verb: str = "change_exhibit",
) -> Exhibit:
    """Change an exhibit by `change`, which is handed the held row, sets its columns and writes the rows below it. `access`: who may see it
    from now on (None: as it is). `read_version`: the version that the person read.

    Raises NotAllowed, StaleVersion, ActionRefused("published_exhibit", "binned", "gone", "protocol_not_yours"), and what `change` raises;
    then nothing is written.
    """
    require(actor, EDIT)
    with transaction.atomic():
        held = _held(exhibit, read_version)
        if held.binned_at is not None:
            raise ActionRefused("binned")
        is_shown = held.state == ExhibitState.PUBLISHED
        is_opened = access is not None and is_shown and access != held.chosen_rule.policy
        if is_shown and (settings.TWO_PAIRS_OF_EYES or is_opened) and not allows(actor, PUBLISH):
            raise ActionRefused("published_exhibit")
        old_slug = held.slug
        if access is not None and access != held.chosen_rule.policy:
            require_apply_of(access, under=held.chosen_rule.policy, actor=actor, now=now, create=False)
            held.chosen_rule = AccessRule.objects.intern(access)
        change(held)
        _save(held, actor=actor, now=now)
        if old_slug != held.slug:
            former_addresses.lead(RecordKind.EXHIBIT, old_slug, str(held.pk), now=now)
            former_addresses.forget(RecordKind.EXHIBIT, held.slug)
        _write_down(held, verb, actor=actor, now=now)
    return held


def move_exhibit(exhibit: Exhibit, state: str, *, actor: User | None, now: datetime) -> Exhibit:
    """Move an exhibit between its states. With two pairs of eyes, what is published was sent to review by somebody, and neither sent nor
    changed since by who publishes it.

    Raises NotAllowed, ActionRefused("wrong_state", "untitled_exhibit", "unreviewed_exhibit", "own_exhibit", "gone").
    """
    sources, right = MOVES[state]
    require(actor, right)
    with transaction.atomic():
        held = _held(exhibit, None)
        if held.state not in sources or held.binned_at is not None:
            raise ActionRefused("wrong_state")
        if held.state == ExhibitState.PUBLISHED:
            require(actor, PUBLISH)
        if state == ExhibitState.PUBLISHED:
            _require_publishable(held, actor)
            held.published_at = held.published_at or now
        before, held.state = held.state, state
        if state == ExhibitState.IN_REVIEW:
            held.submitted_by = actor
        _save(held, actor=None, now=now)
        _write_down(held, f"move_exhibit_to_{state}", actor=actor, now=now, states=(before, state))
    return held


def bin_exhibit(exhibit: Exhibit, *, actor: User | None, now: datetime) -> Exhibit:
    """Put an exhibit that is not published into the bin. Raises NotAllowed, ActionRefused("exhibit_is_shown", "binned", "gone")."""
    require(actor, EDIT)
    with transaction.atomic():
        held = _held(exhibit, None)
        if held.binned_at is not None:
            raise ActionRefused("binned")
        if held.state == ExhibitState.PUBLISHED:
            raise ActionRefused("exhibit_is_shown")
        held.binned_at = now
        _save(held, actor=None, now=now)
        _write_down(held, "bin_exhibit", actor=actor, now=now)
    return held


def unbin_exhibit(exhibit: Exhibit, *, actor: User | None, now: datetime) -> Exhibit:
    """Take an exhibit out of the bin: a draft. Raises NotAllowed, ActionRefused("not_binned", "gone")."""
    require(actor, EDIT)
    with transaction.atomic():
        held = _held(exhibit, None)
        if held.binned_at is None:
            raise ActionRefused("not_binned")
        held.binned_at, held.state = None, ExhibitState.DRAFT
        _save(held, actor=None, now=now)
        _write_down(held, "unbin_exhibit", actor=actor, now=now)
    return held


def delete_exhibit(exhibit: Exhibit, *, actor: User | None, now: datetime) -> None:
    """Delete an exhibit that lies in the bin, with its history. Raises NotAllowed, ActionRefused("not_binned", "gone")."""
    require(actor, DELETE)
    with transaction.atomic():
        held = _held(exhibit, None)
        if held.binned_at is None:
            raise ActionRefused("not_binned")
        Revision.objects.filter(kind=RecordKind.EXHIBIT, key=str(held.pk)).delete()
        former_addresses.forget_all(RecordKind.EXHIBIT, str(held.pk))
        # Who may read the entry is told by the rule that the row had.
        detail = {"rule": held.chosen_rule.digest}
        audit.record(actor=actor, verb="delete_exhibit", target_pid=held.log_name, now=now, detail=detail)
        held.delete()


def restore_exhibit(exhibit: Exhibit, revision: Revision, *, actor: User | None, now: datetime) -> Exhibit:
    """Bring back the words and pages of an earlier version. Raises as `change_exhibit`."""
    return change_exhibit(
        exhibit,
        lambda held: snapshots.write_back(held, revision.snapshot),
        actor=actor,
        now=now,
        verb="restore_exhibit",
    )


def history_of(exhibit: Exhibit) -> list[Revision]:
    """Return the versions of an exhibit, the newest first. One query."""
    return list(recording.revisions_of(RecordKind.EXHIBIT, str(exhibit.pk)).select_related("actor"))


def _require_publishable(held: Exhibit, actor: User | None) -> None:
    has_words = held.pages.filter(blocks__isnull=False).exists()
    if not held.titles or not has_words:
        raise ActionRefused("untitled_exhibit")
    if settings.TWO_PAIRS_OF_EYES and actor is not None:
        if held.state != ExhibitState.IN_REVIEW:
            raise ActionRefused("unreviewed_exhibit")
        if actor.pk in {held.submitted_by_id, held.changed_by_id}:
            raise ActionRefused("own_exhibit")


def _held(exhibit: Exhibit, read_version: int | None) -> Exhibit:
    rows = Exhibit.objects.select_for_update(of=("self",), no_key=True).select_related("chosen_rule")
    held = rows.filter(pk=exhibit.pk).first()
    if held is None:
        raise ActionRefused("gone")
    if read_version is not None and held.version != read_version:
        raise StaleVersion
    return held


def _effective(exhibit: Exhibit) -> AccessRule:
    found = effective_of(exhibit.chosen_rule.policy, state=exhibit.state, is_binned=exhibit.binned_at is not None)
    return AccessRule.objects.intern(found)


def _save(held: Exhibit, *, actor: User | None, now: datetime) -> None:
    """Write the row. `actor`: who changed its words; None where nobody did."""
    held.effective_rule = _effective(held)
    held.changed_at, held.version = now, F("version") + 1
    if actor is not None:
        held.changed_by = actor
    held.save()
    held.refresh_from_db(fields=["version"])


def _write_down(
    held: Exhibit, verb: str, *, actor: User | None, now: datetime, states: tuple[str, str] | None = None
) -> None:
    before, after = ({"state": states[0]}, {"state": states[1]}) if states else (None, None)
    audit.record(actor=actor, verb=verb, target_pid=held.log_name, now=now, before=before, after=after)
    key = str(held.pk)
    Revision.objects.create(
        kind=RecordKind.EXHIBIT,
        key=key,
        number=recording.next_number(RecordKind.EXHIBIT, key),
        version=held.version,
        at=now,
        actor=actor,
        verb=verb,
        snapshot=snapshots.of(held),
    )
