"""Say what a file is to its item, and where in the order it stands."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from access import audit
from access.models import User
from archive import visibility
from archive.actions.errors import ActionRefused
from archive.actions.permissions import require, require_words
from archive.languages import BCP47, LangValue, canonical
from archive.models import ItemFile
from archive.models.file import COMPANION_ROLES


@dataclass(frozen=True)
class Said:
    """What is said of a file. `language` and `beside` mean something of a subtitle file or a transcript, `poster_choice` of a film."""

    role: str
    captions: Sequence[LangValue]
    position: int
    label: str = ""
    language: str = ""
    beside: ItemFile | None = None
    poster_choice: int | None = None


def describe_file(file: ItemFile, said: Said, *, actor: User | None, now: datetime) -> ItemFile:
    """Write what is said of a file, and the rules that follow from where it belongs. Raises NotAllowed, ActionRefused("published_words",
    "bad_language", "wrong_recording"). The caller raises the item's version with the save it is part of."""
    require(actor, "archive.change_item")
    require_words(file.item.state, actor)
    is_companion = said.role in COMPANION_ROLES
    language = canonical(said.language).strip() if is_companion else ""
    if language and not BCP47.match(language):
        raise ActionRefused("bad_language")
    beside = said.beside if is_companion else None
    if beside is not None and (
        beside.item_id != file.item_id or beside.pk == file.pk or beside.role in COMPANION_ROLES
    ):
        raise ActionRefused("wrong_recording")
    was = (file.role, file.beside_id)
    file.role, file.label, file.captions = said.role, canonical(said.label).strip(), list(said.captions)
    file.position, file.language, file.beside, file.poster_choice = said.position, language, beside, said.poster_choice
    with transaction.atomic():
        file.save(update_fields=["role", "label", "captions", "position", "language", "beside", "poster_choice"])
        if was != (file.role, file.beside_id):
            visibility.apply(file.item)
        audit.record(actor=actor, verb="describe_file", target_pid=file.item.pid, now=now, detail={"file": file.pid})
    return file
