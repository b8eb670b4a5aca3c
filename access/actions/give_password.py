"""Give an account a one-time password."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from access import audit
from access.actions.errors import ActionRefused
from access.actions.make_demo_staff import one_time_password
from access.actions.notices import tell_of_account
from access.models import Partner, User


def give_password(user: User, *, actor: User | None, now: datetime) -> str:
    """Return the new one-time password, to be handed over and changed at the next sign-in. It ends every session of the account.

    Raises ActionRefused("of_partner"): nobody signs in with the account of a partner's programs.
    """
    if Partner.objects.filter(account=user).exists():
        raise ActionRefused("of_partner")
    password = one_time_password()
    with transaction.atomic():
        user.set_password(password)
        user.must_change_password = True
        user.save(update_fields=["password", "must_change_password"])
        audit.record(actor=actor, verb="give_password", target_pid="", now=now, detail={"account": user.pk})
        if actor is not None and actor.pk != user.pk:
            text = _("The administrator %(who)s gave %(account)s, who is a steward, a new one-time password.")
            tell_of_account(user, text % {"who": actor.get_username(), "account": user.get_username()}, now=now)
    return password
