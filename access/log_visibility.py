"""Which entries of the log a person may read. An app says it for its own verbs when its screens load: access knows no item."""

from __future__ import annotations

from collections.abc import Callable

from django.db.models import Q

from access.models import Community, User
from access.stewardship import stewardship_of
from access.viewer import Viewer

# Who has which account, and whose passwords were guessed at, is the administrator's business and each person's own.
OF_ACCOUNTS = frozenset(
    {
        "add_account",
        "add_authenticator_app",
        "add_security_key",
        "change_account",
        "change_device",
        "change_partner",
        "change_password",
        "delete_account",
        "enrol_device",
        "give_password",
        "make_demo_staff",
        "make_device",
        "make_partner",
        "make_partner_key",
        "pause_enrolment",
        "pause_invitation",
        "pause_reading_list",
        "pause_second_factor",
        "pause_sign_in",
        "print_recovery_codes",
        "remove_authenticator_app",
        "remove_security_key",
        "renew_demo_staff",
        "renew_device_code",
        "reset_second_factor",
        "revoke_device",
        "revoke_partner_key",
        "sign_up",
        "use_recovery_code",
    }
)
# Who belongs to a community is its managers' and stewards' business, and the administrators', who answer for the accounts.
OF_COMMUNITIES = frozenset(
    {
        "make_community",
        "change_community",
        "make_protocol",
        "change_protocol",
        "lock_protocol",
        "unlock_protocol",
        "add_member",
        "change_member",
        "end_member",
        "block_member",
        "unblock_member",
        "appoint",
        "change_role",
        "end_role",
        "invite",
        "withdraw_invitation",
        "redeem_invitation",
    }
)
# What concerns no single thing, for administrators.
OF_THE_WHOLE = {"backup", "restore", "erase_old_contacts"}
READABLE: list[Callable[[Viewer], Q]] = []


def readable(user: User, viewer: Viewer) -> Q:
    """Return the condition on entries. One that nobody speaks for is read by no one: it is still in the table."""
    allowed = Q(verb__in=OF_ACCOUNTS, actor=user)
    if user.is_staff and user.is_superuser:
        allowed |= Q(verb__in=OF_ACCOUNTS | OF_COMMUNITIES) | Q(verb__in=OF_THE_WHOLE)
    elif own := stewardship_of(user, now=viewer.decided_at):
        communities = Community.objects.filter(pk__in=own.communities).values_list("pid", flat=True)
        allowed |= Q(verb__in=OF_COMMUNITIES, target_pid__in=[*communities, *own.protocols])
    for of_app in READABLE:
        allowed |= of_app(viewer)
    return allowed
