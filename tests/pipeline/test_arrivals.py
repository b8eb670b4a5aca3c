"""What waits for LibreOffice or for the data of a language is kept with its reason, and made once that is there."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import pytest

from media_pipeline import arrivals, installed, reasons, work
from media_pipeline.models import Derivative, Job, Master
from tests.makers import received
from tests.pipeline.test_office import word
from tests.pipeline.test_scans import paper, scan

pytestmark = pytest.mark.django_db


def without(monkeypatch: pytest.MonkeyPatch, settings: object) -> None:
    for name in ("soffice", "tessdata"):
        monkeypatch.setattr(f"media_pipeline.walls.{name}", lambda: "")
        monkeypatch.setattr(installed, name, lambda: "")


def test_an_office_document_waits_for_libreoffice_with_its_text(
    tmp_path: Path, now: datetime, monkeypatch: pytest.MonkeyPatch, settings: object
) -> None:
    with monkeypatch.context() as bare:
        without(bare, settings)
        received(word(tmp_path / "a.docx", "<w:p><w:r><w:t>Cồng chiêng</w:t></w:r></w:p>"), now=now)
        work.perform_all()
        assert arrivals.queue_waiting(now=now) == 0

    kept = Master.objects.get()
    assert (kept.state, kept.reason_code) == (Master.State.KEPT, reasons.NO_OFFICE)
    assert set(Derivative.objects.values_list("role", flat=True)) == {"text"}
    assert Job.objects.get(role="pdf").errors <= 1

    monkeypatch.setattr(installed, "soffice", lambda: "/opt/office/program/soffice")
    assert arrivals.queue_waiting(now=now) == 1
    assert Job.objects.get(role="pdf").state == Job.State.QUEUED
    assert Master.objects.get().state == Master.State.PROCESSING


def test_a_scan_waits_for_the_data_of_its_language_and_is_shown_meanwhile(
    tmp_path: Path, now: datetime, monkeypatch: pytest.MonkeyPatch, settings: object
) -> None:
    with monkeypatch.context() as bare:
        without(bare, settings)
        received(scan(tmp_path / "a.pdf", [(paper(), [])]), now=now)
        received(scan(tmp_path / "b.pdf", [(paper(), [[]])]), now=now)
        work.perform_all()
        assert arrivals.queue_waiting(now=now) == 0

    assert {one.state for one in Master.objects.all()} == {Master.State.READY}
    unread = Derivative.objects.filter(role="ocr").first()
    assert unread is not None
    assert ([one["name"] for one in unread.files], unread.facts["missing"]) == (["reading.json"], "vie.traineddata")

    monkeypatch.setattr(installed, "tessdata", lambda: "/opt/tessdata")
    assert arrivals.queue_waiting(now=now) == Master.objects.count()
    assert {one.state for one in Job.objects.filter(role="ocr")} == {Job.State.QUEUED}
    assert arrivals.queue_waiting(now=now) == 0


@pytest.mark.skipif(not installed.soffice(), reason="no LibreOffice (package libreoffice-writer-nogui)")
def test_an_office_document_is_shown_as_its_pdf_is(tmp_path: Path, now: datetime) -> None:
    received(word(tmp_path / "a.docx", "<w:p><w:r><w:t>Cồng chiêng</w:t></w:r></w:p>"), now=now)
    work.perform_all()

    made = {one.role: one for one in Derivative.objects.all()}
    assert Master.objects.get().state == Master.State.READY
    assert set(made) == {"text", "pdf", "thumbnail", "pages", "words", "outline"}
    assert [one["name"] for one in made["pages"].files] == ["p0001.jpg", "s0001.webp"]
    assert made["words"].facts["words"] == 2
