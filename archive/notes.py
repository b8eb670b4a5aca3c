"""Readers' own notes: written, changed, read and forgotten by the account that made them, and by nobody else."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.db.models import QuerySet

from access import statements
from access.models import User
from access.viewer import Viewer
from archive import queries
from archive.models import Item, ItemFile, NotePlace, ReaderNote
from archive.models.note import NOTE_LETTERS_MOST
from archive.texts import is_storable

NOTES_MOST = 2000  # of one account
OF_ITEM_MOST = 100  # that the page of a work shows
PLACE_MOST = 999_999
_HAS_NOTED = "SELECT 1 FROM archive_readernote WHERE reader_id = %s AND item_pid = %s LIMIT 1"


class NoteRefused(Exception):
    """A note cannot be kept; `code` says why."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@dataclass(frozen=True)
class Spot:
    """Where in a work a note belongs: a file, and a page, chapter or second of it. All empty for the work as a whole."""

    file_pid: str = ""
    place: str = ""
    number: int | None = None


@dataclass(frozen=True)
class Seen:
    """A note with the work as its reader may see it now: `item` is None where they may not, and `spot` is bare where they may not see the
    file."""

    note: ReaderNote
    item: Item | None
    spot: Spot


WHOLE = Spot()


def of_reader(user: User) -> QuerySet[ReaderNote]:
    """Return the notes of an account, those made last first. Chainable."""
    return ReaderNote.objects.filter(reader=user).order_by("-pk")


def of_item(user: User, viewer: Viewer, item: Item) -> list[Seen]:
    """Return what an account noted of an item that it sees, in the order of its places. One query where there is nothing, else two, and one
    more for places in files."""
    if not _has_noted(user, item):
        return []
    rows = list(ReaderNote.objects.filter(reader=user, item_pid=item.pid).order_by("-pk")[:OF_ITEM_MOST])
    rows.sort(key=lambda one: (one.file_pid, one.number or 0, one.pk))
    return _seen(rows, {item.pid: item}, viewer)


def _has_noted(user: User, item: Item) -> bool:
    # Asked for each page of a work, and no for nearly all of them.
    with statements.repeated() as cursor:
        cursor.execute(_HAS_NOTED, [user.pk, item.pid])
        return cursor.fetchone() is not None


def seen(notes: Sequence[ReaderNote], viewer: Viewer) -> list[Seen]:
    """Return notes of one account with what it may see of their works. At most two queries."""
    pids = {one.item_pid for one in notes}
    items = {item.pid: item for item in queries.visible_items(viewer).filter(pid__in=pids)} if pids else {}
    return _seen(notes, items, viewer)


def write(user: User, item: Item, text: str, *, now: datetime, spot: Spot = WHOLE) -> ReaderNote:
    """Keep a note on an item that the reader sees. Raises NoteRefused("no_text", "unreadable", "too_long", "too_many"). Three queries."""
    kept = _text(text)
    with transaction.atomic():
        User.objects.select_for_update().only("pk").get(pk=user.pk)
        if ReaderNote.objects.filter(reader=user).count() >= NOTES_MOST:
            raise NoteRefused("too_many")
        return ReaderNote.objects.create(
            reader=user,
            item_pid=item.pid,
            file_pid=spot.file_pid,
            place=spot.place,
            number=spot.number,
            text=kept,
            made_at=now,
            changed_at=now,
        )


def change(note: ReaderNote, text: str, *, now: datetime) -> None:
    """Write a note anew. Raises NoteRefused as `write` does. One query."""
    note.text, note.changed_at = _text(text), now
    note.save(update_fields=["text", "changed_at"])


def own_data(user: User) -> list[dict[str, object]]:
    """Return all notes of an account, oldest first, for the person themselves. Of a work there is its identifier alone. One query."""
    return [
        {
            "of": one.item_pid,
            "file": one.file_pid or None,
            "place": one.place or None,
            "number": one.number,
            "text": one.text,
            "made_at": one.made_at.isoformat(),
            "changed_at": one.changed_at.isoformat(),
        }
        for one in of_reader(user).reverse()
    ]


def _seen(notes: Sequence[ReaderNote], items: dict[str, Item], viewer: Viewer) -> list[Seen]:
    named = {one.file_pid for one in notes if one.file_pid and one.item_pid in items}
    files = ItemFile.objects.visible_to(viewer).filter(pid__in=named).values_list("pid", flat=True) if named else ()
    open_files = set(files)
    return [
        Seen(
            one,
            items.get(one.item_pid),
            Spot(one.file_pid, one.place, one.number)
            if one.file_pid in open_files and one.item_pid in items
            else WHOLE,
        )
        for one in notes
    ]


def _text(text: str) -> str:
    kept = text.replace("\r\n", "\n").strip()
    if not is_storable(kept):
        raise NoteRefused("unreadable")
    if not kept:
        raise NoteRefused("no_text")
    if len(kept) > NOTE_LETTERS_MOST:
        raise NoteRefused("too_long")
    return kept


def spot_of(file: ItemFile | None, place: str, number: int | None) -> Spot:
    """Return a place in a file that the reader sees; the file alone where the number counts nothing."""
    if file is None:
        return WHOLE
    if place in NotePlace.values and number is not None and 0 <= number <= PLACE_MOST:
        return Spot(file.pid, place, number)
    return Spot(file.pid)
