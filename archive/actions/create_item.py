"""Create an item."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, fields
from datetime import datetime
from typing import Any

from django.db import transaction

from access import audit, policy
from access.models import AccessRule, User
from access.policy import Policy
from archive import dates, statements, visibility
from archive.actions.access_rights import require_apply_of
from archive.actions.permissions import require
from archive.history import recording
from archive.languages import LangValue
from archive.models import Item, RightsStatement
from archive.search import indexing


@dataclass(frozen=True)
class Description:
    """What an item says of itself, without its relations. Dates are EDTF. Each field is the item's column of that name."""

    kind: str
    titles: Sequence[LangValue]
    identifier: str | None = None
    descriptions: Sequence[LangValue] = ()
    languages: Sequence[str] = ()
    date_edtf: str = ""
    rights_uri: str = ""
    template: str = ""
    own_values: Mapping[str, object] = field(default_factory=dict)
    alternative_titles: Sequence[LangValue] = ()
    contents: Sequence[LangValue] = ()
    extents: Sequence[LangValue] = ()
    mediums: Sequence[LangValue] = ()
    provenances: Sequence[LangValue] = ()
    sources: Sequence[LangValue] = ()
    orthography_notes: Sequence[LangValue] = ()
    other_identifiers: Sequence[Mapping[str, str]] = ()
    date_as_written: str = ""
    issued_edtf: str = ""
    issued_as_written: str = ""
    period_edtf: str = ""
    period_as_written: str = ""
    rights_holders: Sequence[LangValue] = ()
    rights_note: str = ""
    rights_statements: Sequence[LangValue] = ()
    origin_statements: Sequence[LangValue] = ()
    sensitivity_note: str = ""
    restriction_reasons: Sequence[str] = ()
    is_sample: bool = False
    kind_is_guess: bool = False
    depicts_person: bool = False


def create_item(
    description: Description,
    *,
    actor: User | None,
    now: datetime,
    access: Policy = policy.NOBODY,
    relate: Callable[[Item], object] | None = None,
) -> Item:
    """Return a new draft. Raises NotAllowed, ActionRefused("protocol_not_yours"), archive.dates.DateError.

    `relate` ties it to peoples, places and the rest, in the same transaction.

    Without a chosen policy nobody may see it, not even its maker, until somebody who may choose a wider one does. Under a protocol things
    are made by who may apply it and make items there.
    """
    require(actor, "archive.add_item")
    require_apply_of(access, actor=actor, now=now, create=True)
    days = dates.read(description.date_edtf)
    with transaction.atomic():
        nobody = AccessRule.objects.nobody()
        item = Item.objects.create(
            **columns_of(description, statements.statement_of(description.rights_uri, is_sample=description.is_sample)),
            date_first=days.first,
            date_last=days.last,
            chosen_rule=AccessRule.objects.intern(access),
            effective_rule=nobody,
            created_at=now,
            modified_at=now,
        )
        visibility.apply(item)
        if relate is not None:
            relate(item)
        indexing.refresh(item)
        audit.record(actor=actor, verb="create_item", target_pid=item.pid, now=now)
        recording.record(item, "create", actor=actor, now=now)
    return item


def columns_of(
    description: Description, rights: RightsStatement | None
) -> dict[str, Any]:  # Any: values of many columns
    """Return the columns of a new item; `rights` is the statement at the description's address."""
    columns = {one.name: getattr(description, one.name) for one in fields(description)}
    for name, value in columns.items():
        if isinstance(value, tuple):
            columns[name] = list(value)
    columns["own_values"] = dict(description.own_values)
    columns["identifier"] = description.identifier or None
    del columns["rights_uri"]
    columns["rights"] = rights
    return columns
