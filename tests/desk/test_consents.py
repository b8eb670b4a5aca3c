"""Recording, showing and withdrawing consents at the desk, and who may open what proves them."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
from django.conf import LazySettings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from access import policy
from access.models import AuditEntry, Community, CommunityMembership, User
from archive.actions.choose_access import choose_item_access
from archive.actions.move_item import publish_item
from archive.languages import of
from archive.models import Agent, ConsentRecord, Item, ItemAgent, ItemFile, Label
from media_pipeline import work
from tests import makers
from tests.archive.consenting import consent
from tests.desk.conftest import an_item, signed_in, staff
from tests.desk.test_items import change, form

pytestmark = pytest.mark.django_db
LIST = "/admin/archive/consentrecord/"
NAME = "Y Blưi"


@pytest.fixture
def keeper(db: None) -> Client:
    return signed_in(staff("giu_phieu", "Publisher", "Keeper of consents"))


def told(*items: Item, **changes: Any) -> dict[str, Any]:
    """Return what a browser sends for a new consent."""
    sent = {
        "person_name": NAME,
        "items": [item.pk for item in items],
        "scopes": ["publish_online"],
        "given_on": "2026-03-01",
    }
    return {**sent, "method": "paper", **changes}


def page_of(client: Client, record: ConsentRecord) -> str:
    return str(client.get(f"{LIST}{record.pk}/change/").content.decode())


def portrait(title: str = "Chân dung") -> Item:
    item = an_item(title)
    Item.objects.filter(pk=item.pk).update(depicts_person=True)
    item.refresh_from_db()
    return item


# --- Recording ---------------------------------------------------------------------------------------------------------------


def test_a_consent_is_recorded_and_then_only_read(publisher: Client) -> None:
    item = portrait()

    publisher.post(
        f"{LIST}add/", told(item, is_child="on", guardian="Y Hen", language="bdq", witness="A Thút", note="ở nhà")
    )

    record = ConsentRecord.objects.get()
    assert (record.person_name, record.guardian, record.language) == (NAME, "Y Hen", "bdq")
    assert (list(record.items.all()), record.scopes) == ([item], ["publish_online"])
    assert record.recorded_by is not None
    assert record.recorded_by.username == "cong_bo"
    page = page_of(publisher, record)
    assert all(
        word in page
        for word in (f"{NAME} (a child)", "Y Hen", "A Thút", "to be published online", "Chân dung", "Bahnar")
    )
    assert publisher.post(f"{LIST}{record.pk}/change/", told(item, person_name="Ai khác")).status_code == 403
    assert publisher.post(f"{LIST}{record.pk}/delete/", {"post": "yes"}).status_code == 403
    assert NAME in publisher.get(LIST).content.decode()


def test_nothing_is_ticked_beforehand(publisher: Client) -> None:
    page = publisher.get(f"{LIST}add/").content.decode()

    scopes = re.findall(r'<input[^>]*name="scopes"[^>]*>', page)
    assert len(scopes) == 7
    assert [one for one in scopes if "checked" in one] == []


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"person_name": ""}, "agent"),
        ({"items": []}, "items"),
        ({"scopes": []}, "scopes"),
        ({"is_child": "on"}, "guardian"),
        ({"given_on": "2999-01-01"}, "given_on"),
        ({"valid_until": "2026-02-28"}, "valid_until"),
        ({"method": ""}, "method"),
        ({"note": "a\x00"}, "note"),
        ({"witness": "a\x00"}, "witness"),
    ],
)
def test_what_is_no_consent_is_refused_beside_its_field(publisher: Client, wrong: dict[str, Any], field: str) -> None:
    answer = publisher.post(f"{LIST}add/", told(portrait(), **wrong))

    assert list(answer.context["adminform"].form.errors) == [field]
    assert not ConsentRecord.objects.exists()


def test_an_item_that_is_closed_to_somebody_cannot_be_consented_for_by_them(publisher: Client) -> None:
    hidden, gone = an_item("Kín", access=policy.NOBODY), 987654

    answers = [publisher.post(f"{LIST}add/", told(items=[key])) for key in (hidden.pk, gone)]

    said = [str(answer.context["adminform"].form.errors) for answer in answers]
    assert said[0].replace(f" {hidden.pk} ", " N ") == said[1].replace(f" {gone} ", " N ")
    assert "is not one of the available choices" in said[1]
    assert all("Kín" not in answer.content.decode() for answer in answers)
    found = publisher.get("/admin/autocomplete/?term=k&app_label=archive&model_name=consentrecord&field_name=items")
    assert found.json()["results"] == []


@pytest.mark.parametrize("who", ["cataloguer", "anybody"])
def test_consents_are_for_those_who_hold_the_right(who: str) -> None:
    record = consent(timezone.now(), portrait())
    client = signed_in(staff("bien_muc", "Cataloguer")) if who == "cataloguer" else Client()

    for path in ("", "add/", f"{record.pk}/change/", f"{record.pk}/history/", f"{record.pk}/evidence"):
        answer = client.get(LIST + path)
        assert answer.status_code in {302, 403}
        assert NAME not in answer.content.decode()
    assert client.post(f"{LIST}{record.pk}/withdraw", {"reason": "vì"}).status_code in {302, 403}
    record.refresh_from_db()
    assert record.withdrawn_at is None


# --- Consents about what is closed -------------------------------------------------------------------------------------------


def test_a_consent_is_there_for_who_may_see_all_of_its_items_and_for_nobody_else(
    keeper: Client, tmp_path: Path
) -> None:
    open_one, closed = portrait("Mở"), portrait("Kín")
    record = consent(timezone.now(), open_one, closed, evidence=makers.picture(tmp_path / "giay.jpg"))
    work.perform_all()
    assert NAME in page_of(keeper, record)
    choose_item_access(closed, policy.NOBODY, actor=None, now=timezone.now())

    for path in ("change/", "history/", "evidence"):
        asked, unknown = (keeper.get(f"{LIST}{key}/{path}") for key in (record.pk, 987654))
        assert (asked.status_code, asked.content) == (unknown.status_code, unknown.content)
    for query in ("", "?q=blui", f"?item={open_one.pk}", f"?item={closed.pk}", "?state=valid"):
        assert NAME not in keeper.get(LIST + query).content.decode()
    assert keeper.post(f"{LIST}{record.pk}/withdraw", {"reason": "vì"}).status_code == 404
    log = keeper.get("/admin/access/auditentry/").content.decode()
    assert record.pid not in log
    assert not AuditEntry.objects.filter(verb="read_evidence").exists()


def test_a_consent_whose_items_are_gone_is_left_to_who_recorded_it(publisher: Client, administrator: Client) -> None:
    item = portrait()
    publisher.post(f"{LIST}add/", told(item))
    record = ConsentRecord.objects.get()
    Item.objects.filter(pk=item.pk).delete()

    assert NAME in publisher.get(LIST).content.decode()
    assert NAME not in administrator.get(LIST).content.decode()
    assert administrator.get(f"{LIST}{record.pk}/change/").status_code == 302


def test_deleting_a_heading_does_not_tell_of_the_consents_of_that_person(administrator: Client) -> None:
    agent = Agent.objects.create(slug="y-bluoi", names=of(vi=NAME))
    record = consent(timezone.now(), an_item("Kín", access=policy.NOBODY), agent=agent)

    page = administrator.post(f"/admin/archive/agent/{agent.pk}/delete/", {"post": "yes"})

    assert page.status_code == 403
    assert str(record) not in page.content.decode()
    assert Agent.objects.filter(pk=agent.pk).exists()


# --- The list ----------------------------------------------------------------------------------------------------------------


def test_consents_are_found_by_name_without_diacritics_and_by_state(publisher: Client) -> None:
    now, item = timezone.now(), portrait()
    agent = Agent.objects.create(slug="a-hieng", names=of(vi="A Hiêng"))
    village = Community.objects.create(name="Làng Kon Klor", page_is_open=True)
    consent(now, item)
    consent(now, item, agent=agent, valid_until=now.date().replace(year=2020), given_on=now.date().replace(year=2019))
    withdrawn = consent(now, item, community=village)
    ConsentRecord.objects.filter(pk=withdrawn.pk).update(withdrawn_at=now)

    def names(query: str) -> set[str]:
        page = publisher.get(LIST + query).content.decode().partition('id="result_list"')[2]
        return {name for name in (NAME, "A Hiêng", "Làng Kon Klor") if name in page}

    assert names("") == {NAME, "A Hiêng", "Làng Kon Klor"}
    assert [names(f"?q={term}") for term in ("y blui", "hieng", "kon klor", "ai do")] == [
        {NAME},
        {"A Hiêng"},
        {"Làng Kon Klor"},
        set(),
    ]
    assert [names(f"?state={state}") for state in ("valid", "over", "withdrawn")] == [
        {NAME},
        {"A Hiêng"},
        {"Làng Kon Klor"},
    ]


# --- Withdrawing -------------------------------------------------------------------------------------------------------------


def test_withdrawing_at_the_desk_needs_a_reason_and_hides_what_is_published(publisher: Client) -> None:
    item = portrait()
    record = consent(timezone.now(), item)
    publish_item(item, actor=None, now=timezone.now())
    assert Client().get(f"/items/{item.pid}/").status_code == 200

    assert "Say why" in publisher.post(f"{LIST}{record.pk}/withdraw", {"reason": " "}, follow=True).content.decode()
    page = publisher.post(f"{LIST}{record.pk}/withdraw", {"reason": "gia đình xin"}, follow=True).content.decode()

    assert "1 item is hidden from readers" in page
    assert "Withdraw this consent" not in page
    assert Client().get(f"/items/{item.pid}/").status_code == 410
    history = publisher.get(f"{LIST}{record.pk}/history/").content.decode()
    assert "withdrew a consent" in history


# --- The evidence ------------------------------------------------------------------------------------------------------------


def upload(path: Path) -> SimpleUploadedFile:
    return SimpleUploadedFile(path.name, path.read_bytes())


def test_the_evidence_is_sent_to_its_keeper_alone_and_each_opening_is_written_down(
    keeper: Client, publisher: Client, administrator: Client, tmp_path: Path
) -> None:
    path = makers.picture(tmp_path / "giấy.jpg")
    publisher.post(f"{LIST}add/", told(portrait(), evidence=upload(path)))
    record = ConsentRecord.objects.get()
    assert keeper.get(f"{LIST}{record.pk}/evidence").status_code == 404  # on its way
    work.perform_all()

    answer = keeper.get(f"{LIST}{record.pk}/evidence")

    assert b"".join(answer.streaming_content) == path.read_bytes()  # type: ignore[attr-defined]  # of a stream
    assert answer["Content-Type"] == "application/octet-stream"
    assert answer["Content-Disposition"].startswith("attachment;")
    assert "no-store" in answer["Cache-Control"]
    assert "private" in answer["Cache-Control"]
    entry = AuditEntry.objects.get(verb="read_evidence")
    assert (entry.actor_name, entry.target_pid) == ("giu_phieu", record.pid)
    assert publisher.get(f"{LIST}{record.pk}/evidence").status_code == 403
    assert publisher.get(f"{LIST}987654/evidence").status_code == 403
    assert "Open the evidence" not in page_of(publisher, record)
    assert "Open the evidence" in page_of(keeper, record)
    assert AuditEntry.objects.filter(verb="read_evidence").count() == 1


def test_behind_nginx_it_is_nginx_that_sends_the_evidence_and_nobody_keeps_it(
    keeper: Client, settings: LazySettings, tmp_path: Path
) -> None:
    settings.SENDFILE = "nginx"
    record = consent(timezone.now(), portrait(), evidence=makers.picture(tmp_path / "giay.jpg"))
    work.perform_all()

    answer = keeper.get(f"{LIST}{record.pk}/evidence", headers={"x-sendfile-type": "X-Accel-Redirect"})

    assert answer["X-Accel-Redirect"].startswith("/_protected/")
    assert answer.content == b""
    assert {"private", "no-store"} <= set(answer["X-Said-Cache-Control"].replace(" ", "").split(","))
    assert answer["X-Said-Content-Disposition"].startswith("attachment;")
    assert AuditEntry.objects.filter(verb="read_evidence").count() == 1


def test_no_other_door_leads_to_the_evidence(keeper: Client, administrator: Client, tmp_path: Path) -> None:
    record = consent(timezone.now(), portrait(), evidence=makers.picture(tmp_path / "giay.jpg"))
    work.perform_all()
    record.refresh_from_db()
    master = record.evidence_master
    assert master is not None
    assert not ItemFile.objects.exists()

    for client in (keeper, administrator):
        for address in ("", f"{master.pk}/change/"):
            assert master.sha256[:8] not in client.get(f"/admin/media_pipeline/master/{address}").content.decode()
        assert "identify" not in client.get("/admin/media_pipeline/job/").content.decode().partition("result_list")[2]


@pytest.mark.parametrize(
    ("name", "content"),
    [("giấy.txt", b"toi dong y"), ("giấy.exe", b"\x7fELF" + bytes(80)), ("giấy.zip", b"PK\x05\x06" + bytes(18))],
)
def test_what_is_no_picture_recording_film_or_pdf_proves_nothing(publisher: Client, name: str, content: bytes) -> None:
    answer = publisher.post(f"{LIST}add/", told(portrait(), evidence=SimpleUploadedFile(name, content)))

    assert list(answer.context["adminform"].form.errors) == ["evidence"]
    assert not ConsentRecord.objects.exists()


def test_a_proof_of_more_than_50_mb_is_refused(
    publisher: Client, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    path = makers.picture(tmp_path / "giay.jpg")
    monkeypatch.setattr("archive.admin.consent_form.EVIDENCE_MOST_BYTES", path.stat().st_size - 1)

    answer = publisher.post(f"{LIST}add/", told(portrait(), evidence=upload(path)))

    assert "larger than 50 MB" in answer.content.decode()


def test_evidence_that_comes_later_is_added_once(publisher: Client, tmp_path: Path) -> None:
    record = consent(timezone.now(), portrait())
    path = makers.picture(tmp_path / "giay.jpg")
    assert "There is no evidence yet" in page_of(publisher, record)

    first = publisher.post(f"{LIST}{record.pk}/evidence", {"evidence": upload(path)}, follow=True).content.decode()
    work.perform_all()
    second = publisher.post(f"{LIST}{record.pk}/evidence", {"evidence": upload(path)}, follow=True).content.decode()

    assert "The evidence has arrived" in first
    assert "never exchanged" in second
    assert "Stored: JPEG image" in second
    assert "Add the evidence" not in second


# --- The item's form ---------------------------------------------------------------------------------------------------------


def test_the_items_form_says_whose_consent_is_lacking_and_publishing_is_refused(publisher: Client) -> None:
    item = portrait()
    ItemAgent.objects.create(item=item, agent=Agent.objects.create(slug="a-hieng", names=of(vi="A Hiêng")), role="dpc")

    page = publisher.get(f"/admin/archive/item/{item.pk}/change/").content.decode()
    answer = change(publisher, item, _move="published", depicts_person="on", _consent_reason="vì")

    item.refresh_from_db()
    assert "A Hiêng, somebody who is not named" in page
    assert f"{LIST}add/?items={item.pk}" in page
    assert "_consent_reason" not in page
    assert item.state == "draft"
    assert "has not consented" in publisher.get(answer["Location"]).content.decode()


def test_who_has_that_right_publishes_without_a_consent_with_a_reason(keeper: Client) -> None:
    item = portrait()
    assert "_consent_reason" in keeper.get(f"/admin/archive/item/{item.pk}/change/").content.decode()

    change(keeper, item, _move="published", depicts_person="on", _consent_reason="  ")
    item.refresh_from_db()
    refused = item.state
    change(keeper, item, _move="published", depicts_person="on", _consent_reason="ảnh báo chí")

    item.refresh_from_db()
    assert (refused, item.state) == ("draft", "published")
    assert AuditEntry.objects.get(verb="move_to_published").reason == "ảnh báo chí"


def test_the_start_page_counts_what_is_published_without_a_consent_that_one_may_see(
    publisher: Client, cataloguer: Client
) -> None:
    for title, access in (("Thấy", policy.PUBLIC), ("Không thấy", policy.NOBODY)):
        item = publish_item(an_item(title, access=access), actor=None, now=timezone.now())
        Item.objects.filter(pk=item.pk).update(depicts_person=True)

    page = publisher.get("/admin/").content.decode()

    assert "<strong>1</strong> <span>published item lacks a consent</span>" in page
    assert "lacks a consent" not in cataloguer.get("/admin/").content.decode()
    listed = publisher.get("/admin/archive/item/?consent=lacking").content.decode()
    assert ("Thấy" in listed, "Không thấy" in listed) == (True, False)


def test_communities_labels_and_who_can_be_recognised_are_saved_with_an_item(publisher: Client) -> None:
    item = an_item("Gùi")
    village = Community.objects.create(name="Làng Kon Klor", page_is_open=True)
    label = Label.objects.create(
        kind="tk", community=village, title="TK Attribution", project_address="https://localcontextshub.org/projects/1"
    )

    change(publisher, item, communities=[village.pk], labels=[label.pk], depicts_person="on")

    item.refresh_from_db()
    assert (list(item.communities.all()), list(item.labels.all()), item.depicts_person) == ([village], [label], True)
    assert AuditEntry.objects.get(verb="change_item").detail == {"fields": ["communities", "depicts_person", "labels"]}
    change(publisher, item, communities=[village.pk], labels=[label.pk], depicts_person="on")
    item.refresh_from_db()
    assert item.version == 2


def test_a_new_item_says_at_once_that_somebody_can_be_recognised(publisher: Client) -> None:
    publisher.post("/admin/archive/item/add/", form(depicts_person="on"))

    assert Item.objects.get().depicts_person


def test_communities_that_are_nobodys_to_know_are_not_offered(cataloguer: Client) -> None:
    user = User.objects.get(username="bien_muc")
    shown, own, hidden, of_item = (
        Community.objects.create(name=f"Làng {name}", page_is_open=name == "mở") for name in ("mở", "nhà", "kín", "này")
    )
    CommunityMembership.objects.create(community=own, user=user)
    item = an_item("Gùi", access=policy.STAFF)
    item.communities.add(of_item)

    page = cataloguer.get(f"/admin/archive/item/{item.pk}/change/").content.decode()
    other = cataloguer.get("/admin/archive/item/add/").content.decode()
    sent = form(item, communities=[hidden.pk])
    cataloguer.post(f"/admin/archive/item/{item.pk}/change/", sent)

    assert [name in page for name in (shown.name, own.name, of_item.name, hidden.name)] == [True, True, True, False]
    assert [name in other for name in (shown.name, own.name, of_item.name, hidden.name)] == [True, True, False, False]
    assert list(item.communities.all()) == [of_item]


# --- Labels ------------------------------------------------------------------------------------------------------------------


def label(**changes: Any) -> dict[str, Any]:
    address = "https://localcontextshub.org/projects/3f2b"
    return {"kind": "notice", "title": "TK Notice", "language": "en", "project_address": address, **changes}


def test_a_notice_is_kept_by_its_address_and_title(publisher: Client) -> None:
    publisher.post("/admin/archive/label/add/", label())

    made = Label.objects.get()
    assert (made.title, made.project_address, made.community) == (
        "TK Notice",
        "https://localcontextshub.org/projects/3f2b",
        None,
    )
    assert AuditEntry.objects.filter(verb="add_label", target_pid=f"label-{made.pk}").exists()
    assert "TK Notice" in publisher.get("/admin/archive/label/?q=tk%20notice").content.decode()


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"project_address": "https://example.org/projects/1"}, "project_address"),
        ({"project_address": "http://localcontextshub.org/projects/1"}, "project_address"),
        ({"project_address": "https://localcontextshub.org.example.org/1"}, "project_address"),
        ({"project_address": "https://evil-localcontexts.org/1"}, "project_address"),
        ({"project_address": "https://a@localcontexts.org/1"}, "project_address"),
        ({"project_address": "https://localcontexts.org:8443/1"}, "project_address"),
        ({"kind": "tk"}, "community"),
        ({"title": ""}, "title"),
    ],
)
def test_a_label_of_another_place_or_of_nobody_is_refused(publisher: Client, wrong: dict[str, Any], field: str) -> None:
    answer = publisher.post("/admin/archive/label/add/", label(**wrong))

    assert list(answer.context["adminform"].form.errors) == [field]
    assert not Label.objects.exists()


def test_labels_of_communities_that_are_nobodys_to_know_are_not_listed(cataloguer: Client, publisher: Client) -> None:
    hidden = Community.objects.create(name="Làng kín")
    Label.objects.create(kind="tk", community=hidden, title="Nhãn kín", project_address="https://localcontexts.org/1")
    Label.objects.create(kind="notice", title="Thông báo", project_address="https://localcontexts.org/2")

    pages = [client.get("/admin/archive/label/").content.decode() for client in (cataloguer, publisher)]

    # Who publishes looks after communities, and knows of all of them.
    words = ("Thông báo", "Nhãn kín", "Làng kín")
    assert [[word in page for word in words] for page in pages] == [[True, False, False], [True, True, True]]
