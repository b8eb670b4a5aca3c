"""Records of the API that are kept ready: of items open to every visitor, in each language of the interface, as JSON but for the site's
address.

They lie beside what harvesters get (`interop.oai.preparing`), written when an item is looked at and gone when it closes. A body is served
only where the item is found open in the same request and nothing that it tells waits to be looked at; everything else is made on the spot.
"""

from __future__ import annotations

import functools
import hashlib
import json
from collections.abc import Collection, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from django.conf import settings
from django.db.models import Exists, OuterRef, Subquery
from django.utils import translation
from django.utils.translation import get_language
from rest_framework.renderers import JSONRenderer

from access import statements
from access.viewer import Viewer
from archive import place_history, progress, queries, relations, whereabouts
from archive.models import Item
from archive.prepared import Key, PreparedTuples, Row, Tuples, known
from interop.api import records
from interop.oai import preparing
from interop.oai.models import HarvestBody, HarvestRecord, HarvestState, HarvestWaiting
from interop.oai.packing import unpack

# Stands for the site's address. A noncharacter: for use inside a program, never exchanged (Unicode, section 23.7).
BASE = "\ufdd0"
# By language: the record as lists have it, and with every page of its documents where that is another.
LISTED: Mapping[str, int] = {"vi": 101, "en": 102}
WHOLE: Mapping[str, int] = {"vi": 111, "en": 112}


class Kept(NamedTuple):
    """One record that was kept ready, with this site's address in it, and when it was last made, in seconds since 1970."""

    body: bytes
    made_s: int


def _bodies(language: str, pids: Sequence[Key], viewer: Viewer | None) -> Tuples:
    """Return the bodies of the whole records of open items, the one with every page last, as `_query` reads them by key."""
    found = queries.published_items(known(viewer)).filter(pid__in=pids)
    state, waiting = (
        HarvestState.objects.filter(pk=1),
        HarvestWaiting.objects.filter(item_key=OuterRef("record__item_key")),
    )
    kept = HarvestBody.objects.filter(
        ~Exists(waiting),
        made_by=mark(),
        format__in=(WHOLE[language], LISTED[language]),
        record__item_key__in=found.order_by().values("pk"),
    )
    return kept.order_by("format").values_list(
        Subquery(state.values("rule_ids")), "record__item_key", "format", "xml", "made_s"
    )


# Writing this question anew took a third of the time of an answer.
_BY_PID = {language: PreparedTuples(functools.partial(_bodies, language)) for language in LISTED}


def is_for(viewer: Viewer) -> bool:
    """Return whether this viewer sees what every visitor sees, no more and no less."""
    return viewer.is_stranger


def one(viewer: Viewer, pid: str, *, base: str) -> Kept | None:
    """Return the whole record of an open item; None where it has to be made. One query."""
    language = get_language() or ""
    rows = _BY_PID[language].rows([pid], viewer) if language in LISTED else ()
    return next(iter(_read(viewer, rows[-1:], base=base).values()), None)


def some(viewer: Viewer, keys: Collection[int], *, base: str) -> Mapping[int, Kept]:
    """Return the records of those of these items that are kept ready, as lists have them. One query. `keys`: of what the caller has just
    found open to the viewer; what closed since waits to be looked at, or was."""
    language = get_language() or ""
    if not keys or language not in LISTED:
        return {}
    with statements.repeated() as cursor:
        cursor.execute(_query(len(keys)), [mark(), LISTED[language], *keys])
        return _read(viewer, cursor.fetchall(), base=base)


def _read(viewer: Viewer, rows: Sequence[Row], *, base: str) -> Mapping[int, Kept]:
    """Return what rows of bodies say, by the keys of their items; nothing where a day opened or closed something since they were made."""
    # What a day opened or closed without a row being written must have been looked at, for a visitor as of now.
    if not rows or json.loads(rows[0][0]) != sorted(viewer.rule_ids):
        return {}
    marked, address = BASE.encode(), base.encode()
    return {key: Kept(unpack(body).replace(marked, address), made_s) for _rules, key, _format, body, made_s in rows}


@functools.cache
def _query(keys: int) -> str:
    """Return the query for bodies, by hand: putting it together each time costs more than all else that an answer needs."""
    state, record, body, waiting = (
        model._meta.db_table for model in (HarvestState, HarvestRecord, HarvestBody, HarvestWaiting)
    )
    return (
        f"SELECT (SELECT rule_ids FROM {state} WHERE id = 1), record.item_key, body.format, body.xml, body.made_s "  # noqa: S608  # names of our own tables
        f"FROM {record} record JOIN {body} body ON body.record_id = record.id "
        "WHERE body.made_by = %s AND body.format = %s "
        f"AND record.item_key IN ({', '.join(['%s'] * keys)}) "
        f"AND NOT EXISTS (SELECT 1 FROM {waiting} waiting WHERE waiting.item_key = record.item_key)"
    )


@functools.cache
def mark() -> str:
    """Return the mark of what makes these records: this version's code and catalogues, and the settings that stand in every record."""
    root = Path(settings.BASE_DIR)
    made = hashlib.sha256(f"{settings.ARK_NAAN}\n{settings.LIBRARY_NAME}".encode())
    sources = [*root.glob("interop/api/*.py"), *root.glob("archive/*.py"), *root.glob("archive/crosswalks/*.py")]
    for path in sorted([*sources, *root.glob("media_pipeline/*.py"), *root.glob("locale/*/LC_MESSAGES/django.mo")]):
        made.update(path.read_bytes())
    return made.hexdigest()[:16]


def make(viewer: Viewer, items: Sequence[Item]) -> Mapping[int, Mapping[int, bytes]]:
    """Return the bodies of items by number, as `archive.queries.described` reads them for a visitor; none while work on a file goes on,
    whose progress is news of every second. About eight queries."""
    settled = [item for item in items if all(progress.is_settled(file) for file in _files(item))]
    places = whereabouts.of_items(settled)
    histories = place_history.of_places(where.place for shown in places.values() for where in shown)
    ties = relations.of_items(viewer, settled)
    found: dict[int, dict[int, bytes]] = {item.pk: {} for item in settled}
    for language in LISTED:
        with translation.override(language):
            for item, number, every_page in _wanted(settled, language):
                made: list[str] = []
                context = records.Context(
                    absolute=functools.partial(_marked, made),
                    places=places,
                    histories=histories,
                    ties=ties,
                    datestamp=lambda row: queries.datestamp(viewer, row),
                    every_page=every_page,
                )
                body = rendered(records.of_item(item, context))
                # A text that holds the mark itself would be taken for an address: such a record is made each time.
                if body.count(BASE.encode()) == len(made):
                    found[item.pk][number] = body
    return found


def _marked(made: list[str], path: str) -> str:
    made.append(path)
    return f"{BASE}{path}"


def _wanted(items: Sequence[Item], language: str) -> Iterator[tuple[Item, int, bool]]:
    for item in items:
        yield item, LISTED[language], False
        made = (file.derivative("pages") for file in _files(item))
        if any(pages is not None and len(pages.files) > 1 for pages in made):
            yield item, WHOLE[language], True


def _files(item: Item) -> Sequence[Any]:  # Any: files, prefetched under a name that the model does not know
    files: Sequence[Any] = item.visible_files  # type: ignore[attr-defined]  # prefetched by described
    return files


def rendered(value: object) -> bytes:
    """Return a value as the API's renderer writes it."""
    made: bytes = JSONRenderer().render(value)
    return made


def register() -> None:
    """Let these records be kept with those of harvesters. Once a process."""
    mine = preparing.Other(mark=mark, make=make)
    if mine not in preparing.others:
        preparing.others.append(mine)
