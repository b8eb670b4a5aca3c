"""The pages of communities: open ones for everybody, the others for their members, and nobody else learns of them."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from access.actions.invite import Place, invite
from access.identifiers import new_pid
from access.models import Community, Petition, User
from tests import makers
from tests.petitioners import closed_by, community, librarian, member, protocol, reader

pytestmark = pytest.mark.django_db


@pytest.fixture
def village() -> Community:
    return community(
        "Làng Kon Klor",
        page_is_open=True,
        statements=[{"lang": "vi", "value": "Xin kính trọng."}, {"lang": "bdq", "value": "Bôh kơ̆."}],
    )


@pytest.fixture
def family() -> Community:
    return community("Họ A Biu", page_is_open=False)


def of(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def test_an_open_page_tells_what_the_community_says_each_in_its_language(client: Client, village: Community) -> None:
    page = client.get(f"/en/communities/{village.pid}/").content.decode()

    assert "<h1>Làng Kon Klor</h1>" in page
    assert '<blockquote class="prose" lang="vi">Xin kính trọng.</blockquote>' in page
    assert '<blockquote class="prose" lang="bdq">Bôh kơ̆.</blockquote>' in page
    assert "Làng Kon Klor" in client.get("/communities/").content.decode()


def test_it_lists_what_of_its_works_the_reader_may_see(client: Client, village: Community) -> None:
    now = timezone.now()
    held = protocol(village)
    shown, hidden = makers.item(now=now, title="Gùi"), makers.item(now=now, title="Thiêng", access=closed_by(held))
    other = makers.item(now=now, title="Của làng khác")
    for item in (shown, hidden):
        item.communities.add(village)
    member_of_both = member(reader(), village)
    member_of_both.protocols.create(protocol=held)

    for asking, titles in ((client, {"Gùi"}), (of(member_of_both), {"Gùi", "Thiêng"})):
        page = asking.get(f"/communities/{village.pid}/").content.decode()
        assert {one for one in ("Gùi", "Thiêng", str(other)) if one in page} == titles
        counted = asking.get("/communities/").content.decode()
        assert f"<small>{len(titles)}</small>" in counted


def test_a_work_leads_to_the_page_of_whose_it_is_where_that_is_open(
    client: Client, village: Community, family: Community
) -> None:
    item = makers.item(now=timezone.now(), title="Gùi")
    item.communities.set([village, family])

    page = client.get(f"/items/{item.pid}/").content.decode()

    assert f'<a href="/communities/{village.pid}/">' in page
    assert family.pid not in page


def test_a_strict_page_is_for_its_members_and_for_others_like_one_that_never_was(family: Community) -> None:
    unknown = new_pid()
    over = member(reader("cu"), family, valid_until=timezone.now() - timedelta(days=1))
    blocked = member(reader("bi-chan"), family, is_blocked=True)
    outsiders = [
        Client(),
        *map(of, (reader("la"), over, blocked, librarian(), makers.staff("quan-tri", superuser=True))),
    ]
    for client in outsiders:
        for tail in ("", "join/"):
            answers = [client.get(f"/communities/{pid}/{tail}") for pid in (family.pid, unknown)]
            told = [
                one.content.replace(pid.encode(), b"") for one, pid in zip(answers, (family.pid, unknown), strict=True)
            ]
            assert [one.status_code for one in answers] == [404, 404]
            assert told[0] == told[1]
        assert family.name not in client.get("/communities/").content.decode()
    inside = of(member(reader("trong"), family))
    assert inside.get(f"/communities/{family.pid}/").status_code == 200
    assert family.name in inside.get("/communities/").content.decode()


def test_who_is_blocked_in_the_larger_community_is_no_member_of_its_part(village: Community) -> None:
    part = community("Nhánh", parent=village)
    user = member(member(reader(), part), village, is_blocked=True)

    assert of(user).get(f"/communities/{part.pid}/").status_code == 404


def test_a_reader_asks_to_join_an_open_community(client: Client, village: Community) -> None:
    where = f"/en/communities/{village.pid}/join/"
    assert client.get(where)["Location"] == f"/en/account/sign-in/?next={where}"
    user = reader()

    answer = of(user).post(where, {"text": "Tôi là con của làng."})

    petition = Petition.objects.get()
    assert answer["Location"] == "/en/account/requests/"
    assert (petition.kind, petition.asker, petition.community) == ("joining", user, village)
    assert village.name in of(user).get("/account/requests/").content.decode()


def test_a_member_is_not_asked_to_ask(village: Community) -> None:
    client = of(member(reader(), village))

    assert "/join/" not in client.get(f"/communities/{village.pid}/").content.decode()
    assert client.get(f"/communities/{village.pid}/join/")["Location"] == f"/communities/{village.pid}/"


def invited(to: Community, maker: User) -> str:
    """Return a code."""
    now = timezone.now()
    return invite(Place(to), valid_until=now + timedelta(days=7), actor=maker, now=now)[1]


def test_an_invitation_leads_to_the_page_of_the_community(family: Community) -> None:
    code = invited(family, member(reader("truong"), family, "manager"))
    user = reader()

    answer = of(user).post("/account/invitation/", {"code": code.upper()})

    assert answer["Location"] == f"/communities/{family.pid}/"
    assert of(user).get(answer["Location"]).status_code == 200
    again = of(reader("nguoi-khac")).post("/en/account/invitation/", {"code": code})
    assert "This code does not hold, or no longer." in again.content.decode()


def test_codes_are_not_guessed(family: Community) -> None:
    client = of(reader())
    answers = [client.post("/account/invitation/", {"code": f"sai-{number}"}).status_code for number in range(40)]

    assert answers[0] == 200
    assert answers[-1] == 429
    code = invited(family, member(reader("truong"), family, "manager"))
    assert client.post("/account/invitation/", {"code": code}).status_code == 429


def test_a_visitor_signs_in_before_taking_up_an_invitation(client: Client) -> None:
    assert client.get("/account/invitation/")["Location"] == "/account/sign-in/?next=/account/invitation/"


def test_no_list_may_be_asked_for_the_works_of_a_community(client: Client, family: Community) -> None:
    item = makers.item(now=timezone.now(), title="Gùi")
    item.communities.add(family)
    other = makers.item(now=timezone.now(), title="Khác")

    page = client.get(f"/items/?community={family.pid}").content.decode()

    assert str(other) in page
