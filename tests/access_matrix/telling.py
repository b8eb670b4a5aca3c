"""What was told of each thing in the matrix: something that is shown with it, and something that waits, each full of planted words."""

from __future__ import annotations

from access.models import Protocol
from archive.contributions import digest
from archive.models import Contribution, Item
from tests.access_matrix import people
from tests.access_matrix.communities import ALL_PROTOCOLS, LOCKED, OF_A
from tests.access_matrix.kinds import Kind
from tests.access_matrix.planted import word
from tests.access_matrix.world import NOW

# On the page of the thing, for who sees it; and for those alone who look after what was told.
SHOWN = ("told text", "told name")
PRIVATE = ("told waiting", "told waiting name", "told contact", "told question", "told reply")


def tell(item: Item, kind: Kind) -> None:
    """Let two people tell of an item: one was taken up, one waits."""

    def said(name: str) -> str:
        return word(kind.name, name)

    shown = Contribution.objects.create(
        item=item,
        subject="person",
        text=said("told text"),
        giver_name=said("told name"),
        contact=said("told contact"),
        question=said("told question"),
        reply=said("told reply"),
        consent="named",
        consented_at=NOW,
        state="accepted",
        decided_at=NOW,
        code_digest=digest(said("told code")),
    )
    waiting = Contribution.objects.create(
        item=item,
        subject="song",
        text=said("told waiting"),
        giver_name=said("told waiting name"),
        contact=said("told contact"),
        consent="named",
        consented_at=NOW,
        code_digest=digest(said("told waiting code")),
    )
    for row in (shown, waiting):
        row.protocols.set(Protocol.objects.filter(pid__in=kind.protocols))


def told_pk(kind: Kind) -> int:
    """Return the key of what waits."""
    return Contribution.objects.get(code_digest=digest(word(kind.name, "told waiting code"))).pk


def read_by(kind: Kind) -> frozenset[str]:
    """Return who finds it at the desk: stewards of what closes the thing, or staff who see it where no protocol does."""
    if not kind.protocols & ALL_PROTOCOLS:
        return people.STAFF & kind.seen_by
    return frozenset({people.STEWARD_A}) if kind.protocols & {OF_A, LOCKED} else people.NO_ONE
