"""Something that somebody told of an item, beside the item's form: read, written into the record, and named there as where it came from."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _

from access.requests import viewer_of
from archive import contributions
from archive.actions.contribute import take_over
from archive.actions.errors import ActionRefused
from archive.admin.base import actor_of, decider_of
from archive.contributions import ContributionRefused
from archive.models import Contribution, Item

ASKED = "told"  # in the query of the form's address, which the form keeps when it is sent


@dataclass(frozen=True)
class Origin:
    """What is taken over. `reason` goes into the history of the item: the number, and not the words."""

    told: Contribution

    @property
    def reason(self) -> str:
        return _("Told by somebody who knows it: %(number)s") % {"number": self.told.pid}


def origin_of(request: HttpRequest, item: Item) -> Origin | None:
    """Return what the address of the form names, if this person looks after it, it is of this item and may be taken over. At most
    twelve queries; none for an address that names nothing."""
    asked = request.GET.get(ASKED, "")[:11]
    if not asked:
        return None
    mine = contributions.inbox(decider_of(request), viewer_of(request))
    told = mine.filter(pid=asked, item=item).first()
    return Origin(told) if told is not None and contributions.may_be_taken_over(told) else None


def note(request: HttpRequest, origin: Origin) -> None:
    """Write down that it was taken over. Call in the transaction that saves the item. Raises ActionRefused("told_settled")."""
    try:
        take_over(origin.told, actor=actor_of(request), now=timezone.now())
    except ContributionRefused as error:
        raise ActionRefused("told_settled") from error
