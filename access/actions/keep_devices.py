"""Make, enrol and revoke machines of reading rooms and reading points."""

from __future__ import annotations

import secrets
from datetime import datetime, timedelta

from django.db import transaction

from access import audit, codes
from access.devices import digest, live
from access.models import Device, User

CODE_HOLDS = timedelta(days=1)
CODE_GROUPS, CODE_LETTERS = 3, 4  # 59 bits, for a day
TOKEN_BYTES = 32


class MayNot(Exception):
    """The person has no right to look after devices."""


class WrongCode(Exception):
    """No device waits for this code: it is mistyped, too old, or was used."""


def make_device(device: Device, *, actor: User, now: datetime) -> str:
    """Save a new device and return its enrolment code, to be shown once. Raises MayNot."""
    _check(actor, "access.add_device")
    with transaction.atomic():
        device.made_by = actor
        code = _give_code(device, now=now)
        device.save()
        _record(device, "make_device", actor=actor, now=now, after=_facts(device))
    return code


def change_device(device: Device, *, actor: User, now: datetime) -> None:
    """Save what was changed: name, end, minutes. Raises MayNot."""
    _check(actor, "access.change_device")
    with transaction.atomic():
        before = _facts(Device.objects.select_for_update().get(pk=device.pk))
        device.save(update_fields=["name", "valid_until", "idle_minutes"])
        _record(device, "change_device", actor=actor, now=now, before=before, after=_facts(device))


def renew_code(device: Device, *, actor: User, now: datetime) -> str:
    """Return a new enrolment code. The machine that is enrolled goes on until the code is used. Raises MayNot."""
    _check(actor, "access.change_device")
    with transaction.atomic():
        code = _give_code(device, now=now)
        device.revoked_at = None
        device.save(update_fields=["code_digest", "code_valid_until", "revoked_at"])
        _record(device, "renew_device_code", actor=actor, now=now)
    return code


def revoke_device(device: Device, *, actor: User, now: datetime) -> None:
    """End a device at once: its machine is like any other with the next request. Raises MayNot."""
    _check(actor, "access.change_device")
    with transaction.atomic():
        device.revoked_at = now
        device.token_digest = device.code_digest = ""
        device.save(update_fields=["revoked_at", "token_digest", "code_digest"])
        _record(device, "revoke_device", actor=actor, now=now)


def enrol_device(typed: str, *, now: datetime) -> tuple[Device, str]:
    """Return the device and the token that its machine keeps; the code is used up, and a machine that held a token before is none any more.

    Raises WrongCode.
    """
    with transaction.atomic():
        waiting = Device.objects.select_for_update().filter(live(now), code_valid_until__gt=now)
        device = waiting.filter(code_digest=digest(codes.plain(typed))).first()
        if device is None:
            raise WrongCode
        token = secrets.token_urlsafe(TOKEN_BYTES)
        device.token_digest, device.code_digest, device.enrolled_at = digest(token), "", now
        device.save(update_fields=["token_digest", "code_digest", "enrolled_at"])
        _record(device, "enrol_device", actor=None, now=now)
    return device, token


def _give_code(device: Device, *, now: datetime) -> str:
    code = codes.new_code(groups=CODE_GROUPS, letters=CODE_LETTERS)
    device.code_digest, device.code_valid_until = digest(codes.plain(code)), now + CODE_HOLDS
    return code


def _check(actor: User, permission: str) -> None:
    if not (actor.is_active and actor.is_staff and actor.has_perm(permission)):
        raise MayNot


def _facts(device: Device) -> dict[str, object]:
    until = device.valid_until
    return {"valid_until": until.isoformat() if until else None, "idle_minutes": device.idle_minutes}


def _record(device: Device, verb: str, *, actor: User | None, now: datetime, **what: dict[str, object]) -> None:
    audit.record(
        actor=actor, verb=verb, target_pid=device.pid, now=now, before=what.get("before"), after=what.get("after")
    )
