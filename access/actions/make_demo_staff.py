"""Make the account with which a trial is tried."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from access import audit
from access.codes import new_code
from access.models import User

USERNAME = "thuthu"

GROUPS, GROUP_LENGTH = 4, 4


def one_time_password() -> str:
    """Four groups of four letters or digits, read from a terminal and typed once: 79 bits."""
    return new_code(groups=GROUPS, letters=GROUP_LENGTH)


def make_demo_staff(*, now: datetime, renew: bool = False) -> str | None:
    """The new one-time password, to be shown once and changed at the first sign-in; None when the account is there.

    With `renew` an account that is there gets a new one-time password, for whoever lost the first.
    """
    with transaction.atomic():
        user, created = User.objects.select_for_update().get_or_create(
            username=USERNAME, defaults={"is_staff": True, "is_superuser": True, "must_change_password": True}
        )
        if not created and not renew:
            return None
        password = one_time_password()
        user.set_password(password)
        user.must_change_password = True
        user.save(update_fields=["password", "must_change_password"])
        audit.record(actor=None, verb="make_demo_staff" if created else "renew_demo_staff", target_pid="", now=now)
    return password
