"""Work that failed, seen and tried again at the desk; authorities and places."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from django.utils.translation import override

from access import audit, policy
from access.models import AuditEntry
from archive import languages
from archive.actions.attach_file import attach_file
from archive.actions.move_item import publish_item
from archive.admin.files import card
from archive.models import Item, People, Place, PlaceName
from archive.search import indexing
from media_pipeline import intakes, work
from media_pipeline.models import Intake, Job
from tests.desk.conftest import an_item

pytestmark = pytest.mark.django_db


def failed_job(item: Item, folder: Path) -> Job:
    """Return a store job of an item's file that failed for a reason that may pass."""
    source = folder / "a.bin"
    source.write_bytes(b"\x00\x01 something that is stored as it is")
    intake = intakes.begin_local(source, now=timezone.now())
    attach_file(item, intake, actor=None, now=timezone.now())
    job = Job.objects.get(intake=intake)
    Job.objects.filter(pk=job.pk).update(
        state="failed", reason_code="storage_unavailable", reason_detail="<b>refused</b>"
    )
    Intake.objects.filter(pk=intake.pk).update(state="refused", reason_code="storage_unavailable")
    return job


def test_failed_work_is_shown_with_its_reason_and_tried_again(cataloguer: Client, tmp_path: Path) -> None:
    job = failed_job(an_item("Gùi"), tmp_path)

    listed = cataloguer.get("/admin/media_pipeline/job/").content.decode()
    start = cataloguer.get("/admin/").content.decode()
    cataloguer.post("/admin/media_pipeline/job/retry", {"job": job.pk})

    assert "The storage did not answer" in listed
    assert "&lt;b&gt;refused&lt;/b&gt;" in listed
    assert "piece of work failed" in start
    job.refresh_from_db()
    assert job.state == "queued"
    assert AuditEntry.objects.filter(verb="retry_job").exists()
    work.perform(job.pk)
    assert Intake.objects.get().state == "stored"


def test_the_desk_asks_for_what_its_progress_answers(cataloguer: Client, tmp_path: Path) -> None:
    script = (Path(__file__).resolve().parents[2] / "static/js/desk/progress.js").read_text("utf-8")
    of_files, of_jobs = (set(re.findall(rf"\b{name}\.(\w+)", script)) - {"forEach"} for name in ("seen", "job"))
    item = an_item("Gùi")
    job = failed_job(item, tmp_path)

    files = cataloguer.get(f"/admin/archive/item/{item.pk}/progress").json()["files"]
    jobs = cataloguer.get(f"/admin/media_pipeline/job/progress?id={job.pk}").json()["jobs"]

    assert {"is_final", "percent"} <= of_files <= set(files[0])
    assert {"final", "percent"} <= of_jobs <= set(jobs[0])


@pytest.mark.parametrize(("language", "said"), [("en", "All of it has arrived"), ("vi", "Đã gửi xong")])
def test_nothing_is_called_received_before_it_is_verified(tmp_path: Path, language: str, said: str) -> None:
    (tmp_path / "a.bin").write_bytes(b"whole, and not looked at")
    file = attach_file(
        an_item("Gùi"), intakes.begin_local(tmp_path / "a.bin", now=timezone.now()), actor=None, now=timezone.now()
    )

    with override(language):
        sentence, label = card(file).sentence, str(Intake.State.RECEIVED.label)

    assert file.intake is not None
    assert file.intake.state == "received"
    assert said in sentence
    assert not re.search(r"received|đã nhận", f"{sentence} {label}", re.IGNORECASE)


def test_work_on_what_one_may_not_see_is_not_there_to_be_tried_again(administrator: Client, tmp_path: Path) -> None:
    job = failed_job(an_item("Kín", access=policy.NOBODY), tmp_path)

    answer = administrator.post("/admin/media_pipeline/job/retry", {"job": job.pk})

    assert answer.status_code == 404
    assert Job.objects.get().state == "failed"
    assert administrator.get(f"/admin/media_pipeline/job/progress?id={job.pk}").json() == {"jobs": []}


def test_work_that_goes_on_is_not_started_twice(cataloguer: Client, tmp_path: Path) -> None:
    job = failed_job(an_item("Gùi"), tmp_path)
    Job.objects.filter(pk=job.pk).update(state="queued")

    page = cataloguer.post("/admin/media_pipeline/job/retry", {"job": job.pk}, follow=True).content.decode()

    assert "nothing to try again" in page


def test_jobs_and_masters_cannot_be_written_by_hand(administrator: Client) -> None:
    for name in ("job", "master"):
        assert administrator.get(f"/admin/media_pipeline/{name}/add/").status_code == 403


def test_authorities_are_found_without_diacritics(cataloguer: Client) -> None:
    an_item("Gùi")
    People.objects.create(slug="xo-dang", names=languages.of(vi="Xơ Đăng"), variants=languages.of(fr="Sedang"))
    question = {"app_label": "archive", "model_name": "item", "field_name": "peoples"}

    for term in ("xo dang", "XƠ ĐĂNG", "xodang", "sédang"):
        found = cataloguer.get("/admin/autocomplete/", question | {"term": term}).json()
        assert [one["text"] for one in found["results"]] == ["Xơ Đăng"], term


def test_a_people_that_items_name_is_not_deleted(administrator: Client) -> None:
    people = People.objects.create(slug="xo-dang", names=languages.of(vi="Xơ Đăng"))
    an_item("Gùi").peoples.add(people)

    administrator.post(f"/admin/archive/people/{people.pk}/delete/", {"post": "yes"})

    assert People.objects.filter(pk=people.pk).exists()


def test_a_new_authority_gets_an_address_of_its_own(cataloguer: Client) -> None:
    for _time in range(2):
        sent = {"names-lang": ["vi"], "names-tag": [""], "names-text": ["Ba Na"], "slug": ""}
        cataloguer.post("/admin/archive/people/add/", sent)

    assert sorted(People.objects.values_list("slug", flat=True)) == ["ba-na", "ba-na-2"]


def test_a_place_is_found_by_any_of_its_names(cataloguer: Client) -> None:
    place = Place.objects.create(slug="phuong-kon-tum", kind="ward")
    PlaceName.objects.create(place=place, text="Phường Kon Tum")
    PlaceName.objects.create(place=place, text="Thắng Lợi", kind="former")

    for term in ("kon tum", "Thắng Lợi"):
        page = cataloguer.get("/admin/archive/place/", {"q": term}).content.decode()
        assert "Phường Kon Tum" in page, term


@pytest.mark.parametrize("asked", ["items={item}", "items__in={item}", "items__id={item}", "items__isnull=False"])
def test_no_address_tells_of_what_people_a_closed_item_is(cataloguer: Client, asked: str) -> None:
    people = People.objects.create(slug="ba-na", names=languages.of(vi="Ba Na"))
    closed = an_item("Kín", access=policy.NOBODY)
    closed.peoples.add(people)

    with_closed = cataloguer.get(f"/admin/archive/people/?{asked.format(item=closed.pk)}")
    unknown = cataloguer.get(f"/admin/archive/people/?{asked.format(item=987654)}")

    assert (with_closed.status_code, unknown.status_code) == (400, 400)
    assert cataloguer.get("/admin/archive/people/?is_sample__exact=0").status_code == 200


def test_no_address_tells_where_a_closed_item_is_from(cataloguer: Client) -> None:
    place = Place.objects.create(slug="lang-kin", kind="village")
    closed = an_item("Kín", access=policy.NOBODY)
    located = closed.located.create(place=place)

    assert cataloguer.get(f"/admin/archive/place/?located={located.pk}").status_code == 400
    assert cataloguer.get("/admin/archive/place/?located__isnull=False").status_code == 400


def test_trying_again_leads_back_to_this_site_only(cataloguer: Client, tmp_path: Path) -> None:
    job = failed_job(an_item("Gùi"), tmp_path)

    answer = cataloguer.post("/admin/media_pipeline/job/retry", {"job": job.pk, "back": "//elsewhere.example/"})

    assert answer["Location"] == "/admin/media_pipeline/job/"


def test_a_name_that_is_hidden_now_is_found_by_no_search_any_more(
    cataloguer: Client, django_capture_on_commit_callbacks: Any
) -> None:
    place = Place.objects.create(slug="lang-a", kind="village")
    PlaceName.objects.create(place=place, text="Làng A")
    secret = PlaceName.objects.create(place=place, text="Rừng Thiêng", kind="endonym")
    item = publish_item(an_item("Gùi"), actor=None, now=timezone.now())
    item.located.create(place=place)
    indexing.refresh(item)
    assert Client().get("/api/v1/search/?q=rung thieng").json()["total"] == 1
    sent: dict[str, object] = {"kind": "village", "slug": "lang-a", "precision": "exact"}
    for prefix, count in (("names", 2), ("parents", 0), ("codes", 0), ("successors", 0)):
        sent |= {f"{prefix}-TOTAL_FORMS": count, f"{prefix}-INITIAL_FORMS": count}
    for number, name in enumerate(place.names.order_by("pk")):
        kind = "hidden" if name == secret else name.kind
        said = {"id": name.pk, "place": place.pk, "text": name.text, "lang": name.lang, "kind": kind}
        sent |= {f"names-{number}-{field}": value for field, value in said.items()}

    with django_capture_on_commit_callbacks(execute=True):
        answer = cataloguer.post(f"/admin/archive/place/{place.pk}/change/", sent)

    assert answer.status_code == 302
    assert Client().get("/api/v1/search/?q=rung thieng").json()["total"] == 0


def test_the_history_of_a_people_is_not_that_of_a_place_of_the_same_name(cataloguer: Client) -> None:
    people = People.objects.create(slug="kon-tum", names=languages.of(vi="Kon Tum"))
    now = timezone.now()
    audit.record(actor=None, verb="change_people", target_pid="kon-tum", now=now)
    audit.record(actor=None, verb="change_place", target_pid="kon-tum", now=now)

    page = cataloguer.get(f"/admin/archive/people/{people.pk}/history/")

    assert [entry.verb for entry, *_told in page.context["entries"]] == ["change_people"]
