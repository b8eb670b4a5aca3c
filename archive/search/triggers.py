"""What writes the log of changes: triggers, so that no way of writing goes around it.

They are installed after every migrate. While SQLite migrates they are away; whatever was migrated then may have changed anything, and the
log begins anew.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.db import connection

from archive import row_triggers, ties
from archive.models import (
    Collection,
    Item,
    ItemFile,
    ItemPlace,
    PassageSet,
    People,
    Place,
    PlaceName,
    PlaceParent,
    PlaceSuccession,
    SearchChange,
    SearchEntry,
    SearchLog,
    Subject,
)

# To be raised when a trigger changes: those of another version are replaced.
VERSION = 3
PREFIX = "search_log"
NAMES = "0"  # in place of an item: what headings and places are called, and their addresses
_CHANGES = SearchChange._meta.db_table
_FILES = ItemFile._meta.db_table


@dataclass(frozen=True)
class Watched:
    """A table whose rows tell something of an item: `item` is its column of the item, `columns` are those that matter (empty: the row is
    only made and removed), `closing` those through which less may be seen than before."""

    table: str
    item: str
    columns: tuple[str, ...] = ()
    closing: tuple[str, ...] = ()
    removal_closes: bool = False
    by_master: bool = False  # the item of every file that shows the master in `item`
    by_place: bool = False  # `item` is a place: written with a minus sign, and whoever reads it finds its items (archive.search.placing)


def watched() -> tuple[Watched, ...]:
    """Return every table of which the search knows something."""
    between = [ties.BETWEEN[field] for field in ("peoples", "subjects", "collections", "communities")]
    seen = ("effective_rule_id",)
    shown = ("kind", "languages", "date_first", "date_last", "published_at")
    placed = ("place_id", "precision", "item_id")
    life = ("valid_from", "valid_to")
    turned = ("before_id", "after_id", "on_date", "is_partial")
    shows = ("effective_rule_id", "master_id", "item_id", "language")
    return (
        Watched(Item._meta.db_table, "id", (*seen, *shown), seen, removal_closes=True),
        Watched(SearchEntry._meta.db_table, ties.OF_ITEM, ("titles", "texts", "sort_title", "item_id")),
        Watched(_FILES, ties.OF_ITEM, shows, shows, removal_closes=True),
        Watched(ItemPlace._meta.db_table, ties.OF_ITEM, placed, placed, removal_closes=True),
        Watched(PassageSet._meta.db_table, "master_id", ("prefix", "master_id"), by_master=True),
        Watched(People._meta.db_table, NAMES, ("slug", "names", "variants", "hidden_variants")),
        *(Watched(one._meta.db_table, NAMES, ("slug", "names", "variants")) for one in (Subject, Collection)),
        Watched(Place._meta.db_table, NAMES, ("precision", "slug", "kind", "latitude", "longitude")),
        Watched(Place._meta.db_table, "id", ("precision", "kind", *life), ("precision",), by_place=True),
        Watched(PlaceParent._meta.db_table, "child_id", ("child_id", "parent_id", *life), by_place=True),
        *(Watched(PlaceSuccession._meta.db_table, end, turned, by_place=True) for end in ("before_id", "after_id")),
        Watched(PlaceName._meta.db_table, NAMES, ("text", "kind", "place_id", "lang", "valid_from", "valid_to")),
        *(Watched(one.table, ties.OF_ITEM, (ties.OF_ITEM, one.key)) for one in between),
    )


def install() -> None:
    """Make the triggers that are not there as they should be, and the row of the log. Two queries when all are."""
    SearchLog.objects.get_or_create(pk=1)
    wanted = statements()
    there = row_triggers.there(PREFIX)
    if set(there) == set(wanted):
        return
    remove()
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(_FUNCTION)
        for statement in wanted.values():
            cursor.execute(statement)


def remove() -> None:
    """Take away all triggers of the log, those of other versions too."""
    row_triggers.remove(PREFIX)


def missing() -> list[str]:
    """Return the names of triggers that should be there and are not. One query."""
    return row_triggers.missing(PREFIX, statements())


def begin_anew() -> None:
    """Forget the log: every index is made anew. For when rows came in whose changes it does not hold."""
    SearchLog.objects.update_or_create(pk=1, defaults={"epoch": uuid.uuid4()})


def before_migrate(*, plan: Any = (), **_kwargs: Any) -> None:  # Any: Django passes its own
    """Take the triggers out of SQLite's way where something is going to be migrated."""
    row_triggers.step_aside(PREFIX, plan=plan)


def after_migrate(*, plan: Any = (), **_kwargs: Any) -> None:  # Any: as above
    """Install the triggers where the tables are there as this version has them."""
    if not row_triggers.have_tables([SearchLog._meta.db_table, _CHANGES, *(one.table for one in watched())]):
        return
    install()
    if plan and connection.vendor == "sqlite":
        begin_anew()


def statements() -> dict[str, str]:
    """Return the statement of each trigger by its name."""
    make = _on_postgresql if connection.vendor == "postgresql" else _on_sqlite
    return {name: statement for one in watched() for name, statement in make(one)}


def _name(one: Watched, event: str) -> str:
    return f"{PREFIX}_{VERSION}_{one.table}{f'_{one.item}' if one.by_place else ''}_{event}"


def _events(one: Watched) -> Iterator[tuple[str, str, str, str]]:
    """Yield each event with its rows, a condition, and the expression of `closes`."""
    never, always = ("FALSE", "TRUE") if connection.vendor == "postgresql" else ("0", "1")
    yield "insert", "NEW", "", never
    yield "delete", "OLD", "", always if one.removal_closes else never
    if one.columns:
        yield "update", "NEW", _differ(one.columns), f"({_differ(one.closing)})" if one.closing else never


def _differ(columns: tuple[str, ...]) -> str:
    # PostgreSQL cannot compare JSON as it stands, only jsonb, which is what Django makes.
    return " OR ".join(f'OLD."{name}" {row_triggers.unlike()} NEW."{name}"' for name in columns)


def _on_sqlite(one: Watched) -> Iterator[tuple[str, str]]:
    for event, row, condition, closes in _events(one):
        moved = row == "NEW" and event == "update"
        rows = [NAMES if one.item == NAMES else f'{row}."{one.item}"'] + (
            [f'OLD."{one.item}"'] if moved and one.item in one.columns else []
        )
        body = "".join(f" {_sqlite_insert(one, value, closes)};" for value in rows)
        of = " OF " + ", ".join(f'"{name}"' for name in one.columns) if moved else ""
        when = f" WHEN {condition}" if condition else ""
        name = _name(one, event)
        yield name, f"CREATE TRIGGER {name} AFTER {event.upper()}{of} ON {one.table}{when} BEGIN{body} END"


def _sqlite_insert(one: Watched, value: str, closes: str) -> str:
    into = f'INSERT INTO {_CHANGES} ("item_pk", "closes", "transaction", "at")'
    now = "strftime('%Y-%m-%d %H:%M:%f', 'now')"
    if one.by_master:
        shown = f'SELECT DISTINCT "item_id", {closes}, 0, {now} FROM {_FILES} WHERE "master_id" = {value}'  # noqa: S608  # our own tables
        return f"{into} {shown}"
    return f"{into} VALUES ({'-' if one.by_place else ''}{value}, {closes}, 0, {now})"


_FUNCTION = f"""
CREATE OR REPLACE FUNCTION {PREFIX}() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_ARGV[0] = 'master' THEN
        INSERT INTO {_CHANGES} (item_pk, closes, transaction, at)
        SELECT DISTINCT item_id, FALSE, pg_current_xact_id()::text::bigint, clock_timestamp() FROM {_FILES}
        WHERE master_id IN (CASE WHEN TG_OP <> 'DELETE' THEN NEW.master_id END,
                            CASE WHEN TG_OP <> 'INSERT' THEN OLD.master_id END);
    ELSIF TG_ARGV[0] = 'place' THEN
        INSERT INTO {_CHANGES} (item_pk, closes, transaction, at)
        SELECT DISTINCT -place, TG_ARGV[1]::boolean, pg_current_xact_id()::text::bigint, clock_timestamp()
        FROM unnest(ARRAY[(to_jsonb(NEW) ->> TG_ARGV[2])::bigint, (to_jsonb(OLD) ->> TG_ARGV[2])::bigint]) AS place
        WHERE place IS NOT NULL;
    ELSIF TG_ARGV[0] = 'names' THEN
        INSERT INTO {_CHANGES} (item_pk, closes, transaction, at)
        VALUES ({NAMES}, FALSE, pg_current_xact_id()::text::bigint, clock_timestamp());
    ELSIF TG_ARGV[0] = 'item' THEN
        INSERT INTO {_CHANGES} (item_pk, closes, transaction, at)
        VALUES (CASE WHEN TG_OP = 'DELETE' THEN OLD.id ELSE NEW.id END, TG_ARGV[1]::boolean,
                pg_current_xact_id()::text::bigint, clock_timestamp());
    ELSE
        IF TG_OP <> 'DELETE' THEN
            INSERT INTO {_CHANGES} (item_pk, closes, transaction, at)
            VALUES (NEW.item_id, TG_ARGV[1]::boolean, pg_current_xact_id()::text::bigint, clock_timestamp());
        END IF;
        IF TG_OP = 'DELETE' OR (TG_OP = 'UPDATE' AND OLD.item_id <> NEW.item_id) THEN
            INSERT INTO {_CHANGES} (item_pk, closes, transaction, at)
            VALUES (OLD.item_id, TG_ARGV[1]::boolean, pg_current_xact_id()::text::bigint, clock_timestamp());
        END IF;
    END IF;
    RETURN NULL;
END $$"""  # noqa: S608  # names of our own tables


def _kind(one: Watched) -> str:
    """Return what the function of PostgreSQL's triggers is told of a table."""
    if one.by_place or one.by_master:
        return "place" if one.by_place else "master"
    return {NAMES: "names", "id": "item"}.get(one.item, "part")


def _on_postgresql(one: Watched) -> Iterator[tuple[str, str]]:
    kind = _kind(one)
    for event, _row, condition, closes in _events(one):
        # An update that closes and one that does not are two triggers: an argument is a constant.
        variants = [(event, condition, closes.lower())]
        if event == "update" and one.closing:
            shut = _differ(one.closing)
            variants = [("shut", shut, "true"), (event, f"({condition}) AND NOT ({shut})", "false")]
        for suffix, when, argument in variants:
            of = " OF " + ", ".join(f'"{name}"' for name in one.columns) if event == "update" else ""
            name = _name(one, suffix)
            yield (
                name,
                f"CREATE TRIGGER {name} AFTER {event.upper()}{of} ON {one.table} FOR EACH ROW"
                + (f" WHEN ({when})" if when else "")
                + f" EXECUTE FUNCTION {PREFIX}('{kind}', '{argument}', '{one.item}')",
            )
