"""Communities and protocols are changed by whom they belong to, never for oneself, and every change is in the log."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from access.actions.appoint import appoint, change_role, end_role
from access.actions.belong import add_member, block_member, change_member, end_member, unblock_member
from access.actions.errors import ActionRefused, NotAllowed
from access.actions.invite import Place, invite, redeem_invitation, withdraw_invitation
from access.actions.save_community import CommunityFacts, change_community, make_community
from access.actions.save_protocol import (
    ProtocolFacts,
    change_protocol,
    lock_protocol,
    make_protocol,
    unlock_protocol,
)
from access.models import (
    AuditEntry,
    Community,
    CommunityMembership,
    Invitation,
    Petition,
    Protocol,
    ProtocolMembership,
    User,
)
from access.roles import CommunityRole, ProtocolRole
from access.standings import member_protocols
from access.stewardship import stewardship_of

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


def person(name: str, **facts: bool) -> User:
    return User.objects.create_user(name, **facts)  # type: ignore[arg-type]  # flags, not the e-mail


class House:
    """A village with a manager, a protocol with a steward, a member of both, a stranger and an administrator."""

    def __init__(self, now: datetime) -> None:
        self.now = now
        self.administrator = person("quan-tri", is_staff=True, is_superuser=True)
        self.manager, self.steward = person("gia-lang"), person("nguoi-giu")
        self.member, self.stranger = person("ba-con"), person("khach")
        self.village = make_community(CommunityFacts("Làng Kon Rbàng"), actor=self.administrator, now=now)
        self.join(self.manager, role=CommunityRole.MANAGER, actor=self.administrator)
        self.protocol = make_protocol(
            ProtocolFacts("Thành viên cộng đồng", [self.village]), actor=self.manager, now=now
        )
        for one in (self.steward, self.member):
            self.join(one, actor=self.manager)
        appoint(self.protocol, self.steward, role=ProtocolRole.STEWARD, actor=self.administrator, now=now)
        self.role = appoint(self.protocol, self.member, actor=self.steward, now=now)

    def join(self, who: User, *, actor: User | None, **facts: str) -> CommunityMembership:
        return add_member(self.village, who, actor=actor, now=self.now, **facts)  # type: ignore[arg-type]

    def of(self, who: User) -> CommunityMembership:
        return CommunityMembership.objects.get(community=self.village, user=who)

    def sees(self, who: User, *, now: datetime | None = None) -> bool:
        return self.protocol.pid in member_protocols(who, [self.protocol.pid], now=now or self.now)


@pytest.fixture
def house(now: datetime) -> House:
    return House(now)


def everything() -> list[object]:
    kinds = (Community, Protocol, CommunityMembership, ProtocolMembership, Invitation, Petition)
    ties = list(Protocol.communities.through.objects.order_by("pk").values_list("protocol", "community"))
    return [list(kind.objects.order_by("pk").values()) for kind in kinds] + [ties, AuditEntry.objects.count()]


Deed = Callable[[House, User], object]
DEEDS: dict[str, tuple[set[str], Deed]] = {
    "make a community": (
        {"administrator"},
        lambda h, who: make_community(CommunityFacts("Làng khác"), actor=who, now=h.now),
    ),
    "change a community": (
        {"administrator", "manager"},
        lambda h, who: change_community(h.village, CommunityFacts("Tên mới"), actor=who, now=h.now),
    ),
    "move a community": (
        {"administrator"},
        lambda h, who: change_community(
            h.village, CommunityFacts("Tên", parent=Community.objects.create(name="Xã")), actor=who, now=h.now
        ),
    ),
    "make a protocol": (
        {"administrator", "manager"},
        lambda h, who: make_protocol(ProtocolFacts("Chỉ nữ", [h.village]), actor=who, now=h.now),
    ),
    "open a protocol": (
        {"steward"},
        lambda h, who: change_protocol(
            h.protocol, ProtocolFacts("Công khai", [h.village], is_open=True), actor=who, now=h.now
        ),
    ),
    "lock": (
        {"administrator", "steward"},
        lambda h, who: lock_protocol(h.protocol, actor=who, reason="Có tang", now=h.now),
    ),
    "take a member in": ({"manager"}, lambda h, who: h.join(h.stranger, actor=who)),
    "change a member": (
        {"manager"},
        lambda h, who: change_member(h.of(h.member), role="affiliate", valid_until=None, actor=who, now=h.now),
    ),
    "let a member go": ({"manager", "member"}, lambda h, who: end_member(h.of(h.member), actor=who, now=h.now)),
    "block": (
        {"manager"},
        lambda h, who: block_member(h.village, h.member, actor=who, reason="Bán băng ghi âm", now=h.now),
    ),
    "make a manager": (
        {"administrator", "manager"},
        lambda h, who: change_member(h.of(h.member), role="manager", valid_until=None, actor=who, now=h.now),
    ),
    "appoint": (
        {"steward"},
        lambda h, who: appoint(h.protocol, h.member, role=ProtocolRole.CURATOR, actor=who, now=h.now),
    ),
    "appoint a further steward": (
        {"steward", "administrator"},
        lambda h, who: appoint(h.protocol, h.member, role=ProtocolRole.STEWARD, actor=who, now=h.now),
    ),
    "change a role": (
        {"steward"},
        lambda h, who: change_role(h.role, role=ProtocolRole.CONTRIBUTOR, valid_until=None, actor=who, now=h.now),
    ),
    "end a role": ({"steward", "member"}, lambda h, who: end_role(h.role, actor=who, now=h.now)),
    "invite to the community": (
        {"manager"},
        lambda h, who: invite(Place(h.village), valid_until=h.now + DAY, actor=who, now=h.now),
    ),
}


@pytest.mark.parametrize("deed", DEEDS)
@pytest.mark.parametrize("who", ["administrator", "manager", "steward", "member", "stranger"])
def test_only_whose_it_is_may_do_it_and_the_log_says_so(deed: str, who: str, house: House) -> None:
    may, do = DEEDS[deed]
    actor: User = getattr(house, who)
    before = everything()

    if who not in may:
        with pytest.raises(NotAllowed):
            do(house, actor)
        # "move a community" makes the larger one first; everything else is as it was.
        assert everything()[2:] == before[2:]
        return
    do(house, actor)

    entry = AuditEntry.objects.order_by("-pk")[0]
    assert (entry.actor, entry.at) == (actor, house.now)
    assert entry.target_pid
    assert entry.before is not None or entry.after is not None


@pytest.mark.parametrize("role", ["manager", "steward"])
@pytest.mark.parametrize("ending", ["suspended", "expired", "blocked"])
def test_a_role_that_counts_no_longer_lets_nobody_act(role: str, ending: str, house: House, now: datetime) -> None:
    who: User = getattr(house, role)
    match ending:
        case "suspended":
            User.objects.filter(pk=who.pk).update(is_active=False)
            who.refresh_from_db()
        case "expired":
            CommunityMembership.objects.filter(user=who).update(valid_until=now)
        case _:
            CommunityMembership.objects.filter(user=who).update(is_blocked=True)

    for may, do in DEEDS.values():
        if role in may:
            with pytest.raises(NotAllowed):
                do(house, who)
    assert not stewardship_of(who, now=now)


def test_a_block_in_the_larger_community_ends_what_a_manager_of_the_smaller_may(house: House, now: datetime) -> None:
    commune = make_community(CommunityFacts("Xã"), actor=house.administrator, now=now)
    change_community(house.village, CommunityFacts("Làng", parent=commune), actor=house.administrator, now=now)
    block_member(commune, house.manager, actor=None, reason="", now=now)

    with pytest.raises(NotAllowed):
        house.join(house.stranger, actor=house.manager)


OWN: dict[str, Deed] = {
    "join": lambda h, who: h.join(who, actor=who, role="manager"),
    "rise": lambda h, who: change_member(h.of(who), role="manager", valid_until=None, actor=who, now=h.now),
    "steward": lambda h, who: appoint(h.protocol, who, role=ProtocolRole.STEWARD, actor=who, now=h.now),
    "unblock": lambda h, who: unblock_member(h.of(who), actor=who, reason="", now=h.now),
}


@pytest.mark.parametrize(
    ("deed", "who"),
    [("join", "administrator"), ("rise", "manager"), ("steward", "administrator"), ("steward", "steward")],
)
def test_nobody_gives_a_role_to_themselves(deed: str, who: str, house: House) -> None:
    before = everything()

    with pytest.raises(ActionRefused, match="own_role"):
        OWN[deed](house, getattr(house, who))

    assert everything() == before


def test_a_manager_who_is_blocked_does_not_take_the_block_off(house: House, now: datetime) -> None:
    block_member(house.village, house.manager, actor=None, reason="", now=now)

    with pytest.raises(NotAllowed):
        OWN["unblock"](house, house.manager)


def test_a_manager_is_no_steward_of_a_protocol_that_has_one_and_appoints_the_first(house: House, now: datetime) -> None:
    newer = make_protocol(ProtocolFacts("Chỉ nữ", [house.village]), actor=house.manager, now=now)

    appoint(newer, house.member, role=ProtocolRole.STEWARD, actor=house.manager, now=now)
    with pytest.raises(NotAllowed):
        appoint(newer, house.steward, role=ProtocolRole.STEWARD, actor=house.manager, now=now)


def test_the_stewards_that_are_read_of_whom_an_administrator_appoints(house: House, now: datetime) -> None:
    assert not Petition.objects.filter(protocols=house.protocol).exists()  # the first had nobody to be told

    appoint(house.protocol, house.member, role="steward", actor=house.administrator, reason="Nhờ trông hộ", now=now)

    told = Petition.objects.get(protocols=house.protocol)
    assert (told.kind, told.state) == (Petition.Kind.NOTICE, Petition.State.OPEN)
    assert "ba-con" in told.text
    assert "Nhờ trông hộ" in told.text


def test_the_managers_that_are_read_of_whom_an_administrator_makes_one(house: House, now: datetime) -> None:
    house.join(house.stranger, actor=house.administrator, role="manager")

    assert [one.kind for one in Petition.objects.filter(community=house.village)] == [Petition.Kind.NOTICE]


def test_the_managers_read_of_it_also_where_an_administrator_invites_a_member_to_be_one(
    house: House, now: datetime
) -> None:
    place = Place(house.village, role=CommunityRole.MANAGER)
    _made, code = invite(place, valid_until=now + DAY, actor=house.administrator, now=now)

    redeem_invitation(code, user=house.member, now=now)

    assert Petition.objects.filter(kind=Petition.Kind.NOTICE, community=house.village).count() == 1


def test_an_administrator_shortens_no_stewards_and_no_managers_time(house: House, now: datetime) -> None:
    before = everything()

    with pytest.raises(ActionRefused, match="has_role"):
        appoint(
            house.protocol, house.steward, role="steward", valid_until=now + DAY, actor=house.administrator, now=now
        )
    with pytest.raises(NotAllowed):
        change_member(
            house.of(house.manager), role="manager", valid_until=now + DAY, actor=house.administrator, now=now
        )

    assert everything() == before


def test_a_community_is_not_part_of_its_own_part(house: House, now: datetime) -> None:
    commune = make_community(CommunityFacts("Xã"), actor=house.administrator, now=now)
    facts = CommunityFacts("Làng", parent=commune)
    change_community(house.village, facts, actor=house.administrator, now=now)

    for larger in (house.village, commune):
        with pytest.raises(ActionRefused, match="parent_ring"):
            change_community(commune, replace(facts, parent=larger), actor=house.administrator, now=now)


def test_a_protocol_belongs_to_a_community_and_goes_to_another_only_with_its_managers_will(
    house: House, now: datetime
) -> None:
    other = make_community(CommunityFacts("Làng khác"), actor=house.administrator, now=now)

    with pytest.raises(ActionRefused, match="no_community"):
        change_protocol(house.protocol, ProtocolFacts("Tên", []), actor=house.steward, now=now)
    with pytest.raises(NotAllowed):
        change_protocol(house.protocol, ProtocolFacts("Tên", [house.village, other]), actor=house.steward, now=now)

    add_member(other, house.steward, role="manager", actor=None, now=now)
    change_protocol(house.protocol, ProtocolFacts("Tên", [house.village, other]), actor=house.steward, now=now)
    assert set(house.protocol.communities.all()) == {house.village, other}


@pytest.mark.parametrize("standing", ["stranger", "expired", "blocked"])
def test_members_of_a_protocol_are_members_of_its_community(standing: str, house: House, now: datetime) -> None:
    if standing != "stranger":
        house.join(house.stranger, actor=house.manager)
        facts: dict[str, object] = {"valid_until": now} if standing == "expired" else {"is_blocked": True}
        CommunityMembership.objects.filter(user=house.stranger).update(**facts)

    with pytest.raises(ActionRefused, match="not_of_community"):
        appoint(house.protocol, house.stranger, actor=house.steward, now=now)


def test_who_leaves_the_community_or_is_blocked_sees_nothing_at_once(house: House, now: datetime) -> None:
    assert house.sees(house.member)
    block_member(house.village, house.member, actor=house.manager, reason="", now=now)
    assert not house.sees(house.member)

    unblock_member(house.of(house.member), actor=house.manager, reason="", now=now)
    assert house.sees(house.member)

    end_member(house.of(house.member), actor=house.manager, now=now)
    assert not house.sees(house.member)


def test_unblocking_a_stranger_makes_no_member_of_them(house: House, now: datetime) -> None:
    block_member(house.village, house.stranger, actor=house.manager, reason="", now=now)
    unblock_member(house.of(house.stranger), actor=house.manager, reason="", now=now)

    with pytest.raises(ActionRefused, match="not_of_community"):
        appoint(house.protocol, house.stranger, actor=house.steward, now=now)


def test_a_block_is_not_shaken_off_by_leaving_or_by_joining_again(house: House, now: datetime) -> None:
    block_member(house.village, house.member, actor=house.manager, reason="", now=now)

    for deed in (
        lambda: end_member(house.of(house.member), actor=house.member, now=now),
        lambda: house.join(house.member, actor=house.manager),
        lambda: change_member(house.of(house.member), role="manager", valid_until=None, actor=house.manager, now=now),
    ):
        with pytest.raises(ActionRefused, match="is_blocked"):
            deed()


def test_a_locked_protocol_lets_its_stewards_in_and_only_they_unlock_it(house: House, now: datetime) -> None:
    lock_protocol(house.protocol, actor=house.administrator, reason="Khẩn", now=now)

    assert house.sees(house.steward)
    assert not house.sees(house.member)
    with pytest.raises(NotAllowed):
        unlock_protocol(house.protocol, actor=house.administrator, reason="", now=now)

    unlock_protocol(house.protocol, actor=house.steward, reason="", now=now)
    assert house.sees(house.member)
    assert [
        (entry.verb, entry.before["is_locked"], entry.after["is_locked"])  # type: ignore[index]
        for entry in AuditEntry.objects.filter(verb__endswith="lock_protocol").order_by("pk")
    ] == [("lock_protocol", False, True), ("unlock_protocol", True, False)]


def test_a_membership_is_over_on_its_day(house: House, now: datetime) -> None:
    change_role(house.role, role="member", valid_until=now + DAY, actor=house.steward, now=now)

    assert house.sees(house.member, now=now + DAY - timedelta(seconds=1))
    assert not house.sees(house.member, now=now + DAY)
    with pytest.raises(ActionRefused, match="over_already"):
        change_role(house.role, role="member", valid_until=now, actor=house.steward, now=now)


# --- Invitations -------------------------------------------------------------------------------------------------------------


def invited(house: House, **facts: object) -> str:
    for membership in CommunityMembership.objects.filter(user=house.steward):
        CommunityMembership.objects.filter(pk=membership.pk).update(role="manager")
    place = Place(house.village, protocol=house.protocol, **facts)  # type: ignore[arg-type]
    return invite(place, valid_until=house.now + DAY, actor=house.steward, reason="Con gái bà Y Hlang", now=house.now)[
        1
    ]


def test_an_invitation_gives_its_place_once_however_the_code_is_typed(house: House, now: datetime) -> None:
    code = invited(house, until=now + 30 * DAY)
    assert code not in str(list(Invitation.objects.values()) + list(AuditEntry.objects.values()))

    redeem_invitation(f" {code.upper().replace('-', ' ')}", user=house.stranger, now=now)

    assert house.sees(house.stranger)
    assert not house.sees(house.stranger, now=now + 30 * DAY)
    with pytest.raises(ActionRefused, match="invitation_not_valid"):
        redeem_invitation(code, user=house.member, now=now)


@pytest.mark.parametrize("fault", ["unknown", "over", "withdrawn", "blocked", "maker suspended", "maker demoted"])
def test_a_code_that_does_not_hold_gives_nothing_and_tells_nothing(fault: str, house: House, now: datetime) -> None:
    code, at = invited(house), now
    match fault:
        case "unknown":
            code = code[::-1]
        case "over":
            at = now + DAY
        case "withdrawn":
            withdraw_invitation(Invitation.objects.get(), actor=house.manager, now=now)
        case "blocked":
            block_member(house.village, house.stranger, actor=house.manager, reason="", now=now)
        case "maker suspended":
            User.objects.filter(pk=house.steward.pk).update(is_active=False)
        case _:
            ProtocolMembership.objects.filter(user=house.steward).update(role="member")
    before = everything()

    with pytest.raises(ActionRefused, match="invitation_not_valid"):
        redeem_invitation(code, user=house.stranger, now=at)

    assert everything() == before


def test_nobody_takes_up_their_own_invitation(house: House, now: datetime) -> None:
    code = invited(house)

    with pytest.raises(ActionRefused, match="own_role"):
        redeem_invitation(code, user=house.steward, now=now)
    assert Invitation.objects.get().used_at is None


def test_who_is_a_member_already_loses_nothing_by_an_invitation(house: House, now: datetime) -> None:
    code = invited(house, until=now + DAY)

    redeem_invitation(code, user=house.manager, now=now)

    held = house.of(house.manager)
    assert (held.role, held.valid_until) == ("manager", None)


def test_an_invitation_names_a_protocol_of_its_community(house: House, now: datetime) -> None:
    other = make_community(CommunityFacts("Làng khác"), actor=None, now=now)
    add_member(other, house.steward, role="manager", actor=None, now=now)

    with pytest.raises(ActionRefused, match="not_its_protocol"):
        invite(Place(other, protocol=house.protocol), valid_until=now + DAY, actor=house.steward, now=now)
