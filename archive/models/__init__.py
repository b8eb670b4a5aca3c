"""Rows of the archive."""

from archive.models.authority import Agent, Collection, People, Subject
from archive.models.consent import ConsentRecord, ConsentScope
from archive.models.file import FileRole, ItemFile
from archive.models.item import Item, ItemAgent, ItemKind, ItemPlace, ItemState
from archive.models.label import Label
from archive.models.place import Place, PlaceCode, PlaceName, PlaceParent, PlaceSuccession
from archive.models.search import SearchEntry

__all__ = [
    "Agent",
    "Collection",
    "ConsentRecord",
    "ConsentScope",
    "FileRole",
    "Item",
    "ItemAgent",
    "ItemFile",
    "ItemKind",
    "ItemPlace",
    "ItemState",
    "Label",
    "People",
    "Place",
    "PlaceCode",
    "PlaceName",
    "PlaceParent",
    "PlaceSuccession",
    "SearchEntry",
    "Subject",
]
