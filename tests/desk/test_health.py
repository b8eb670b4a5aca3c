"""The health board: what works, waits, runs and fails, of the files that one may see; and what one can do about it."""

from __future__ import annotations

import re
from datetime import timedelta
from pathlib import Path

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from access import policy
from access.models import AuditEntry, User
from access.policy import Policy
from archive.actions.attach_file import attach_file
from archive.admin import health
from archive.models import Item, ItemFile
from media_pipeline import heartbeat, intakes
from media_pipeline.models import Intake, Job, Master, Worker
from tests.desk.conftest import an_item, signed_in, staff

pytestmark = pytest.mark.django_db
BOARD = "/admin/media_pipeline/job/health/"


def job_of(title: str, folder: Path, *, access: Policy = policy.PUBLIC, **facts: object) -> Job:
    """Return the store job of a file of a new item, as these facts say."""
    source = folder / f"{title}.bin"
    source.write_bytes(title.encode())
    intake = intakes.begin_local(source, now=timezone.now())
    attach_file(an_item(title, access=access), intake, actor=None, now=timezone.now())
    Job.objects.filter(intake=intake).update(**facts)
    return Job.objects.get(intake=intake)


def failed(title: str, folder: Path, **facts: object) -> Job:
    return job_of(
        title,
        folder,
        **{"state": "failed", "reason_code": "time_limit", "finished_at": timezone.now(), **facts},  # type: ignore[arg-type]
    )


def words(client: Client) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", client.get(BOARD).content.decode()))


def test_the_board_says_what_waits_runs_and_fails_and_who_works(cataloguer: Client, tmp_path: Path) -> None:
    now = timezone.now()
    heartbeat.beat("quick@kho", "clock,quick", started_at=now, now=now)
    job_of("Gùi", tmp_path, created_at=now - timedelta(hours=3))
    job_of("Chiêng", tmp_path, lane="heavy")
    job_of("Rượu cần", tmp_path, state="running", token="t", lease_until=now, started_at=now, percent=41.6)
    failed("Khố", tmp_path)
    failed("Váy", tmp_path)
    job_of("Nỏ", tmp_path, state="done", finished_at=now)

    said = words(cataloguer)

    assert "quick@kho" in said
    assert "Work waits and nobody does it in: heavy." in said
    assert re.search(r"quick check and store 1 3 hours", said)
    assert re.search(r"check and store Rượu cần 42%", said)
    assert re.search(r"check and store Working on the file took longer than is allowed\..* 2 0 minutes ago", said)
    assert re.search(r"1 done in the last hour|done in the last hour 1", said)
    assert 'href="/admin/media_pipeline/job/health/"' in cataloguer.get("/admin/").content.decode()
    assert 'href="/admin/media_pipeline/job/health/"' in cataloguer.get("/admin/media_pipeline/job/").content.decode()


def test_closed_files_are_in_no_number_and_no_deed(cataloguer: Client, tmp_path: Path) -> None:
    empty = words(cataloguer)
    closed = [
        failed("Kín", tmp_path, access=policy.NOBODY),
        job_of("Kín hơn", tmp_path, access=policy.NOBODY),
        job_of("Kín lắm", tmp_path, access=policy.NOBODY, state="running", token="t", lease_until=timezone.now()),
    ]

    assert re.sub(r"As of [^,]*,", "", words(cataloguer)) == re.sub(r"As of [^,]*,", "", empty)
    cataloguer.post("/admin/media_pipeline/job/retry-reason", {"role": "store", "reason": "time_limit"})
    cataloguer.post("/admin/media_pipeline/job/cancel-waiting", {"role": "store", "lane": "quick"})
    for job in closed:
        assert cataloguer.post("/admin/media_pipeline/job/cancel", {"job": job.pk}).status_code == 404
        before = job.state
        job.refresh_from_db()
        assert job.state == before


def test_all_that_failed_for_one_reason_is_tried_again(cataloguer: Client, tmp_path: Path) -> None:
    ours = [failed(title, tmp_path) for title in ("Gùi", "Khố")]
    other = failed("Váy", tmp_path, reason_code="crashed")

    sent = {"role": "store", "reason": "time_limit", "back": BOARD}
    answer = cataloguer.post("/admin/media_pipeline/job/retry-reason", sent, follow=True)

    assert "2 pieces of work are tried again." in answer.content.decode()
    assert answer.redirect_chain == [(BOARD, 302)]
    assert {Job.objects.get(pk=job.pk).state for job in ours} == {"queued"}
    assert Job.objects.get(pk=other.pk).state == "failed"
    assert AuditEntry.objects.filter(verb="retry_job").count() == 2


def test_work_is_cancelled_one_by_one_and_all_of_a_kind(cataloguer: Client, tmp_path: Path) -> None:
    first, second, third = (job_of(title, tmp_path) for title in ("Gùi", "Khố", "Váy"))
    heavy = job_of("Chiêng", tmp_path, lane="heavy")

    cataloguer.post("/admin/media_pipeline/job/cancel", {"job": first.pk})
    again = cataloguer.post("/admin/media_pipeline/job/cancel", {"job": first.pk}, follow=True).content.decode()
    cataloguer.post("/admin/media_pipeline/job/cancel-waiting", {"role": "store", "lane": "quick"})

    states = dict(Job.objects.values_list("pk", "state"))
    assert [states[job.pk] for job in (first, second, third, heavy)] == ["cancelled"] * 3 + ["queued"]
    assert "There is nothing to cancel" in again
    assert set(Intake.objects.exclude(pk=heavy.intake_id).values_list("state", "reason_code")) == {
        ("refused", "cancelled")
    }
    assert AuditEntry.objects.filter(verb="cancel_job").count() == 3
    cataloguer.post("/admin/media_pipeline/job/retry", {"job": first.pk})
    assert Job.objects.get(pk=first.pk).state == "queued"


def test_who_may_only_look_is_offered_no_deed_and_does_none(db: None, tmp_path: Path) -> None:
    from django.contrib.auth.models import Permission  # noqa: PLC0415

    user: User = staff("chi_xem")
    user.user_permissions.add(Permission.objects.get(codename="view_job"))
    looker = signed_in(user)
    job = job_of("Gùi", tmp_path)
    failed("Khố", tmp_path)

    page = looker.get(BOARD).content.decode()

    assert "Cancel" not in page
    assert "again</button>" not in page
    assert (
        looker.post("/admin/media_pipeline/job/cancel-waiting", {"role": "store", "lane": "quick"}).status_code == 403
    )
    looker.post("/admin/media_pipeline/job/cancel", {"job": job.pk})
    assert Job.objects.get(pk=job.pk).state == "queued"
    assert signed_in(staff("khong_gi")).get(BOARD).status_code == 403


def test_a_worker_that_is_silent_is_said_to_be_and_forgotten_after_a_day(cataloguer: Client) -> None:
    now = timezone.now()
    heartbeat.beat("heavy@kho", "heavy,solo", started_at=now, now=now - timedelta(minutes=2))
    assert "silent heavy@kho last heard of 2 minutes ago" in words(cataloguer)

    heartbeat.beat("quick@kho", "quick", started_at=now, now=now + timedelta(days=1))
    assert list(Worker.objects.values_list("name", flat=True)) == ["quick@kho"]


def many(count: int, now_item: Item) -> None:
    """Write so many jobs of masters of one item: a third waits, a third failed, a third is done."""
    now = timezone.now()
    Master.objects.bulk_create(
        [Master(sha256=f"{n:064x}", sha512="", size_bytes=1, stored_at=now, verified_at=now) for n in range(count)],
        batch_size=1000,
    )
    masters = list(Master.objects.order_by("pk").values_list("pk", flat=True))
    rule = now_item.effective_rule_id
    ItemFile.objects.bulk_create(
        [
            ItemFile(
                pid=f"x{n:010d}", item=now_item, master_id=pk, position=n, chosen_rule_id=rule, effective_rule_id=rule,
                original_name=f"{n}", created_at=now,
            )
            for n, pk in enumerate(masters)
        ],
        batch_size=500,
    )  # fmt: skip
    states = ("queued", "failed", "done")
    Job.objects.bulk_create(
        [
            Job(
                role="pyramid", recipe_version=1, master_id=pk, lane="heavy", state=states[n % 3],
                reason_code="time_limit" if n % 3 == 1 else "", created_at=now, not_before=now, rung_at=now,
                finished_at=now if n % 3 else None,
            )
            for n, pk in enumerate(masters)
        ],
        batch_size=1000,
    )  # fmt: skip


@pytest.mark.long
def test_the_board_over_two_hundred_thousand_counts_to_five_thousand(cataloguer: Client) -> None:
    many(200_000, an_item("Gùi"))

    assert cataloguer.get(BOARD).status_code == 200
    assert re.search("more than 5,?000", words(cataloguer))


def test_the_board_asks_a_fixed_number_of_questions(cataloguer: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(health, "COUNTED_MOST", 20)
    item = an_item("Gùi")
    cataloguer.get(BOARD)
    with CaptureQueriesContext(
        connection,
    ) as empty:
        cataloguer.get(BOARD)
    many(90, item)
    with CaptureQueriesContext(connection) as full:
        said = words(cataloguer)

    assert len(full) == len(empty)
    assert said.count("more than 20") == 4
