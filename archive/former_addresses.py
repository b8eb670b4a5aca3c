"""Where old addresses of authorities lead: each to the record that has another address now, or that it was merged into."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db.models import QuerySet
from django.utils.text import slugify

from access.viewer import Viewer
from archive import queries, slugs, ways
from archive.history import snapshots
from archive.models import Agent, FormerAddress, Place, PlaceName, RecordKind
from archive.models.authority import Authority
from archive.search.folding import fold

# What has an address of its own at the doors; who must not be named has none. A place has one also for what lies within it (ways).
READ: Mapping[str, Callable[[Viewer], QuerySet[Any]]] = {
    RecordKind.PEOPLE: queries.peoples,
    RecordKind.PLACE: queries.places,
    RecordKind.COLLECTION: queries.collections,
    RecordKind.SUBJECT: queries.subjects,
    RecordKind.AGENT: queries.agents,
}


def leads_to(viewer: Viewer, kind: str, slug: str) -> str:
    """Return the address part that an old one leads to, if this viewer may see something under it there; empty where it leads nowhere, and
    where the old one is somebody's today. Three queries at most, five for a place."""
    former = FormerAddress.objects.filter(kind=kind, slug=slug).first()
    if former is None or snapshots.MODELS[kind]._default_manager.filter(slug=slug).exists():
        return ""
    rows = READ[kind](viewer) if kind != RecordKind.PLACE else ways.told_places(viewer, [int(former.key)])
    found = rows.filter(pk=former.key).values_list("slug", flat=True).first()
    return str(found or "")


def moved(record: Authority | Place, old: str, *, now: datetime) -> None:
    """Let an address part that a record had lead to it, unless it tells what must not be told. What led there before leads on: a chain is
    never longer than one step."""
    if old and old != record.slug and not tells_hidden(record, old):
        lead(snapshots.kind_of(record), old, snapshots.key_of(record), now=now)
    forget_telling(record)
    # It is its own again.
    FormerAddress.objects.filter(kind=snapshots.kind_of(record), slug=record.slug).delete()


def lead(kind: str, slug: str, key: str, *, now: datetime) -> None:
    """Write that an address part leads to a record."""
    FormerAddress.objects.update_or_create(kind=kind, slug=slug, defaults={"key": key, "since": now})


def forget(kind: str, slug: str) -> None:
    """Let an address part lead nowhere any more: it is a record's own again."""
    FormerAddress.objects.filter(kind=kind, slug=slug).delete()


def forget_all(kind: str, key: str) -> None:
    """Let no old address lead to a record: it is gone for good."""
    FormerAddress.objects.filter(kind=kind, key=key).delete()


def forget_telling(record: Authority | Place) -> None:
    """Take away the old addresses of a record that tell what is hidden of it by now. One query, and two more where there are any."""
    own = list(FormerAddress.objects.filter(kind=snapshots.kind_of(record), key=snapshots.key_of(record)))
    telling = [one.pk for one in own if tells_hidden(record, one.slug)]
    if telling:
        FormerAddress.objects.filter(pk__in=telling).delete()


def tells_hidden(record: Authority | Place, slug: str) -> bool:
    """Return whether an address part tells a hidden form of a record, or a name that must not be spoken. One query for a place."""
    if isinstance(record, Agent) and record.name_is_withheld:
        return True
    if isinstance(record, Place):
        names = list(PlaceName.objects.filter(place=record))
        hidden = [name.text for name in names if name.kind == PlaceName.NameKind.HIDDEN]
        shown = [name.text for name in names if name.kind != PlaceName.NameKind.HIDDEN]
    else:
        hidden = [one["value"] for one in record.hidden_variants]
        shown = [one["value"] for one in [*record.names, *record.variants]]
    return slugs.tells(slug, _parts(hidden), _parts(shown))


def _parts(texts: Sequence[str]) -> list[str]:
    return [slugify(fold(text)) for text in texts]
