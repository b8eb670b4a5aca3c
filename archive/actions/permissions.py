"""Who may do what. The software itself (`actor` None: a command on the server) may do everything."""

from __future__ import annotations

from django.conf import settings

from access.models import User
from archive import moves
from archive.actions.errors import ActionRefused, NotAllowed


def require(actor: User | None, permission: str) -> None:
    """Raise NotAllowed unless the actor has the permission, such as `archive.change_item`."""
    if not allows(actor, permission):
        raise NotAllowed


def allows(actor: User | None, permission: str) -> bool:
    """Return whether the actor has the permission."""
    return actor is None or (actor.is_active and actor.is_staff and actor.has_perm(permission))


def mover_of(actor: User | None) -> moves.Mover:
    """Return the actor as the rule of moves knows people."""
    return moves.Mover(key=None if actor is None else actor.pk, may=lambda right: allows(actor, right))


def require_words(state: str, actor: User | None) -> None:
    """Raise ActionRefused("published_words") where this person does not change the words of an item in this state."""
    code = moves.words_refusal(mover_of(actor), at=state, two_pairs_of_eyes=settings.TWO_PAIRS_OF_EYES)
    if code is not None:
        raise ActionRefused(code)
