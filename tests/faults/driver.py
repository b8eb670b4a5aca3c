"""Runs inside an archive of a test's own: reads orders (a JSON line each) and does each in a fork, so that it may be killed.

The tests' own process has the settings of the suite; this one has those of the archive under test (`house.py` starts it).
"""

from __future__ import annotations

import faulthandler
import hashlib
import json
import os
import shutil
import signal
import sqlite3
import sys
import time
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import django

django.setup()

from django.conf import settings  # noqa: E402  # after setup
from django.core.management import call_command  # noqa: E402
from django.db import connection  # noqa: E402
from django.db.models import F  # noqa: E402
from django.test import Client  # noqa: E402
from django.utils import timezone  # noqa: E402

from access import policy  # noqa: E402
from access.models import User  # noqa: E402
from archive import ingest  # noqa: E402
from archive.actions.attach_file import attach_file  # noqa: E402
from archive.actions.create_item import Description, create_item  # noqa: E402
from archive.models import Item, ItemFile  # noqa: E402
from media_pipeline import doorbell, intakes, jobs, stores, sweeping, work  # noqa: E402
from media_pipeline.models import Derivative, Intake, Job, Master, ReplacedSet  # noqa: E402
from media_pipeline.storage.folder import FolderTree  # noqa: E402

# Longer than any order takes on a slow machine: one that waits for ever ends, and its log says where it waited.
STUCK_S = 900

UNFINISHED = [Job.State.QUEUED, Job.State.RUNNING]


def migrate() -> None:
    call_command("migrate", verbosity=0)


def upload(paths: list[str]) -> float:
    """Upload files as a browser does, each to an item of its own; returns the longest time that one took, in seconds."""
    slowest = 0.0
    for name in paths:
        began = time.monotonic()
        content = Path(name).read_bytes()
        now = timezone.now()
        intake = intakes.begin(original_name=Path(name).name, size_bytes=len(content), now=now)
        description = Description(kind="image", titles=[{"lang": "vi", "value": Path(name).name}])
        item = create_item(description, actor=None, now=now, access=policy.STAFF)
        attach_file(item, intake, actor=None, now=now)
        intakes.append(intake, 0, [content], now=now)
        slowest = max(slowest, time.monotonic() - began)
    return slowest


def take_in(paths: list[str]) -> list[str]:
    """Take files in as the ingest command does, and work until all are final; returns what became of each."""
    arrivals = [ingest.take_in(Path(name), publish=True) for name in paths]
    for _done in ingest.wait_for(arrivals):
        pass
    return [arrival.status for arrival in arrivals]


def work_all() -> int:
    return work.perform_all()


def sweep() -> int:
    """A sweep, and how many pieces of work are not finished. Every wait for another try is over, every bell rings again."""
    Job.objects.filter(state=Job.State.QUEUED).update(not_before=timezone.now())
    sweeping.sweep(everything=True)
    return Job.objects.filter(state__in=UNFINISHED).count()


def honest_sweep() -> int:
    """A sweep as each minute does one, with nothing brought forward."""
    sweeping.sweep()
    return Job.objects.filter(state__in=UNFINISHED).count()


def start_over() -> None:
    """Forget every row and every byte: the same file may then come in for the first time again."""
    masters = stores.masters()
    for one in Derivative.objects.all():
        stores.derivatives().delete(one.prefix)
    if isinstance(masters.tree, FolderTree):
        shutil.rmtree(masters.tree.root, ignore_errors=True)
    else:
        masters.tree.delete([entry.key for top in ("masters", "derivatives") for entry in masters.tree.entries(top)])
    for model in (ItemFile, Item, Job, Derivative, Intake, Master):
        model.objects.all().delete()
    lose_bells()


def recovered() -> int:
    """Let the lease of a killed worker be over, take back what it held and do it here; how many are not finished."""
    long_ago = timezone.now() - timedelta(seconds=1)
    Job.objects.filter(state=Job.State.RUNNING).update(lease_until=long_ago)
    Job.objects.filter(state=Job.State.QUEUED).update(not_before=long_ago)
    work.perform_all()
    return Job.objects.filter(state__in=UNFINISHED).count()


def once() -> None:
    """Try each job that is waiting one time, whatever comes of it."""
    Job.objects.filter(state=Job.State.QUEUED).update(not_before=timezone.now() - timedelta(seconds=1))
    tried: set[int] = set()
    while job := jobs.due(now=timezone.now()).exclude(pk__in=tried).first():
        tried.add(job.pk)
        work.perform(job.pk)


def retry_failed() -> None:
    """What a person does with failed work once the machine is repaired."""
    for job in Job.objects.filter(state__in=[Job.State.FAILED, Job.State.NEEDS_PERSON]):
        work.retry(job, now=timezone.now())


def unfinished() -> int:
    return Job.objects.filter(state__in=UNFINISHED).count()


def stuck() -> list[list[Any]]:  # Any: values of rows
    """Sweep, and return what runs although its lease is over: there must be none, whatever was killed."""
    sweeping.sweep()
    over = Job.objects.filter(state=Job.State.RUNNING, lease_until__lt=timezone.now() - timedelta(seconds=1))
    return [list(row) for row in over.values_list("pk", "role", "lease_until")]


def hold_the_database(seconds: float) -> None:
    """Let nobody write to the SQLite file for a while, as a copy of it or a slow disk does."""
    with sqlite3.connect(settings.DATABASES["default"]["NAME"], isolation_level=None) as held:
        held.execute("BEGIN EXCLUSIVE")
        time.sleep(seconds)
        held.execute("ROLLBACK")


def running() -> int:
    return Job.objects.filter(state=Job.State.RUNNING).count()


def an_hour_later() -> None:
    """Make everything in staging and in work folders old, and tidy up."""
    past = time.time() - 2 * 3600
    roots = [Path(settings.WORK_DIR), Path(settings.INCOMING_DIR)]
    tree = stores.masters().tree
    if isinstance(tree, FolderTree):
        roots.append(tree.path("staging"))
    for root in roots:
        for path in [*root.rglob("*"), root]:
            if path.exists():
                os.utime(path, (past, past))
    sweeping.sweep()
    sweeping.tidy()


def ring_again(times: int) -> None:
    for job in Job.objects.order_by("pk"):
        for _ in range(times):
            doorbell.ring(job.pk, job.lane)


def jobs_now() -> list[dict[str, Any]]:  # Any: rows
    named = Job.objects.annotate(name=F("intake__original_name"), sha256=F("master__sha256"))
    fields = [
        "name",
        "sha256",
        "role",
        "state",
        "lane",
        "starts",
        "lost",
        "errors",
        "put_off",
        "reason_code",
        "percent",
    ]
    return [*named.order_by("pk").values("pk", *fields)]


def masters_now() -> list[list[str]]:
    return [list(row) for row in Master.objects.order_by("sha256").values_list("sha256", "state", "reason_code")]


def intakes_now() -> list[list[str]]:
    return [list(row) for row in Intake.objects.order_by("pk").values_list("original_name", "state", "reason_code")]


def derivatives_now() -> list[list[Any]]:  # Any: names and hashes
    """Every published set: master, role, version, and each file with the hash of what is stored."""
    store = stores.derivatives()
    sets = []
    for one in Derivative.objects.select_related("master").order_by("master__sha256", "role", "version"):
        files = []
        for entry in one.files:
            digest = hashlib.sha256()
            for block in store.read_range(one.prefix, entry["name"], 0, entry["size_bytes"] + 1):
                digest.update(block)
            files.append([entry["name"], digest.hexdigest(), digest.hexdigest() == entry["sha256"]])
        sets.append([one.master.sha256, one.role, one.version, sorted(files)])
    return sets


def made_of_each() -> dict[
    str, Any
]:  # Any: by the hash of a master: its kind, its reason, the roles of what was made of it
    """What identification and the recipes made of every master."""
    roles: dict[str, list[str]] = {}
    for sha256, role in Derivative.objects.order_by("role").values_list("master__sha256", "role"):
        roles.setdefault(sha256, []).append(role)
    rows = Master.objects.values_list("sha256", "kind", "reason_code")
    return {sha256: {"kind": kind, "reason": reason, "roles": roles.get(sha256, [])} for sha256, kind, reason in rows}


def pictures_with(words: list[str]) -> list[str]:
    """Every published picture that holds one of these words."""
    store = stores.derivatives()
    found = []
    for one in Derivative.objects.all():
        for entry in one.files:
            if entry["media_type"].startswith("image/"):
                content = b"".join(store.read_range(one.prefix, entry["name"], 0, entry["size_bytes"]))
                found += [f"{one.prefix}/{entry['name']}: {word}" for word in words if word.encode() in content]
    return found


def strays() -> dict[str, list[str]]:
    """Bytes without a row and rows without bytes, and everything left in folders for the time being."""
    masters = stores.masters()
    stored = {found.path: masters.sha256_at(found.path) for found in masters.walk() if found.is_object}
    known = set(Master.objects.values_list("sha256", flat=True))
    prefixes = set(Derivative.objects.values_list("prefix", flat=True))
    placed = set(stores.derivatives().walk()) - set(ReplacedSet.objects.values_list("prefix", flat=True))
    left = [str(path) for root in (settings.WORK_DIR, settings.INCOMING_DIR) for path in Path(root).rglob("*")]
    tree = masters.tree
    if isinstance(tree, FolderTree):
        left += [str(path) for path in tree.path("staging").rglob("*") if path.parent != tree.path("staging")]
    return {
        "masters without a row": sorted(str(one) for one in stored.values() if one not in known),
        "rows without a master": sorted(known - set(stored.values())),
        "derivatives without a row": sorted(placed - prefixes),
        "rows without derivatives": sorted(prefixes - placed),
        "left behind": sorted(left),
    }


def lose_bells() -> None:
    """Empty the folder that is the broker of the embedded profile."""
    for path in (Path(settings.DATA_DIR) / "broker" / "queue").glob("*"):
        path.unlink(missing_ok=True)


def limit_file_size(size_bytes: int, then: str) -> Any:  # Any: what the order gives
    """Do an order on a disk that is full: no file may grow beyond this size."""
    import resource  # noqa: PLC0415  # of this order alone

    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size_bytes, resource.RLIM_INFINITY))
    return ORDERS[then]()


def perform(role: str) -> bool:
    job = jobs.due(now=timezone.now()).filter(role=role).first()
    return job is not None and work.perform(job.pk)


def sign_in() -> dict[str, str]:
    """An account of the staff with every right, signed in: its session's key, and an item of its own."""
    user = User.objects.create_superuser("thu-thu", password="cu-ky-khong-doan")
    client = Client()
    client.force_login(user)
    item = create_item(
        Description(kind="image", titles=[{"lang": "vi", "value": "Nhà rông"}]),
        actor=user,
        now=timezone.now(),
        access=policy.PUBLIC,
    )
    return {"session": client.cookies[settings.SESSION_COOKIE_NAME].value, "item": item.pid}


ORDERS: dict[str, Callable[..., Any]] = {  # Any: each order has its own arguments and answer
    one.__name__: one
    for one in (
        migrate, upload, take_in, work_all, sweep, honest_sweep, recovered, start_over, once,
        retry_failed, unfinished, running, stuck, hold_the_database, an_hour_later, ring_again, jobs_now,
        masters_now, intakes_now, derivatives_now, made_of_each, pictures_with, strays, lose_bells, limit_file_size, perform, sign_in,
    )
}  # fmt: skip


def do(order: dict[str, Any]) -> dict[str, Any]:  # Any: JSON
    """Do one order in a fork; returns its answer and how the fork ended (negative: by that signal)."""
    reader, writer = os.pipe()
    pid = os.fork()
    if pid == 0:
        os.close(reader)
        faulthandler.dump_traceback_later(STUCK_S, exit=True)
        os.environ |= order.get("env", {})
        status = 0
        try:
            answer = ORDERS[order["do"]](**order.get("with", {}))
            with os.fdopen(writer, "w") as pipe:
                json.dump({"answer": answer}, pipe, default=str)
        except BaseException as error:  # noqa: BLE001  # told to the test, whatever it is
            os.write(writer, json.dumps({"error": repr(error)}).encode())
            status = 1
        doorbell._say_farewell()
        sys.stderr.flush()
        os._exit(status)
    os.close(writer)
    with os.fdopen(reader) as pipe:
        said = pipe.read()
    _pid, ended = os.waitpid(pid, 0)
    return {"status": os.waitstatus_to_exitcode(ended), **(json.loads(said) if said else {})}


def main() -> None:
    connection.close()
    for line in sys.stdin:
        print(json.dumps(do(json.loads(line))), flush=True)


if __name__ == "__main__":
    main()
