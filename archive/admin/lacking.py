"""What the descriptions of items lack: said on the start page, and filtered by in the list."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

from django.db.models import Count, Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext_lazy as _

from access.viewer import Viewer
from archive.models import Item, ItemFile, ItemKind, ItemState
from archive.models.file import COMPANION_ROLES

if TYPE_CHECKING:
    from django_stubs_ext import StrPromise

SPOKEN = (ItemKind.AUDIO, ItemKind.VIDEO)


def _rights(_viewer: Viewer) -> Q:
    return Q(rights=None)


def _languages(_viewer: Viewer) -> Q:
    return Q(languages=[])


def _transcript(viewer: Viewer) -> Q:
    """What is spoken or sung and is there, without a file that writes it down. A file that is closed to the asking person is none."""
    files = ItemFile.objects.visible_to(viewer).filter(item=OuterRef("pk"))
    return Q(Exists(files), ~Exists(files.filter(role__in=COMPANION_ROLES)), kind__in=SPOKEN)


def _peoples(_viewer: Viewer) -> Q:
    return Q(~Exists(Item.peoples.through.objects.filter(item=OuterRef("pk"))))


LACKING: Mapping[str, tuple[StrPromise, Callable[[Viewer], Q]]] = {
    "rights": (_("a statement of rights"), _rights),
    "languages": (_("the languages of the content"), _languages),
    "transcript": (_("a transcript (sound, film)"), _transcript),
    "peoples": (_("the people it is of"), _peoples),
}


def lacking(items: QuerySet[Item], what: str, *, viewer: Viewer) -> QuerySet[Item]:
    """Return those of the items that lack something and are on their way to readers or there. Raises KeyError."""
    return items.filter(LACKING[what][1](viewer)).exclude(state=ItemState.WITHDRAWN)


def how_many_lack(items: QuerySet[Item], *, viewer: Viewer) -> dict[str, int]:
    """Return of each thing how many of the items lack it. One query, which looks at each item once."""
    asked = {name: Count("pk", filter=lacks(viewer)) for name, (_label, lacks) in LACKING.items()}
    return items.order_by().exclude(state=ItemState.WITHDRAWN).aggregate(**asked)
