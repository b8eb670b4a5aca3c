"""What lies under protocols is closed by whoever may close, and opened, moved or added to only by whom the protocols let."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from access import policy
from access.actions.save_protocol import ProtocolFacts, change_protocol, lock_protocol, unlock_protocol
from access.models import AccessRule, AuditEntry, Community, CommunityMembership, Protocol, ProtocolMembership, User
from access.policy import Level, Policy, Sharing
from access.roles import ProtocolRole
from access.viewer import viewer_for, visitor
from archive import languages
from archive.actions.attach_file import attach_file
from archive.actions.choose_access import choose_file_access, choose_item_access
from archive.actions.create_item import Description, create_item
from archive.actions.errors import ActionRefused, NotAllowed
from archive.models import Item, ItemFile
from tests import makers
from tests.archive.conftest import person

pytestmark = pytest.mark.django_db
YEAR = timedelta(days=365)
NAMES = ("mot", "hai")


@pytest.fixture
def village(db: None) -> Community:
    return Community.objects.create(name="Làng Kon Rbàng")


@pytest.fixture
def protocols(village: Community) -> Mapping[str, Protocol]:
    """Two strict protocols, and a third that nobody here has anything to do with."""
    made = {name: Protocol.objects.create(name=name) for name in (*NAMES, "ba")}
    for one in made.values():
        one.communities.add(village)
    return made


Who = Callable[..., User]


@pytest.fixture
def who(village: Community, protocols: Mapping[str, Protocol]) -> Who:
    def make(*groups: str, is_staff: bool = True, **roles: str) -> User:
        """Return somebody with these ready-made roles at the desk and these roles in protocols."""
        user = person(f"nguoi-{User.objects.count()}", *groups, is_staff=is_staff)
        CommunityMembership.objects.create(community=village, user=user)
        for name, role in roles.items():
            ProtocolMembership.objects.create(protocol=protocols[name], user=user, role=role)
        return user

    return make


@pytest.fixture
def under(protocols: Mapping[str, Protocol]) -> Callable[..., Policy]:
    def make(*names: str, sharing: Sharing = Sharing.ALL) -> Policy:
        return policy.of_protocols([protocols[name].pid for name in names], sharing)

    return make


Under = Callable[..., Policy]
STEWARD = ProtocolRole.STEWARD


def outcome(deed: Callable[[], object]) -> str:
    try:
        deed()
    except NotAllowed:
        return "not allowed"
    except ActionRefused as error:
        return error.code
    return "done"


# Who, from which policy, to which, and what comes of it. Policies: protocols by name, "any" before them, or a level; "later": the same,
# but closed for a year; "+staff": and staff.
CASES = [
    # A librarian who chooses access and belongs to nothing.
    (("Publisher", {}), "mot", "nobody", "done"),
    (("Publisher", {}), "mot", "mot later", "done"),
    (("Publisher", {}), "mot", "mot +staff", "done"),
    (("Publisher", {}), "mot", "mot hai", "protocol_not_yours"),
    (("Publisher", {}), "mot", "public", "protocol_keeps"),
    (("Publisher", {}), "mot", "staff", "protocol_keeps"),
    (("Publisher", {}), "mot later", "mot", "protocol_keeps"),
    (("Publisher", {}), "mot hai", "mot", "protocol_keeps"),
    (("Publisher", {}), "mot", "any mot hai", "protocol_not_yours"),
    (("Publisher", {}), "any mot hai", "mot hai", "done"),
    (("Publisher", {}), "public", "mot", "protocol_not_yours"),
    (("Publisher", {}), "public", "staff", "done"),
    (("Publisher", {}), "staff", "public", "done"),
    # The same with roles in protocols.
    (("Publisher", {"mot": "contributor"}), "public", "mot", "done"),
    (("Publisher", {"mot": "member"}), "public", "mot", "protocol_not_yours"),
    (("Publisher", {"mot": "contributor"}), "mot", "public", "protocol_keeps"),
    (("Publisher", {"mot": STEWARD}), "mot", "public", "done"),
    (("Publisher", {"mot": STEWARD}), "mot hai", "hai", "protocol_keeps"),
    (("Publisher", {"mot": STEWARD, "hai": STEWARD}), "mot hai", "hai", "done"),
    (("Publisher", {"mot": STEWARD}), "any mot hai", "mot", "done"),
    (("Publisher", {"mot": STEWARD}), "any mot hai", "public", "done"),
    (("Publisher", {"mot": STEWARD}), "mot", "mot hai", "protocol_not_yours"),
    (("Publisher", {"mot": STEWARD, "hai": "curator"}), "mot", "mot hai", "done"),
    # A cataloguer chooses no access; a steward among them does, under their own protocol.
    (("Cataloguer", {}), "public", "staff", "not allowed"),
    (("Cataloguer", {"mot": "contributor"}), "mot", "nobody", "not allowed"),
    (("Cataloguer", {"mot": STEWARD}), "mot", "public", "done"),
    (("Cataloguer", {"mot": STEWARD}), "public", "mot", "not allowed"),
    # A steward who is no librarian.
    ((None, {"mot": STEWARD}), "mot", "nobody", "done"),
    ((None, {"mot": STEWARD}), "mot", "public", "done"),
    ((None, {"mot": STEWARD}), "mot", "mot later", "done"),
    ((None, {"mot": STEWARD}), "mot", "mot hai", "protocol_not_yours"),
    ((None, {"mot": STEWARD}), "mot hai", "mot hai later", "not allowed"),
    ((None, {"mot": STEWARD}), "any mot hai", "mot", "done"),
    ((None, {"mot": STEWARD}), "hai", "nobody", "not allowed"),
    ((None, {"mot": STEWARD}), "public", "nobody", "not allowed"),
    ((None, {"mot": "contributor"}), "mot", "nobody", "not allowed"),
]  # fmt: skip


def read(words: str, under: Under, now: datetime) -> Policy:
    names = [word for word in words.split() if word in NAMES]
    found = (
        under(*names, sharing=Sharing.ANY if "any" in words else Sharing.ALL)
        if names
        else policy.of(Level(words.split()[0]))
    )
    if "+staff" in words:
        found = policy.meet(found, policy.STAFF)
    return policy.meet(found, policy.of(Level.PUBLIC, opens_at=now + YEAR)) if "later" in words else found


def made(person: tuple[str | None, Mapping[str, str]], who: Who) -> User:
    group, roles = person
    return who(*([group] if group else []), is_staff=group is not None, **roles)


@pytest.mark.parametrize(("person", "old", "new", "expected"), CASES, ids=lambda one: str(one))
def test_who_may_choose_what(
    person: tuple[str | None, Mapping[str, str]],
    old: str,
    new: str,
    expected: str,
    who: Who,
    under: Under,
    now: datetime,
) -> None:
    before, after = read(old, under, now), read(new, under, now)
    actor = made(person, who)
    item = makers.item(now=now, access=before)

    assert outcome(lambda: choose_item_access(item, after, actor=actor, now=now)) == expected

    chosen = Item.objects.get(pk=item.pk).chosen_rule.policy
    assert chosen == (after if expected == "done" else before)


@pytest.mark.parametrize(("person", "old", "new", "expected"), CASES, ids=lambda one: str(one))
def test_who_may_choose_it_for_a_file(
    person: tuple[str | None, Mapping[str, str]],
    old: str,
    new: str,
    expected: str,
    who: Who,
    under: Under,
    tmp_path: Path,
    now: datetime,
) -> None:
    before, after = read(old, under, now), read(new, under, now)
    actor = made(person, who)
    item = makers.item(now=now)
    file = makers.file_of(item, makers.picture(tmp_path / "a.jpg"), now=now, access=before, process=False)

    assert outcome(lambda: choose_file_access(file, after, actor=actor, now=now)) == expected

    kept = ItemFile.objects.get(pk=file.pk)
    assert kept.effective_rule.policy == (after if expected == "done" else before)


def test_a_file_under_its_items_protocol_is_closed_by_a_librarian_and_left_to_its_item_again_by_a_steward(
    who: Who, under: Under, tmp_path: Path, now: datetime
) -> None:
    librarian, steward = who("Publisher"), who(is_staff=False, mot=STEWARD)
    item = makers.item(now=now, access=under("mot"))
    file = makers.file_of(item, makers.picture(tmp_path / "a.jpg"), now=now, process=False)

    assert outcome(lambda: choose_file_access(file, policy.NOBODY, actor=librarian, now=now)) == "done"
    # It was under no protocol of its own, but closed: the librarian may take that back.
    assert outcome(lambda: choose_file_access(file, None, actor=librarian, now=now)) == "done"
    assert outcome(lambda: choose_file_access(file, policy.STAFF, actor=steward, now=now)) == "done"
    assert outcome(lambda: choose_file_access(file, None, actor=steward, now=now)) == "done"


@pytest.mark.parametrize("of", ["item", "file"])
def test_closing_to_nobody_is_no_way_around_a_protocol(
    of: str, who: Who, under: Under, tmp_path: Path, now: datetime
) -> None:
    librarian, steward = who("Publisher"), who("Publisher", mot=STEWARD)
    item = makers.item(now=now, access=under("mot") if of == "item" else policy.PUBLIC)
    path = makers.picture(tmp_path / "a.jpg")
    file = makers.file_of(item, path, now=now, access=under("mot") if of == "file" else None, process=False)

    def choose(access: Policy, actor: User) -> str:
        if of == "item":
            return outcome(lambda: choose_item_access(item, access, actor=actor, now=now))
        return outcome(lambda: choose_file_access(file, access, actor=actor, now=now))

    assert choose(policy.NOBODY, librarian) == "done"
    assert choose(policy.NOBODY, librarian) == "done"
    assert choose(policy.PUBLIC, librarian) == "protocol_keeps"
    assert choose(policy.PUBLIC, steward) == "done"


def test_a_role_that_is_over_or_blocked_opens_nothing(
    who: Who, under: Under, village: Community, now: datetime
) -> None:
    item = makers.item(now=now, access=under("mot"))
    expired, blocked = who("Publisher", mot=STEWARD), who("Publisher", mot=STEWARD)
    ProtocolMembership.objects.filter(user=expired).update(valid_until=now)
    CommunityMembership.objects.filter(user=blocked).update(is_blocked=True)

    for actor in (expired, blocked):
        with pytest.raises(ActionRefused, match="protocol_keeps"):
            choose_item_access(item, policy.PUBLIC, actor=actor, now=now)


def test_an_item_is_made_under_a_protocol_by_who_makes_items_there(who: Who, under: Under, now: datetime) -> None:
    def make(actor: User) -> str:
        description = Description("image", languages.of(vi="Lễ mừng lúa mới"))
        return outcome(lambda: create_item(description, actor=actor, now=now, access=under("mot")))

    assert make(who("Cataloguer")) == "protocol_not_yours"
    assert make(who("Cataloguer", mot="curator")) == "protocol_not_yours"
    assert make(who("Cataloguer", hai="contributor")) == "protocol_not_yours"
    assert make(who("Cataloguer", mot="contributor")) == "done"
    assert make(who(is_staff=False, mot=STEWARD)) == "not allowed"


def test_a_file_is_put_under_a_further_protocol_by_who_may_apply_it(
    who: Who, under: Under, tmp_path: Path, now: datetime
) -> None:
    item = makers.item(now=now, access=under("mot"), publish=False)
    intake = makers.received(makers.picture(tmp_path / "a.jpg"), now=now)

    def attach(actor: User, *names: str) -> str:
        return outcome(lambda: attach_file(item, intake, actor=actor, now=now, access=under(*names)))

    assert attach(who("Cataloguer"), "mot") == "done"
    assert attach(who("Cataloguer"), "mot", "hai") == "protocol_not_yours"
    assert attach(who("Cataloguer", hai="curator"), "mot", "hai") == "done"


def test_the_log_keeps_what_it_was_and_what_it_became_without_a_name(
    who: Who, under: Under, protocols: Mapping[str, Protocol], now: datetime
) -> None:
    item = makers.item(now=now, access=under("mot"), title="Tên không ai được đọc")

    choose_item_access(
        item, policy.NOBODY, actor=who("Publisher"), now=now, why=["tang_le"], reason="Gia đình xin dừng"
    )

    entry = AuditEntry.objects.filter(verb="choose_access").get()
    assert entry.reason == "Gia đình xin dừng"
    assert entry.before == {
        "rule": policy.digest(under("mot")),
        "words": f"Members of {protocols['mot'].pid}",
    }
    assert entry.after == {"rule": policy.digest(policy.NOBODY), "words": "Nobody", "why": ["tang_le"]}
    assert Item.objects.get().restriction_reasons == ["tang_le"]


# --- A protocol that changes is news -----------------------------------------------------------------------------------------


def test_harvesters_hear_of_all_that_lies_under_a_protocol_that_changes(
    who: Who, under: Under, protocols: Mapping[str, Protocol], village: Community, tmp_path: Path, now: datetime
) -> None:
    item, other = makers.item(now=now, access=under("mot")), makers.item(now=now, access=under("hai"))
    with_file = makers.item(now=now)
    path = makers.picture(tmp_path / "a.jpg")
    makers.file_of(with_file, path, now=now, access=under("mot", "hai"), process=False)
    steward = who(is_staff=False, mot=STEWARD)
    later = now + YEAR

    change_protocol(protocols["mot"], ProtocolFacts("mot", [village]), actor=steward, now=later)
    assert not Item.objects.filter(modified_at=later).exists()  # only its name was written

    change_protocol(protocols["mot"], ProtocolFacts("mot", [village], is_open=True), actor=steward, now=later)
    assert set(Item.objects.filter(modified_at=later)) == {item, with_file}

    lock_protocol(protocols["mot"], actor=steward, reason="", now=later + YEAR)
    assert set(Item.objects.filter(modified_at=later + YEAR)) == {item, with_file}
    assert other.modified_at == Item.objects.get(pk=other.pk).modified_at

    unlock_protocol(protocols["mot"], actor=steward, reason="", now=later + 2 * YEAR)
    assert set(Item.objects.filter(modified_at=later + 2 * YEAR)) == {item, with_file}


def test_that_everybody_could_see_what_lay_under_an_open_protocol_is_remembered_when_it_closes(
    who: Who, under: Under, protocols: Mapping[str, Protocol], village: Community, now: datetime
) -> None:
    steward = who(is_staff=False, mot=STEWARD)
    item = makers.item(now=now, access=under("mot"))
    Protocol.objects.filter(pk=protocols["mot"].pk).update(is_open=True)
    assert Item.objects.visible_to(visitor(now=now)).exists()
    assert not Item.objects.get(pk=item.pk).was_public

    change_protocol(protocols["mot"], ProtocolFacts("mot", [village]), actor=steward, now=now)

    assert Item.objects.get(pk=item.pk).was_public
    assert not Item.objects.visible_to(visitor(now=now)).exists()
    assert Item.objects.visible_to(viewer_for(steward, now=now)).exists()


def test_what_only_members_could_see_is_not_remembered_as_public(
    who: Who, under: Under, protocols: Mapping[str, Protocol], now: datetime
) -> None:
    item = makers.item(now=now, access=under("mot"))

    lock_protocol(protocols["mot"], actor=who(is_staff=False, mot=STEWARD), reason="", now=now)

    assert not Item.objects.get(pk=item.pk).was_public
    assert AccessRule.objects.get(pk=item.effective_rule_id).policy == under("mot")
