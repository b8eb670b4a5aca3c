"""The inbox at the desk: who finds what there, what the page tells, and what its buttons do."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from django.contrib.auth.models import Group
from django.test import Client
from django.utils import timezone

from access import policy
from access.actions.ask import Asked, ask
from access.models import Grant, Petition
from archive.models import Item, ItemFile
from tests import makers
from tests.desk.conftest import signed_in, staff
from tests.petitioners import CALENDAR, about, closed_by, community, librarian, member, protocol, reader, steward

pytestmark = pytest.mark.django_db
TITLE = "Bài cúng lúa mới"
LIST = "/admin/access/petition/"
Filed = Callable[[policy.Policy], Petition]


def page(petition: Petition) -> str:
    return f"{LIST}{petition.pk}/change/"


def read(client: Client, address: str) -> str:
    return client.get(address).content.decode()


@pytest.fixture
def item(db: None) -> Item:
    return makers.item(now=timezone.now(), title=TITLE)


@pytest.fixture
def filed(item: Item, tmp_path: Path) -> Filed:
    """Return how a reader asks to see a file that a policy closes."""

    def file(closing: policy.Policy) -> Petition:
        now = timezone.now()
        makers.file_of(item, makers.picture(tmp_path / "a.jpg"), now=now, access=closing, process=False)
        return about(item, "access", asker=reader(), now=now)

    return file


def test_a_request_is_in_the_inbox_of_those_who_answer_it_only(filed: Filed, administrator: Client) -> None:
    held = protocol(community())
    petition = filed(closed_by(held))
    elder = signed_in(steward("gia-lang", held))

    assert page(petition) in read(elder, LIST)
    assert petition.text in read(elder, page(petition))
    for client in (administrator, signed_in(librarian())):
        assert page(petition) not in read(client, LIST)
        hidden, unknown = client.get(page(petition)), client.get(f"{LIST}999999/change/")
        assert (
            (hidden.status_code, hidden["Location"]) == (unknown.status_code, unknown["Location"]) == (302, "/admin/")
        )
        assert petition.text not in read(client, "/admin/access/auditentry/")


def test_the_title_is_told_to_those_who_may_see_the_item(item: Item) -> None:
    held = protocol(community())
    closed = makers.item(now=timezone.now(), title="Lời thiêng", access=closed_by(held))
    elder = steward("gia-lang", held)
    of_closed = about(closed, "takedown", asker=elder, now=timezone.now())
    of_open = about(item, "correction", now=timezone.now())
    client = signed_in(librarian())

    shown = read(client, LIST)
    assert TITLE in shown
    assert "Lời thiêng" not in shown + read(client, page(of_closed))
    assert closed.pid in shown
    assert of_closed.text in read(client, page(of_closed))
    assert TITLE in read(client, page(of_open))


def test_a_steward_opens_files_until_a_day(filed: Filed, item: Item) -> None:
    held = protocol(community())
    petition = filed(closed_by(held))
    client = signed_in(steward("gia-lang", held))
    file = ItemFile.objects.get(item=item)
    last = timezone.localdate() + timedelta(days=30)

    answer = client.post(
        page(petition), {"_do": "grant", "targets": [file.pid], "last_day": last.isoformat(), "answer": "Được."}
    )

    made = Grant.objects.get()
    petition.refresh_from_db()
    assert answer.status_code == 302
    assert (made.target_pid, made.user, petition.state, petition.answer) == (
        file.pid,
        petition.asker,
        "granted",
        "Được.",
    )
    assert made.valid_until is not None
    assert timezone.localtime(made.valid_until).date() == last + timedelta(days=1)
    assert "Close it again, at once" in read(client, page(petition))

    client.post(page(petition), {"_do": "revoke"})
    assert Grant.objects.get().withdrawn_at is not None


def test_what_is_refused_without_an_answer_waits_and_the_page_says_why(filed: Filed) -> None:
    petition = filed(policy.STAFF)
    client = signed_in(librarian())

    said = client.post(page(petition), {"_do": "refuse", "answer": ""}).content.decode()

    petition.refresh_from_db()
    assert "Write an answer: whoever asked reads it." in said
    assert petition.state == "open"


def test_acknowledging_stops_the_first_clock(filed: Filed) -> None:
    petition = filed(policy.STAFF)
    client = signed_in(librarian())
    assert "to be acknowledged" in read(client, page(petition))

    client.post(page(petition), {"_do": "acknowledge"})

    petition.refresh_from_db()
    assert petition.state == "acknowledged"
    assert "to be acknowledged" not in read(client, page(petition))


@pytest.mark.parametrize("button", ["", "delete", "see"])
def test_a_button_that_is_not_there_does_nothing(filed: Filed, button: str) -> None:
    petition = filed(policy.STAFF)

    assert signed_in(librarian()).post(page(petition), {"_do": button, "answer": "x"}).status_code == 200
    petition.refresh_from_db()
    assert petition.state == "open"


def test_what_is_overdue_comes_first_and_is_urgent_on_the_start_page(item: Item) -> None:
    now = timezone.now()
    late = about(item, "correction", now=now - timedelta(days=20))
    fresh = about(item, "correction", now=now, address="b")
    client = signed_in(librarian())

    shown = read(client, LIST)
    assert shown.index(page(late)) < shown.index(page(fresh))
    assert "overdue" in read(client, page(late))
    tasks = client.get("/admin/").context["start"].tasks
    assert [(one.count, one.is_urgent) for one in tasks if "petition" in one.address] == [(1, True), (1, False)]


def test_a_steward_who_is_not_of_the_library_is_told_what_waits(filed: Filed) -> None:
    held = protocol(community())
    filed(closed_by(held))
    client = signed_in(steward("gia-lang", held))

    tasks = client.get("/admin/").context["start"].tasks

    assert [one.count for one in tasks if "petition" in one.address] == [1]


def test_a_steward_who_is_not_of_the_library_is_told_no_name_of_a_file(filed: Filed) -> None:
    held = protocol(community())
    petition = filed(closed_by(held))

    assert "a.jpg" not in read(signed_in(steward("gia-lang", held)), page(petition))


def test_who_has_no_part_in_requests_is_not_told_of_them(item: Item) -> None:
    about(item, "takedown", now=timezone.now())
    client = signed_in(staff("chi-xem"))

    assert "/admin/access/petition/" not in read(client, "/admin/")
    assert client.get(LIST).status_code == 403


def test_a_manager_takes_somebody_in(db: None) -> None:
    place, who = community(), reader("nguoi-xin")
    petition = ask(
        Asked("joining", "Tôi là con của làng.", who, community=place), now=timezone.now(), calendar=CALENDAR
    )
    client = signed_in(member(reader("truong"), place, "manager"))
    assert place.name in read(client, LIST)

    client.post(page(petition), {"_do": "grant"})

    assert place.memberships.filter(user=who).exists()


def test_a_notice_is_read_and_not_decided(db: None) -> None:
    held = protocol(community())
    notice = Petition.objects.create(kind="notice", text="Mở khẩn cấp.", received_at=timezone.now())
    notice.protocols.add(held)
    client = signed_in(steward("gia-lang", held))
    shown = read(client, page(notice))

    assert "I have read it" in shown
    assert "Refuse" not in shown

    client.post(page(notice), {"_do": "acknowledge"})
    notice.refresh_from_db()
    assert notice.state == "seen"


def test_the_log_of_a_request_is_read_by_those_who_answer_it(filed: Filed, publisher: Client) -> None:
    held = protocol(community())
    petition = filed(closed_by(held))
    elder = steward("gia-lang", held)
    elder.is_staff = True
    elder.save()
    elder.groups.add(Group.objects.get(name="Publisher"))  # who may read the log at all
    client = signed_in(elder)
    client.post(page(petition), {"_do": "refuse", "answer": "Chưa đến mùa."})

    assert "refused a request" in read(client, f"{LIST}{petition.pk}/history/")
    assert "refused a request" in read(client, "/admin/access/auditentry/")
    assert "refused a request" not in read(publisher, "/admin/access/auditentry/")
