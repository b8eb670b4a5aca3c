"""Create an item."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from access import audit, policy
from access.models import AccessRule, User
from access.policy import Policy
from archive import dates, visibility
from archive.actions.access_rights import require_apply_of
from archive.actions.permissions import require
from archive.languages import LangValue
from archive.models import Item
from archive.search import indexing


@dataclass(frozen=True)
class Description:
    """What an item says of itself, without its relations. Dates are EDTF."""

    kind: str
    titles: Sequence[LangValue]
    identifier: str | None = None
    descriptions: Sequence[LangValue] = ()
    languages: Sequence[str] = ()
    date_edtf: str = ""
    rights_uri: str = ""
    rights_statements: Sequence[LangValue] = ()
    origin_statements: Sequence[LangValue] = ()
    sensitivity_note: str = ""
    restriction_reasons: Sequence[str] = ()
    is_sample: bool = False
    kind_is_guess: bool = False
    depicts_person: bool = False


def create_item(description: Description, *, actor: User | None, now: datetime, access: Policy = policy.NOBODY) -> Item:
    """Return a new draft. Raises NotAllowed, ActionRefused("protocol_not_yours"), archive.dates.DateError.

    Without a chosen policy nobody may see it, not even its maker, until somebody who may choose a wider one does. Under a protocol things
    are made by who may apply it and make items there.
    """
    require(actor, "archive.add_item")
    require_apply_of(access, actor=actor, now=now, create=True)
    days = dates.read(description.date_edtf)
    with transaction.atomic():
        nobody = AccessRule.objects.nobody()
        item = Item.objects.create(
            kind=description.kind,
            kind_is_guess=description.kind_is_guess,
            titles=list(description.titles),
            identifier=description.identifier or None,
            descriptions=list(description.descriptions),
            languages=list(description.languages),
            date_edtf=description.date_edtf,
            date_first=days.first,
            date_last=days.last,
            rights_uri=description.rights_uri,
            rights_statements=list(description.rights_statements),
            origin_statements=list(description.origin_statements),
            sensitivity_note=description.sensitivity_note,
            restriction_reasons=list(description.restriction_reasons),
            is_sample=description.is_sample,
            depicts_person=description.depicts_person,
            chosen_rule=AccessRule.objects.intern(access),
            effective_rule=nobody,
            created_at=now,
            modified_at=now,
        )
        visibility.apply(item)
        indexing.refresh(item)
        audit.record(actor=actor, verb="create_item", target_pid=item.pid, now=now)
    return item
