"""Loading the sample by the door that a librarian's upload takes: create, send the bytes, attach, publish.

Nothing is made ahead: the worker finds each file as it finds any other. Every step can be cut off; loading again goes
on where it stopped, because a file made again has the same bytes and its upload is taken up at its offset.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from django.db import transaction
from django.utils import timezone

from access import policy
from access.policy import Policy
from archive import languages
from archive.actions.attach_file import attach_file
from archive.actions.create_item import Description, create_item
from archive.actions.move_item import move_item
from archive.models import Item, ItemFile, ItemState
from archive.sample import authorities, community, files
from archive.sample.catalogue import SampleFile, SampleItem
from media_pipeline import intakes
from media_pipeline.models import Intake, Job, Master

CHUNK_BYTES = 4 << 20
NOBODY_WORKS_S = 8.0
# Why whoever can be recognised in it has not consented.
NOBODY_REAL = "Dữ liệu mẫu: không có người thật nào trong đó."
# What the column access_level means (DESIGN.md section 3): the rule of the item, and of its files where that is closer.
ACCESS: dict[str, tuple[Policy, Policy | None]] = {
    "public": (policy.PUBLIC, None),
    "registered": (policy.PUBLIC, policy.REGISTERED),
    "onsite": (policy.PUBLIC, policy.ONSITE),
    "community": (policy.of_protocols([community.PROTOCOL_PID]), None),
    "restricted": (policy.NOBODY, None),
}


@dataclass(frozen=True)
class Loaded:
    """What became of one item: how many bytes were sent for it now, and whether it was complete before."""

    sample: SampleItem
    item: Item
    sent_bytes: int
    was_here: bool
    seconds: float


def load(samples: tuple[SampleItem, ...]) -> Iterator[Loaded]:
    """Loads one item after the other and yields each when its files are received. Raises ActionRefused, IntakeError."""
    for sample in samples:
        began = time.monotonic()
        item = _item(sample)
        was_here = item.files.count() == len(sample.files) and not _unfinished(item)
        sent = 0 if was_here else sum(_file(item, sample, position) for position in range(len(sample.files)))
        item.refresh_from_db()
        if item.state == ItemState.DRAFT:
            move_item(item, ItemState.PUBLISHED, actor=None, now=timezone.now(), reason=NOBODY_REAL)
        authorities.tie(item)
        yield Loaded(sample, item, sent, was_here, time.monotonic() - began)


def _item(sample: SampleItem) -> Item:
    """The item of this identifier, made with all that it points at in one transaction if it is not there."""
    known = Item.objects.filter(identifier=sample.identifier).first()
    if known is not None:
        return known
    chosen, _ = ACCESS[sample.access]
    rights = languages.of(vi=sample.rights_vi, en=sample.rights_en)
    origin = ""
    if sample.rights_vi.startswith("Văn hóa dân gian"):
        origin = ", ".join(
            part for part in ("; ".join(sample.peoples), sample.spot.village, sample.spot.commune) if part
        )
    authorities.state_rights(sample.rights_uri)
    with transaction.atomic():
        return create_item(
            Description(
                kind=sample.kind,
                titles=languages.of(**sample.titles),
                identifier=sample.identifier,
                descriptions=languages.of(**sample.descriptions),
                languages=sample.languages,
                date_edtf=sample.date_edtf,
                rights_uri=sample.rights_uri,
                rights_statements=rights,
                sensitivity_note=sample.sensitivity_note,
                restriction_reasons=sample.reasons,
                is_sample=True,
                **{"origin_statements": languages.of(vi=origin), **sample.more},
            ),
            actor=None,
            now=timezone.now(),
            access=chosen,
            relate=lambda made: _relate(made, sample),
        )


def _relate(item: Item, sample: SampleItem) -> None:
    authorities.describe(item, sample)
    if sample.access == "community":
        item.communities.add(community.present(now=timezone.now()))


def _unfinished(item: Item) -> list[ItemFile]:
    """Files whose bytes are not all here: an earlier loading was cut off."""
    return list(item.files.filter(master=None, intake__state=Intake.State.RECEIVING).select_related("intake"))


def _file(item: Item, sample: SampleItem, position: int) -> int:
    """Makes the file at `position` and sends what is missing of it; returns the bytes sent now."""
    name = sample.file_name(position)
    attached = ItemFile.objects.filter(item=item, original_name=name).select_related("intake").first()
    if attached is not None and (attached.intake is None or attached.intake.state != Intake.State.RECEIVING):
        return 0
    file: SampleFile = sample.files[position]
    with TemporaryDirectory(prefix="sample-") as folder:
        path = Path(folder, name)
        files.make(file.recipe, sample.mark(file), path)
        intake = attached.intake if attached is not None else None
        if attached is not None and intake is not None and intake.size_bytes != path.stat().st_size:
            # Made by other versions of the libraries: begin anew.
            attached.delete()
            intake.delete()
            attached = intake = None
        if attached is None or intake is None:
            label = sample.labels[position] if position < len(sample.labels) else ""
            intake = _announce(item, sample, file, path, label)
        return _send(intake, path)


def _announce(item: Item, sample: SampleItem, file: SampleFile, path: Path, label: str) -> Intake:
    _, closer = ACCESS[sample.access]
    captions = languages.of(vi=file.recipe.caption_vi, en=file.recipe.caption_en)
    now = timezone.now()
    with transaction.atomic():
        intake = intakes.begin(original_name=path.name, size_bytes=path.stat().st_size, now=now)
        attach_file(item, intake, actor=None, now=now, role=file.role, captions=captions, label=label, access=closer)
    return intake


def _send(intake: Intake, path: Path) -> int:
    """Appends from the intake's offset on, in chunks, as an upload does."""
    sent = 0
    with path.open("rb") as content:
        content.seek(intake.offset_bytes)
        while chunk := content.read(CHUNK_BYTES):
            intakes.append(intake, intake.offset_bytes, [chunk], now=timezone.now())
            intake.refresh_from_db()
            sent += len(chunk)
    return sent


def wait_until_settled(items: list[Item], *, at_most_s: float) -> None:
    """Gives a living worker time to finish these first, so that a newcomer has something of every kind to look at.

    Returns when nothing was at work for `NOBODY_WORKS_S`: between two jobs, and while workers start, there is a moment without any.
    """
    until = time.monotonic() + at_most_s
    seen_working = time.monotonic()
    finished = -1
    while (now := time.monotonic()) < until:
        waiting = ItemFile.objects.filter(item__in=items).exclude(
            master__state__in=[Master.State.READY, Master.State.KEPT]
        )
        running = Job.objects.filter(state=Job.State.RUNNING, lease_until__gt=timezone.now()).exists()
        done = Job.objects.filter(state=Job.State.DONE).count()
        if running or done != finished:
            seen_working, finished = now, done
        if now - seen_working > NOBODY_WORKS_S or not waiting.exists():
            return
        time.sleep(0.5)
