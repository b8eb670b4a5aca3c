"""Asking and answering: who gets what, who decides, what follows."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path

import pytest

from access import policy
from access.actions.ask import Asked, ask
from access.models import AuditEntry, CommunityMembership, Grant, Petition, ProtocolMembership, User
from access.models.audit import VISITOR
from access.petitions import PetitionRefused
from access.policy import Level
from access.viewer import Viewer, viewer_for
from archive import petition_rights
from archive.actions.choose_access import choose_file_access, choose_item_access
from archive.actions.decide_petition import acknowledge, grant, refuse, retract, revoke
from archive.models import Item, ItemFile
from tests import makers
from tests.petitioners import (
    CALENDAR,
    REASONS,
    about,
    closed_by,
    community,
    librarian,
    member,
    protocol,
    reader,
    steward,
)

pytestmark = pytest.mark.django_db
SONG = "Bài khóc cha"


@pytest.fixture
def song(now: datetime) -> Item:
    return makers.item(now=now, title=SONG)


def a_file(item: Item, folder: Path, *, now: datetime, access: policy.Policy | None, name: str = "a") -> ItemFile:
    colour = (len(item.files.all()) + 1, 43, 92)
    path = makers.picture(folder / f"{name}.jpg", colour=colour)
    return makers.file_of(item, path, now=now, access=access, process=False)


def sees(user: User, file: ItemFile, now: datetime) -> bool:
    return ItemFile.objects.visible_to(viewer_for(user, now=now)).filter(pk=file.pk).exists()


def finds(user: User, petition: Petition, now: datetime) -> bool:
    viewer: Viewer = viewer_for(user, now=now)
    return petition_rights.inbox(petition_rights.decider(user, now=now), viewer).filter(pk=petition.pk).exists()


def refused(code: str) -> pytest.RaisesExc[PetitionRefused]:
    return pytest.raises(PetitionRefused, match=f"^{code}$")


# --- Who gets it ---------------------------------------------------------------------------------------------------------


def test_a_request_to_see_goes_to_the_stewards_of_what_closes_it_and_to_nobody_else(
    song: Item, tmp_path: Path, now: datetime
) -> None:
    held = protocol(community())
    theirs, other = steward("gia-lang", held), steward("nguoi-khac", protocol(community("Kon Rẫy"), "Khác"))
    a_file(song, tmp_path, now=now, access=closed_by(held))
    petition = about(song, "access", asker=reader(), now=now)

    assert finds(theirs, petition, now)
    assert not finds(other, petition, now)
    assert not finds(librarian(), petition, now)
    assert not finds(makers.staff("quan-tri", superuser=True), petition, now)
    assert list(petition.protocols.values_list("pid", flat=True)) == [held.pid]


def test_without_a_protocol_it_goes_to_the_library(song: Item, tmp_path: Path, now: datetime) -> None:
    a_file(song, tmp_path, now=now, access=policy.ONSITE)
    petition = about(song, "access", asker=reader(), now=now)

    assert finds(librarian(), petition, now)
    assert not finds(librarian("bien-muc", "change_item"), petition, now)
    assert not finds(reader("ai-do"), petition, now)


def test_what_is_put_under_another_protocol_takes_its_requests_along(song: Item, tmp_path: Path, now: datetime) -> None:
    place = community()
    before, after = protocol(place), protocol(place, "Chỉ người già")
    file = a_file(song, tmp_path, now=now, access=closed_by(before))
    petition = about(song, "access", asker=reader(), now=now)

    choose_file_access(file, closed_by(after), actor=None, now=now)

    assert finds(steward("moi", after), petition, now)
    assert not finds(steward("cu", before), petition, now)

    choose_file_access(file, policy.STAFF, actor=None, now=now)
    assert finds(librarian(), petition, now)


def test_closing_it_to_everybody_takes_no_request_from_the_stewards(song: Item, tmp_path: Path, now: datetime) -> None:
    held = protocol(community())
    elder, administrator, asker = steward("gia-lang", held), makers.staff("quan-tri", superuser=True), reader()
    file = a_file(song, tmp_path, now=now, access=closed_by(held))
    petition = about(song, "access", asker=asker, now=now)

    choose_file_access(file, policy.NOBODY, actor=administrator, now=now)

    assert not finds(administrator, petition, now)
    with refused("not_allowed"):
        grant(petition, actor=administrator, now=now, targets=[file.pid])
    grant(petition, actor=elder, now=now, targets=[file.pid])
    assert sees(asker, file, now)


def test_closing_the_item_to_everybody_does_not_make_its_files_an_administrators(
    song: Item, tmp_path: Path, now: datetime
) -> None:
    held = protocol(community())
    elder, administrator, asker = steward("gia-lang", held), makers.staff("quan-tri", superuser=True), reader()
    file = a_file(song, tmp_path, now=now, access=closed_by(held))
    petition = about(song, "access", asker=asker, now=now)

    choose_item_access(song, policy.NOBODY, actor=administrator, now=now)

    assert finds(elder, petition, now)
    with refused("not_allowed"):
        grant(petition, actor=administrator, now=now, targets=[song.pid, file.pid])
    # The record itself was never theirs, and without it the file stays closed.
    grant(petition, actor=elder, now=now, targets=[file.pid])
    assert not sees(asker, file, now)


def test_dates_that_never_meet_do_not_hide_whose_a_file_is(song: Item, tmp_path: Path, now: datetime) -> None:
    held = protocol(community())
    later = policy.meet(closed_by(held), policy.of(Level.PUBLIC, opens_at=now + timedelta(days=9)))
    file = a_file(song, tmp_path, now=now, access=later)
    asker = reader()
    petition = about(song, "access", asker=asker, now=now)
    song.refresh_from_db()

    choose_item_access(song, policy.of(Level.PUBLIC, closes_at=now + timedelta(days=3)), actor=None, now=now)

    closed = petition_rights.closed_to_asker(
        petition_rights.decider(makers.staff("quan-tri", superuser=True), now=now), petition, now=now
    )
    assert [(one.pid, one.may_open) for one in closed] == [(file.pid, False)]


def test_what_was_opened_is_closed_again_by_those_who_keep_it_now(song: Item, tmp_path: Path, now: datetime) -> None:
    file = a_file(song, tmp_path, now=now, access=policy.STAFF)
    asker, library, held = reader(), librarian(), protocol(community())
    petition = about(song, "access", asker=asker, now=now)
    grant(petition, actor=library, now=now, targets=[file.pid])

    choose_file_access(file, closed_by(held), actor=None, now=now)

    assert not finds(library, petition, now)
    revoke(petition, actor=steward("gia-lang", held), now=now)
    assert not sees(asker, file, now)


def test_what_is_opened_meanwhile_stays_with_those_who_were_asked(song: Item, tmp_path: Path, now: datetime) -> None:
    held = protocol(community())
    file = a_file(song, tmp_path, now=now, access=closed_by(held))
    petition = about(song, "access", asker=reader(), now=now)

    choose_file_access(file, None, actor=None, now=now)

    assert finds(steward("gia-lang", held), petition, now)
    assert not finds(librarian(), petition, now)


def test_a_request_to_join_goes_to_the_managers_of_the_community(now: datetime) -> None:
    place = community()
    manager, plain = member(reader("truong"), place, "manager"), member(reader("dan"), place)
    petition = ask(Asked("joining", REASONS, reader(), community=place), now=now, calendar=CALENDAR)

    assert finds(manager, petition, now)
    assert not finds(plain, petition, now)
    assert not finds(librarian(), petition, now)
    assert not finds(makers.staff("quan-tri", superuser=True), petition, now)


def test_a_manager_who_is_blocked_or_whose_time_is_over_finds_nothing(now: datetime) -> None:
    village = community()
    place = community("Nhánh", parent=village)
    blocked = member(reader("a"), place, "manager")
    member(blocked, village, is_blocked=True)
    over = member(reader("b"), place, "manager", valid_until=now)
    petition = ask(Asked("joining", REASONS, reader(), community=place), now=now, calendar=CALENDAR)

    assert not finds(blocked, petition, now)
    assert not finds(over, petition, now)


def test_a_request_to_join_that_no_manager_would_read_waits_for_an_administrator(now: datetime) -> None:
    petition = ask(Asked("joining", REASONS, reader(), community=community()), now=now, calendar=CALENDAR)

    administrator = makers.staff("quan-tri", superuser=True)

    assert finds(administrator, petition, now)
    assert not finds(librarian(), petition, now)
    with refused("not_allowed"):
        grant(petition, actor=administrator, now=now)


@pytest.mark.parametrize("kind", ["takedown", "correction", "consent"])
def test_what_should_not_be_here_is_told_to_the_library_and_to_whose_it_is(
    song: Item, now: datetime, kind: str
) -> None:
    place = community()
    song.communities.add(place)
    manager = member(reader("truong"), place, "manager")
    petition = about(song, kind, now=now)

    assert finds(librarian(), petition, now)
    assert finds(manager, petition, now)
    assert not finds(member(reader("dan"), place), petition, now)


def test_a_cataloguer_reads_corrections_of_what_they_may_see_and_no_takedown(song: Item, now: datetime) -> None:
    cataloguer = librarian("bien-muc", "change_item")

    assert finds(cataloguer, about(song, "correction", now=now), now)
    assert not finds(cataloguer, about(song, "takedown", now=now), now)


# --- What may be asked ---------------------------------------------------------------------------------------------------


def test_nobody_asks_for_what_is_open_to_them(song: Item, tmp_path: Path, now: datetime) -> None:
    a_file(song, tmp_path, now=now, access=None)

    with refused("already_open"):
        about(song, "access", asker=reader(), now=now)


def test_the_same_is_asked_once_until_it_is_answered(song: Item, tmp_path: Path, now: datetime) -> None:
    a_file(song, tmp_path, now=now, access=policy.STAFF)
    user = reader()
    first = about(song, "access", asker=user, now=now)

    with refused("already_asked"):
        about(song, "access", asker=user, now=now)
    refuse(first, actor=librarian(), now=now, answer="Chưa được.")

    assert about(song, "access", asker=user, now=now).is_pending


@pytest.mark.parametrize(
    ("asked", "code"),
    [
        (Asked("access", REASONS, contact="x"), "sign_in"),
        (Asked("takedown", "  ", contact="x"), "no_reasons"),
        (Asked("takedown", REASONS, contact=" "), "no_contact"),
        (Asked("takedown", "a\x00b", contact="x"), "unreadable"),
    ],
)
def test_what_nobody_could_answer_is_not_taken_in(asked: Asked, code: str, now: datetime) -> None:
    with refused(code):
        ask(asked, now=now, calendar=CALENDAR)

    assert not Petition.objects.exists()


def test_from_one_address_only_so_much_is_taken_in_a_day(now: datetime) -> None:
    asked = Asked("correction", REASONS, contact="x", address_digest="a")
    for _ in range(20):
        ask(asked, now=now, calendar=CALENDAR)

    with refused("too_many"):
        ask(asked, now=now, calendar=CALENDAR)
    ask(Asked("correction", REASONS, contact="x", address_digest="b"), now=now, calendar=CALENDAR)
    ask(asked, now=now + timedelta(hours=24), calendar=CALENDAR)


def test_it_has_its_clocks_and_a_line_in_the_log_without_a_word_of_it(song: Item, now: datetime) -> None:
    petition = about(song, "takedown", now=now)
    entry = AuditEntry.objects.get(verb="ask")

    assert petition.acknowledge_by == CALENDAR.acknowledge_by(now)
    assert petition.act_by == CALENDAR.act_by("takedown", now)
    assert (entry.target_pid, entry.detail) == (petition.pid, {"kind": "takedown", "hid": True})
    assert entry.actor_name == VISITOR
    assert not AuditEntry.objects.filter(reason__contains=REASONS).exists()


# --- To see something ----------------------------------------------------------------------------------------------------


def test_a_steward_opens_one_file_to_one_person_for_a_time(song: Item, tmp_path: Path, now: datetime) -> None:
    held = protocol(community())
    first = a_file(song, tmp_path, now=now, access=closed_by(held))
    second = a_file(song, tmp_path, now=now, access=closed_by(held), name="b")
    user, other = reader(), reader("nguoi-khac")
    petition = about(song, "access", asker=user, now=now)
    ends = now + timedelta(days=30)

    grant(petition, actor=steward("gia-lang", held), now=now, targets=[first.pid], valid_until=ends, answer="Được.")

    assert sees(user, first, now)
    assert not sees(user, second, now)
    assert not sees(other, first, now)
    assert sees(user, first, ends - timedelta(seconds=1))
    assert not sees(user, first, ends)
    # The item is open to them by its own rule: nothing of it stays open if it is closed one day.
    assert [one.target_pid for one in Grant.objects.all()] == [first.pid]


def test_what_was_granted_is_closed_again_with_the_next_request(song: Item, tmp_path: Path, now: datetime) -> None:
    held = protocol(community())
    file = a_file(song, tmp_path, now=now, access=closed_by(held))
    user, elder = reader(), steward("gia-lang", held)
    petition = grant(about(song, "access", asker=user, now=now), actor=elder, now=now, targets=[file.pid])

    revoked = revoke(petition, actor=elder, now=now, answer="Mùa này không mở.")

    assert not sees(user, file, now)
    assert (revoked.state, revoked.answer) == ("revoked", "Mùa này không mở.")
    entry = AuditEntry.objects.get(verb="revoke_petition")
    assert (entry.before, entry.after) == ({"state": "granted"}, {"state": "revoked", "closed": [file.pid]})


def test_what_all_protocols_close_no_single_steward_opens(song: Item, tmp_path: Path, now: datetime) -> None:
    place = community()
    one, two = protocol(place), protocol(place, "Chỉ người già")
    both = a_file(song, tmp_path, now=now, access=closed_by(one, two))
    either = a_file(song, tmp_path, now=now, access=closed_by(one, two, sharing=policy.Sharing.ANY), name="b")
    user, elder = reader(), steward("gia-lang", one)
    petition = about(song, "access", asker=user, now=now)

    with refused("not_allowed"):
        grant(petition, actor=elder, now=now, targets=[both.pid])
    grant(petition, actor=elder, now=now, targets=[either.pid])

    assert not sees(user, both, now)
    assert sees(user, either, now)


def test_each_condition_of_a_rule_has_its_own_stewards(song: Item, tmp_path: Path, now: datetime) -> None:
    place = community()
    one, two, three = protocol(place), protocol(place, "Người già"), protocol(place, "Mùa lễ")
    closing = policy.meet(closed_by(one, two, sharing=policy.Sharing.ANY), closed_by(three))
    file = a_file(song, tmp_path, now=now, access=closing)
    user, elder = reader(), steward("gia-lang", one)
    petition = about(song, "access", asker=user, now=now)

    with refused("not_allowed"):
        grant(petition, actor=elder, now=now, targets=[file.pid])
    ProtocolMembership.objects.create(user=elder, protocol=three, role="steward")
    grant(petition, actor=elder, now=now, targets=[file.pid])

    assert sees(user, file, now)


def test_a_file_is_opened_only_by_those_who_may_open_its_item_too(tmp_path: Path, now: datetime) -> None:
    place = community()
    of_item, of_file = protocol(place), protocol(place, "Chỉ người già")
    item = makers.item(now=now, title=SONG, access=closed_by(of_item))
    file = a_file(item, tmp_path, now=now, access=closed_by(of_file))
    user = steward("nguoi-xin", of_item)
    petition = about(item, "access", asker=user, now=now)

    with refused("not_allowed"):
        grant(petition, actor=steward("gia-lang", of_file), now=now, targets=[file.pid])

    assert not sees(user, file, now)


def test_what_nobody_may_see_is_opened_by_administrators_only(song: Item, tmp_path: Path, now: datetime) -> None:
    file = a_file(song, tmp_path, now=now, access=policy.NOBODY)
    petition = about(song, "access", asker=reader(), now=now)

    with refused("not_allowed"):
        grant(petition, actor=librarian(), now=now, targets=[file.pid])
    grant(petition, actor=makers.staff("quan-tri", superuser=True), now=now, targets=[file.pid])

    assert petition.asker is not None
    assert sees(petition.asker, file, now)


def test_a_file_of_another_item_is_not_slipped_in(song: Item, tmp_path: Path, now: datetime) -> None:
    a_file(song, tmp_path, now=now, access=policy.STAFF)
    other = a_file(makers.item(now=now, title="Khác"), tmp_path, now=now, access=policy.STAFF, name="khac")
    petition = about(song, "access", asker=reader(), now=now)

    with refused("gone"):
        grant(petition, actor=librarian(), now=now, targets=[other.pid])
    with refused("no_files"):
        grant(petition, actor=librarian("thu-thu-2"), now=now, targets=[])

    assert not Grant.objects.exists()


def test_nobody_opens_something_to_themselves(song: Item, tmp_path: Path, now: datetime) -> None:
    staff = librarian()
    file = a_file(song, tmp_path, now=now, access=policy.meet(policy.STAFF, policy.of(policy.Level.STAFF)))
    choose_file_access(file, policy.NOBODY, actor=None, now=now)
    petition = about(song, "access", asker=staff, now=now)
    administrator = makers.staff("quan-tri", superuser=True)
    own = about(song, "access", asker=administrator, now=now)

    with refused("not_allowed"):
        grant(own, actor=administrator, now=now, targets=[file.pid])
    grant(petition, actor=administrator, now=now, targets=[file.pid])

    assert sees(staff, file, now)


def test_a_stranger_decides_nothing(song: Item, tmp_path: Path, now: datetime) -> None:
    held = protocol(community())
    file = a_file(song, tmp_path, now=now, access=closed_by(held))
    petition = about(song, "access", asker=reader(), now=now)

    for actor in (reader("la"), librarian(), makers.staff("quan-tri", superuser=True)):
        with refused("not_allowed"):
            grant(petition, actor=actor, now=now, targets=[file.pid])
        with refused("not_allowed"):
            refuse(petition, actor=actor, now=now, answer="Không.")
        with refused("not_allowed"):
            acknowledge(petition, actor=actor, now=now)

    petition.refresh_from_db()
    assert petition.state == "open"


def test_who_comes_second_changes_nothing(song: Item, tmp_path: Path, now: datetime) -> None:
    file = a_file(song, tmp_path, now=now, access=policy.STAFF)
    petition = about(song, "access", asker=reader(), now=now)
    refuse(petition, actor=librarian(), now=now, answer="Không.")

    with refused("settled"):
        grant(petition, actor=librarian("thu-thu-2"), now=now, targets=[file.pid])

    assert not Grant.objects.exists()


def test_a_refusal_says_why(song: Item, tmp_path: Path, now: datetime) -> None:
    a_file(song, tmp_path, now=now, access=policy.STAFF)
    petition = about(song, "access", asker=reader(), now=now)

    with refused("no_answer"):
        refuse(petition, actor=librarian(), now=now, answer=" ")


def test_only_who_asked_takes_it_back(song: Item, tmp_path: Path, now: datetime) -> None:
    a_file(song, tmp_path, now=now, access=policy.STAFF)
    user = reader()
    petition = about(song, "access", asker=user, now=now)

    for other in (None, reader("la")):
        with refused("not_allowed"):
            retract(petition, by=other, now=now)

    assert retract(petition, by=user, now=now).state == "retracted"


# --- To join -------------------------------------------------------------------------------------------------------------


def test_a_manager_takes_somebody_in_for_a_time(now: datetime) -> None:
    place, user = community(), reader()
    manager = member(reader("truong"), place, "manager")
    petition = ask(Asked("joining", REASONS, user, community=place), now=now, calendar=CALENDAR)

    grant(petition, actor=manager, now=now, valid_until=now + timedelta(days=365))

    made = CommunityMembership.objects.get(user=user)
    assert (made.role, made.valid_until, made.made_by) == ("member", now + timedelta(days=365), manager)


def test_who_is_blocked_does_not_come_back_by_asking(now: datetime) -> None:
    place = community()
    user = member(reader(), place, is_blocked=True)
    manager = member(reader("truong"), place, "manager")
    petition = ask(Asked("joining", REASONS, user, community=place), now=now, calendar=CALENDAR)

    with refused("blocked"):
        grant(petition, actor=manager, now=now)

    petition.refresh_from_db()
    assert petition.is_pending
