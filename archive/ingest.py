"""Taking in files that lie on this machine: the ingest command's steps, without its printing."""

from __future__ import annotations

import stat
import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path, PurePath

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from access import audit, policy
from archive import kinds, progress
from archive.actions.attach_file import attach_file
from archive.actions.choose_access import choose_item_access
from archive.actions.create_item import Description, create_item
from archive.actions.move_item import publish_item
from archive.languages import canonical
from archive.models import Item, ItemFile, ItemState
from media_pipeline import intakes, reasons, work
from media_pipeline.formats import FORMATS
from media_pipeline.models import Intake, Job, Master
from media_pipeline.sniff import HEAD_BYTES, sniff

# Without a live worker the command does the work itself, after giving one this long to take it.
GRACE_S = 2.0
POLL_S = 0.2


@dataclass
class Arrival:
    """One file of the command line: what became of it. `path` is for reading: bytes that are no text are replaced in it."""

    path: Path
    began: float
    sha256: str = ""
    size_bytes: int = 0
    file: ItemFile | None = None
    reason_code: str = ""
    seconds: float = 0.0
    was_here: bool = False
    # True when publishing was asked for and an item that was here already is not ours to publish.
    left_unpublished: bool = False

    @property
    def status(self) -> str:
        """`ready`, `kept` or `refused` in the end; a state of archive.progress before."""
        if self.file is None:
            return "refused"
        return progress.of(self.file).state


def files_below(paths: Iterable[Path]) -> Iterator[Path]:
    """Yield every regular file at or below the paths, in order of name. Links are not followed: they may lead anywhere.

    What cannot be looked into is yielded, too: `take_in` then says that it cannot be read.
    """
    for path in paths:
        try:
            mode = path.lstat().st_mode
            below = sorted(path.iterdir()) if stat.S_ISDIR(mode) else []
        except OSError:
            yield path
            continue
        if stat.S_ISREG(mode):
            yield path
        yield from files_below(below)


def take_in(path: Path, *, publish: bool) -> Arrival:
    """Store one file as the master of a new item (a published public one, or a draft), or find the item it already has.

    A draft that an earlier run made is published, too, as long as nobody has worked on it."""
    arrival = Arrival(path=Path(intakes.readable(str(path))), began=time.monotonic())
    name = canonical(intakes.readable(path.name))
    try:
        with path.open("rb") as content:
            known_format = FORMATS.get(sniff(content.read(HEAD_BYTES)) or "")
        intake = _stored(intakes.begin_local(path, now=timezone.now(), original_name=name))
    except OSError:
        arrival.reason_code = reasons.UNREADABLE
        return arrival
    arrival.seconds = time.monotonic() - arrival.began
    if intake.master is None:
        arrival.reason_code = intake.reason_code
        return arrival
    arrival.sha256, arrival.size_bytes = intake.master.sha256, intake.master.size_bytes
    # Under its name as it is stored now, or as it was stored before names were brought to one form.
    names = [intake.original_name, intakes.readable(path.name)[-255:]]
    same = ItemFile.objects.filter(master=intake.master, original_name__in=names)
    known = same.select_related("item").order_by("pk").first()
    if known is not None:
        arrival.file, arrival.was_here = known, True
        arrival.left_unpublished = publish and not _publish_known(known)
        return arrival
    guess = kinds.of_file(known_format.kind if known_format else "")
    arrival.file = _new_item(intake, intake.master, guess=guess, title=PurePath(name).stem or name, publish=publish)
    return arrival


def settle(file: ItemFile) -> Arrival:
    """Store what was attached from where it lies, or refuse it; return what became of it."""
    arrival = Arrival(path=Path(file.original_name), began=time.monotonic(), file=file)
    if file.intake is not None:
        intake = _stored(file.intake)
        arrival.reason_code = intake.reason_code
        arrival.size_bytes = intake.size_bytes
    file.refresh_from_db()
    arrival.seconds = time.monotonic() - arrival.began
    return arrival


def _stored(intake: Intake) -> Intake:
    """Return the intake once it is stored or refused: the work is done here unless a live worker was faster."""
    job = intake.jobs.get(role="store")
    while True:
        work.perform(job.pk)
        intake.refresh_from_db()
        if intake.state in {Intake.State.STORED, Intake.State.REFUSED}:
            return intake
        time.sleep(POLL_S)
        work.recover(now=timezone.now())


def _new_item(intake: Intake, master: Master, *, guess: str, title: str, publish: bool) -> ItemFile:
    """Return the file of a new item. All of it in one transaction: a command that is killed leaves no half item behind.

    What the item is its content says: at once where the master is identified already, else when it is (`settle_kinds`).
    """
    now = timezone.now()
    with transaction.atomic():
        # Held, so that a worker that identifies it just now sees our item or is seen by us.
        master = Master.objects.select_for_update().get(pk=master.pk)
        is_guess = master.state == Master.State.IDENTIFYING
        kind = guess if is_guess else kinds.of_file(master.kind)
        item = create_item(
            Description(kind=kind, kind_is_guess=is_guess, titles=[{"lang": "und", "value": title}]),
            actor=None,
            now=now,
            access=policy.PUBLIC if publish else policy.STAFF,
        )
        file = attach_file(item, intake, actor=None, now=now)
        if publish:
            publish_item(item, actor=None, now=now)
    return file


def _publish_known(file: ItemFile) -> bool:
    """Open the draft of an earlier run to everybody; return whether the file's item is published now.

    What a person described, closed or sent back is that person's to publish.
    """
    now = timezone.now()
    with transaction.atomic():
        file.item = item = Item.objects.select_for_update().select_related("chosen_rule").get(pk=file.item_id)
        is_ours = item.state == ItemState.DRAFT and item.chosen_rule.policy == policy.STAFF and not item.is_sample
        if is_ours and audit.is_of_the_software_alone(item.pid):
            choose_item_access(item, policy.PUBLIC, actor=None, now=now)
            publish_item(item, actor=None, now=now)
    return item.state == ItemState.PUBLISHED


def wait_for(arrivals: list[Arrival]) -> Iterator[list[Arrival]]:
    """Yield the arrivals that became final since the last time, until all are. Works itself where no worker does."""
    waiting = {arrival.file.pk: arrival for arrival in arrivals if arrival.file is not None}
    idle_since = time.monotonic()
    while waiting:
        done = [waiting.pop(pk) for pk in _final(waiting)]
        if done:
            for arrival in done:
                arrival.seconds = time.monotonic() - arrival.began
                if arrival.file is not None:
                    arrival.file = _read_again(arrival.file)
            yield done
        if not waiting:
            return
        if Job.objects.filter(state=Job.State.RUNNING, lease_until__gt=timezone.now()).exists():
            idle_since = time.monotonic()
        elif time.monotonic() - idle_since > GRACE_S and _work_here():
            continue
        time.sleep(POLL_S)


def _final(waiting: Iterable[int]) -> list[int]:
    """Return which files (primary keys) have nothing left to be done. One query for each thousand."""
    keys = list(waiting)
    found: list[int] = []
    settled = Q(master__state__in=[Master.State.READY, Master.State.KEPT])
    refused = Q(master=None, intake__state__in=[Intake.State.REFUSED, Intake.State.EXPIRED])
    for start in range(0, len(keys), 1000):
        files = ItemFile.objects.filter(settled | refused, pk__in=keys[start : start + 1000])
        found += files.order_by("pk").values_list("pk", flat=True)
    return found


def _work_here() -> bool:
    work.recover(now=timezone.now())
    return work.perform_next()


def _read_again(file: ItemFile) -> ItemFile:
    return ItemFile.objects.select_related("item", "master", "intake").prefetch_related("master__jobs").get(pk=file.pk)
