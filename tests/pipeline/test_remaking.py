"""What is made again, and that nobody is held up by whoever asks for it."""

from __future__ import annotations

import io
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.db import connection
from django.utils import timezone
from django.utils.translation import override

from media_pipeline import jobs, recipes, remaking, stores, sweeping, work
from media_pipeline.management.commands import remake_derivatives
from media_pipeline.models import Derivative, Job, Master
from media_pipeline.recipes import IDENTIFY
from media_pipeline.storage.derivatives import DerivativeStore
from tests.makers import picture, received

pytestmark = pytest.mark.django_db


def open_transactions() -> int:
    """Return how many blocks are open in this connection, the test's own included."""
    return len(connection.savepoint_ids)


def test_no_transaction_is_open_while_the_caller_speaks_or_the_storage_is_read(
    tmp_path: Path, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in range(2):
        received(picture(tmp_path / f"{number}.jpg", colour=(90 * number, 9, 9)), now=now)
    work.perform_all()
    before = open_transactions()
    listed: list[int] = []
    sizes = DerivativeStore.sizes

    def slowly(store: DerivativeStore, prefix: str) -> dict[str, int]:
        listed.append(open_transactions())
        return sizes(store, prefix)

    monkeypatch.setattr(DerivativeStore, "sizes", slowly)
    for pyramid in Derivative.objects.filter(role="pyramid"):
        stores.derivatives().delete(pyramid.prefix)

    spoken = [(queued, open_transactions()) for queued in remaking.queue_all()]

    assert spoken == [(1, before), (1, before)]
    assert listed == [before] * 4, "one listing for each set"


def test_a_set_with_a_file_missing_or_cut_short_is_made_again(tmp_path: Path, now: datetime) -> None:
    received(picture(tmp_path / "a.jpg"), now=now)
    work.perform_all()
    made = {one.role: one for one in Derivative.objects.all()}
    tree = stores.derivatives().tree
    tree.delete([f"{made['thumbnail'].prefix}/160.webp"])
    tree.put(f"{made['pyramid'].prefix}/pyramid.tif", b"cut short")

    assert sum(remaking.queue_all()) == 2
    assert set(Job.objects.filter(state="queued").values_list("role", flat=True)) == {"pyramid", "thumbnail"}


@pytest.mark.parametrize("state", ["queued", "running"])
def test_work_that_waits_or_is_being_done_is_not_begun_anew(tmp_path: Path, now: datetime, state: str) -> None:
    received(picture(tmp_path / "a.jpg"), now=now)
    work.perform_all()
    stores.derivatives().delete(Derivative.objects.get(role="pyramid").prefix)
    Job.objects.filter(role="pyramid").update(state=state, token="a-worker-has-it", lease_until=now, errors=1)

    assert sum(remaking.queue_all()) == 0
    job = Job.objects.get(role="pyramid")
    assert (job.state, job.token, job.errors) == (state, "a-worker-has-it", 1)


@pytest.fixture
def outdated(tmp_path: Path, now: datetime, monkeypatch: pytest.MonkeyPatch) -> Derivative:
    """Return the thumbnails of a picture, made before an upgrade that gave their recipe another version."""
    received(picture(tmp_path / "a.jpg"), now=now)
    work.perform_all()
    newer = [replace(one, version=one.version + (one.role == "thumbnail")) for one in recipes.RECIPES]
    monkeypatch.setattr(recipes, "RECIPES", tuple(newer))
    monkeypatch.setattr(remaking, "RECIPES", tuple(newer))
    return Derivative.objects.get(role="thumbnail")


def test_a_sweep_remakes_what_is_outdated_while_nothing_else_waits(outdated: Derivative, now: datetime) -> None:
    blocker = Job.objects.get(role="pyramid")
    Job.objects.filter(pk=blocker.pk).update(state="queued", not_before=timezone.now() + timedelta(hours=1))
    assert remaking.queue_stale(now=now) == 0
    Job.objects.filter(pk=blocker.pk).update(state="done")

    sweeping.sweep()

    waiting = Job.objects.get(state="queued")
    assert (waiting.role, waiting.recipe_version, waiting.priority) == ("thumbnail", outdated.version + 1, jobs.REMAKE)
    assert Derivative.objects.get(role="thumbnail") == outdated, "it is shown until its successor is there"
    work.perform_all()
    assert Derivative.objects.get(role="thumbnail").version == outdated.version + 1
    assert remaking.queue_stale(now=now) == 0


def test_what_failed_at_the_new_version_is_left_to_a_person(
    outdated: Derivative, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    remaking.queue_stale(now=now)
    Job.objects.filter(state="queued").update(state="failed", reason_code="crashed")

    assert remaking.queue_stale(now=now) == 0
    assert Derivative.objects.filter(pk=outdated.pk).exists()


def test_masters_that_an_older_version_identified_are_looked_at_again(
    outdated: Derivative, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    remaking.queue_stale(now=now)
    work.perform_all()
    Job.objects.filter(role="identify").update(recipe_version=IDENTIFY.version - 1)

    assert remaking.queue_stale(now=now) == 1
    work.perform_all()

    assert [job.recipe_version for job in Job.objects.filter(role="identify")] == [IDENTIFY.version]
    assert Master.objects.get().state == "ready"
    assert remaking.queue_stale(now=now) == 0


def test_the_command_counts_first_says_how_far_it_is_and_goes_on_where_it_was_interrupted(
    tmp_path: Path, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in range(3):
        received(picture(tmp_path / f"{number}.jpg", colour=(90 * number, 9, 9)), now=now)
    work.perform_all()
    for one in Derivative.objects.filter(role="thumbnail"):
        stores.derivatives().delete(one.prefix)
    monkeypatch.setattr(remake_derivatives, "_SAY_EVERY_S", -1.0)

    assert "3 of 3 files seen, 3 pieces of work so far." in said("--dry-run")
    assert not Job.objects.filter(state="queued").exists()

    queue, seen = remaking.queue_for, []

    def interrupted(master: Master, **named: Any) -> int:  # Any: passed on
        seen.append(master)
        if len(seen) == 2:
            raise KeyboardInterrupt
        return queue(master, **named)

    with monkeypatch.context() as patched:
        patched.setattr(remaking, "queue_for", interrupted)
        with pytest.raises(SystemExit) as ended:
            said()
    assert ended.value.code == 130
    assert Job.objects.filter(state="queued").count() == 1

    assert "2 pieces of work are queued." in said()


def said(*options: str) -> str:
    out = io.StringIO()
    with override("en"):
        call_command("remake_derivatives", *options, stdout=out)
    return out.getvalue()
