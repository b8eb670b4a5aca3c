"""An administrator opens one item or file that is closed to them, in an emergency. Being administrator is no membership."""

from __future__ import annotations

from datetime import datetime, timedelta

from access.actions import break_glass
from access.actions.break_glass import BreakGlassRefused
from access.identifiers import is_pid
from access.models import Petition, User
from access.viewer import viewer_for
from archive import petition_rights
from archive.models import Item, ItemFile


def open_in_emergency(pid: str, *, actor: User, reason: str, lasts: timedelta, now: datetime) -> Item:
    """Return the item, open to the actor for a time; a file is opened with its item. Those whose it is find a notice in their inbox.

    Every try is in the log, also a refused one, with what was typed only where it is an identifier. Raises
    BreakGlassRefused("not_allowed", "unknown", "open_already", "short_reason", "wrong_time").
    """
    try:
        item, file = _target(pid, actor=actor)
        targets = _closed(item, file, actor=actor, now=now)
        break_glass.break_glass(targets, protocols=_whose(item, file), actor=actor, reason=reason, lasts=lasts, now=now)
    except BreakGlassRefused as error:
        break_glass.record_try(actor, target_pid=pid if is_pid(pid) else "", why=error.code, now=now)
        raise
    return item


def end_own(notice: Petition, *, actor: User, now: datetime) -> int:
    """End what one opened oneself; returns how much was open. Raises BreakGlassRefused("not_allowed")."""
    if notice.kind != Petition.Kind.NOTICE or notice.asker_id != actor.pk:
        raise BreakGlassRefused("not_allowed")
    return break_glass.end_break_glass(notice, actor=actor, now=now)


def _target(pid: str, *, actor: User) -> tuple[Item, ItemFile | None]:
    # Asked before anything is looked up: for everybody else all identifiers are the same.
    if not break_glass.is_administrator(actor):
        raise BreakGlassRefused("not_allowed")
    file = ItemFile.objects.filter(pid=pid).select_related("item__chosen_rule", "chosen_rule").first()
    item = file.item if file else Item.objects.filter(pid=pid).select_related("chosen_rule").first()
    if item is None:
        raise BreakGlassRefused("unknown")
    return item, file


def _closed(item: Item, file: ItemFile | None, *, actor: User, now: datetime) -> list[str]:
    """Return what has to be opened, the thing itself first. Nothing that is open already is granted on top."""
    viewer = viewer_for(actor, now=now)
    item_is_open = Item.objects.visible_to(viewer).filter(pk=item.pk).exists()
    if file is None:
        closed = [] if item_is_open else [item.pid]
    else:
        file_is_open = ItemFile.objects.visible_to(viewer).filter(pk=file.pk).exists()
        closed = [] if file_is_open else [file.pid, *([] if item_is_open else [item.pid])]
    if not closed:
        raise BreakGlassRefused("open_already")
    return closed


def _whose(item: Item, file: ItemFile | None) -> frozenset[str]:
    return petition_rights.protocols_named([petition_rights.kept_of(item), petition_rights.kept_of(item, file)])
