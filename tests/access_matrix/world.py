"""Small archives for tests: people, items under every kind of rule, real bytes in real stores, planted words that must not leak."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from access import policy
from access.models import AccessRule
from access.policy import Policy
from archive import visibility
from archive.actions.create_item import Description, create_item
from archive.actions.move_item import move_item
from archive.languages import LangValue, of
from archive.models import (
    FileRole,
    Item,
    ItemFile,
)
from media_pipeline import stores
from media_pipeline.models import Derivative, Kind, Master
from media_pipeline.storage import names
from media_pipeline.storage.derivatives import DerivativeFile

NOW = datetime(2026, 7, 1, 3, 0, tzinfo=UTC)
MEDIA_TYPES = {
    ".vtt": "text/vtt",
    ".webp": "image/webp",
    ".json": "application/json",
    ".tif": "image/tiff",
    ".m4a": "audio/mp4",
    ".jpg": "image/jpeg",
    ".pdf": "application/pdf",
    ".html": "text/html",
}


@dataclass(frozen=True)
class Made:
    """One output file to publish as a derivative."""

    role: str
    name: str
    content: bytes
    facts: dict[str, object] = field(default_factory=dict)


def store_master(content: bytes, folder: Path, *, kind: str = Kind.IMAGE, media_type: str = "image/jpeg") -> Master:
    """Return a stored, ready master with these bytes."""
    source = folder / hashlib.sha256(content).hexdigest()
    source.write_bytes(content)
    stored = stores.masters().store(source, extension="jpg", now=NOW)
    master, _created = Master.objects.get_or_create(
        sha256=stored.sha256,
        defaults={
            "sha512": stored.sha512,
            "size_bytes": stored.size_bytes,
            "extension": "jpg",
            "kind": kind,
            "media_type": media_type,
            "state": Master.State.READY,
            "stored_at": NOW,
            "verified_at": NOW,
        },
    )
    return master


def publish(master: Master, folder: Path, *made: Made) -> None:
    """Publish derivatives of a master, as the worker does."""
    for role in dict.fromkeys(one.role for one in made):
        prefix = names.derivative_prefix(master.sha256, role=role, version=1, params_key="k0")
        files = []
        entries = []
        for one in (one for one in made if one.role == role):
            path = folder / hashlib.sha256(one.content + one.name.encode()).hexdigest()
            path.write_bytes(one.content)
            sha256 = hashlib.sha256(one.content).hexdigest()
            media_type = MEDIA_TYPES[Path(one.name).suffix]
            files.append(DerivativeFile(path, one.name, sha256, len(one.content), media_type))
            entries.append(
                {
                    "name": one.name,
                    "media_type": media_type,
                    "size_bytes": len(one.content),
                    "sha256": sha256,
                    **one.facts,
                }
            )
        stores.derivatives().publish(prefix, files)
        Derivative.objects.get_or_create(
            master=master,
            role=role,
            version=1,
            defaults={
                "prefix": prefix,
                "files": entries,
                "facts": entries[0] | {"name": ""},
                "size_bytes": sum(len(one.content) for one in made),
                "made_at": NOW,
            },
        )


def add_file(
    item: Item,
    master: Master,
    *,
    name: str = "IMG_0001.jpg",
    captions: Sequence[LangValue] = (),
    access: Policy | None = None,
) -> ItemFile:
    """Return a file of an item, with its effective rule made."""
    file = ItemFile.objects.create(
        item=item,
        master=master,
        role=FileRole.MAIN,
        original_name=name,
        captions=list(captions),
        position=item.files.count(),
        chosen_rule=None if access is None else AccessRule.objects.intern(access),
        effective_rule=AccessRule.objects.nobody(),
        created_at=NOW,
    )
    visibility.apply(item)
    file.refresh_from_db()
    return file


def make_item(
    title: str,
    *,
    access: Policy = policy.PUBLIC,
    state: str = "published",
    published_at: datetime = NOW,
    kind: str = "image",
    **more: object,
) -> Item:
    """Return an item under a rule, brought to a state the way staff bring it there."""
    description = Description(kind=kind, titles=of(vi=title, en=f"{title} (en)"), **more)  # type: ignore[arg-type]  # tests
    item = create_item(description, actor=None, now=published_at, access=access)
    if state in {"published", "withdrawn"}:
        move_item(item, "published", actor=None, now=published_at)
    if state in {"withdrawn", "in_review"}:
        move_item(item, state, actor=None, now=published_at)
    return item
