"""What tells harvesting that a record may have changed: triggers, so that no way of writing goes around it.

They watch whatever a record tells: items and files with their rules, whose they are, what they are tied to, and what headings, places and
rights are called. They are made anew after every migrate. While SQLite migrates they are away, since it makes tables anew and stumbles
over triggers that name one which is gone for a moment; whatever was migrated then may have changed anything, and is looked at again.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.db import connection

from access.models import Community
from archive.models import (
    Agent,
    Collection,
    Item,
    ItemAgent,
    ItemFile,
    ItemPlace,
    ItemRelation,
    Label,
    People,
    Place,
    PlaceName,
    PlaceParent,
    RightsStatement,
    Subject,
)
from interop.oai.models import HarvestWaiting

PREFIX = "oai_news"
_ITEM, _RELATION, _LOCATED = (one._meta.db_table for one in (Item, ItemRelation, ItemPlace))
_PARENTS = PlaceParent._meta.db_table
_WAITING = HarvestWaiting._meta.db_table
_LEVELS = 3  # of administration above a village
_HEADING = ("slug", "names")


@dataclass(frozen=True)
class Watched:
    """One table: `items` selects the keys of the items whose records tell of a row, with {row} for NEW or OLD. `columns` are those that
    matter when a row is changed (empty: any); `is_only_changed`: a new or removed row of it stands in no record."""

    name: str
    table: str
    items: str
    columns: tuple[str, ...] = ()
    is_only_changed: bool = False


def watched() -> Iterator[Watched]:
    """Yield every table that records tell of."""
    yield Watched("item", _ITEM, "SELECT {row}.id")
    tied = f"SELECT other_id FROM {_RELATION} WHERE item_id = {{row}}.id UNION SELECT item_id FROM {_RELATION} WHERE other_id = {{row}}.id"  # noqa: S608  # names of our own tables
    yield Watched("tied", _ITEM, tied, ("effective_rule_id", "state", "titles"), is_only_changed=True)
    for name, model in (("file", ItemFile), ("credit", ItemAgent), ("located", ItemPlace)):
        yield Watched(name, model._meta.db_table, "SELECT {row}.item_id")
    yield Watched("relation", _RELATION, "SELECT {row}.item_id UNION SELECT {row}.other_id")
    for field in ("peoples", "subjects", "collections", "communities", "labels"):
        yield Watched(f"in_{field}", _through(field), "SELECT {row}.item_id")
    yield from _headings()
    yield from _places()


def _headings() -> Iterator[Watched]:
    peoples = _through("peoples")
    of_people = (
        f"SELECT item_id FROM {peoples} WHERE people_id = {{row}}.id UNION SELECT item_id FROM {peoples} WHERE people_id IN "  # noqa: S608  # as above
        f"(SELECT id FROM {People._meta.db_table} WHERE parent_id = {{row}}.id)"
    )
    yield Watched("people", People._meta.db_table, of_people, (*_HEADING, "parent_id"), is_only_changed=True)
    told = (*_HEADING, "name_is_withheld", "shown_as", "kind", "born_edtf", "died_edtf")
    of_agent = f"SELECT item_id FROM {ItemAgent._meta.db_table} WHERE agent_id = {{row}}.id"  # noqa: S608  # as above
    yield Watched("agent", Agent._meta.db_table, of_agent, told, is_only_changed=True)
    for model, field, key, columns in (
        (Subject, "subjects", "subject_id", (*_HEADING, "scheme", "notation")),
        (Collection, "collections", "collection_id", (*_HEADING, "parent_id")),
        (Community, "communities", "community_id", ("name",)),
        (Label, "labels", "label_id", ("kind", "title", "language", "project_address", "community_id")),
    ):
        items = f"SELECT item_id FROM {_through(field)} WHERE {key} = {{row}}.id"  # noqa: S608  # as above
        yield Watched(field, model._meta.db_table, items, columns, is_only_changed=True)
    of_rights = f"SELECT id FROM {_ITEM} WHERE rights_id = {{row}}.id"  # noqa: S608  # as above
    yield Watched(
        "rights", RightsStatement._meta.db_table, of_rights, ("uri", "names", "notes", "family"), is_only_changed=True
    )


def _places() -> Iterator[Watched]:
    told = ("slug", "kind", "precision", "latitude", "longitude")
    yield Watched("place", Place._meta.db_table, _items_within("{row}.id"), told, is_only_changed=True)
    yield Watched("place_name", PlaceName._meta.db_table, _items_within("{row}.place_id"))
    yield Watched("place_parent", _PARENTS, _items_within("{row}.child_id"))


def _items_within(place: str) -> str:
    """Return the items at a place and in what lies within it: of a place that is kept back the one around it is named."""
    within, found = place, []
    for _level in range(_LEVELS + 1):
        found.append(f"SELECT item_id FROM {_LOCATED} WHERE place_id IN ({within})")  # noqa: S608  # as above
        within = f"SELECT child_id FROM {_PARENTS} WHERE parent_id IN ({within})"  # noqa: S608  # as above
    return " UNION ".join(found)


def _through(field: str) -> str:
    return str(getattr(Item, field).through._meta.db_table)


def install() -> None:
    """Make all triggers anew."""
    remove()
    with connection.cursor() as cursor:
        for statement in statements():
            cursor.execute(statement)


def remove() -> None:
    """Take away all triggers of harvesting."""
    with connection.cursor() as cursor:
        for name, table in _there().items():
            where = f" ON {table}" if connection.vendor == "postgresql" else ""
            cursor.execute(f"DROP TRIGGER IF EXISTS {name}{where}")


def missing() -> list[str]:
    """Return the names of triggers that should be there and are not. One query."""
    return sorted({name for name, _table, _sql in _wanted()} - set(_there()))


def look_at_everything() -> None:
    """Let every item be looked at again: for when changes may have gone by unseen. Two statements, however many items there are."""
    with connection.cursor() as cursor:
        cursor.execute(f"DELETE FROM {_WAITING}")  # noqa: S608  # as above
        cursor.execute(f"INSERT INTO {_WAITING} (item_key) SELECT id FROM {_ITEM}")  # noqa: S608  # as above
        # And what was announced and is there no more.
        cursor.execute(
            f"INSERT INTO {_WAITING} (item_key) SELECT item_key FROM interop_oai_harvestrecord "  # noqa: S608  # as above
            f"WHERE is_deleted = %s AND item_key NOT IN (SELECT id FROM {_ITEM})",
            [False],
        )


def before_migrate(*, plan: Any = (), **_kwargs: Any) -> None:  # Any: Django passes its own
    """Take the triggers out of SQLite's way where something is going to be migrated."""
    if plan and connection.vendor == "sqlite":
        remove()


def after_migrate(*, plan: Any = (), **_kwargs: Any) -> None:  # Any: as above
    """Install the triggers where the tables are as this version has them: not halfway back in time."""
    if not {_WAITING, *(one.table for one in watched())} <= set(connection.introspection.table_names()):
        return
    install()
    if plan:
        look_at_everything()


def statements() -> Iterator[str]:
    """Yield what makes the triggers, in the words of this database."""
    for _name, _table, sql in _wanted():
        yield from sql


def _wanted() -> Iterator[tuple[str, str, tuple[str, ...]]]:
    """Yield (name, table, statements) of every trigger."""
    is_postgres = connection.vendor == "postgresql"
    for one in watched():
        events = ("UPDATE",) if one.is_only_changed else ("INSERT", "UPDATE", "DELETE")
        for event in events:
            name = f"{PREFIX}_{one.name}_{event.lower()}"
            rows = {"INSERT": ("NEW",), "UPDATE": ("OLD", "NEW"), "DELETE": ("OLD",)}[event]
            differs = "IS DISTINCT FROM" if is_postgres else "IS NOT"
            when = (
                " OR ".join(f"OLD.{column} {differs} NEW.{column}" for column in one.columns)
                if event == "UPDATE"
                else ""
            )
            condition = f" WHEN ({when})" if when else ""
            selected = " UNION ".join(one.items.format(row=row) for row in rows)
            insert = f"INSERT INTO {_WAITING} (item_key) {selected};"  # as above
            head = f"AFTER {event} ON {one.table} FOR EACH ROW{condition}"
            if is_postgres:
                function = f"CREATE OR REPLACE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN {insert} RETURN NULL; END $$"
                yield name, one.table, (function, f"CREATE TRIGGER {name} {head} EXECUTE FUNCTION {name}()")
            else:
                yield name, one.table, (f"CREATE TRIGGER {name} {head} BEGIN {insert} END",)


def _there() -> dict[str, str]:
    """Return the triggers of harvesting that the database has, with their tables. One query."""
    query = (
        "SELECT tgname, tgrelid::regclass::text FROM pg_trigger WHERE NOT tgisinternal AND tgname LIKE %s"
        if connection.vendor == "postgresql"
        else "SELECT name, tbl_name FROM sqlite_master WHERE type = 'trigger' AND name LIKE %s"
    )
    with connection.cursor() as cursor:
        cursor.execute(query, [f"{PREFIX}%"])
        return dict(cursor.fetchall())
