"""The screen of the log: who, what, why and what changed, in words, for those whom it concerns."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from django.test import Client
from django.utils import timezone
from django.utils.translation import override

from access import audit, log_changes, policy
from access.log_sentences import noted
from access.models import AccessRule, AuditEntry, Protocol, User
from access.policy import Level
from access.viewer import viewer_for
from archive import queries
from archive.actions.choose_access import choose_file_access
from archive.actions.move_item import withdraw_item
from archive.models import Item
from tests import makers
from tests.desk.conftest import signed_in, staff
from tests.desk.test_items import with_file
from tests.petitioners import closed_by, community, member, protocol, steward

pytestmark = pytest.mark.django_db
LOG = "/admin/access/auditentry/"
NOW = datetime(2026, 3, 14, 8, 0, tzinfo=UTC)


def page(client: Client, query: str = "") -> str:
    return client.get(LOG + query).content.decode()


def entry(before: Mapping[str, object] | None, after: Mapping[str, object] | None, **facts: object) -> AuditEntry:
    user = User.objects.filter(username="quan_tri").first()
    audit.record(actor=user, verb="change_account", target_pid="", now=NOW, before=before, after=after, **facts)  # type: ignore[arg-type]  # tests
    return AuditEntry.objects.order_by("-pk")[0]


def said(made: AuditEntry) -> list[str]:
    viewer = viewer_for(User.objects.get_or_create(username="x")[0], now=NOW)
    return [one.sentence for one in log_changes.of_entries(viewer, [made]).get(made.pk, [])]


# --- In words ----------------------------------------------------------------------------------------------------------------


def test_rules_roles_states_and_moments_are_said_in_words_of_either_language() -> None:
    opened = AccessRule.objects.intern(policy.of(Level.PUBLIC, opens_at=datetime(2026, 6, 1, 17, tzinfo=UTC)))
    staff_only = AccessRule.objects.intern(policy.STAFF)
    made = entry(
        {"rule": staff_only.digest, "role": "member", "state": "open", "is_locked": False, "until": None},
        {
            "rule": opened.digest,
            "role": "steward",
            "state": "withdrawn",
            "is_locked": True,
            "until": "2026-12-01T03:30:00+00:00",
        },
    )

    with override("en"):
        told = said(made)
    with override("vi"):
        other = said(made)

    assert told == [
        "locked: no → yes",
        "role: member → protocol steward",
        "who may see it: Library staff → Everybody + from 2 June 2026",
        "state: new → withdrawn",
        "until: 1 December 2026, 10:30",
    ]
    assert len(other) == 5
    assert "02/06/2026" in other[2]


def test_what_stayed_the_same_hashes_and_rules_that_are_gone_are_not_spelled_out() -> None:
    hidden = "ab" * 32
    with override("en"):
        told = said(entry({"role": "member", "x": hidden, "rule": hidden}, {"role": "member", "x": "y", "rule": ""}))

    assert told == ["who may see it: a rule that is not there any more → –", "x: y"]
    assert hidden not in str(told)


def test_the_screen_shows_the_reason_and_what_changed(administrator: Client) -> None:
    item = makers.item(now=timezone.now())
    withdraw_item(item, actor=None, now=timezone.now(), reason="làng đề nghị")

    shown = page(administrator, f"?q={item.pid}")

    assert '<td class="field-reasons">làng đề nghị' in shown
    assert "state: published → withdrawn" in shown
    assert "trạng thái" in signed_in_vietnamese().get(f"{LOG}?q={item.pid}").content.decode()


def test_whether_a_file_came_along_is_said_in_words() -> None:
    with override("en"):
        assert noted(AuditEntry(verb="tell", detail={"file": True, "role": "x"})) == "with a file, x"
        assert noted(AuditEntry(verb="tell", detail={"file": False})) == ""


def signed_in_vietnamese() -> Client:
    client = Client(headers={"accept-language": "vi"})
    client.force_login(User.objects.get(username="quan_tri"))
    return client


def test_a_protocol_is_called_by_name_only_to_who_counts_as_its_member() -> None:
    own, other = protocol(community(), "Lễ hội"), protocol(community("Làng khác"), "Chỉ trong dòng họ")
    AccessRule.objects.intern(closed_by(own))
    made = entry(None, {"rule": AccessRule.objects.intern(closed_by(own, other)).digest})
    user = member(staff("thu-thu"), own.communities.get())
    own.memberships.create(user=user)

    with override("en"):
        told = log_changes.of_entries(viewer_for(user, now=timezone.now()), [made])[made.pk][0].sentence

    assert "Lễ hội" in told
    assert "another protocol" in told
    assert "Chỉ trong dòng họ" not in told


# --- For whom ----------------------------------------------------------------------------------------------------------------


@pytest.fixture
def held(db: None) -> Protocol:
    return protocol(community())


@pytest.fixture
def item(held: Protocol) -> Item:
    return makers.item(now=timezone.now(), access=closed_by(held))


@pytest.fixture
def sight(item: Item, held: Protocol) -> str:
    """A member of staff, who is a member, looks at the item; returns its pid."""
    user = member(staff("thu-thu"), held.communities.get())
    held.memberships.create(user=user)
    queries.item(viewer_for(user, now=timezone.now()), item.pid)
    return item.pid


def at_the_desk(user: User) -> Client:
    User.objects.filter(pk=user.pk).update(is_staff=True)
    return signed_in(User.objects.get(pk=user.pk))


def lines(client: Client) -> int:
    return page(client).count("looked at what is restricted</td>")


def test_a_steward_reads_who_of_the_library_looked_and_others_do_not(
    sight: str, held: Protocol, administrator: Client, publisher: Client
) -> None:
    elder = at_the_desk(steward("gia-lang", held))
    stranger = at_the_desk(steward("nguoi-khac", protocol(community("Làng khác"))))

    assert lines(elder) == 1
    assert "thu-thu" in page(elder)
    assert sight in page(elder)
    assert "as a member" in page(elder)
    for client in (stranger, administrator):
        assert lines(client) == 0
        assert sight not in page(client)


def test_who_looked_reads_it_too_and_an_administrator_who_may_see_the_item(sight: str, held: Protocol) -> None:
    looked = User.objects.get(username="thu-thu")
    looked.is_superuser = True
    looked.save()
    chief = member(staff("quan_tri_2", is_superuser=True), held.communities.get())
    held.memberships.create(user=chief)

    assert lines(signed_in(looked)) == 1
    assert lines(signed_in(chief)) == 1


def test_staff_without_the_right_and_without_a_protocol_do_not_open_the_log(db: None) -> None:
    assert signed_in(staff("moi")).get(LOG).status_code == 403


def test_the_filters_offer_no_person_and_no_deed_that_one_may_not_read(sight: str, administrator: Client) -> None:
    makers.item(now=timezone.now())

    shown = page(administrator)

    assert "looked at what is restricted" not in shown
    assert "thu-thu" not in shown
    assert "?actor_name=system" in shown


def test_the_log_is_narrowed_by_person_and_by_deed(administrator: Client) -> None:
    makers.item(now=timezone.now())
    entry(None, None)

    assert "field-done" in page(administrator, "?actor_name=quan_tri")
    assert "published it</td>" not in page(administrator, "?actor_name=quan_tri")
    assert "published it</td>" in page(administrator, "?verb=move_to_published")
    assert "changed an account</td>" not in page(administrator, "?verb=move_to_published")


def test_the_rule_of_a_hidden_file_is_not_told_with_the_entry_about_it(
    held: Protocol, administrator: Client, tmp_path: Path
) -> None:
    item = makers.item(now=timezone.now())
    file = with_file(item, "a.jpg")
    choose_file_access(file, policy.STAFF, actor=None, now=timezone.now())
    audit.record(
        actor=None,
        verb="choose_access",
        target_pid=item.pid,
        now=timezone.now() + timedelta(seconds=1),
        detail={"file": file.pid},
        after={"rule": AccessRule.objects.intern(policy.ONSITE).digest},
    )
    assert "who may see it: On site" in page(administrator, f"?q={item.pid}")

    choose_file_access(file, closed_by(held), actor=None, now=timezone.now())

    assert "who may see it:" not in page(administrator, f"?q={item.pid}")


def test_neither_the_reason_nor_the_address_tells_what_became_of_a_hidden_file(
    held: Protocol, administrator: Client
) -> None:
    item = makers.item(now=timezone.now())
    file = with_file(item, "a.jpg")
    choose_file_access(file, closed_by(held), actor=None, now=timezone.now(), reason="Lời khấn của nhà ông Blơm.")

    assert "Blơm" not in page(administrator, f"?q={item.pid}")
    for asked in (f"after__words__icontains={held.pid}", "reason__icontains=Blơm", "digest__startswith=a", "actor=1"):
        assert administrator.get(f"{LOG}?{asked}").status_code == 400, asked


def test_the_filters_offer_what_stands_in_the_newest_entries_and_what_is_asked_for(
    administrator: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    for verb in ("bin_item", "unbin_item"):
        audit.record(actor=None, verb=verb, target_pid=makers.item(now=timezone.now()).pid, now=timezone.now())
    monkeypatch.setattr("access.admin.log.LOOKED_THROUGH", 1)

    def offered(address: str) -> set[str]:
        return set(re.findall(r'href="\?verb=(\w+)"', page(administrator, address)))

    assert offered("") == {"unbin_item"}
    assert offered("?verb=bin_item") == {"bin_item", "unbin_item"}
    assert administrator.get(f"{LOG}?verb=never_was").status_code == 200
