"""A lock and a block are stronger than any grant; what lies under a protocol is taken off by who may edit it there."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path

import pytest

from access import policy
from access.actions.give_password import give_password
from access.actions.keep_second_factor import reset
from access.actions.save_protocol import lock_protocol
from access.models import Community, CommunityMembership, Grant, Petition, Protocol, ProtocolMembership, User
from access.roles import ProtocolRole
from access.viewer import viewer_for
from archive.actions.detach_file import detach_file
from archive.actions.errors import ActionRefused
from archive.models import Item, ItemFile
from tests.access_matrix.world import add_file, make_item, store_master
from tests.archive.conftest import person

pytestmark = pytest.mark.django_db


@pytest.fixture
def village(db: None) -> Community:
    return Community.objects.create(name="Làng Kon Rbàng")


@pytest.fixture
def protocol(village: Community) -> Protocol:
    made = Protocol.objects.create(name="Thành viên")
    made.communities.add(village)
    return made


@pytest.fixture
def steward(village: Community, protocol: Protocol) -> User:
    return member(village, protocol, "gia-lang", ProtocolRole.STEWARD, is_staff=False)


def member(village: Community, protocol: Protocol, name: str, role: str, *, is_staff: bool = True) -> User:
    user = person(name, "Cataloguer", is_staff=is_staff)
    CommunityMembership.objects.create(community=village, user=user)
    ProtocolMembership.objects.create(protocol=protocol, user=user, role=role)
    return user


@pytest.fixture
def file(protocol: Protocol, tmp_path: Path) -> ItemFile:
    """A file under the protocol, in an item that everybody may see."""
    closed = policy.of_protocols([protocol.pid])
    return add_file(make_item("Trống"), store_master(b"drum", tmp_path), access=closed)


def granted(file: ItemFile, *, now: datetime, is_break_glass: bool = False, is_staff: bool = False) -> User:
    user = person("khach", is_staff=is_staff)
    Grant.objects.create(
        target_pid=file.pid,
        user=user,
        granted_at=now,
        valid_until=now + timedelta(hours=1),
        is_break_glass=is_break_glass,
        reason="r",
    )
    return user


def is_seen(file: ItemFile, user: User, *, now: datetime) -> bool:
    return ItemFile.objects.visible_to(viewer_for(user, now=now)).filter(pk=file.pk).exists()


def test_a_lock_shuts_what_was_granted_and_not_what_an_emergency_opens(
    file: ItemFile, protocol: Protocol, steward: User, now: datetime
) -> None:
    reader = granted(file, now=now)
    was_seen = is_seen(file, reader, now=now)

    lock_protocol(protocol, actor=steward, reason="", now=now)

    assert (was_seen, is_seen(file, reader, now=now)) == (True, False)
    Grant.objects.update(is_break_glass=True)
    assert is_seen(file, reader, now=now)


def test_a_lock_shuts_an_item_that_was_granted(protocol: Protocol, steward: User, now: datetime) -> None:
    item = make_item("Trống", access=policy.of_protocols([protocol.pid]))
    reader = person("khach", is_staff=False)
    Grant.objects.create(target_pid=item.pid, user=reader, granted_at=now, reason="r")
    was_seen = Item.objects.visible_to(viewer_for(reader, now=now)).exists()

    lock_protocol(protocol, actor=steward, reason="", now=now)

    assert (was_seen, Item.objects.visible_to(viewer_for(reader, now=now)).exists()) == (True, False)


def test_a_block_shuts_what_was_granted(file: ItemFile, village: Community, now: datetime) -> None:
    reader = granted(file, now=now)
    was_seen = is_seen(file, reader, now=now)

    CommunityMembership.objects.create(community=village, user=reader, is_blocked=True)

    assert (was_seen, is_seen(file, reader, now=now)) == (True, False)


@pytest.mark.parametrize(
    ("role", "added_it", "is_draft", "may"),
    [
        (ProtocolRole.MEMBER, False, False, False),
        (ProtocolRole.MEMBER, False, True, False),
        (ProtocolRole.MEMBER, True, True, True),
        (ProtocolRole.MEMBER, True, False, False),
        (ProtocolRole.CONTRIBUTOR, True, False, True),
        (ProtocolRole.CONTRIBUTOR, False, False, False),
        (ProtocolRole.STEWARD, False, False, True),
    ],
)
def test_a_file_under_a_protocol_is_taken_off_by_who_may_edit_it_there(
    role: str,
    added_it: bool,
    is_draft: bool,
    may: bool,
    file: ItemFile,
    village: Community,
    protocol: Protocol,
    now: datetime,
) -> None:
    actor = member(village, protocol, "can-bo", role)
    actor.is_superuser = True
    actor.save()
    Item.objects.filter(pk=file.item_id).update(state="draft" if is_draft else "published")
    ItemFile.objects.filter(pk=file.pk).update(added_by=actor if added_it else None)
    held = ItemFile.objects.get(pk=file.pk)
    refused = ""

    try:
        detach_file(held, actor=actor, now=now)
    except ActionRefused as error:
        refused = error.code

    assert refused == ("" if may else "protocol_keeps")
    assert ItemFile.objects.filter(pk=file.pk).exists() is not may


def test_stewards_read_of_it_when_somebody_else_can_act_in_ones_name(
    steward: User, protocol: Protocol, now: datetime
) -> None:
    chief = person("truong", is_superuser=True)

    give_password(chief, actor=None, now=now)
    give_password(steward, actor=steward, now=now)
    assert not Petition.objects.exists()
    give_password(steward, actor=chief, now=now)
    reset(steward, actor=chief, now=now)

    told = Petition.objects.filter(kind="notice", protocols=protocol).values_list("text", flat=True)
    assert len(told) == 2
    assert all("truong" in text and "gia-lang" in text for text in told)
