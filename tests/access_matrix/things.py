"""What is asked for, in the matrix: one item under every kind of rule and state, each full of words that must not leak."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path
from tempfile import TemporaryDirectory

from access import policy
from access.models import AccessRule, Petition
from archive import visibility
from archive.actions.bin_item import bin_item
from archive.history import recording
from archive.languages import of
from archive.models import (
    Agent,
    Collection,
    ConsentRecord,
    Item,
    ItemAgent,
    ItemFile,
    ItemPlace,
    People,
    Place,
    PlaceName,
    SavedSearch,
    Subject,
)
from archive.search import indexing, passages
from tests.access_matrix import descriptions, exhibited, noting, papers, people, telling
from tests.access_matrix.kinds import Kind
from tests.access_matrix.planted import word
from tests.access_matrix.world import NOW, Made, add_file, make_item, publish, store_master
from tests.iiif.pyramids import pyramid

SACRED = ("14.8317", "107.9473")  # degrees north and east of the place that is never shown


@dataclass(frozen=True)
class Thing:
    """One made item with its file, and the words planted in it, by who may read them where the record or the file may be seen.

    `record_words` and `file_words`: whoever sees the record or the file. `place_words`: nobody, its place is hidden. `heading_words`: as
    the record, but the desk's lists of headings may show them. `note`, `rights_note`, `file_name` and `reason`: staff alone.
    `private_words`: what was asked, granted and consented, which no page about the item tells. `untold_words`: no door but the desk's tells
    them, whoever asks.
    """

    kind: Kind
    item: Item
    file: ItemFile
    record_words: tuple[str, ...]
    file_words: tuple[str, ...]
    place_words: tuple[str, ...]
    heading_words: tuple[str, ...]
    bytes_words: tuple[str, ...]
    private_words: tuple[str, ...]
    note: str
    rights_note: str
    untold_words: tuple[str, ...]
    file_name: str
    reason: str

    @cached_property
    def consent_pk(self) -> int:
        return ConsentRecord.objects.get(items=self.item).pk

    @cached_property
    def petition_pk(self) -> int:
        return Petition.objects.get(target_pid=self.item.pid).pk

    def words_closed_to(self, viewer: str) -> tuple[str, ...]:
        """Return the planted words that no answer to this viewer may hold."""
        record = () if viewer in self.kind.seen_by else (*self.record_words, *self.heading_words)
        files = () if viewer in self.kind.files_seen_by else (*self.file_words, *self.bytes_words)
        for_staff = [
            word
            for word, seen_by in (
                (self.note, self.kind.seen_by),
                (self.rights_note, self.kind.seen_by),
                (self.reason, self.kind.seen_by),
                (self.file_name, self.kind.files_seen_by),
            )
            if viewer not in people.STAFF & seen_by
        ]
        return (*record, *files, *self.place_words, *self.private_words, *self.untold_words, *for_staff)


@cache
def _pyramid() -> bytes:
    with TemporaryDirectory() as folder:
        return pyramid(Path(folder) / "p.tif", 700, 600).read_bytes()


def make(kind: Kind, folder: Path) -> Thing:
    """Make one thing of a kind, as staff would."""

    def planted(name: str) -> str:
        return word(kind.name, name)

    # A rule that is spoilt later is open until then: its item was indexed, counted and shown like any other.
    item = make_item(
        f"Nhà rông {planted('title')}",
        access=kind.access,
        state=kind.state,
        published_at=NOW,
        identifier=planted("identifier"),
        descriptions=of(vi=f"Cồng chiêng {planted('description')}", en=planted("description en")),
        languages=["vi"],
        date_edtf="1998",
        rights_statements=of(vi=planted("rights")),
        origin_statements=of(vi=planted("origin")),
        sensitivity_note=planted("note"),
        **descriptions.columns(kind.name),
    )
    descriptions.tie(item, kind.name)
    _headings(item, kind)
    _place(item, kind)
    _file(item, kind, folder)
    if kind.is_suspended:
        Item.objects.filter(pk=item.pk).update(suspended_at=NOW)
        visibility.apply(item)
    if kind.is_binned:
        bin_item(item, actor=None, now=NOW)
    exhibited.exhibit(item, kind)
    telling.tell(item, kind)
    noting.note(item, kind)
    thing = remake(kind)
    papers.file_away(thing.item, thing.file, kind)
    indexing.refresh(item)
    # Its history holds all of it, written when it was open to who wrote it.
    recording.record(item, "change", actor=None, now=NOW)
    if kind.spoil_rule:
        _spoil(item, kind.spoil_rule)
    return thing


def remake(kind: Kind) -> Thing:
    """Return the thing of a kind that was made before."""
    item = Item.objects.get(identifier=word(kind.name, "identifier"))
    file = ItemFile.objects.select_related("master").get(item=item)
    assert file.master is not None
    described: tuple[str, ...] = (
        "title",
        "identifier",
        "description",
        "description en",
        "rights",
        "origin",
        "restriction",
    )
    described += (*descriptions.OF_RECORD, *exhibited.OF_ITS_BLOCKS, *exhibited.OF_ITS_OWN, *telling.SHOWN)
    return Thing(
        kind=kind,
        item=item,
        file=file,
        record_words=(item.pid, *(word(kind.name, name) for name in described)),
        file_words=(file.pid, word(kind.name, "caption"), word(kind.name, "page"), file.master.sha256),
        place_words=_place_words(kind),
        heading_words=_heading_words(kind),
        bytes_words=(word(kind.name, "bytes"), word(kind.name, "text"), word(kind.name, "said")),
        private_words=tuple(word(kind.name, name) for name in (*papers.PRIVATE, *telling.PRIVATE, noting.NOTE)),
        note=word(kind.name, "note"),
        rights_note=word(kind.name, "rights note"),
        untold_words=tuple(word(kind.name, name) for name in descriptions.UNTOLD),
        file_name=word(kind.name, "name"),
        reason=word(kind.name, "reason"),
    )


def _heading_words(kind: Kind) -> tuple[str, ...]:
    names = ("people", "subject", "collection", "agent", *papers.OF_ITS_COMMUNITY, *descriptions.OF_HEADINGS)
    return tuple(word(kind.name, name) for name in names)


def _place_words(kind: Kind) -> tuple[str, ...]:
    return (word(kind.name, "place"), word(kind.name, "recorded"), *SACRED) if kind.hidden_place else ()


def _headings(item: Item, kind: Kind) -> None:
    """Give the item shared headings, whose counts must not tell of it, and ones of its own, which must not show at all."""
    names = _heading_words(kind)
    for model, relation, own in (
        (People, "peoples", names[0]),
        (Subject, "subjects", names[1]),
        (Collection, "collections", names[2]),
    ):
        shared, _created = model.objects.get_or_create(
            slug=f"matrix-{relation}", defaults={"names": of(vi=f"Chung {relation}")}
        )
        made = model.objects.create(slug=own, names=of(vi=own))
        descriptions.describe_heading(made, shared, kind.name)
        getattr(item, relation).add(shared, made)
    agent = Agent.objects.create(slug=names[3], names=of(vi=names[3]))
    everybodys, _created = Agent.objects.get_or_create(slug="matrix-agents", defaults={"names": of(vi="Chung agents")})
    for one in (agent, everybodys):
        ItemAgent.objects.create(item=item, agent=one, role="prf")

    SavedSearch.objects.get_or_create(
        slug="matrix-search", defaults={"names": of(vi="Tìm sẵn"), "people": "matrix-peoples"}
    )


def _place(item: Item, kind: Kind) -> None:
    """Put the item at a shared place exactly, and at one of its own that is hidden."""
    shared, _created = Place.objects.get_or_create(slug="matrix-place", kind="village")
    PlaceName.objects.get_or_create(place=shared, text="Làng chung")
    ItemPlace.objects.create(item=item, place=shared, role="depicted")
    if not kind.hidden_place:
        return
    name, recorded = word(kind.name, "place"), word(kind.name, "recorded")
    sacred = Place.objects.create(slug=name, kind="feature", latitude=SACRED[0], longitude=SACRED[1])
    PlaceName.objects.create(place=sacred, text=name)
    ItemPlace.objects.create(item=item, place=sacred, precision="hidden", as_recorded=recorded)


def _file(item: Item, kind: Kind, folder: Path) -> None:
    master = store_master(f"master {word(kind.name, 'bytes')}".encode(), folder)
    text = f'[{{"number": 1, "label": "1", "text": "{word(kind.name, "text")}"}}]'
    picture = f"RIFF....WEBP {word(kind.name, 'bytes')}".encode()
    publish(
        master,
        folder,
        Made("thumbnail", "480.webp", picture, {"width": 480, "height": 320}),
        Made("text", "text.json", text.encode()),
        Made("pyramid", "pyramid.tif", _pyramid(), {"width": 700, "height": 600}),
        Made("pages", "p0001.jpg", picture, {"width": 600, "height": 848, "page": 1}),
        *_said(word(kind.name, "said")),
    )
    passages.refresh(master.pk)
    file = add_file(
        item,
        master,
        name=f"{word(kind.name, 'name')}.jpg",
        captions=of(vi=word(kind.name, "caption")),
        access=kind.file_access,
    )
    ItemFile.objects.filter(pk=file.pk).update(label=word(kind.name, "page"))


def _said(words: str) -> list[Made]:
    """Return what is made of a transcript with these words."""
    segment = json.dumps({"number": 1, "start_ms": 0, "end_ms": 9, "speaker": "", "text": words})
    part = {"first": 1, "last": 1, "start_ms": 0, "offset": 1, "length": len(segment)}
    index = json.dumps({"is_timed": True, "count": 1, "parts": [part]})
    return [
        Made("captions", "segments.json", f"[{segment}]".encode()),
        Made("captions", "index.json", index.encode()),
    ]


def _spoil(item: Item, how: str) -> None:
    """Change the stored rule behind the software's back, as a fault or a thief would."""
    visibility.apply(item)
    bodies: Mapping[str, object] = {
        "damaged": {"clauses": "everybody"},
        "tampered": policy.to_json(policy.PUBLIC),
        "unknown": {
            **policy.to_json(policy.PUBLIC),
            "clauses": [{"level": "friends", "protocols": [], "sharing": "all"}],
        },
    }
    AccessRule.objects.filter(pk=item.effective_rule_id).update(body=bodies[how])
