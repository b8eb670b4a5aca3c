"""The buttons that move an item between its states."""

from __future__ import annotations

from dataclasses import dataclass

from django.conf import settings
from django.utils.translation import gettext as _

from access.models import User
from archive import moves
from archive.actions.permissions import mover_of
from archive.models import Item, ItemState

# Where the form asks for the reason of a move.
REASONS: dict[str, str] = {
    ItemState.WITHDRAWN: "_reason",
    ItemState.PUBLISHED: "_consent_reason",
    ItemState.EDITS_NEEDED: "_edits_reason",
    ItemState.IN_REVIEW: "_review_note",
}
ORDER = (
    ItemState.PUBLISHED,
    ItemState.IN_REVIEW,
    ItemState.EDITS_NEEDED,
    ItemState.DRAFT,
    ItemState.WITHDRAWN,
)


@dataclass(frozen=True)
class Move:
    """One button: the state it leads to and what it says. `asks_why` names the field of the reason that it cannot do without."""

    state: str
    label: str
    css: str = ""
    asks_why: str = ""
    why_label: str = ""
    summary: str = ""


def moves_for(item: Item, user: User) -> list[Move]:
    """Return the moves that this person may make with an item in this state, the main one first. No query."""
    open_to = [state for state in ORDER if _refusal(item, state, user) is None]
    shown = {
        ItemState.PUBLISHED: Move(ItemState.PUBLISHED, _("Save and publish"), "main"),
        ItemState.IN_REVIEW: Move(ItemState.IN_REVIEW, _("Save and submit for review")),
        ItemState.DRAFT: Move(ItemState.DRAFT, _("Send back to draft")),
        ItemState.EDITS_NEEDED: Move(
            ItemState.EDITS_NEEDED,
            _("Ask for edits"),
            "edits",
            REASONS[ItemState.EDITS_NEEDED],
            _("What is to be changed"),
            _("Ask for edits…"),
        ),
        ItemState.WITHDRAWN: Move(
            ItemState.WITHDRAWN,
            _("Withdraw from readers"),
            "careful",
            REASONS[ItemState.WITHDRAWN],
            _("Reason, for staff only"),
            _("Withdraw…"),
        ),
    }
    return [shown[state] for state in open_to]


def why_not_published(item: Item, user: User) -> str:
    """Return the code of what keeps somebody who may publish from publishing this item, or an empty text."""
    code = _refusal(item, ItemState.PUBLISHED, user)
    return code if code in {"unreviewed", "own_submission"} else ""


def _refusal(item: Item, state: str, user: User) -> str | None:
    return moves.refusal(
        mover_of(user),
        at=item.state,
        to=state,
        submitted_by=item.submitted_by_id,
        two_pairs_of_eyes=settings.TWO_PAIRS_OF_EYES,
    )


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
