"""What tells harvesting that a record may have changed: triggers, so that no way of writing goes around it.

They watch whatever a record tells, here and in the API: items and files with their rules, whose they are, what they are tied to, what
headings, places and rights are called, and what is made of files. They are made anew after every migrate. While SQLite migrates they
are away; whatever was migrated then may have changed anything, and is looked at again.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.db import connection

from archive import row_triggers, ties
from archive.models import (
    Agent,
    Item,
    ItemAgent,
    ItemPlace,
    ItemRelation,
    People,
    Place,
    PlaceName,
    PlaceParent,
    PlaceSuccession,
    RightsStatement,
)
from archive.whereabouts import LEVELS_MOST
from interop.oai.models import HarvestWaiting

PREFIX = "oai_news"
_ITEM, _RELATION, _LOCATED = (one._meta.db_table for one in (Item, ItemRelation, ItemPlace))
_PARENTS = PlaceParent._meta.db_table
_PLACE, _CHANGES = Place._meta.db_table, PlaceSuccession._meta.db_table
_WAITING = HarvestWaiting._meta.db_table
_HEADING = ("slug", "names")


@dataclass(frozen=True)
class Watched:
    """One table: `items` selects the keys of the items whose records tell of a row, with {row} for NEW or OLD; or it lists places, whose
    items are meant (`of_places`). `columns` are those that matter when a row is changed (empty: any); `is_only_changed`: a new or removed
    row of it stands in no record."""

    name: str
    table: str
    items: str
    columns: tuple[str, ...] = ()
    is_only_changed: bool = False
    of_places: bool = False


def watched() -> Iterator[Watched]:
    """Yield every table that records tell of."""
    yield Watched("item", _ITEM, "SELECT {row}.id")
    tied = f"SELECT other_id FROM {_RELATION} WHERE item_id = {{row}}.id UNION SELECT item_id FROM {_RELATION} WHERE other_id = {{row}}.id"  # noqa: S608  # names of our own tables
    yield Watched("tied", _ITEM, tied, ("effective_rule_id", "state", "kind", "titles"), is_only_changed=True)
    for name, model in ties.PARTS.items():
        yield Watched(name, ties.table(model), f"SELECT {{row}}.{ties.OF_ITEM}")
    yield Watched("relation", _RELATION, "SELECT {row}.item_id UNION SELECT {row}.other_id")
    for field, between in ties.BETWEEN.items():
        yield Watched(f"in_{field}", between.table, f"SELECT {{row}}.{ties.OF_ITEM}")
    yield from _headings()
    yield from _places()
    yield from _bytes()


def _headings() -> Iterator[Watched]:
    peoples = ties.BETWEEN["peoples"]
    of_people = (
        f"{ties.items_having('peoples')} UNION SELECT {ties.OF_ITEM} FROM {peoples.table} WHERE {peoples.key} IN "  # noqa: S608  # as above
        f"(SELECT id FROM {People._meta.db_table} WHERE parent_id = {{row}}.id)"
    )
    yield Watched("people", People._meta.db_table, of_people, (*_HEADING, "codes", "parent_id"), is_only_changed=True)
    told = (*_HEADING, "variants", "notes", "codes", "name_is_withheld", "shown_as", "kind", "born_edtf", "died_edtf")
    of_agent = f"SELECT item_id FROM {ItemAgent._meta.db_table} WHERE agent_id = {{row}}.id"  # noqa: S608  # as above
    yield Watched("agent", Agent._meta.db_table, of_agent, told, is_only_changed=True)
    for field, columns in (
        ("subjects", (*_HEADING, "scheme", "notation")),
        ("collections", (*_HEADING, "parent_id")),
        ("communities", ("name", "statements")),
        ("labels", ("kind", "title", "language", "project_address", "community_id")),
    ):
        heading = ties.table(ties.BETWEEN[field].heading)
        yield Watched(field, heading, ties.items_having(field), columns, is_only_changed=True)
    of_rights = f"SELECT id FROM {_ITEM} WHERE rights_id = {{row}}.id"  # noqa: S608  # as above
    yield Watched(
        "rights", RightsStatement._meta.db_table, of_rights, ("uri", "names", "notes", "family"), is_only_changed=True
    )


def _places() -> Iterator[Watched]:
    told = ("slug", "kind", "precision", "latitude", "longitude", "valid_from", "valid_to")
    yield Watched("place", Place._meta.db_table, "{row}.id", told, is_only_changed=True, of_places=True)
    yield Watched("place_name", PlaceName._meta.db_table, "{row}.place_id", of_places=True)
    yield Watched("place_parent", _PARENTS, "{row}.child_id", of_places=True)
    yield Watched("place_change", _CHANGES, "{row}.before_id, {row}.after_id", of_places=True)


def _items_of(places: str) -> str:
    """Return, in SQL, the items that tell of places: those there and in what lies or lay within them, and the same of what any of these
    became or was made of. An item says where its place lies now and where it lay before the units changed."""
    if connection.vendor == "postgresql":
        return f"SELECT unnest({_ITEMS_OF}(ARRAY[{places}]))"
    within = " UNION ".join(f"SELECT id FROM {_PLACE} WHERE id IN ({one})" for one in _levels(places))  # noqa: S608  # as above
    turned = (
        f"SELECT before_id FROM {_CHANGES} WHERE after_id IN ({within}) UNION "  # noqa: S608  # as above
        f"SELECT after_id FROM {_CHANGES} WHERE before_id IN ({within})"
    )
    at = (*_levels(places), *_levels(turned))
    return " UNION ".join(f"SELECT item_id FROM {_LOCATED} WHERE place_id IN ({one})" for one in at)  # noqa: S608  # as above


# The same for PostgreSQL, level by level. In one statement it joins a table with itself: where rows come in within a long transaction, and
# the database counts them meanwhile, it finds none that are committed, takes the tables for empty, and may join every row with every other.
_ITEMS_OF = f"{PREFIX}_items_of"
_ITEMS_OF_MADE = f"""
CREATE OR REPLACE FUNCTION {_ITEMS_OF}(places bigint[]) RETURNS bigint[] LANGUAGE plpgsql SET enable_seqscan TO off AS $$
DECLARE
    level bigint[];
    reached bigint[] := places;
BEGIN
    FOR turn IN 1..2 LOOP
        level := places;
        FOR depth IN 1..{LEVELS_MOST} LOOP
            level := ARRAY(SELECT DISTINCT child_id FROM {_PARENTS} WHERE parent_id = ANY(level));
            EXIT WHEN level = '{{}}';
            reached := reached || level;
        END LOOP;
        EXIT WHEN turn = 2;
        places := ARRAY(SELECT before_id FROM {_CHANGES} WHERE after_id = ANY(reached))
            || ARRAY(SELECT after_id FROM {_CHANGES} WHERE before_id = ANY(reached));
        reached := reached || places;
    END LOOP;
    RETURN ARRAY(SELECT DISTINCT item_id FROM {_LOCATED} WHERE place_id = ANY(reached));
END $$"""  # noqa: S608  # as above


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
    known = ("state", "reason_code", "kind", "media_type", "puid", "size_bytes", "sha256")
    for name, columns, is_only_changed in (
        ("master", known, True),
        ("derivative", (), False),
        ("intake", ("state", "reason_code"), True),
    ):
        model, *_columns = ties.OF_FILE[name]
        yield Watched(name, ties.table(model), ties.items_showing(name), columns, is_only_changed)


def install() -> None:
    """Make all triggers anew."""
    remove()
    with connection.cursor() as cursor:
        for statement in statements():
            cursor.execute(statement)


def remove() -> None:
    """Take away all triggers of harvesting."""
    row_triggers.remove(PREFIX)


def missing() -> list[str]:
    """Return the names of triggers that should be there and are not. One query."""
    return row_triggers.missing(PREFIX, (name for name, _table, _sql in _wanted()))


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
    row_triggers.step_aside(PREFIX, plan=plan)


def after_migrate(*, plan: Any = (), **_kwargs: Any) -> None:  # Any: as above
    """Install the triggers where the tables are as this version has them."""
    if not row_triggers.have_tables([_WAITING, *(one.table for one in watched())]):
        return
    install()
    if plan:
        look_at_everything()


def statements() -> Iterator[str]:
    """Yield what makes the triggers, in the words of this database."""
    if connection.vendor == "postgresql":
        yield _ITEMS_OF_MADE
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
            differs = row_triggers.unlike()
            when = (
                " OR ".join(f"OLD.{column} {differs} NEW.{column}" for column in one.columns)
                if event == "UPDATE"
                else ""
            )
            condition = f" WHEN ({when})" if when else ""
            listed = [one.items.format(row=row) for row in rows]
            selected = _items_of(", ".join(listed)) if one.of_places else " UNION ".join(listed)
            insert = f"INSERT INTO {_WAITING} (item_key) {selected};"  # as above
            head = f"AFTER {event} ON {one.table} FOR EACH ROW{condition}"
            if is_postgres:
                # By indexes, whatever the database believes of its tables: while they are filled it may take them for empty, plan to read
                # them from end to end, and keep that plan for every row to come.
                function = (
                    f"CREATE OR REPLACE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql SET enable_seqscan TO off"
                    f" AS $$ BEGIN {insert} RETURN NULL; END $$"
                )
                yield name, one.table, (function, f"CREATE TRIGGER {name} {head} EXECUTE FUNCTION {name}()")
            else:
                yield name, one.table, (f"CREATE TRIGGER {name} {head} BEGIN {insert} END",)
