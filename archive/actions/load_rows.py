"""Create many items at once, each as `create_item` would: the rows of a table that were checked."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db import transaction

from access import audit
from access.models import AccessRule, User
from access.policy import Policy
from archive import companions, statements, visibility
from archive.actions.access_rights import require_apply_of
from archive.actions.attach_file import attach_file
from archive.actions.create_item import columns_of
from archive.actions.errors import ActionRefused
from archive.actions.move_item import publish_item
from archive.actions.permissions import require
from archive.history import recording, snapshots
from archive.loading.rows import Ready
from archive.models import FileRole, Item, ItemAgent, ItemFile, ItemPlace, ItemState, Revision, RightsStatement
from archive.search import indexing
from media_pipeline import intakes

# Ties that have no columns of their own beside their two ends.
_TIES = ("peoples", "subjects", "collections", "communities")


@dataclass
class Shared:
    """What the rows of one table share, fetched once: statements of rights by address, and rules. Good for one run of one person."""

    actor: User | None
    now: datetime
    rights: dict[str, RightsStatement | None] = field(default_factory=dict)
    rules: dict[Policy, tuple[AccessRule, AccessRule]] = field(default_factory=dict)

    def statement(self, uri: str) -> RightsStatement | None:
        if uri not in self.rights:
            self.rights[uri] = statements.statement_of(uri)
        return self.rights[uri]

    def rules_of(self, access: Policy) -> tuple[AccessRule, AccessRule]:
        """Return the rule that was chosen and the effective one of a draft under it. Raises ActionRefused("protocol_not_yours")."""
        if access not in self.rules:
            require_apply_of(access, actor=self.actor, now=self.now, create=True)
            effective = visibility.of_item(access, ItemState.DRAFT)
            self.rules[access] = (AccessRule.objects.intern(access), AccessRule.objects.intern(effective))
        return self.rules[access]


@dataclass(frozen=True)
class Loaded:
    """One row's new item. `refused`: the code for which it was not published, where that was asked for."""

    row: int
    item: Item
    files: tuple[ItemFile, ...] = ()
    refused: str = ""


def load_rows(rows: Sequence[Ready], *, shared: Shared, source: str, publish: bool = False) -> list[Loaded]:
    """Write new drafts with all that belongs to them in one transaction: ties, files, search entries, revisions, and for each an entry of
    the log, which says of which table (`source`: what its content is called) and row it is. With `publish` each is published, where it may.

    Raises NotAllowed, ActionRefused("protocol_not_yours"), OSError for a file that is gone, IntegrityError when somebody took a number
    meanwhile: then nothing is written. About fifteen statements a few dozen rows, and some fifty more for each file and each publication.
    """
    require(shared.actor, "archive.add_item")
    with transaction.atomic():
        items = Item.objects.bulk_create([_item(row, shared) for row in rows])
        pairs = list(zip(items, rows, strict=True))
        for name in _TIES:
            _tie(name, pairs)
        credits = _written(pairs, ItemAgent, _credits)
        located = _written(pairs, ItemPlace, _located)
        _hold(pairs, credits, located)
        indexing.add(items)
        details = {item.pid: {"table": source, "row": row.row} for item, row in pairs}
        audit.record_many(actor=shared.actor, verb="create_item", details=details, now=shared.now)
        _record(pairs, credits, located, shared)
        return [_completed(item, row, shared, publish=publish) for item, row in pairs]


def _item(row: Ready, shared: Shared) -> Item:
    chosen, effective = shared.rules_of(row.access)
    return Item(
        **columns_of(row.description, shared.statement(row.description.rights_uri)),
        pid=row.pid,
        date_first=row.first,
        date_last=row.last,
        chosen_rule=chosen,
        effective_rule=effective,
        created_at=shared.now,
        modified_at=shared.now,
    )


_Pairs = Sequence[tuple[Item, Ready]]


def _tie(name: str, pairs: _Pairs) -> None:
    relation = Item._meta.get_field(name)
    through: Any = relation.remote_field.through  # type: ignore[union-attr]  # a many-to-many; Any: a model made by Django
    other: str = relation.m2m_reverse_field_name()  # type: ignore[union-attr]  # as above
    made = [
        through(**{"item_id": item.pk, f"{other}_id": tied.pk}) for item, row in pairs for tied in getattr(row, name)
    ]
    if made:
        through.objects.bulk_create(made)


def _credits(item: Item, row: Ready) -> Iterable[ItemAgent]:
    for position, (agent, role) in enumerate(row.credits):
        yield ItemAgent(item=item, agent=agent, role=role, position=position)


def _located(item: Item, row: Ready) -> Iterable[ItemPlace]:
    for position, one in enumerate(row.located):
        yield ItemPlace(
            item=item,
            place=one.place,
            role=one.role,
            precision=one.precision,
            as_recorded=one.as_recorded,
            position=position,
        )


def _written(
    pairs: _Pairs, model: Any, rows_of: Callable[[Item, Ready], Iterable[Any]]
) -> dict[int, list[Any]]:  # Any: rows of either model
    """Write the rows below each item; return them by its key, in order."""
    made = {item.pk: list(rows_of(item, row)) for item, row in pairs}
    every = [one for rows in made.values() for one in rows]
    if every:
        model.objects.bulk_create(every)
    return made


def _hold(pairs: _Pairs, credits: Mapping[int, list[Any]], located: Mapping[int, list[Any]]) -> None:  # Any: as above
    """Lay what was just written where prefetched rows lie: what makes search entries reads them there, and asks nothing."""
    for item, row in pairs:
        held: dict[str, Any] = {name: getattr(row, name) for name in _TIES}  # Any: rows of many models
        held |= {"credits": credits[item.pk], "located": located[item.pk]}
        item._prefetched_objects_cache = held  # type: ignore[attr-defined]  # where Django's own prefetching lays them


def _record(
    pairs: _Pairs, credits: Mapping[int, list[Any]], located: Mapping[int, list[Any]], shared: Shared
) -> None:  # Any: as above
    revisions = []
    for item, row in pairs:
        ties = {name: getattr(row, name) for name in _TIES}
        taken = snapshots.of_new_item(item, ties, credits[item.pk], located[item.pk])
        revisions.append(recording.made(item, taken, "create", number=1, actor=shared.actor, now=shared.now))
    Revision.objects.bulk_create(revisions)


def _completed(item: Item, row: Ready, shared: Shared, *, publish: bool) -> Loaded:
    """Attach the files of a row, whose bytes are stored later from where they lie, and publish its item."""
    item._prefetched_objects_cache = {}  # type: ignore[attr-defined]  # as above: what comes now asks the database
    files = []
    for named in row.files:
        intake = intakes.begin_local(named.path, now=shared.now, original_name=named.name)
        guess = companions.guess(named.name)
        role = guess.role if guess.role and named.role == FileRole.MAIN else named.role
        files.append(
            attach_file(
                item, intake, actor=shared.actor, now=shared.now, role=role, language=named.language or guess.language
            )
        )
    refused = ""
    if publish:
        try:
            publish_item(item, actor=shared.actor, now=shared.now)
        except ActionRefused as error:
            refused = error.code
    return Loaded(row.row, item, tuple(files), refused)
