"""Make partner libraries, change what is said of them, give and revoke their keys."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime, timedelta

from django.db import transaction

from access import audit
from access.actions.errors import ActionRefused, NotAllowed
from access.devices import digest
from access.models import Partner, PartnerKey, Scope, User
from access.partners import PREFIX_LETTERS, new_secret

KEY_HOLDS = timedelta(days=365)
KEY_HOLDS_MOST = timedelta(days=2 * 366)
# The one in use and the one that takes its place: a program goes over from one to the other without a gap.
LIVE_KEYS_MOST = 2
ACCOUNT_NAME = "partner-{pid}"


def make_partner(partner: Partner, *, actor: User, now: datetime) -> Partner:
    """Save a new partner, with the account by which stewards know it. Raises NotAllowed."""
    _check(actor, "access.add_partner")
    with transaction.atomic():
        account = User(username=ACCOUNT_NAME.format(pid=partner.pid), first_name=partner.name[:150])
        account.set_unusable_password()
        account.save()
        partner.account, partner.made_by, partner.made_at = account, actor, now
        partner.save()
        _record(partner, "make_partner", actor=actor, now=now, after=_facts(partner))
    return partner


def change_partner(partner: Partner, *, actor: User, now: datetime) -> None:
    """Save what was changed: name, people, purpose, whether it is active. Raises NotAllowed."""
    _check(actor, "access.change_partner")
    with transaction.atomic():
        before = _facts(Partner.objects.select_for_update().get(pk=partner.pk))
        partner.save(update_fields=["name", "people", "purpose", "is_active"])
        User.objects.filter(pk=partner.account_id).update(first_name=partner.name[:150])
        _record(partner, "change_partner", actor=actor, now=now, before=before, after=_facts(partner))


def make_key(
    partner: Partner, *, scopes: Collection[str], expires_at: datetime, actor: User, now: datetime
) -> tuple[PartnerKey, str]:
    """Return a new key and its secret, to be shown once; keys that there are go on.

    Raises NotAllowed, ActionRefused("no_scope", "over_already", "too_long", "two_keys").
    """
    _check(actor, "access.change_partner")
    chosen = [scope.value for scope in Scope if scope.value in scopes]
    if not chosen or len(chosen) != len(set(scopes)):
        raise ActionRefused("no_scope")
    if expires_at <= now:
        raise ActionRefused("over_already")
    if expires_at > now + KEY_HOLDS_MOST:
        raise ActionRefused("too_long")
    with transaction.atomic():
        # Held, so that two people at once do not make a third.
        held = Partner.objects.select_for_update().get(pk=partner.pk)
        if sum(1 for key in held.keys.all() if key.is_live(now)) >= LIVE_KEYS_MOST:
            raise ActionRefused("two_keys")
        secret = new_secret()
        key = PartnerKey.objects.create(
            partner=held,
            prefix=secret[:PREFIX_LETTERS],
            secret_digest=digest(secret),
            scopes=chosen,
            made_at=now,
            made_by=actor,
            expires_at=expires_at,
        )
        _record(held, "make_partner_key", actor=actor, now=now, after=_facts_of_key(key))
    return key, secret


def revoke_key(key: PartnerKey, *, actor: User, now: datetime) -> None:
    """End a key at once. Raises NotAllowed."""
    _check(actor, "access.change_partner")
    with transaction.atomic():
        if PartnerKey.objects.filter(pk=key.pk, revoked_at=None).update(revoked_at=now):
            _record(key.partner, "revoke_partner_key", actor=actor, now=now, before=_facts_of_key(key))


def _check(actor: User, permission: str) -> None:
    if not (actor.is_active and actor.is_staff and actor.has_perm(permission)):
        raise NotAllowed


def _facts(partner: Partner) -> dict[str, object]:
    return {"is_active": partner.is_active, "account": partner.account_id}


def _facts_of_key(key: PartnerKey) -> dict[str, object]:
    return {"key": key.pk, "scopes": list(key.scopes), "valid_until": key.expires_at.isoformat()}


def _record(partner: Partner, verb: str, *, actor: User, now: datetime, **what: dict[str, object]) -> None:
    audit.record(
        actor=actor, verb=verb, target_pid=partner.pid, now=now, before=what.get("before"), after=what.get("after")
    )
