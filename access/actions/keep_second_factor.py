"""Set up, show, and take away what an account proves itself by beside its password."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _

from access import audit
from access.actions.notices import tell_of_account
from access.models import AuthenticatorApp, RecoveryCode, SecurityKey, User
from access.models.audit import SOFTWARE
from access.second_factors import proof, sealing, sheets, timed_codes

if TYPE_CHECKING:
    from access.second_factors.security_keys import NewKey

# Wrong codes in a row after which an app is not believed any more, however slowly they came: one in ten thousand guessers gets that far.
FAILURES_MOST = 50


class LastOne(Exception):
    """Where a second factor is required, the last one is not taken away: another is set up first."""


class KeyIsKnown(Exception):
    """The key belongs to an account already."""


def set_up_app(user: User, secret: bytes, typed: str, *, now: datetime) -> bool:
    """Keep the app when the code it shows is right. Replaces the app that was there."""
    step = timed_codes.matching_step(secret, typed, now=now, after=0)
    if step is None:
        return False
    with transaction.atomic():
        _hold(user)
        AuthenticatorApp.objects.update_or_create(
            user=user,
            defaults={"sealed_secret": sealing.seal(secret), "last_step": step, "failures": 0, "made_at": now},
        )
        _note_whether_any(user, now=now)
        _record(user, "add_authenticator_app", now=now)
    return True


def remove_app(user: User, *, now: datetime) -> None:
    """Take the app away. Raises LastOne."""
    with transaction.atomic():
        _hold(user)
        if AuthenticatorApp.objects.filter(user=user).delete()[0]:
            _note_whether_any(user, now=now, is_taken_away=True)
            _record(user, "remove_authenticator_app", now=now)


def add_key(user: User, key: NewKey, *, name: str, now: datetime) -> SecurityKey:
    """Keep a security key. Raises KeyIsKnown."""
    with transaction.atomic():
        _hold(user)
        added, is_new = SecurityKey.objects.get_or_create(
            credential_digest=key.digest,
            defaults={"user": user, "name": name, "credential": key.credential, "uses": key.uses, "made_at": now},
        )
        if not is_new:
            raise KeyIsKnown
        _note_whether_any(user, now=now)
        _record(user, "add_security_key", now=now)
    return added


def remove_key(user: User, key_id: int, *, now: datetime) -> None:
    """Take one of the account's keys away. Raises LastOne."""
    with transaction.atomic():
        _hold(user)
        if SecurityKey.objects.filter(user=user, pk=key_id).delete()[0]:
            _note_whether_any(user, now=now, is_taken_away=True)
            _record(user, "remove_security_key", now=now)


def make_sheet(user: User, *, now: datetime) -> list[str]:
    """Return the codes of a new sheet, shown once. Older sheets end. It counts for an account without another factor when a code of it was
    typed (`confirm_sheet`): so nobody is locked out by a sheet that was not printed.
    """
    with transaction.atomic():
        _hold(user)
        made = sheets.make_sheet(user, now=now)
        _record(user, "print_recovery_codes", now=now)
    return made


def confirm_sheet(user: User, typed: str, *, now: datetime) -> bool:
    """Let the sheet count when one of its codes is typed."""
    with transaction.atomic():
        _hold(user)
        if not sheets.use_code(user, typed, now=now):
            return False
        _note_whether_any(user, now=now)
    return True


def show_code(user: User, typed: str, *, now: datetime) -> bool:
    """Return whether a code is right: of the account's app, or of its sheet. No code is taken twice."""
    if sheets.looks_like_one(typed):
        with transaction.atomic():
            taken = sheets.use_code(user, typed, now=now)
            if taken:
                _record(user, "use_recovery_code", now=now, left=sheets.unused(user))
        return taken
    app = AuthenticatorApp.objects.filter(user=user, failures__lt=FAILURES_MOST).first()
    if app is None:
        return False
    try:
        step = timed_codes.matching_step(sealing.unseal(app.sealed_secret), typed, now=now, after=app.last_step)
    except sealing.Unreadable:
        step = None
    if step is None:
        AuthenticatorApp.objects.filter(pk=app.pk).update(failures=F("failures") + 1)
        return False
    # Of two that type the same code at once, one changes the row.
    return AuthenticatorApp.objects.filter(pk=app.pk, last_step__lt=step).update(last_step=step, failures=0) == 1


def reset(user: User, *, actor: User | None, now: datetime) -> None:
    """Take away everything that an account proves itself by beside its password, for who lost it. What its sessions had shown counts
    no more.
    """
    with transaction.atomic():
        _hold(user)
        for model in (AuthenticatorApp, SecurityKey, RecoveryCode):
            model.objects.filter(user=user).delete()
        _note_whether_any(user, now=now)
        audit.record(actor=actor, verb="reset_second_factor", target_pid="", now=now, detail={"account": user.pk})
        who = actor.get_username() if actor is not None else SOFTWARE
        text = _("The administrator %(who)s reset the second factor of %(account)s, who is a steward.")
        tell_of_account(user, text % {"who": who, "account": user.get_username()}, now=now)


def _hold(user: User) -> None:
    """Let one change of an account's factors wait for the other."""
    user.second_factor_since = User.objects.select_for_update().get(pk=user.pk).second_factor_since


def _note_whether_any(user: User, *, now: datetime, is_taken_away: bool = False) -> None:
    has_any = any(model.objects.filter(user=user).exists() for model in (AuthenticatorApp, SecurityKey, RecoveryCode))
    if is_taken_away and not has_any and proof.is_required():
        raise LastOne
    user.second_factor_since = (user.second_factor_since or now) if has_any else None
    User.objects.filter(pk=user.pk).update(second_factor_since=user.second_factor_since)


def _record(user: User, verb: str, *, now: datetime, **detail: object) -> None:
    audit.record(actor=user, verb=verb, target_pid="", now=now, detail=detail)
