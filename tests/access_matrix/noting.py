"""What somebody noted for themselves on each thing in the matrix, while they saw it. No viewer of the matrix is that person."""

from __future__ import annotations

from access.models import User
from archive.models import Item, ReaderNote
from tests.access_matrix.kinds import Kind
from tests.access_matrix.planted import word
from tests.access_matrix.world import NOW

NOTE = "reader's note"
WHO = "matrix-who-notes"


def note(item: Item, kind: Kind) -> None:
    """Let one reader note something on an item."""
    who, _made = User.objects.get_or_create(username=WHO)
    ReaderNote.objects.create(reader=who, item_pid=item.pid, text=word(kind.name, NOTE), made_at=NOW, changed_at=NOW)
