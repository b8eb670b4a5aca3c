"""Communities and protocols at the desk: who gets in, what they see there, and what the pages do."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import pytest
from django.contrib.auth.models import Group
from django.test import Client
from django.utils import timezone

from access import policy
from access.actions.invite import redeem_invitation
from access.models import (
    AuditEntry,
    Community,
    CommunityMembership,
    Invitation,
    Protocol,
    ProtocolMembership,
    User,
)
from archive.actions.choose_access import choose_item_access
from archive.actions.move_item import publish_item, withdraw_item
from archive.models import Item, ItemFile
from tests import makers
from tests.desk.conftest import an_item, signed_in, staff
from tests.desk.test_items import change, form
from tests.petitioners import closed_by, community, member, protocol, reader, steward

pytestmark = pytest.mark.django_db
NAME, OTHER = "Làng Kon Rbàng", "Làng Đăk Răng"
LIST, PROTOCOLS, ITEMS = "/admin/access/community/", "/admin/access/protocol/", "/admin/archive/item/"


@dataclass(frozen=True)
class Village:
    """A strict community with a protocol, its people, and an item of theirs."""

    community: Community
    protocol: Protocol
    manager: User
    steward: User
    item: Item

    @property
    def page(self) -> str:
        return f"{LIST}{self.community.pk}/"

    @property
    def protocol_page(self) -> str:
        return f"{PROTOCOLS}{self.protocol.pk}/"


@pytest.fixture
def village(db: None) -> Village:
    return a_village(NAME, "thieng")


def a_village(name: str, letter: str) -> Village:
    place = community(name)
    held = protocol(place, f"Lời thiêng của {name}")
    return Village(
        community=place,
        protocol=held,
        manager=member(reader(f"gia-lang-{letter}"), place, "manager"),
        steward=steward(f"nguoi-giu-{letter}", held),
        item=makers.item(now=timezone.now(), title=f"Bài cúng của {name}", access=closed_by(held)),
    )


def read(client: Client, address: str) -> str:
    return client.get(address, follow=True).content.decode()


# --- Who gets in -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("who", ["manager", "steward"])
def test_who_looks_after_something_signs_in_at_the_desk_without_being_staff(who: str, village: Village) -> None:
    user: User = getattr(village, who)
    user.set_password("ba-con-lang-ta-12")
    user.save()
    client = Client(headers={"accept-language": "en"})

    sent = {"username": user.username, "password": "ba-con-lang-ta-12", "next": "/admin/"}
    client.post("/admin/login/", sent)

    assert client.get(LIST).status_code == 200 or client.get(LIST)["Location"].startswith("/admin/second-factor/")


@pytest.mark.parametrize("standing", ["member", "contributor", "nothing", "expired", "blocked", "suspended"])
def test_the_desk_stays_closed_to_everybody_else(standing: str, village: Village) -> None:
    user = reader("ba-con")
    if standing != "nothing":
        member(user, village.community)
        role = standing if standing in {"member", "contributor"} else "steward"
        ProtocolMembership.objects.create(user=user, protocol=village.protocol, role=role)
    client = signed_in(user)
    match standing:
        case "expired":
            ProtocolMembership.objects.filter(user=user).update(valid_until=timezone.now())
        case "blocked":
            CommunityMembership.objects.filter(user=user).update(is_blocked=True)
        case "suspended":
            User.objects.filter(pk=user.pk).update(is_active=False)

    for address in ("/admin/", LIST, village.page, PROTOCOLS, ITEMS, f"{ITEMS}{village.item.pk}/access/"):
        assert client.get(address).status_code == 302, address


def test_a_steward_sees_their_own_and_nothing_else(village: Village) -> None:
    another = a_village(OTHER, "khac")
    makers.item(now=timezone.now(), title="Gùi công khai")
    client = signed_in(village.steward)

    pages = {name: read(client, name) for name in ("/admin/", LIST, PROTOCOLS, ITEMS)}

    assert NAME in pages[LIST]
    assert village.protocol.name in pages[PROTOCOLS]
    assert str(village.item) in pages[ITEMS]
    for page in pages.values():
        assert OTHER not in page
        assert "Gùi công khai" not in page
    for address in (
        f"{another.page}change/",
        f"{another.protocol_page}change/",
        f"{another.protocol_page}members/add/",
        f"{another.protocol_page}lock/",
        f"{another.page}invite/",
        f"{ITEMS}{another.item.pk}/access/",
    ):
        answer = client.get(address)
        assert answer.status_code in {302, 404}, address
        assert OTHER not in answer.content.decode()


def test_a_steward_opens_no_screen_of_the_library_whatever_roles_of_staff_are_left_in_the_account(
    village: Village,
) -> None:
    village.steward.groups.set(Group.objects.all())
    User.objects.filter(pk=village.steward.pk).update(is_superuser=True)
    client = signed_in(village.steward)

    for address in (
        "/admin/archive/people/",
        "/admin/archive/item/add/",
        "/admin/archive/consentrecord/",
        "/admin/media_pipeline/job/",
        "/admin/access/user/",
        "/admin/access/device/",
        f"{LIST}add/",
    ):
        assert client.get(address).status_code == 403, address
    assert client.post(f"{ITEMS}{village.item.pk}/change/", form(village.item)).status_code == 302
    assert Item.objects.get(pk=village.item.pk).version == village.item.version


def test_names_of_strict_communities_are_for_staff_with_that_right(village: Village, cataloguer: Client) -> None:
    assert cataloguer.get(LIST).status_code == 403
    assert cataloguer.get(PROTOCOLS).status_code == 403

    publisher = signed_in(staff("cong_bo", "Publisher"))
    assert NAME in read(publisher, LIST)
    page = read(publisher, f"{village.page}change/")
    assert NAME in page
    assert village.manager.username not in page
    assert village.steward.username not in read(publisher, f"{village.protocol_page}change/")
    for address in (f"{village.page}members/add/", f"{village.protocol_page}members/add/", f"{village.page}invite/"):
        assert publisher.get(address).status_code == 403, address
    assert publisher.get(f"{village.page}history/")["Location"] == f"{village.page}change/"


def test_an_administrator_sees_who_belongs_to_what_and_no_item_of_theirs(
    village: Village, administrator: Client
) -> None:
    assert village.manager.username in read(administrator, f"{village.page}change/")
    assert village.steward.username in read(administrator, f"{village.protocol_page}change/")
    assert str(village.item) not in read(administrator, ITEMS)
    assert administrator.get(f"{ITEMS}{village.item.pk}/access/").status_code == 404


def test_a_steward_reads_in_the_log_who_chose_access_to_what_is_theirs_and_nothing_else_of_the_library(
    village: Village,
) -> None:
    boss, now, open_item = staff("can-bo", is_superuser=True), timezone.now(), an_item("Gùi công khai")
    choose_item_access(village.item, closed_by(village.protocol), actor=None, now=now, reason="Già làng xin")
    publish_item(open_item, actor=boss, now=now)
    withdraw_item(open_item, actor=boss, now=now, reason="Lý do nội bộ")
    publish_item(open_item, actor=boss, now=now)
    client = signed_in(village.steward)

    page = read(client, "/admin/access/auditentry/")

    assert "Già làng xin" in page
    assert village.item.pid in page
    assert not {word for word in ("Lý do nội bộ", open_item.pid, "can-bo") if word in page}


# --- From an empty house to a member who reads --------------------------------------------------------------------------------


def test_a_community_comes_into_being_step_by_step(administrator: Client) -> None:
    elder, holder, kin = (reader(name) for name in ("gia-lang", "nguoi-giu", "ba-con"))
    sent = {
        "name": NAME, "statements-lang": ["vi"], "statements-tag": [""], "statements-text": ["Xin hỏi trước khi dùng."],
        "contact": "Già làng", "reason": "Biên bản 12",
    }  # fmt: skip
    administrator.post(f"{LIST}add/", sent)
    place = Community.objects.get()
    page = f"{LIST}{place.pk}/"
    assert place.statements == [{"lang": "vi", "value": "Xin hỏi trước khi dùng."}]
    assert not place.page_is_open

    administrator.post(f"{page}members/add/", {"account": "gia-lang", "role": "manager", "_do": "add"})
    manager = signed_in(elder)
    for name in ("nguoi-giu", "ba-con"):
        manager.post(f"{page}members/add/", {"account": name, "role": "member", "_do": "add"})
    manager.post(f"{PROTOCOLS}add/", {"name": "Chỉ nữ", "communities": [place.pk], "reason": ""})
    held = Protocol.objects.get()
    assert not held.is_open
    manager.post(f"{PROTOCOLS}{held.pk}/members/add/", {"account": holder.pk, "role": "steward", "_do": "add"})

    keeper = signed_in(holder)
    keeper.post(f"{PROTOCOLS}{held.pk}/members/add/", {"account": kin.pk, "role": "member", "_do": "add"})
    assert sorted(held.memberships.values_list("user__username", "role")) == [
        ("ba-con", "member"),
        ("nguoi-giu", "steward"),
    ]
    verbs = list(AuditEntry.objects.order_by("pk").values_list("verb", flat=True))
    assert verbs == ["make_community", *["add_member"] * 3, "make_protocol", "appoint", "appoint"]
    assert "Biên bản 12" in read(administrator, f"{page}history/")


def test_what_an_action_refuses_is_said_and_changes_nothing(village: Village) -> None:
    client = signed_in(village.manager)

    page = client.post(
        f"{village.page}members/add/", {"account": village.manager.username, "role": "manager", "_do": "add"}
    ).content.decode()

    assert "Nobody gives a role to themselves" in page
    assert CommunityMembership.objects.filter(user=village.manager).count() == 1


def test_the_code_of_an_invitation_is_shown_once(village: Village) -> None:
    client, kin = signed_in(village.manager), reader("ba-con")
    tomorrow = (timezone.localdate() + timedelta(days=1)).isoformat()

    shown = client.post(
        f"{village.page}invite/", {"role": "member", "code_until": tomorrow, "reason": "Cháu", "_do": "invite"}
    ).content.decode()

    (code,) = re.findall(r'<code class="secret">([a-z0-9-]+)</code>', shown)
    page = read(client, f"{village.page}change/")
    assert code not in page
    assert "Cháu" in page
    redeem_invitation(code, user=kin, now=timezone.now())
    assert village.community.memberships.filter(user=kin).exists()


def test_an_invitation_is_withdrawn_by_a_button(village: Village) -> None:
    client = signed_in(village.manager)
    tomorrow = (timezone.localdate() + timedelta(days=1)).isoformat()
    client.post(f"{village.page}invite/", {"role": "member", "code_until": tomorrow, "_do": "invite"})
    made = Invitation.objects.get()

    assert client.get(f"{village.page}invitations/{made.pk}/withdraw/").status_code == 405
    assert signed_in(village.steward).post(f"{village.page}invitations/{made.pk}/withdraw/").status_code == 403
    client.post(f"{village.page}invitations/{made.pk}/withdraw/")

    assert Invitation.objects.get().withdrawn_at is not None


def test_a_membership_is_changed_ended_and_blocked_on_its_page(village: Village) -> None:
    kin = member(reader("ba-con"), village.community)
    client = signed_in(village.manager)
    page = f"{village.page}members/{CommunityMembership.objects.get(user=kin).pk}/"

    client.post(page, {"role": "affiliate", "last_day": "2099-12-31", "_do": "save"})
    held = CommunityMembership.objects.get(user=kin)
    assert held.role == "affiliate"
    assert timezone.localtime(held.valid_until).isoformat()[:16] == "2100-01-01T00:00"
    assert 'value="2099-12-31"' in read(client, page)

    client.post(page, {"role": "affiliate", "reason": "Bán băng", "_do": "block"})
    assert CommunityMembership.objects.get(user=kin).is_blocked
    assert "Take the block off" in read(client, page)
    client.post(page, {"role": "affiliate", "_do": "unblock"})
    client.post(page, {"role": "affiliate", "_do": "end"})
    assert not CommunityMembership.objects.filter(user=kin).exists()


def test_a_steward_locks_at_once_and_says_why(village: Village) -> None:
    kin = steward("ba-con", village.protocol)
    ProtocolMembership.objects.filter(user=kin).update(role="member")
    client = signed_in(village.steward)

    client.post(f"{village.protocol_page}lock/", {"reason": "", "_do": "lock"})
    assert not Protocol.objects.get(pk=village.protocol.pk).is_locked  # a reason is asked for

    client.post(f"{village.protocol_page}lock/", {"reason": "Có tang", "_do": "lock"})
    assert Protocol.objects.get(pk=village.protocol.pk).is_locked
    assert AuditEntry.objects.get(verb="lock_protocol").reason == "Có tang"
    assert "closed to everybody but its stewards" in read(client, f"{village.protocol_page}change/")

    client.post(f"{village.protocol_page}lock/", {"reason": "Xong", "_do": "unlock"})
    assert not Protocol.objects.get(pk=village.protocol.pk).is_locked


def test_ready_made_names_are_offered_for_a_protocol(village: Village) -> None:
    page = read(signed_in(village.manager), f"{PROTOCOLS}add/")

    for name in ("Công khai", "Thành viên cộng đồng", "Gia đình / dòng họ", "Chỉ nữ", "Chỉ nam", "Tạm khóa"):
        assert f'<option value="{name}">' in page


# --- Choosing who may see -----------------------------------------------------------------------------------------------------


def test_a_steward_reads_an_item_and_chooses_who_may_see_it(village: Village, tmp_path: Path) -> None:
    file = makers.file_of(village.item, makers.picture(tmp_path / "a.jpg"), now=timezone.now(), process=False)
    client = signed_in(village.steward)
    page = f"{ITEMS}{village.item.pk}/access/"

    shown = read(client, f"{ITEMS}{village.item.pk}/change/")
    assert str(village.item) in shown
    assert f'name="{file.pid}-access_level"' in shown
    assert 'name="item-access_level"' in shown
    assert 'name="titles-text"' not in shown

    sent = {
        "item-access_level": "protocol", "item-protocols": [village.protocol.pid], "item-sharing": "all",
        "item-opens_on": "2099-01-01", "item-closes_on": "", "item-restriction_reasons": ["theo_mua"], "item-reason": "Mùa ning nơng",
        f"{file.pid}-access_level": "as_item", f"{file.pid}-sharing": "all",
    }  # fmt: skip
    client.post(page, sent)

    kept = Item.objects.get(pk=village.item.pk)
    assert kept.chosen_rule.policy.clauses == closed_by(village.protocol).clauses
    assert timezone.localtime(kept.chosen_rule.policy.opens_at).isoformat()[:10] == "2099-01-01"
    assert kept.restriction_reasons == ["theo_mua"]
    entry = AuditEntry.objects.get(verb="choose_access")
    assert (entry.actor, entry.reason) == (village.steward, "Mùa ning nơng")


def test_what_staff_wrote_for_staff_is_not_shown_to_a_steward(village: Village, tmp_path: Path) -> None:
    makers.file_of(village.item, makers.picture(tmp_path / "ten-rieng.jpg"), now=timezone.now(), process=False)
    Item.objects.filter(pk=village.item.pk).update(sensitivity_note="Ghi chú của cán bộ")
    withdraw_item(village.item, actor=staff("can-bo", is_superuser=True), now=timezone.now(), reason="Lý do nội bộ")
    Item.objects.filter(pk=village.item.pk).update(state="published", effective_rule=village.item.chosen_rule)
    client, here = signed_in(village.steward), f"{ITEMS}{village.item.pk}/"

    for address in (ITEMS, f"{here}access/", f"{here}change/", f"{here}history/", f"{here}progress"):
        page = read(client, address)
        assert not {word for word in ("ten-rieng", "Ghi chú của cán bộ", "Lý do nội bộ", "can-bo") if word in page}
    assert client.get(f"{here}progress").status_code == 404


def test_a_closed_item_has_a_reason(village: Village) -> None:
    client = signed_in(village.steward)
    sent = {
        "item-access_level": "nobody", "item-sharing": "all", "item-protocols": [village.protocol.pid],
        "item-opens_on": "", "item-closes_on": "",
    }  # fmt: skip

    page = client.post(f"{ITEMS}{village.item.pk}/access/", sent).content.decode()

    assert "Choose at least one reason" in page
    assert Item.objects.get(pk=village.item.pk).chosen_rule.policy == closed_by(village.protocol)


def test_a_steward_of_a_files_protocol_chooses_for_that_file_only(village: Village, tmp_path: Path) -> None:
    item = an_item("Bộ chiêng công khai")
    Item.objects.filter(pk=item.pk).update(state="published", published_at=timezone.now())
    path = makers.picture(tmp_path / "a.jpg")
    makers.file_of(item, path, now=timezone.now(), access=closed_by(village.protocol), process=False)
    client = signed_in(village.steward)

    page = read(client, f"{ITEMS}{item.pk}/access/") if str(item) in read(client, ITEMS) else ""
    file = ItemFile.objects.get(item=item)
    assert f'name="{file.pid}-access_level"' in page
    assert 'name="item-access_level"' not in page

    client.post(
        f"{ITEMS}{item.pk}/access/",
        {f"{file.pid}-access_level": "as_item", f"{file.pid}-sharing": "all", "item-access_level": "nobody"},
    )
    assert ItemFile.objects.get(pk=file.pk).chosen_rule is None
    assert Item.objects.get(pk=item.pk).chosen_rule.policy == policy.PUBLIC


def test_a_librarian_names_protocols_that_they_may_apply_and_no_others(village: Village) -> None:
    another = a_village(OTHER, "khac")
    librarian = member(staff("cong_bo", "Publisher"), village.community)
    ProtocolMembership.objects.create(user=librarian, protocol=village.protocol, role="contributor")
    client, item = signed_in(librarian), an_item("Gùi")

    page = read(client, f"{ITEMS}{item.pk}/change/")
    assert village.protocol.name in page
    # Under what they choose access; whose view they may preview is another question, and its names are known to publishers.
    assert f'name="protocols" value="{village.protocol.pid}"' in page
    assert f'name="protocols" value="{another.protocol.pid}"' not in page

    chosen = {"access_level": "protocol", "sharing": "all", "restriction_reasons": ["loi_thieng"]}
    refused = change(client, item, protocols=[another.protocol.pid], **chosen)
    assert "Select a valid choice" in refused.content.decode()
    empty = change(client, item, protocols=[], **chosen)
    assert "Choose at least one protocol" in empty.content.decode()
    unexplained = change(client, item, protocols=[village.protocol.pid], **(chosen | {"restriction_reasons": []}))
    assert "Choose at least one reason" in unexplained.content.decode()
    assert Item.objects.get(pk=item.pk).chosen_rule.policy == policy.PUBLIC

    change(client, item, protocols=[village.protocol.pid], **chosen)
    assert Item.objects.get(pk=item.pk).chosen_rule.policy == closed_by(village.protocol)
    assert f"Members of {village.protocol.name}" in read(client, ITEMS)


def test_a_librarian_without_a_role_closes_more_and_opens_nothing(village: Village) -> None:
    librarian = member(staff("cong_bo", "Publisher"), village.community)
    ProtocolMembership.objects.create(user=librarian, protocol=village.protocol, role="member")
    client = signed_in(librarian)
    sent = {"sharing": "all", "protocols": [village.protocol.pid]}

    page = client.post(
        f"{ITEMS}{village.item.pk}/change/", form(village.item, access_level="public", **sent), follow=True
    ).content.decode()
    assert "only its stewards open it" in page
    assert Item.objects.get(pk=village.item.pk).chosen_rule.policy == closed_by(village.protocol)

    item = Item.objects.get(pk=village.item.pk)
    change(client, item, access_level="protocol", opens_on="2099-01-01", restriction_reasons=["theo_mua"], **sent)
    assert Item.objects.get(pk=village.item.pk).chosen_rule.policy.opens_at is not None


def test_who_makes_items_under_a_protocol_chooses_it_without_the_right_to_protect(village: Village) -> None:
    cataloguer = member(staff("bien_muc", "Cataloguer"), village.community)
    ProtocolMembership.objects.create(user=cataloguer, protocol=village.protocol, role="contributor")
    client = signed_in(cataloguer)
    sent = {"sharing": "all", "protocols": [village.protocol.pid], "restriction_reasons": ["loi_thieng"]}

    refused = client.post(f"{ITEMS}add/", form(access_level="public", **sent)).content.decode()
    assert "Select a valid choice" in refused

    client.post(f"{ITEMS}add/", form(access_level="protocol", **sent))
    made = Item.objects.exclude(pk=village.item.pk).get()
    assert made.chosen_rule.policy == closed_by(village.protocol)
    assert made.restriction_reasons == ["loi_thieng"]


def test_the_last_day_is_open_and_the_next_is_not(publisher: Client) -> None:
    item = an_item("Gùi")

    change(publisher, item, access_level="public", closes_on="2099-05-31")

    chosen = Item.objects.get(pk=item.pk).chosen_rule.policy
    assert timezone.localtime(chosen.closes_at).isoformat()[:16] == "2099-06-01T00:00"
    page = read(publisher, f"{ITEMS}{item.pk}/change/")
    assert 'value="2099-05-31"' in page
    item = Item.objects.get(pk=item.pk)
    backwards = change(publisher, item, access_level="public", opens_on="2099-05-01", closes_on="2099-04-01")
    assert "It would close before it opens" in backwards.content.decode()


# --- Grants -------------------------------------------------------------------------------------------------------------------
