"""Files from outside into items: who may begin an upload, go on with it and give it up."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime

from django.db import transaction

from access.models import User
from access.viewer import Viewer
from archive import companions, queries
from archive.actions.attach_file import attach_file
from archive.actions.detach_file import detach_file
from archive.actions.permissions import require
from archive.languages import BCP47, canonical
from archive.models import FileRole, ItemFile
from media_pipeline import intakes

PERMISSION = "archive.change_item"
LANGUAGE_LETTERS = 35


def begin(
    viewer: Viewer,
    user: User,
    *,
    item_pid: str,
    name: str,
    size_bytes: int,
    role: str,
    sha256: str,
    now: datetime,
    language: str = "",
) -> ItemFile:
    """Return the new file of an item, still without its bytes: the desk shows it as being received from now on. What is not said of it, or
    cannot be meant (a tag that is none), is taken from its name.

    Raises NotAllowed, queries.NotVisible, intakes.IntakeError (too_large, no_space).
    """
    require(user, PERMISSION)
    item = queries.item(viewer, item_pid)
    with transaction.atomic():
        intake = intakes.begin(original_name=canonical(name), size_bytes=size_bytes, declared_sha256=sha256, now=now)
        guess = companions.guess(intake.original_name)
        known_role = role if role in FileRole.values else guess.role or FileRole.MAIN
        tag = language if BCP47.match(language) and len(language) <= LANGUAGE_LETTERS else guess.language
        return attach_file(item, intake, actor=user, now=now, role=known_role, language=tag)


def unfinished(viewer: Viewer, user: User, upload_pid: str) -> ItemFile:
    """Return the file that this person's upload brings. Somebody else's is not there. Raises NotAllowed, queries.NotVisible. One query."""
    require(user, PERMISSION)
    found = (
        ItemFile.objects.visible_to(viewer)
        .filter(intake__pid=upload_pid, added_by=user)
        .select_related("intake", "item")
        .first()
    )
    if found is None:
        raise queries.NotVisible
    return found


def go_on(
    file: ItemFile, offset: int, pieces: Iterable[bytes], *, now: datetime, is_whole: Callable[[], bool] | None = None
) -> int:
    """Add bytes and return the new offset. Raises what `intakes.append` raises."""
    if file.intake is None:
        raise queries.NotVisible
    return intakes.append(file.intake, offset, pieces, now=now, is_whole=is_whole)


def give_up(file: ItemFile, *, user: User, now: datetime) -> None:
    """End an upload and take its file off the item. What is complete already stays. Raises NotAllowed."""
    with transaction.atomic():
        if file.intake is not None and intakes.end(file.intake, now=now):
            detach_file(file, actor=user, now=now)
