"""What an item is to a reader, told from what its file is."""

from __future__ import annotations

from archive.models import ItemKind

_BY_FILE = {
    "image": ItemKind.IMAGE,
    "audio": ItemKind.AUDIO,
    "video": ItemKind.VIDEO,
    "epub": ItemKind.EBOOK,
}


def of_file(kind: str) -> ItemKind:
    """Return the item's kind for a file's (`Master.Kind`, or none yet): whatever is no picture, sound, film or book is a document."""
    return _BY_FILE.get(kind, ItemKind.DOCUMENT)
