"""Hide at once, decide later: and not so that anybody could empty the archive."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from django.test import Client

from access import policy
from access.models import AuditEntry, Petition, User
from access.petitions import PetitionRefused
from access.viewer import viewer_for, visitor
from archive import petition_rights, queries
from archive.actions.decide_petition import grant, refuse, retract
from archive.actions.move_item import publish_item
from archive.actions.withdraw_consent import withdraw_consent
from archive.history import recording, snapshots
from archive.models import ConsentRecord, Item
from tests import makers
from tests.petitioners import about, closed_by, community, librarian, member, protocol, reader, steward

pytestmark = pytest.mark.django_db
PICTURE = "Ảnh trẻ em tắm suối"


@pytest.fixture
def picture(now: datetime) -> Item:
    return makers.item(now=now, title=PICTURE)


def is_open(item: Item, now: datetime, user: User | None = None) -> bool:
    viewer = visitor(now=now) if user is None else viewer_for(user, now=now)
    return Item.objects.visible_to(viewer).filter(pk=item.pk).exists()


@pytest.mark.parametrize(("kind", "stays"), [("takedown", False), ("consent", False), ("correction", True)])
def test_what_is_to_be_taken_down_is_hidden_with_the_request(
    picture: Item, now: datetime, kind: str, stays: bool
) -> None:
    petition = about(picture, kind, now=now)

    assert is_open(picture, now) is stays
    assert petition.hid_target is not stays
    assert is_open(picture, now, librarian())


def test_refusing_shows_it_again_as_it_was(picture: Item, now: datetime) -> None:
    petition = about(picture, "takedown", now=now)

    refuse(petition, actor=librarian(), now=now + timedelta(days=1), answer="Là ảnh của báo, đã đăng.")

    picture.refresh_from_db()
    assert is_open(picture, now)
    assert (picture.state, picture.suspended_at) == ("published", None)
    assert [
        one.verb for one in AuditEntry.objects.filter(target_pid=picture.pid, verb__endswith="_item").reverse()
    ] == [
        "create_item",
        "suspend_item",
        "resume_item",
    ]


def test_granting_withdraws_it_since_it_was_hidden(picture: Item, now: datetime) -> None:
    petition = about(picture, "takedown", now=now)

    grant(petition, actor=librarian(), now=now + timedelta(days=5), answer="Đã gỡ.")

    picture.refresh_from_db()
    left = queries.tombstone(picture.pid)
    assert (picture.state, picture.suspended_at, picture.withdrawn_at) == ("withdrawn", None, now)
    assert left is not None
    assert not left.is_suspended
    assert not is_open(picture, now)
    last = recording.last_of(picture)
    assert last is not None
    assert last.verb == "take_down_item"
    assert snapshots.differing(last.snapshot, snapshots.of(picture)) == []


def test_publishing_it_again_after_a_takedown_opens_it(picture: Item, now: datetime) -> None:
    grant(about(picture, "takedown", now=now), actor=librarian(), now=now)
    picture.refresh_from_db()

    publish_item(picture, actor=None, now=now)

    assert is_open(picture, now)


def test_publishing_it_again_does_not_open_it_while_another_request_waits(picture: Item, now: datetime) -> None:
    first, staff = about(picture, "takedown", now=now), librarian()
    second = about(picture, "consent", now=now + timedelta(hours=1), asker=staff)
    grant(first, actor=staff, now=now + timedelta(hours=2))
    picture.refresh_from_db()

    publish_item(picture, actor=None, now=now + timedelta(hours=3))

    assert not is_open(picture, now)
    retract(second, by=staff, now=now + timedelta(hours=4))
    assert is_open(picture, now)


def test_taking_it_back_shows_it_again(picture: Item, now: datetime) -> None:
    petition = about(picture, "takedown", now=now)

    retract(petition, by=None, now=now)

    assert is_open(picture, now)


def test_it_stays_hidden_while_another_request_waits(picture: Item, now: datetime) -> None:
    first = about(picture, "takedown", now=now)
    staff = librarian()
    second = about(picture, "consent", now=now, asker=staff)

    refuse(first, actor=staff, now=now, answer="Chưa rõ.")
    assert not is_open(picture, now)

    retract(second, by=staff, now=now)
    assert is_open(picture, now)


def given(item: Item, now: datetime) -> ConsentRecord:
    """Return a consent for an item in which somebody can be recognised."""
    Item.objects.filter(pk=item.pk).update(depicts_person=True)
    consent = ConsentRecord.objects.create(
        person_name="Y Lan", scopes=["publish_online"], method="paper", given_on=now.date(), recorded_at=now
    )
    consent.items.add(item)
    return consent


def test_what_a_withdrawn_consent_hid_no_request_shows_again(picture: Item, now: datetime) -> None:
    withdraw_consent(given(picture, now), actor=None, now=now, reason="Gia đình xin.")
    petition = about(picture, "takedown", asker=librarian(), now=now + timedelta(hours=1))

    refuse(petition, actor=librarian("thu-thu-2"), now=now + timedelta(hours=2), answer="Không.")

    assert not is_open(picture, now)


def test_a_consent_that_is_withdrawn_while_it_is_hidden_keeps_it_hidden(picture: Item, now: datetime) -> None:
    consent = given(picture, now)
    petition = about(picture, "takedown", now=now)
    withdraw_consent(consent, actor=None, now=now + timedelta(hours=1), reason="Gia đình xin.")

    refuse(petition, actor=librarian(), now=now + timedelta(hours=2), answer="Không.")

    assert not is_open(picture, now)


def test_what_was_published_without_a_consent_for_a_reason_comes_back(picture: Item, now: datetime) -> None:
    Item.objects.filter(pk=picture.pk).update(depicts_person=True)
    petition = about(picture, "takedown", now=now)

    refuse(petition, actor=librarian(), now=now + timedelta(hours=2), answer="Không.")

    assert is_open(picture, now)


def test_hiding_opens_nothing_to_staff_to_whom_it_was_closed(now: datetime) -> None:
    held = protocol(community())
    item = makers.item(now=now, title="Lời thiêng", access=closed_by(held))
    elder = steward("gia-lang", held)
    petition = about(item, "takedown", asker=elder, now=now)

    assert petition.hid_target
    assert not is_open(item, now, makers.staff("quan-tri", superuser=True))
    with pytest.raises(PetitionRefused, match="not_allowed"):
        refuse(petition, actor=librarian(), now=now, answer="Mở lại.")


def test_staff_may_close_for_good_what_they_may_not_see(now: datetime) -> None:
    held = protocol(community())
    item = makers.item(now=now, title="Lời thiêng", access=closed_by(held))
    petition = about(item, "takedown", asker=steward("gia-lang", held), now=now)

    grant(petition, actor=librarian(), now=now)

    item.refresh_from_db()
    assert item.state == "withdrawn"


def test_what_only_some_could_see_leaves_no_tombstone(now: datetime) -> None:
    item = makers.item(now=now, title="Cho bạn đọc", access=policy.REGISTERED)
    about(item, "takedown", asker=reader(), now=now)

    assert queries.tombstone(item.pid) is None


# --- Against abuse -------------------------------------------------------------------------------------------------------


def hide(count: int, *, now: datetime, address: str = "a", asker: User | None = None) -> list[bool]:
    """Ask to take down as many fresh items as are said; return which were hidden."""
    items = [makers.item(now=now, title=f"{PICTURE} {number}") for number in range(count)]
    return [about(one, "takedown", now=now, address=address, asker=asker).hid_target for one in items]


def test_a_stranger_hides_three_items_a_day_and_the_fourth_waits_urgently(now: datetime) -> None:
    assert hide(4, now=now) == [True, True, True, False]
    assert hide(1, now=now, address="b") == [True]
    assert hide(1, now=now + timedelta(hours=24)) == [True]

    shown = Petition.objects.filter(petition_rights.is_urgent(now), hid_target=False)
    assert shown.count() == 1


def test_strangers_together_hide_twenty_items_a_day(now: datetime) -> None:
    hidden = [flag for number in range(8) for flag in hide(3, now=now, address=f"address-{number}")]

    assert hidden.count(True) == 20
    assert hidden[:20] == [True] * 20


def test_an_account_alone_makes_nobody_less_of_a_stranger(now: datetime) -> None:
    assert hide(4, now=now, asker=reader()) == [True, True, True, False]


def test_those_whose_it_is_and_staff_are_not_counted(picture: Item, now: datetime) -> None:
    hide(4, now=now)
    place = community()
    picture.communities.add(place)
    other = makers.item(now=now, title="Khác")

    assert about(picture, "takedown", asker=member(reader("dan"), place), now=now).hid_target
    assert about(other, "takedown", asker=librarian("bien-muc", "change_item"), now=now).hid_target


def test_what_those_hide_whose_it_is_leaves_strangers_their_twenty(now: datetime) -> None:
    assert hide(20, now=now, address="phong-doc", asker=librarian()) == [True] * 20

    assert hide(1, now=now, address="phong-doc") == [True]
    assert hide(1, now=now, address="b") == [True]


def test_who_is_blocked_in_the_community_is_a_stranger(picture: Item, now: datetime) -> None:
    hide(4, now=now)
    place = community()
    picture.communities.add(place)

    assert not about(picture, "takedown", asker=member(reader("dan"), place, is_blocked=True), now=now).hid_target


# --- What readers meet ---------------------------------------------------------------------------------------------------


def test_the_page_and_the_api_say_that_it_is_paused_and_no_word_of_it(
    client: Client, picture: Item, now: datetime
) -> None:
    about(picture, "takedown", now=now)

    for address, said in (
        (f"/items/{picture.pid}/", "Tư liệu tạm ngừng phục vụ theo yêu cầu"),
        (f"/en/items/{picture.pid}/", "This work is not shown for now, by request"),
        (f"/api/v1/items/{picture.pid}/", "nay tạm ngừng phục vụ theo yêu cầu"),
    ):
        answer = client.get(address, headers={"Accept-Language": "vi"})
        assert answer.status_code == 410, address
        assert said in (answer.json()["title"] if "/api/" in address else answer.content.decode()), address
        assert PICTURE not in answer.content.decode(), address
