"""What is asked for, in the matrix: one item under every kind of rule and state, each full of words that must not leak."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

from django.utils import timezone

from access import policy
from access.models import AccessRule
from access.policy import Level, Policy
from archive import visibility
from archive.languages import of
from archive.models import Agent, Collection, Item, ItemAgent, ItemFile, ItemPlace, People, Place, PlaceName, Subject
from archive.search import indexing
from tests.access_matrix import people
from tests.access_matrix.world import NOW, Made, add_file, make_item, publish, store_master
from tests.iiif.pyramids import pyramid

SACRED = ("14.8317", "107.9473")  # degrees north and east of the place that is never shown


@dataclass(frozen=True)
class Kind:
    """One kind of thing: its rule and state, and who may see its record and its file."""

    name: str
    seen_by: frozenset[str]
    access: Policy = policy.PUBLIC
    state: str = "published"
    file_access: Policy | None = None
    file_seen_by: frozenset[str] | None = None
    hidden_place: bool = False
    spoil_rule: str = ""
    leaves_tombstone: bool = False

    @property
    def files_seen_by(self) -> frozenset[str]:
        return self.seen_by if self.file_seen_by is None else self.file_seen_by


def kinds() -> tuple[Kind, ...]:
    """Return every kind. The dates lie a day from now: a test takes less."""
    tomorrow, yesterday = timezone.now() + timedelta(days=1), timezone.now() - timedelta(days=1)
    return (
        Kind("public", people.ANYBODY),
        Kind("registered", people.SIGNED_IN, policy.REGISTERED),
        Kind("onsite", people.STAFF, policy.ONSITE),
        Kind("staff", people.STAFF, policy.STAFF),
        Kind("nobody", people.NO_ONE, policy.NOBODY),
        Kind("protocol", people.NO_ONE, policy.of_protocols(["matrix-protocol"])),
        Kind("embargoed", people.NO_ONE, policy.of(Level.PUBLIC, opens_at=tomorrow)),
        Kind("opened", people.ANYBODY, policy.of(Level.PUBLIC, opens_at=yesterday)),
        Kind("closed", people.NO_ONE, policy.of(Level.PUBLIC, closes_at=yesterday)),
        Kind("draft", people.STAFF, state="draft"),
        Kind("in_review", people.STAFF, state="in_review"),
        Kind("withdrawn_public", people.STAFF, state="withdrawn", leaves_tombstone=True),
        Kind(
            "withdrawn_opened",
            people.STAFF,
            policy.of(Level.PUBLIC, opens_at=NOW - timedelta(days=1)),
            state="withdrawn",
            leaves_tombstone=True,
        ),
        Kind("withdrawn_embargoed", people.NO_ONE, policy.of(Level.PUBLIC, opens_at=tomorrow), state="withdrawn"),
        Kind("withdrawn_never_public", people.STAFF, policy.REGISTERED, state="withdrawn"),
        Kind("sacred_draft", people.NO_ONE, policy.of_protocols(["matrix-protocol"]), state="draft"),
        Kind("closed_file", people.ANYBODY, file_access=policy.STAFF, file_seen_by=people.STAFF),
        Kind("hidden_place", people.ANYBODY, hidden_place=True),
        Kind("damaged_rule", people.NO_ONE, policy.of_protocols(["matrix-damaged"]), spoil_rule="damaged"),
        Kind("tampered_rule", people.NO_ONE, policy.of_protocols(["matrix-tampered"]), spoil_rule="tampered"),
        Kind("unknown_level", people.NO_ONE, policy.of_protocols(["matrix-unknown"]), spoil_rule="unknown"),
    )


@dataclass(frozen=True)
class Thing:
    """One made item with its file. `record_words` and `file_words` are planted in what they name, `place_words` in its hidden
    place, `heading_words` in authorities of its own, which the desk's lists of authorities may show. `note` and `file_name` are for
    staff alone, however open the thing is to others."""

    kind: Kind
    item: Item
    file: ItemFile
    record_words: tuple[str, ...]
    file_words: tuple[str, ...]
    place_words: tuple[str, ...] = ()
    heading_words: tuple[str, ...] = ()
    bytes_words: tuple[str, ...] = field(default=())
    note: str = ""
    file_name: str = ""

    def words_closed_to(self, viewer: str) -> tuple[str, ...]:
        """Return the planted words that no answer to this viewer may hold."""
        record = () if viewer in self.kind.seen_by else (*self.record_words, *self.heading_words)
        files = () if viewer in self.kind.files_seen_by else (*self.file_words, *self.bytes_words)
        for_staff = [
            word
            for word, seen_by in ((self.note, self.kind.seen_by), (self.file_name, self.kind.files_seen_by))
            if viewer not in people.STAFF & seen_by
        ]
        return (*record, *files, *self.place_words, *for_staff)


def word(kind: str, name: str) -> str:
    """Return a planted word: letters only, so that nothing that escapes or folds text changes it."""
    digest = hashlib.sha256(f"{kind} {name}".encode()).hexdigest()
    return "zq" + "".join(chr(ord("a") + int(digit, 16)) for digit in digest[:12])


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
    )
    _headings(item, kind)
    _place(item, kind)
    _file(item, kind, folder)
    indexing.refresh(item)
    if kind.spoil_rule:
        _spoil(item, kind.spoil_rule)
    return remake(kind)


def remake(kind: Kind) -> Thing:
    """Return the thing of a kind that was made before."""
    item = Item.objects.get(identifier=word(kind.name, "identifier"))
    file = ItemFile.objects.select_related("master").get(item=item)
    assert file.master is not None
    described = ("title", "identifier", "description", "description en", "rights", "origin")
    return Thing(
        kind=kind,
        item=item,
        file=file,
        record_words=(item.pid, *(word(kind.name, name) for name in described)),
        file_words=(file.pid, word(kind.name, "caption"), file.master.sha256),
        place_words=_place_words(kind),
        heading_words=_heading_words(kind),
        bytes_words=(word(kind.name, "bytes"), word(kind.name, "text")),
        note=word(kind.name, "note"),
        file_name=word(kind.name, "name"),
    )


def _heading_words(kind: Kind) -> tuple[str, ...]:
    return tuple(word(kind.name, name) for name in ("people", "subject", "collection", "agent"))


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
        getattr(item, relation).add(shared, model.objects.create(slug=own, names=of(vi=own)))
    agent = Agent.objects.create(slug=names[3], names=of(vi=names[3]))
    ItemAgent.objects.create(item=item, agent=agent, role="prf")


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
    )
    add_file(
        item,
        master,
        name=f"{word(kind.name, 'name')}.jpg",
        captions=of(vi=word(kind.name, "caption")),
        access=kind.file_access,
    )


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
