"""Opening in an emergency what is closed to administrators: who may, what it opens, who is told, and how it ends."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from access import policy
from access.identifiers import new_pid
from access.models import AuditEntry, Grant, Petition, Protocol, User
from access.petitions import PetitionRefused
from access.viewer import viewer_for
from archive.actions.choose_access import choose_file_access, choose_item_access
from archive.actions.decide_petition import acknowledge, end_emergency
from archive.models import Item, ItemFile
from tests import makers
from tests.desk.conftest import signed_in, staff
from tests.desk.test_items import with_file
from tests.petitioners import closed_by, community, protocol, steward

pytestmark = pytest.mark.django_db
PAGE, INBOX = "/admin/emergency/", "/admin/access/petition/"
TITLE = "Bài cúng lúa mới"
REASON = "Công an yêu cầu đối chiếu tệp gốc trong đêm nay"


@pytest.fixture
def held(db: None) -> Protocol:
    return protocol(community())


@pytest.fixture
def item(held: Protocol) -> Item:
    return makers.item(now=timezone.now(), title=TITLE, access=closed_by(held))


@pytest.fixture
def elder(held: Protocol) -> Client:
    user = steward("gia-lang", held)
    User.objects.filter(pk=user.pk).update(is_staff=True)
    return signed_in(User.objects.get(pk=user.pk))


def asked(pid: str, reason: str = REASON, hours: int = 4) -> dict[str, object]:
    return {"pid": pid, "reason": reason, "hours": hours}


def tries() -> list[tuple[str, object]]:
    entries = AuditEntry.objects.filter(verb="try_break_glass").order_by("pk")
    return [(entry.target_pid, entry.detail["refused"]) for entry in entries]


def form_of(item: Item) -> str:
    return f"/admin/archive/item/{item.pk}/change/"


def test_one_thing_is_opened_to_one_administrator_for_a_time(item: Item, administrator: Client) -> None:
    other = signed_in(staff("quan_tri_2", is_superuser=True))
    assert administrator.get(form_of(item)).status_code == 302

    answer = administrator.post(PAGE, asked(item.pid))

    assert (answer.status_code, answer.headers["Location"]) == (302, form_of(item))
    assert TITLE in administrator.get(form_of(item)).content.decode()
    assert TITLE in administrator.get(PAGE).content.decode()
    assert other.get(form_of(item)).status_code == 302
    grant = Grant.objects.get()
    assert grant.valid_until is not None
    assert (grant.is_break_glass, grant.valid_until - grant.granted_at) == (True, timedelta(hours=4))


def test_it_ends_by_itself(item: Item, administrator: Client) -> None:
    administrator.post(PAGE, asked(item.pid, hours=1))
    user = User.objects.get(username="quan_tri")

    seen = [
        Item.objects.visible_to(viewer_for(user, now=timezone.now() + timedelta(minutes=minutes))).exists()
        for minutes in (58, 61)
    ]

    assert seen == [True, False]


def test_the_log_says_who_what_why_and_until_when(item: Item, held: Protocol, administrator: Client) -> None:
    administrator.post(PAGE, asked(item.pid))

    entry = AuditEntry.objects.get(verb="break_glass")
    until = Grant.objects.get().valid_until
    assert (entry.actor_name, entry.target_pid, entry.reason) == ("quan_tri", item.pid, REASON)
    assert entry.detail["protocols"] == [held.pid]
    assert until is not None
    assert entry.after == {"open_to": "quan_tri", "until": until.isoformat()}
    administrator.get(form_of(item))
    assert AuditEntry.objects.get(verb="see_restricted").detail == {"open_by": "grant"}


def test_the_stewards_read_of_it_at_once_and_may_end_it(item: Item, administrator: Client, elder: Client) -> None:
    administrator.post(PAGE, asked(item.pid))
    notice = Petition.objects.get(kind="notice")
    page = f"{INBOX}{notice.pk}/change/"
    told = elder.get(page).content.decode()
    assert REASON in told
    assert "quan_tri" in told

    elder.post(page, {"_do": "end", "answer": "Không phải việc gấp"})

    assert administrator.get(form_of(item)).status_code == 302
    entry = AuditEntry.objects.get(verb="end_break_glass")
    assert (entry.actor_name, entry.reason) == ("gia-lang", "Không phải việc gấp")
    notice.refresh_from_db()
    assert notice.state == Petition.State.SEEN
    assert "end" not in str(elder.get(page).context["form"].fields)
    assert not elder.get(page).context["may_end"]


def test_closing_it_to_everybody_first_does_not_keep_it_from_the_stewards(
    item: Item, held: Protocol, administrator: Client
) -> None:
    choose_item_access(item, policy.NOBODY, actor=User.objects.get(username="quan_tri"), now=timezone.now())

    administrator.post(PAGE, asked(item.pid))

    assert list(Petition.objects.get().protocols.all()) == [held]


def test_a_notice_that_was_read_may_still_be_ended(item: Item, administrator: Client, elder: Client) -> None:
    administrator.post(PAGE, asked(item.pid))
    page = f"{INBOX}{Petition.objects.get(kind='notice').pk}/change/"

    elder.post(page, {"_do": "acknowledge"})
    elder.post(page, {"_do": "end"})

    assert administrator.get(form_of(item)).status_code == 302


def test_other_stewards_and_staff_read_nothing_of_it(item: Item, administrator: Client) -> None:
    stranger = steward("nguoi-khac", protocol(community("Làng khác")))
    User.objects.filter(pk=stranger.pk).update(is_staff=True)
    administrator.post(PAGE, asked(item.pid))
    notice = Petition.objects.get(kind="notice")

    client = signed_in(User.objects.get(pk=stranger.pk))

    assert client.get(f"{INBOX}{notice.pk}/change/").status_code == 302
    assert client.post(f"{INBOX}{notice.pk}/change/", {"_do": "end"}).status_code == 302
    assert Grant.objects.get().withdrawn_at is None


def test_what_is_under_no_protocol_is_told_to_the_other_administrators(administrator: Client) -> None:
    item = makers.item(now=timezone.now(), title=TITLE, access=policy.NOBODY)
    other = signed_in(staff("quan_tri_2", is_superuser=True))

    administrator.post(PAGE, asked(item.pid))

    assert REASON in other.get(f"{INBOX}{Petition.objects.get().pk}/change/").content.decode()
    assert TITLE in administrator.get(form_of(item)).content.decode()


def test_who_opened_it_does_not_put_the_notice_away(administrator: Client) -> None:
    closed = makers.item(now=timezone.now(), access=policy.NOBODY)
    administrator.post(PAGE, asked(closed.pid))
    notice = Petition.objects.get()
    opener, other = User.objects.get(username="quan_tri"), staff("quan_tri_2", is_superuser=True)

    with pytest.raises(PetitionRefused, match="not_allowed"):
        acknowledge(notice, actor=opener, now=timezone.now())
    assert end_emergency(notice, actor=opener, now=timezone.now()).is_pending
    assert acknowledge(notice, actor=other, now=timezone.now()).state == Petition.State.SEEN


def test_who_opened_it_ends_it(item: Item, administrator: Client) -> None:
    other = signed_in(staff("quan_tri_2", is_superuser=True))
    administrator.post(PAGE, asked(item.pid))
    notice = Petition.objects.get()

    assert other.post(f"{PAGE}{notice.pid}/end/").status_code == 404
    assert TITLE in administrator.get(form_of(item)).content.decode()
    assert administrator.post(f"{PAGE}{notice.pid}/end/").status_code == 302

    assert administrator.get(form_of(item)).status_code == 302
    assert TITLE not in administrator.get(PAGE).content.decode()


def test_a_reason_of_a_few_letters_opens_nothing_and_is_in_the_log(item: Item, administrator: Client) -> None:
    page = administrator.post(PAGE, asked(item.pid, reason="khẩn cấp 1234567890 !!!!!!!!!!"))

    assert "Say in a whole sentence" in page.content.decode()
    assert TITLE not in page.content.decode()
    assert not Grant.objects.exists()
    assert tries() == [(item.pid, "short_reason")]


def test_more_than_a_day_is_not_offered(item: Item, administrator: Client) -> None:
    administrator.post(PAGE, asked(item.pid, hours=25))
    assert not Grant.objects.exists()


def test_an_unknown_identifier_and_what_is_open_already_are_said_and_in_the_log(administrator: Client) -> None:
    item, unknown = makers.item(now=timezone.now(), access=policy.STAFF), new_pid()

    said = [administrator.post(PAGE, asked(pid)).content.decode() for pid in (unknown, "không có", item.pid)]

    assert ["There is nothing with this identifier" in page for page in said] == [True, True, False]
    assert "open to you already" in said[2]
    assert tries() == [(unknown, "unknown"), ("", "unknown"), (item.pid, "open_already")]


def test_the_address_of_an_item_may_be_pasted(item: Item, administrator: Client) -> None:
    administrator.post(PAGE, asked(f"https://example.org/en/items/{item.pid.upper()}/?page=2"))
    assert Grant.objects.get().target_pid == item.pid


def test_to_everybody_else_every_identifier_is_the_same_and_each_try_is_written_down(
    item: Item, publisher: Client, elder: Client
) -> None:
    for client in (publisher, elder):
        assert client.get(PAGE).status_code == 403
        answers = [client.post(PAGE, asked(pid)) for pid in (item.pid, new_pid())]
        assert [answer.status_code for answer in answers] == [403, 403]
        assert answers[0].content == answers[1].content
    assert not Grant.objects.exists()
    assert tries() == [("", "not_allowed")] * 4


def test_a_file_closed_more_tightly_is_opened_with_its_item_and_by_itself_only(
    item: Item, held: Protocol, administrator: Client
) -> None:
    family = protocol(held.communities.get(), "Chỉ trong dòng họ")
    files = [with_file(item, name) for name in ("a.jpg", "b.jpg")]
    for file in files:
        choose_file_access(file, closed_by(family), actor=None, now=timezone.now())
    user = User.objects.get(username="quan_tri")

    administrator.post(PAGE, asked(files[0].pid))

    viewer = viewer_for(user, now=timezone.now())
    assert list(ItemFile.objects.visible_to(viewer)) == [files[0]]
    assert {grant.target_pid for grant in Grant.objects.all()} == {files[0].pid, item.pid}
    notice = Petition.objects.get()
    assert set(notice.protocols.all()) == {held, family}
    administrator.post(f"{PAGE}{notice.pid}/end/")
    assert not Item.objects.visible_to(viewer_for(user, now=timezone.now())).exists()


def test_an_opened_item_does_not_open_its_closer_files(item: Item, held: Protocol, administrator: Client) -> None:
    family = protocol(held.communities.get(), "Chỉ trong dòng họ")
    as_open, closer = with_file(item, "a.jpg"), with_file(item, "b.jpg")
    choose_file_access(closer, closed_by(family), actor=None, now=timezone.now())

    administrator.post(PAGE, asked(item.pid))

    viewer = viewer_for(User.objects.get(username="quan_tri"), now=timezone.now())
    assert list(ItemFile.objects.visible_to(viewer)) == [as_open]


def test_the_start_page_leads_administrators_there_and_nobody_else(administrator: Client, publisher: Client) -> None:
    assert PAGE in administrator.get("/admin/").content.decode()
    assert PAGE not in publisher.get("/admin/").content.decode()
