"""Publishing asks for consent; withdrawing one hides at once; its proof is kept for good and shown to nobody."""

from __future__ import annotations

import threading
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth.models import Permission
from django.db import connection

from access.models import AuditEntry, Petition, User
from access.viewer import visitor
from archive import consent_records, queries
from archive.actions.attach_evidence import attach_evidence
from archive.actions.errors import ActionRefused, NotAllowed
from archive.actions.move_item import move_item, publish_item, withdraw_item
from archive.actions.record_consent import Given, record_consent
from archive.actions.withdraw_consent import withdraw_consent
from archive.backup import saving
from archive.consents import Lacking
from archive.models import ConsentRecord, Item
from media_pipeline import fixity, remaking, stores, work
from media_pipeline.models import Derivative, Job, Master
from tests import makers
from tests.archive.consenting import DAY, consent, person, portrait, proof

pytestmark = pytest.mark.django_db


def with_rights(*codenames: str) -> User:
    user = makers.staff("-".join(codenames)[:140])
    user.user_permissions.set(Permission.objects.filter(codename__in=codenames))
    return user


def shown(item: Item, now: datetime) -> bool:
    return Item.objects.visible_to(visitor(now=now)).filter(pk=item.pk).exists()


def last(verb: str) -> AuditEntry:
    return AuditEntry.objects.filter(verb=verb).latest("pk")


# --- Publishing --------------------------------------------------------------------------------------------------------------


def test_who_has_not_consented_is_not_published_not_even_by_a_command(now: datetime) -> None:
    for item in (portrait(now, person()), portrait(now, unnamed=True)):
        for actor in (with_rights("publish_item") if item.depicts_person else None, None):
            with pytest.raises(ActionRefused, match="no_consent"):
                publish_item(item, actor=actor, now=now)

        item.refresh_from_db()
        assert (item.state, item.published_at, item.version) == ("draft", None, 1)
        assert not shown(item, now)
    assert not AuditEntry.objects.filter(verb="move_to_published").exists()


def test_who_has_consented_is_published(now: datetime) -> None:
    somebody = person()
    item = portrait(now, somebody, unnamed=True)
    consent(now, item, agent=somebody)
    consent(now, item)

    publish_item(item, actor=with_rights("publish_item"), now=now)

    assert shown(item, now)


@pytest.mark.parametrize(
    "facts",
    [
        {"scopes": ["view", "copy"]},
        {"valid_until": DAY},
        {"is_child": True, "guardian": ""},
    ],
)
def test_a_consent_that_does_not_hold_today_publishes_nothing(now: datetime, facts: dict[str, Any]) -> None:
    item = portrait(now, unnamed=True)
    if facts.get("is_child"):
        with pytest.raises(ActionRefused, match="consent_without_guardian"):
            consent(now, item, **facts)
    else:
        consent(now, item, **facts)

    with pytest.raises(ActionRefused, match="no_consent"):
        publish_item(item, actor=None, now=now)


def test_the_last_day_of_a_consent_is_a_day_of_the_library(now: datetime) -> None:
    """08:00 UTC on the 14th is the afternoon of the 14th in Việt Nam; ten hours later it is the 15th there."""
    item = portrait(now, unnamed=True)
    consent(now, item, valid_until=now.date())

    with pytest.raises(ActionRefused, match="no_consent"):
        publish_item(item, actor=None, now=now + timedelta(hours=10))
    publish_item(item, actor=None, now=now + timedelta(hours=8))


def test_somebody_with_that_right_publishes_without_a_consent_and_says_why(now: datetime) -> None:
    item = portrait(now, person(), unnamed=True)
    allowed = with_rights("publish_item", "publish_without_consent")
    for actor, reason in ((with_rights("publish_item"), "vì sự kiện"), (allowed, ""), (allowed, "  ")):
        with pytest.raises(ActionRefused, match="no_consent"):
            move_item(item, "published", actor=actor, now=now, reason=reason)

    move_item(item, "published", actor=allowed, now=now, reason="Ảnh chụp nơi công cộng")

    entry = last("move_to_published")
    assert (entry.actor, entry.reason, entry.detail["without_consent"]) == (allowed, "Ảnh chụp nơi công cộng", 2)
    assert shown(item, now)


def test_nobody_is_asked_where_nobody_is_depicted(now: datetime) -> None:
    makers.item(now=now)

    assert "without_consent" not in last("move_to_published").detail


# --- Withdrawing -------------------------------------------------------------------------------------------------------------


def test_a_withdrawn_consent_hides_at_once_what_lacks_one_by_that(now: datetime) -> None:
    alone, kept, draft = portrait(now, unnamed=True), portrait(now, unnamed=True), portrait(now, unnamed=True)
    record = consent(now, alone, kept, draft)
    consent(now, kept, person_name="A Hiêng")
    for item in (alone, kept):
        publish_item(item, actor=None, now=now)

    actor = with_rights("change_consentrecord")
    hidden = withdraw_consent(record, actor=actor, now=now + timedelta(days=1), reason="Gia đình xin rút lại")

    assert hidden == [alone]
    assert [shown(item, now) for item in (alone, kept, draft)] == [False, True, False]
    left = queries.tombstone(alone.pid)
    assert left is not None
    assert left.is_suspended
    entry = last("withdraw_consent")
    assert (entry.target_pid, entry.reason, entry.detail) == (
        record.pid,
        "Gia đình xin rút lại",
        {"items": [alone.pid]},
    )
    assert "Gia đình" not in str(AuditEntry.objects.filter(target_pid=alone.pid).values())


def test_a_consent_that_ran_out_hides_nothing_until_it_is_withdrawn(now: datetime) -> None:
    item, later = portrait(now, unnamed=True), now + timedelta(days=30)
    record = consent(now, item, valid_until=now.date())
    publish_item(item, actor=None, now=now)
    assert shown(item, later)
    assert list(consent_records.published_lacking(Item.objects.all(), day=later.date())) == [item]

    assert withdraw_consent(record, actor=None, now=later, reason="vì") == [item]

    assert not shown(item, later)


def test_what_one_person_takes_back_hides_nothing_for_want_of_anothers_consent(now: datetime) -> None:
    first, second = person(), person("a-hieng")
    item = portrait(now, first, second)
    of_first, of_neighbour = consent(now, item, agent=first), consent(now, item)
    move_item(item, "published", actor=None, now=now, reason="Người thứ hai chưa tìm được")

    assert withdraw_consent(of_neighbour, actor=None, now=now, reason="vì") == []
    assert shown(item, now)
    assert withdraw_consent(of_first, actor=None, now=now, reason="vì") == [item]


@pytest.mark.django_db(transaction=True)
def test_a_consent_that_is_withdrawn_while_somebody_publishes_does_not_stay_published(
    now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    if not connection.features.has_select_for_update:
        pytest.skip("in SQLite whoever writes is alone")
    item = portrait(now, unnamed=True)
    record = consent(now, item)
    real = consent_records.lacking

    def withdraw() -> None:
        try:
            withdraw_consent(ConsentRecord.objects.get(pk=record.pk), actor=None, now=now, reason="vì")
        finally:
            connection.close()

    meanwhile = threading.Thread(target=withdraw)

    def asked(asked_of: Item, *, day: date) -> Lacking:
        found = real(asked_of, day=day)
        if meanwhile.ident is None:
            meanwhile.start()
            # Whoever is not held up is done long before.
            meanwhile.join(timeout=1.5)
        return found

    monkeypatch.setattr(consent_records, "lacking", asked)
    publish_item(item, actor=None, now=now)
    meanwhile.join()

    item.refresh_from_db()
    assert item.suspended_at is not None
    assert not shown(item, now)


def test_a_consent_is_withdrawn_once_by_who_may_with_a_reason(now: datetime) -> None:
    record = consent(now, portrait(now, unnamed=True))

    with pytest.raises(NotAllowed):
        withdraw_consent(record, actor=with_rights("view_consentrecord"), now=now, reason="vì")
    for reason, code in (("", "reason_missing"), ("  ", "reason_missing"), ("\x00", "unreadable")):
        with pytest.raises(ActionRefused, match=code):
            withdraw_consent(record, actor=None, now=now, reason=reason)
    withdraw_consent(record, actor=None, now=now, reason="vì")
    with pytest.raises(ActionRefused, match="consent_withdrawn"):
        withdraw_consent(record, actor=None, now=now, reason="lần nữa")

    record.refresh_from_db()
    assert record.withdrawn_at == now


def test_what_was_hidden_comes_back_by_publishing_it_again_with_a_new_consent(now: datetime) -> None:
    item = portrait(now, unnamed=True)
    record = consent(now, item)
    publish_item(item, actor=None, now=now)
    withdraw_consent(record, actor=None, now=now, reason="vì")
    withdraw_item(item, actor=None, now=now)
    with pytest.raises(ActionRefused, match="no_consent"):
        publish_item(item, actor=None, now=now)

    consent(now, item, person_name="A Hiêng")
    publish_item(item, actor=None, now=now)

    assert shown(item, now)


def test_publishing_again_does_not_decide_a_request_to_take_it_down(now: datetime) -> None:
    item = portrait(now)
    publish_item(item, actor=None, now=now)
    Item.objects.filter(pk=item.pk).update(suspended_at=now)
    Petition.objects.create(kind="takedown", target_pid=item.pid, text="xin gỡ", received_at=now, hid_target=True)
    withdraw_item(item, actor=None, now=now)

    publish_item(item, actor=None, now=now)

    assert not shown(item, now)


# --- Recording ---------------------------------------------------------------------------------------------------------------


def test_a_consent_is_recorded_by_who_may_and_told_by_identifiers(now: datetime) -> None:
    item = portrait(now, unnamed=True)

    record = consent(now, item, guardian="Y Hen", is_child=True, scopes=["publish_online", "view"], witness="A Thút")

    assert list(record.items.all()) == [item]
    assert record.scopes == ["view", "publish_online"]
    entry = last("record_consent")
    assert entry.target_pid == record.pid
    assert entry.detail == {"items": [item.pid]}
    told = str(AuditEntry.objects.values())
    assert not any(name in told for name in ("Blưi", "Hen", "Thút", "Chân dung"))


def test_a_consent_is_not_recorded_by_who_may_not(now: datetime) -> None:
    given = Given(items=[portrait(now)], scopes=["view"], method="paper", given_on=DAY, person_name="Y Blưi")
    with pytest.raises(NotAllowed):
        record_consent(given, actor=with_rights("view_consentrecord", "change_consentrecord"), now=now)

    assert not ConsentRecord.objects.exists()


# --- The proof ---------------------------------------------------------------------------------------------------------------


def test_a_proof_is_a_master_of_which_nothing_is_made(now: datetime, tmp_path: Path) -> None:
    record = consent(now, portrait(now), evidence=makers.picture(tmp_path / "giấy.jpg"))
    work.perform_all()

    record.refresh_from_db()
    master = record.evidence_master
    assert master is not None
    assert (master.state, master.reason_code, master.kind, master.item_files.count()) == (
        "kept",
        "kept_only",
        "image",
        0,
    )
    assert list(remaking.queue_all()) == [0]
    assert remaking.queue_for(master, now=now, everything=True) == 0
    work.perform_all()
    assert not Derivative.objects.exists()
    assert list(stores.derivatives().walk()) == []
    assert set(Job.objects.values_list("role", flat=True)) == {"store", "identify"}


def test_a_proof_is_read_when_all_originals_are(now: datetime, tmp_path: Path) -> None:
    record = consent(now, portrait(now), evidence=makers.picture(tmp_path / "giấy.jpg"))
    work.perform_all()
    record.refresh_from_db()
    assert record.evidence_master is not None

    read: list[str] = []
    report = fixity.check_masters(on_checked=lambda sha256, _found: read.append(sha256))

    assert read == [record.evidence_master.sha256]
    assert not report.untracked


def test_a_backup_carries_the_proof_and_the_record(now: datetime, tmp_path: Path) -> None:
    path = makers.picture(tmp_path / "giấy.jpg")
    record = consent(now, portrait(now), evidence=path)
    work.perform_all()
    record.refresh_from_db()
    assert record.evidence_master is not None

    manifest, report = saving.save(tmp_path / "backup", now=now, on_master=lambda *_counted: None)

    assert manifest.masters == [record.evidence_master.sha256]
    assert not report.missing
    with saving.masters_of(tmp_path / "backup").local_path(record.evidence_master.sha256) as kept:
        assert kept.read_bytes() == path.read_bytes()
    (rows,) = (tmp_path / "backup" / "database").glob("*-archive.consentrecord.jsonl")
    assert record.pid in rows.read_text("utf-8")
    (intakes,) = (tmp_path / "backup" / "database").glob("*-media_pipeline.intake.jsonl")
    assert '"keep_only":true' in intakes.read_text("utf-8")


def test_a_picture_that_was_a_proof_alone_is_shown_once_an_item_has_it(now: datetime, tmp_path: Path) -> None:
    path = makers.picture(tmp_path / "ảnh.jpg")
    record = consent(now, portrait(now), evidence=path)
    work.perform_all()

    file = makers.file_of(makers.item(now=now), path, now=now)

    record.refresh_from_db()
    assert file.master == record.evidence_master
    assert file.master is not None
    assert (file.master.state, file.master.reason_code) == ("ready", "")
    assert {one.role for one in file.master.derivatives.all()} >= {"thumbnail", "pyramid"}


def test_a_picture_of_an_item_stays_shown_when_it_proves_something_too(now: datetime, tmp_path: Path) -> None:
    path = makers.picture(tmp_path / "ảnh.jpg")
    makers.file_of(makers.item(now=now), path, now=now)

    record = consent(now, portrait(now), evidence=path)
    work.perform_all()

    record.refresh_from_db()
    assert record.evidence_master is not None
    assert record.evidence_master.state == Master.State.READY


def test_a_proof_may_come_later_and_is_never_exchanged(now: datetime, tmp_path: Path) -> None:
    record = consent(now, portrait(now))
    first = proof(makers.picture(tmp_path / "một.jpg"))
    second = proof(makers.picture(tmp_path / "hai.jpg", colour=(9, 9, 9)))
    assert first is not None
    assert second is not None

    attach_evidence(record, first, actor=None, now=now)
    for _ in ("on its way", "stored"):
        with pytest.raises(ActionRefused, match="evidence_is_there"):
            attach_evidence(record, second, actor=None, now=now)
        work.perform_all()
        record.refresh_from_db()

    assert record.evidence_intake is not None
    assert record.evidence_intake.original_name == "một.jpg"
    assert last("attach_evidence").target_pid == record.pid


def test_a_refused_proof_makes_room_for_another(now: datetime, tmp_path: Path) -> None:
    program = tmp_path / "giấy.exe"
    program.write_bytes(b"\x7fELF" + bytes(200))
    record = consent(now, portrait(now), evidence=program)
    work.perform_all()
    record.refresh_from_db()
    assert record.evidence_master is None

    again = proof(makers.picture(tmp_path / "giấy.jpg"))
    assert again is not None
    attach_evidence(record, again, actor=None, now=now)
    work.perform_all()

    record.refresh_from_db()
    assert record.evidence_master is not None
