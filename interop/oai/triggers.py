"""What tells harvesting that a record may have changed: triggers, so that no way of writing goes around it.

They watch whatever a record tells, here and in the API: items and files with their rules, whose they are, what they are tied to, what
headings, places and rights are called, and what is made of files. They are made anew after every migrate. While SQLite migrates they
are away, since it makes tables anew and stumbles over triggers that name one which is gone for a moment; whatever was migrated then may
have changed anything, and is looked at again.
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
    PlaceSuccession,
    RightsStatement,
    Subject,
)
from archive.whereabouts import LEVELS_MOST
from interop.oai.models import HarvestWaiting
from media_pipeline.models import Derivative, Intake, Master

PREFIX = "oai_news"
_ITEM, _RELATION, _LOCATED = (one._meta.db_table for one in (Item, ItemRelation, ItemPlace))
_PARENTS = PlaceParent._meta.db_table
_PLACE, _CHANGES = Place._meta.db_table, PlaceSuccession._meta.db_table
_WAITING = HarvestWaiting._meta.db_table
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
    yield Watched("tied", _ITEM, tied, ("effective_rule_id", "state", "kind", "titles"), is_only_changed=True)
    for name, model in (("file", ItemFile), ("credit", ItemAgent), ("located", ItemPlace)):
        yield Watched(name, model._meta.db_table, "SELECT {row}.item_id")
    yield Watched("relation", _RELATION, "SELECT {row}.item_id UNION SELECT {row}.other_id")
    for field in ("peoples", "subjects", "collections", "communities", "labels"):
        yield Watched(f"in_{field}", _through(field), "SELECT {row}.item_id")
    yield from _headings()
    yield from _places()
    yield from _bytes()


def _headings() -> Iterator[Watched]:
    peoples = _through("peoples")
    of_people = (
        f"SELECT item_id FROM {peoples} WHERE people_id = {{row}}.id UNION SELECT item_id FROM {peoples} WHERE people_id IN "  # noqa: S608  # as above
        f"(SELECT id FROM {People._meta.db_table} WHERE parent_id = {{row}}.id)"
    )
    yield Watched("people", People._meta.db_table, of_people, (*_HEADING, "codes", "parent_id"), is_only_changed=True)
    told = (*_HEADING, "variants", "notes", "codes", "name_is_withheld", "shown_as", "kind", "born_edtf", "died_edtf")
    of_agent = f"SELECT item_id FROM {ItemAgent._meta.db_table} WHERE agent_id = {{row}}.id"  # noqa: S608  # as above
    yield Watched("agent", Agent._meta.db_table, of_agent, told, is_only_changed=True)
    for model, field, key, columns in (
        (Subject, "subjects", "subject_id", (*_HEADING, "scheme", "notation")),
        (Collection, "collections", "collection_id", (*_HEADING, "parent_id")),
        (Community, "communities", "community_id", ("name", "statements")),
        (Label, "labels", "label_id", ("kind", "title", "language", "project_address", "community_id")),
    ):
        items = f"SELECT item_id FROM {_through(field)} WHERE {key} = {{row}}.id"  # noqa: S608  # as above
        yield Watched(field, model._meta.db_table, items, columns, is_only_changed=True)
    of_rights = f"SELECT id FROM {_ITEM} WHERE rights_id = {{row}}.id"  # noqa: S608  # as above
    yield Watched(
        "rights", RightsStatement._meta.db_table, of_rights, ("uri", "names", "notes", "family"), is_only_changed=True
    )


def _places() -> Iterator[Watched]:
    told = ("slug", "kind", "precision", "latitude", "longitude", "valid_from", "valid_to")
    yield Watched("place", Place._meta.db_table, _items_of("{row}.id"), told, is_only_changed=True)
    yield Watched("place_name", PlaceName._meta.db_table, _items_of("{row}.place_id"))
    yield Watched("place_parent", _PARENTS, _items_of("{row}.child_id"))
    yield Watched("place_change", _CHANGES, _items_of("{row}.before_id, {row}.after_id"))


def _items_of(places: str) -> str:
    """Return the items that tell of a place: those there and in what lies or lay within it, and the same of what any of these became or was
    made of. An item says where its place lies now and where it lay before the units changed."""
    within = " UNION ".join(f"SELECT id FROM {_PLACE} WHERE id IN ({one})" for one in _levels(places))  # noqa: S608  # as above
    turned = (
        f"SELECT before_id FROM {_CHANGES} WHERE after_id IN ({within}) UNION "  # noqa: S608  # as above
        f"SELECT after_id FROM {_CHANGES} WHERE before_id IN ({within})"
    )
    at = (*_levels(places), *_levels(turned))
    return " UNION ".join(f"SELECT item_id FROM {_LOCATED} WHERE place_id IN ({one})" for one in at)  # noqa: S608  # as above


def _levels(places: str) -> Iterator[str]:
    """Yield the places themselves, what lies or lay in them, what in that, and so on. Joined, not within each other: SQLite's parser goes
    only so deep."""
    yield places
    joined = f"{_PARENTS} AS p1"
    for level in range(1, LEVELS_MOST + 1):
        yield f"SELECT p{level}.child_id FROM {joined} WHERE p1.parent_id IN ({places})"  # noqa: S608  # as above
        joined += f" JOIN {_PARENTS} AS p{level + 1} ON p{level + 1}.parent_id = p{level}.child_id"


def _bytes() -> Iterator[Watched]:
    """Yield what the API tells of files besides: what is known of a master, and what was made of it."""
    of_master = f"SELECT item_id FROM {ItemFile._meta.db_table} WHERE master_id = {{row}}.{{key}}"  # noqa: S608  # as above
    known = ("state", "reason_code", "kind", "media_type", "puid", "size_bytes", "sha256")
    masters = of_master.replace("{key}", "id")
    yield Watched("master", Master._meta.db_table, masters, known, is_only_changed=True)
    yield Watched("derivative", Derivative._meta.db_table, of_master.replace("{key}", "master_id"))
    of_intake = f"SELECT item_id FROM {ItemFile._meta.db_table} WHERE intake_id = {{row}}.id"  # noqa: S608  # as above
    yield Watched("intake", Intake._meta.db_table, of_intake, ("state", "reason_code"), is_only_changed=True)


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
