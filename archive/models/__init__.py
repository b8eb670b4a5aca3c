"""Rows of the archive."""

from archive.models.authority import Agent, Collection, People, RightsStatement, Subject
from archive.models.consent import ConsentRecord, ConsentScope
from archive.models.contribution import Contribution, ContributionSubject
from archive.models.desk import FormDraft, Remark, SavedView
from archive.models.exhibit import BlockKind, Exhibit, ExhibitBlock, ExhibitPage, ExhibitPiece, ExhibitState
from archive.models.file import FileRole, ItemFile
from archive.models.history import FormerAddress, RecordKind, Revision
from archive.models.interface_word import InterfaceLanguage, InterfaceWord
from archive.models.item import Item, ItemAgent, ItemKind, ItemPlace, ItemRelation, ItemState
from archive.models.label import Label
from archive.models.letter import Correspondence, Letter
from archive.models.note import NotePlace, ReaderNote
from archive.models.place import Place, PlaceCode, PlaceName, PlaceParent, PlaceSuccession
from archive.models.reading_list import KeptList
from archive.models.saved_search import SavedSearch
from archive.models.search import Passage, PassageSet, SearchChange, SearchEntry, SearchLog

__all__ = [
    "Agent",
    "BlockKind",
    "Collection",
    "ConsentRecord",
    "ConsentScope",
    "Contribution",
    "ContributionSubject",
    "Correspondence",
    "Exhibit",
    "ExhibitBlock",
    "ExhibitPage",
    "ExhibitPiece",
    "ExhibitState",
    "FileRole",
    "FormDraft",
    "FormerAddress",
    "InterfaceLanguage",
    "InterfaceWord",
    "Item",
    "ItemAgent",
    "ItemFile",
    "ItemKind",
    "ItemPlace",
    "ItemRelation",
    "ItemState",
    "KeptList",
    "Label",
    "Letter",
    "NotePlace",
    "Passage",
    "PassageSet",
    "People",
    "Place",
    "PlaceCode",
    "PlaceName",
    "PlaceParent",
    "PlaceSuccession",
    "ReaderNote",
    "RecordKind",
    "Remark",
    "Revision",
    "RightsStatement",
    "SavedSearch",
    "SavedView",
    "SearchChange",
    "SearchEntry",
    "SearchLog",
    "Subject",
]
