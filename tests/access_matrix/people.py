"""Who asks, in the matrix."""

from __future__ import annotations

from collections.abc import Mapping

from django.contrib.auth.models import Permission
from django.test import Client

from access.models import User

VISITOR, READER, CATALOGUER, ADMINISTRATOR, SUSPENDED = "visitor", "reader", "cataloguer", "administrator", "suspended"
VIEWERS = (VISITOR, READER, CATALOGUER, ADMINISTRATOR, SUSPENDED)
ANYBODY = frozenset(VIEWERS)
SIGNED_IN = frozenset({READER, CATALOGUER, ADMINISTRATOR})
STAFF = frozenset({CATALOGUER, ADMINISTRATOR})
NO_ONE: frozenset[str] = frozenset()
_DESK = ("archive", "media_pipeline", "access")


def clients() -> Mapping[str, Client]:
    """Return a signed-in client of each viewer. The suspended one signed in while the account was still open."""
    made = {name: Client() for name in VIEWERS}
    made[READER].force_login(User.objects.create_user("matrix-reader"))
    cataloguer = User.objects.create_user("matrix-cataloguer", is_staff=True)
    # Every right of the desk: whatever stays closed to this person is closed by the rule, not for want of a right.
    cataloguer.user_permissions.set(Permission.objects.filter(content_type__app_label__in=_DESK))
    made[CATALOGUER].force_login(cataloguer)
    made[ADMINISTRATOR].force_login(User.objects.create_superuser("matrix-administrator"))
    suspended = User.objects.create_user("matrix-suspended", is_staff=True, is_superuser=True)
    made[SUSPENDED].force_login(suspended)
    User.objects.filter(pk=suspended.pk).update(is_active=False)
    return made


def account(viewer: str) -> User:
    """Return the account of a viewer that `clients` made."""
    return User.objects.get(username=f"matrix-{viewer}")
