"""The dispatcher before Django: the same answers byte for byte, without Django, and none of it once it is no more allowed."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from django.contrib.sessions.models import Session
from django.db import connection
from django.test import Client
from django.utils import timezone

from access import policy
from access.models import (
    AccessRule,
    AuditEntry,
    Community,
    CommunityMembership,
    Grant,
    Protocol,
    ProtocolMembership,
    User,
)
from access.policy import Policy
from access.roles import ProtocolRole
from access.watching import Unwatched
from archive import sights
from archive.actions.choose_access import choose_item_access
from archive.actions.detach_file import detach_file
from archive.actions.move_item import withdraw_item
from archive.models import ItemFile
from interop.iiif.image import reading, records, remembering
from media_pipeline import stores
from tests.iiif.dispatching import CORNER, INNER, Site, file_with_edges, site

pytestmark = pytest.mark.django_db
# What a viewer may ask, plain and odd: address below the service, and headers.
QUESTIONS: tuple[tuple[str, dict[str, str]], ...] = (
    (INNER, {}),
    (CORNER, {}),
    ("0,0,64,64/64,/0/default.jpg", {}),
    ("0,0,128,128/64,64/0/color.jpg", {}),
    ("full/max/0/default.jpg", {}),
    ("10,10,100,90/50,/0/default.jpg", {}),
    ("10,10,100,90/50,/90/gray.png", {}),
    ("full/100,/0/default.webp", {}),
    ("full/900,/0/default.jpg", {}),
    ("900,900,10,10/max/0/default.jpg", {}),
    ("a/b/c/d", {}),
    ("info.json", {}),
    ("info.json/", {}),
    (f"{INNER}?x=1", {}),
    ("", {}),
    (INNER, {"HTTP_IF_NONE_MATCH": '"other"'}),
    (INNER, {"HTTP_IF_NONE_MATCH": "*"}),
    (INNER, {"HTTP_RANGE": "bytes=0-3"}),
    (INNER, {"HTTP_ACCEPT_LANGUAGE": "en"}),
    (INNER, {"HTTP_ORIGIN": "https://elsewhere.example", "HTTP_ACCEPT": "image/webp"}),
    (INNER, {"HTTP_X_FORWARDED_PROTO": "https", "HTTP_X_FORWARDED_HOST": "elsewhere.example"}),
    (INNER, {"HTTP_HOST": "127.0.0.1:8000"}),
    (INNER, {"HTTP_HOST": "elsewhere.example"}),
    (INNER, {"HTTP_AUTHORIZATION": "Basic eDp5"}),
)


@pytest.fixture(autouse=True)
def nothing_remembered() -> None:
    """Forget what other tests read."""
    records._directory.cache_clear()
    reading._opened.cache_clear()
    reading.kept.clear()


@pytest.fixture
def here() -> Iterator[Site]:
    with site() as made:
        yield made


def signed_in(name: str, *, is_staff: bool = False) -> tuple[Client, User]:
    client, user = Client(), User.objects.create_user(name, is_staff=is_staff)
    client.force_login(user)
    return client, user


def below(file: ItemFile, rest: str = INNER) -> str:
    return f"/iiif/image/3/{file.pid}/{rest}"


def protocol_of(user: User, *, until: timedelta | None = None) -> Protocol:
    """Return a protocol of which this person is a member."""
    home = Community.objects.create(name="Làng")
    protocol = Protocol.objects.create(name="Người lớn tuổi")
    protocol.communities.add(home)
    ends = None if until is None else timezone.now() + until
    CommunityMembership.objects.create(community=home, user=user)
    ProtocolMembership.objects.create(protocol=protocol, user=user, role=ProtocolRole.MEMBER, valid_until=ends)
    return protocol


@pytest.mark.parametrize(
    "access", [policy.PUBLIC, policy.REGISTERED, policy.STAFF], ids=["public", "registered", "staff"]
)
def test_both_ways_give_the_same_answers_to_everybody(here: Site, tmp_path: Path, access: Policy) -> None:
    file = file_with_edges(tmp_path, access=access)
    etag = '"unknown"'

    for name, client in (
        ("nobody", None),
        ("reader", signed_in("doc-gia")[0]),
        ("staff", signed_in("thu-thu", is_staff=True)[0]),
    ):
        known = here.straight(below(file), client)
        etag = dict(known.headers).get("ETag", etag)
        validated: list[tuple[str, dict[str, str]]] = [
            (INNER, {"HTTP_IF_NONE_MATCH": etag}),
            (INNER, {"HTTP_IF_NONE_MATCH": f'W/{etag}, "x"'}),
        ]
        # All questions once for each rule, of who is the least that it lets in.
        is_whole = name == {policy.PUBLIC: "nobody", policy.REGISTERED: "reader"}.get(access, "staff")
        for rest, headers in [*(QUESTIONS if is_whole else QUESTIONS[:2]), *validated]:
            for method in ("GET", "HEAD") if is_whole else ("GET",):
                same_both_ways(here, below(file, rest), client, method, headers)
        for method in ("OPTIONS", "POST"):
            same_both_ways(here, below(file), client, method, {})


def same_both_ways(here: Site, path: str, client: Client | None, method: str, headers: dict[str, str]) -> None:
    """Ask Django, the dispatcher that knows nothing, and the dispatcher that may have learnt."""
    expected = here.straight(path, client, method=method, more=headers)
    for turn in ("first", "again"):
        got = here.get(path, client, method=method, more=headers)
        assert (got.status, got.headers) == (expected.status, expected.headers), (turn, method, path, headers)
        # To HEAD no server sends what an application gives it.
        assert got.body == expected.body or method == "HEAD"


def test_what_django_has_just_allowed_is_answered_without_it(here: Site, tmp_path: Path) -> None:
    opened, closed = file_with_edges(tmp_path / "a"), file_with_edges(tmp_path / "b", access=policy.REGISTERED)
    reader, _user = signed_in("doc-gia")

    for file, client in ((opened, None), (opened, reader), (closed, reader)):
        assert not here.is_answered_before_django(below(file), client)
        for rest in (
            INNER,
            CORNER,
            "0,0,128,128/64,/0/default.jpg",
            "10,10,100,90/50,/0/default.jpg",
            "full/90,/90/gray.png",
        ):
            assert here.is_answered_before_django(below(file, rest), client)


def test_who_may_not_is_answered_by_django_each_time_as_for_what_never_was(here: Site, tmp_path: Path) -> None:
    file = file_with_edges(tmp_path, access=policy.REGISTERED)
    reader, _user = signed_in("doc-gia")
    assert here.get(below(file), reader).status == "200 OK"

    for _time in range(2):
        before = here.asked
        refused, never = here.get(below(file)), here.get(f"/iiif/image/3/0123456789b/{INNER}")
        assert here.asked == before + 2
        assert (refused.status, refused.headers, refused.body) == (never.status, never.headers, never.body)
        assert refused.status.startswith("404")


def close_to_nobody(file: ItemFile, _user: User) -> None:
    choose_item_access(file.item, policy.NOBODY, actor=User.objects.get(username="chu"), now=timezone.now())


def write_past_all_models(file: ItemFile) -> None:
    """As somebody does at the database's own console."""
    nobody = AccessRule.objects.nobody()
    with connection.cursor() as cursor:
        cursor.execute("UPDATE archive_itemfile SET effective_rule_id = %s WHERE id = %s", [nobody.pk, file.pk])


CLOSINGS: dict[str, Callable[[ItemFile, User], object]] = {
    "rule closed": close_to_nobody,
    "item withdrawn": lambda file, _user: withdraw_item(file.item, actor=None, now=timezone.now()),
    "file taken off": lambda file, _user: detach_file(file, actor=None, now=timezone.now()),
    "membership ended": lambda _file, user: ProtocolMembership.objects.filter(user=user).delete(),
    "left the community": lambda _file, user: CommunityMembership.objects.filter(user=user).delete(),
    "blocked": lambda _file, user: CommunityMembership.objects.filter(user=user).update(is_blocked=True),
    "protocol locked": lambda _file, _user: Protocol.objects.update(is_locked=True),
    "account suspended": lambda _file, user: User.objects.filter(pk=user.pk).update(is_active=False),
    "session gone": lambda _file, _user: Session.objects.all().delete(),
    "password changed": lambda _file, user: User.objects.filter(pk=user.pk).update(password="!another"),
    "written past all models": lambda file, _user: write_past_all_models(file),
    "pyramid gone": lambda file, _user: file.master.derivatives.all().delete(),  # type: ignore[union-attr]  # has one
}


@pytest.mark.parametrize("closing", CLOSINGS)
def test_the_next_tile_after_a_closing_is_refused(here: Site, tmp_path: Path, closing: str) -> None:
    User.objects.create_superuser("chu")
    client, user = signed_in("thanh-vien")
    file = file_with_edges(tmp_path, access=policy.of_protocols([protocol_of(user).pid]))
    here.get(below(file), client)
    assert here.is_answered_before_django(below(file), client)

    CLOSINGS[closing](file, user)

    for _time in range(2):
        assert here.get(below(file), client).status.startswith("404")


@pytest.mark.parametrize("ends_in_s", [3, 8])
def test_nothing_is_remembered_past_the_end_of_a_membership_a_grant_or_a_rule(
    here: Site, tmp_path: Path, ends_in_s: int
) -> None:
    ends = timezone.now() + timedelta(seconds=ends_in_s)
    member, user = signed_in("thanh-vien")
    grantee, other = signed_in("duoc-phep")
    of_protocol = file_with_edges(
        tmp_path / "a", access=policy.of_protocols([protocol_of(user, until=timedelta(seconds=ends_in_s)).pid])
    )
    Grant.objects.create(
        target_pid=of_protocol.item.pid, user=other, reason="x", granted_at=timezone.now(), valid_until=ends
    )
    dated = file_with_edges(tmp_path / "b", access=policy.of(policy.Level.PUBLIC, closes_at=ends))
    asked = [(below(of_protocol), member), (below(of_protocol), grantee), (below(dated), None)]
    for path, client in asked:
        here.get(path, client)
    for path, client in asked:
        assert here.is_answered_before_django(path, client)

    here.ahead_s = ends_in_s

    for path, client in asked:
        before = here.asked
        here.get(path, client)
        assert here.asked == before + 1


def test_whoever_looks_long_is_noted_by_django_from_time_to_time(here: Site, tmp_path: Path) -> None:
    file = file_with_edges(tmp_path)
    here.get(below(file))
    assert here.is_answered_before_django(below(file))

    here.ahead_s = remembering.LASTS_S

    assert not here.is_answered_before_django(below(file))


def test_sights_that_are_written_down_are_never_remembered(here: Site, tmp_path: Path) -> None:
    client, user = signed_in("thu-thu", is_staff=True)
    restricted = file_with_edges(tmp_path / "a", access=policy.of_protocols([protocol_of(user).pid]))
    daily = file_with_edges(tmp_path / "b", access=policy.STAFF)

    for _time in range(3):
        assert not here.is_answered_before_django(below(restricted), client)
    here.get(below(daily), client)

    assert AuditEntry.objects.filter(verb=sights.VERB).count() == 1
    assert here.is_answered_before_django(below(daily), client)


def test_what_was_written_while_django_answered_is_not_taken_for_what_it_answered(
    here: Site, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = file_with_edges(tmp_path)
    told = records.of_file

    def meanwhile(asked: ItemFile) -> records.Pyramid | None:
        here.watch.writes += 1
        return told(asked)

    monkeypatch.setattr(records, "of_file", meanwhile)

    for _time in range(2):
        assert not here.is_answered_before_django(below(file))


def test_where_the_database_cannot_be_watched_django_answers_all(here: Site, tmp_path: Path) -> None:
    file = file_with_edges(tmp_path)
    here.get(below(file))
    here.watch.is_broken = True

    assert not here.is_answered_before_django(below(file))
    assert Unwatched().state() is None


def test_one_mans_memory_does_not_serve_another(here: Site, tmp_path: Path) -> None:
    file = file_with_edges(tmp_path, access=policy.REGISTERED)
    reader, _user = signed_in("doc-gia")
    here.get(below(file), reader)
    assert here.is_answered_before_django(below(file), reader)
    stranger = Client()
    stranger.cookies["phien"] = "x" * 32

    assert here.get(below(file)).status.startswith("404")
    assert here.get(below(file), stranger).status.startswith("404")
    assert here.get(below(file), reader, more={"HTTP_HOST": "elsewhere.example"}).status.startswith("400")


def test_bytes_that_are_gone_are_a_pause_as_by_django(here: Site, tmp_path: Path) -> None:
    file = file_with_edges(tmp_path)
    here.get(below(file))
    assert file.master is not None
    stores.derivatives().delete(file.master.derivatives.get().prefix)
    reading._opened.cache_clear()

    before = here.asked
    assert here.get(below(file, CORNER)).status.startswith("503")
    assert here.asked == before + 1


def test_the_memory_is_bounded() -> None:
    memory = remembering.Memory(entries_most=10)
    template = remembering.Template("", "", (), has_content=True)

    for number in range(100):
        found = remembering.Remembered(0, records.Pyramid("p", "s", 1), None, None, 0.0)  # type: ignore[arg-type]  # not looked at
        memory.learn((str(number),), found, "200 OK", template)
        assert memory.get((str(number),)) is found

    assert sum(memory.get((str(number),)) is not None for number in range(100)) <= 10
