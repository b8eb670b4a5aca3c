"""Who may move what where: one pure rule, asked by the action that moves and by the buttons that offer it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from archive.models.item import ItemState

EDIT, REVIEW, PUBLISH = "archive.change_item", "archive.review_item", "archive.publish_item"

# To where: from which states one may come, and what right it takes.
MOVES: Mapping[str, tuple[frozenset[str], str]] = {
    ItemState.IN_REVIEW: (frozenset({ItemState.DRAFT, ItemState.EDITS_NEEDED}), EDIT),
    ItemState.EDITS_NEEDED: (frozenset({ItemState.IN_REVIEW}), REVIEW),
    ItemState.PUBLISHED: (
        frozenset({ItemState.DRAFT, ItemState.IN_REVIEW, ItemState.EDITS_NEEDED, ItemState.WITHDRAWN}),
        PUBLISH,
    ),
    ItemState.WITHDRAWN: (frozenset({ItemState.PUBLISHED}), PUBLISH),
    ItemState.DRAFT: (frozenset({ItemState.IN_REVIEW, ItemState.EDITS_NEEDED, ItemState.WITHDRAWN}), EDIT),
}
# What somebody else has to act on, or was told of: it says why.
ASK_WHY = frozenset({ItemState.EDITS_NEEDED.value, ItemState.WITHDRAWN.value})


@dataclass(frozen=True)
class Mover:
    """Who moves. `key` is the account's, None of the software itself: a command on the server may make every move there is."""

    key: int | None
    may: Callable[[str], bool]

    @property
    def is_software(self) -> bool:
        return self.key is None


def refusal(mover: Mover, *, at: str, to: str, submitted_by: int | None, two_pairs_of_eyes: bool) -> str | None:
    """Return why an item in the state `at` does not move `to` by this hand: a code of ActionRefused, or None where it does.

    With two pairs of eyes, what is published was sent to review by somebody, and looked at by somebody else.
    """
    sources, right = MOVES[to]
    if not mover.may(right):
        return "not_allowed"
    if at not in sources:
        return "wrong_state"
    if to == ItemState.PUBLISHED and two_pairs_of_eyes and not mover.is_software:
        if at != ItemState.IN_REVIEW:
            return "unreviewed"
        if mover.key == submitted_by:
            return "own_submission"
    return None


def words_refusal(mover: Mover, *, at: str, two_pairs_of_eyes: bool) -> str | None:
    """Return why this hand does not change the words of an item in the state `at`. With two pairs of eyes, what readers read is changed
    by those only who may publish: else a second pair would see the first version and none of the later ones."""
    if at == ItemState.PUBLISHED and two_pairs_of_eyes and not mover.is_software and not mover.may(PUBLISH):
        return "published_words"
    return None
