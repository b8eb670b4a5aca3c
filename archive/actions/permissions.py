"""Who may do what. The software itself (`actor` None: a command on the server) may do everything."""

from __future__ import annotations

from access.models import User
from archive.actions.errors import NotAllowed


def require(actor: User | None, permission: str) -> None:
    """Raise NotAllowed unless the actor has the permission, such as `archive.change_item`."""
    if not allows(actor, permission):
        raise NotAllowed


def allows(actor: User | None, permission: str) -> bool:
    """Return whether the actor has the permission."""
    return actor is None or (actor.is_active and actor.is_staff and actor.has_perm(permission))
