"""The buttons that move an item between its states."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext as _

from access.models import User
from archive.actions.move_item import MOVES
from archive.models import Item, ItemState


@dataclass(frozen=True)
class Move:
    """One button: the state it leads to and what it says."""

    state: str
    label: str
    css: str = ""


def moves_for(item: Item, user: User) -> list[Move]:
    """Return the moves that this person may make with an item in this state, the main one first."""
    open_to = [state for state, (sources, right) in MOVES.items() if item.state in sources and user.has_perm(right)]
    labels = {
        ItemState.PUBLISHED: (_("Save and publish"), "main"),
        ItemState.IN_REVIEW: (_("Save and submit for review"), ""),
        ItemState.WITHDRAWN: (_("Withdraw from readers"), "careful"),
        ItemState.DRAFT: (_("Send back to draft"), ""),
        ItemState.EDITS_NEEDED: (_("Ask for edits"), ""),
    }
    order = [ItemState.PUBLISHED, ItemState.IN_REVIEW, ItemState.EDITS_NEEDED, ItemState.DRAFT, ItemState.WITHDRAWN]
    return [Move(state.value, *labels[state]) for state in order if state in open_to]


def done(item: Item) -> str:
    """Return the sentence that says where an item stands now."""
    match item.state:
        case ItemState.PUBLISHED:
            return _("Published. Who may see it: %(rule)s.") % {"rule": item.effective_rule}
        case ItemState.IN_REVIEW:
            return _("Submitted for review. Somebody who may publish finds it on the start page.")
        case ItemState.EDITS_NEEDED:
            return _("Sent back: edits are needed.")
        case ItemState.WITHDRAWN:
            return _("Withdrawn. Readers do not see it any more.")
        case _:
            return _("It is a draft again.")
