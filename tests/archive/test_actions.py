"""Actions: who may do what, in one transaction, written in the log, and never over somebody else's change."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from django.contrib.auth.models import Permission

from access import policy
from access.models import AuditEntry, User
from archive import languages
from archive.actions.attach_file import attach_file
from archive.actions.choose_access import choose_file_access, choose_item_access
from archive.actions.create_item import Description, create_item
from archive.actions.errors import ActionRefused, NotAllowed, StaleVersion
from archive.actions.move_item import move_item, publish_item, withdraw_item
from archive.actions.save_item import save_item
from archive.dates import DateError
from archive.models import Item, ItemFile, ItemState, RightsStatement
from tests import makers

pytestmark = pytest.mark.django_db


def allowed(*permissions: str, **facts: bool) -> User:
    """Return a member of staff with these permissions of the archive."""
    user = makers.staff("-".join(permissions) or "ai-do")
    user.user_permissions.set(Permission.objects.filter(codename__in=permissions, content_type__app_label="archive"))
    for name, value in facts.items():
        setattr(user, name, value)
    user.save()
    return User.objects.get(pk=user.pk)


Deed = Callable[[Item, ItemFile, User, datetime], object]
DEEDS: dict[str, tuple[str, Deed]] = {
    "create": (
        "add_item",
        lambda _item, _file, who, now: create_item(Description("image", languages.of(vi="Mới")), actor=who, now=now),
    ),
    "attach": (
        "change_item",
        lambda item, file, who, now: attach_file(item, file.intake, actor=who, now=now),  # type: ignore[arg-type]
    ),
    "save": (
        "change_item",
        lambda item, _file, who, now: save_item(
            item, read_version=item.version, changed=["identifier"], actor=who, now=now
        ),
    ),
    "submit": ("change_item", lambda item, _file, who, now: move_item(item, ItemState.IN_REVIEW, actor=who, now=now)),
    "publish": ("publish_item", lambda item, _file, who, now: publish_item(item, actor=who, now=now)),
    "close": ("protect_item", lambda item, _file, who, now: choose_item_access(item, policy.STAFF, actor=who, now=now)),
    "close a file": (
        "protect_item",
        lambda _item, file, who, now: choose_file_access(file, policy.STAFF, actor=who, now=now),
    ),
}
ALL_RIGHTS = {"add_item", "change_item", "publish_item", "protect_item", "view_item", "delete_item"}


@pytest.fixture
def draft(now: datetime) -> Item:
    return makers.item(now=now, publish=False)


@pytest.fixture
def draft_file(draft: Item, tmp_path: Path, now: datetime) -> ItemFile:
    return makers.file_of(draft, makers.picture(tmp_path / "a.jpg"), now=now, process=False)


def state_of_everything() -> list[object]:
    return [
        list(Item.objects.order_by("pk").values()),
        list(ItemFile.objects.order_by("pk").values()),
        AuditEntry.objects.count(),
    ]


@pytest.mark.parametrize("deed", DEEDS)
def test_every_other_right_together_is_not_enough(deed: str, draft: Item, draft_file: ItemFile, now: datetime) -> None:
    right, do = DEEDS[deed]
    before = state_of_everything()

    with pytest.raises(NotAllowed):
        do(draft, draft_file, allowed(*sorted(ALL_RIGHTS - {right})), now)

    assert state_of_everything() == before


@pytest.mark.parametrize("deed", DEEDS)
@pytest.mark.parametrize("lost", ["is_staff", "is_active"])
def test_a_right_is_worth_nothing_without_the_desk(
    deed: str, lost: str, draft: Item, draft_file: ItemFile, now: datetime
) -> None:
    _right, do = DEEDS[deed]
    before = state_of_everything()

    with pytest.raises(NotAllowed):
        do(draft, draft_file, allowed(*sorted(ALL_RIGHTS), **{lost: False}), now)

    assert state_of_everything() == before


@pytest.mark.parametrize("deed", DEEDS)
def test_the_right_is_enough_and_the_deed_is_in_the_log(
    deed: str, draft: Item, draft_file: ItemFile, now: datetime
) -> None:
    right, do = DEEDS[deed]
    who = allowed(right)
    before = AuditEntry.objects.count()

    do(draft, draft_file, who, now)

    assert AuditEntry.objects.count() == before + 1
    entry = AuditEntry.objects.order_by("-pk")[0]
    assert (entry.actor, entry.actor_name, entry.at) == (who, who.get_username(), now)
    assert entry.target_pid


MOVES = {
    (ItemState.DRAFT, ItemState.IN_REVIEW), (ItemState.DRAFT, ItemState.PUBLISHED), (ItemState.IN_REVIEW, ItemState.DRAFT),
    (ItemState.IN_REVIEW, ItemState.PUBLISHED), (ItemState.PUBLISHED, ItemState.WITHDRAWN),
    (ItemState.WITHDRAWN, ItemState.PUBLISHED), (ItemState.WITHDRAWN, ItemState.DRAFT),
    (ItemState.IN_REVIEW, ItemState.EDITS_NEEDED), (ItemState.EDITS_NEEDED, ItemState.IN_REVIEW),
    (ItemState.EDITS_NEEDED, ItemState.DRAFT), (ItemState.EDITS_NEEDED, ItemState.PUBLISHED),
}  # fmt: skip


@pytest.mark.parametrize("before", ItemState.values)
@pytest.mark.parametrize("after", ItemState.values)
def test_an_item_moves_only_along_its_ways(before: str, after: str, draft: Item, now: datetime) -> None:
    Item.objects.filter(pk=draft.pk).update(state=before, published_at=now)
    draft.refresh_from_db()

    if (before, after) in MOVES:
        assert move_item(draft, after, actor=None, now=now).state == after
        return
    with pytest.raises(ActionRefused, match="wrong_state"):
        move_item(draft, after, actor=None, now=now)
    draft.refresh_from_db()
    assert draft.state == before


def test_two_people_who_publish_at_once_publish_once(draft: Item, now: datetime) -> None:
    theirs = Item.objects.get(pk=draft.pk)
    publish_item(draft, actor=None, now=now)

    with pytest.raises(ActionRefused, match="wrong_state"):
        publish_item(theirs, actor=None, now=now)


def test_an_item_without_a_title_is_not_published(draft: Item, now: datetime) -> None:
    Item.objects.filter(pk=draft.pk).update(titles=[])
    draft.refresh_from_db()

    with pytest.raises(ActionRefused, match="untitled"):
        publish_item(draft, actor=None, now=now)


def test_the_first_publication_is_the_one_that_is_remembered(draft: Item, now: datetime) -> None:
    publish_item(draft, actor=None, now=now)
    withdraw_item(draft, actor=None, now=now + timedelta(days=1), reason="theo đề nghị của làng")
    publish_item(draft, actor=None, now=now + timedelta(days=2))

    assert draft.published_at == now
    assert draft.modified_at == now + timedelta(days=2)


def test_the_reason_of_a_withdrawal_is_in_the_log_alone(draft: Item, now: datetime) -> None:
    publish_item(draft, actor=None, now=now)
    withdraw_item(draft, actor=None, now=now, reason="theo đề nghị của làng")

    entry = AuditEntry.objects.get(verb="move_to_withdrawn")
    assert (entry.reason, entry.detail) == ("theo đề nghị của làng", {})
    assert (entry.before, entry.after) == ({"state": "published"}, {"state": "withdrawn"})


def test_a_save_from_an_older_version_is_refused_and_writes_nothing(draft: Item, now: datetime) -> None:
    mine, theirs = Item.objects.get(pk=draft.pk), Item.objects.get(pk=draft.pk)
    theirs.titles = languages.of(vi="Của bạn")
    save_item(theirs, read_version=theirs.version, changed=["titles"], actor=None, now=now)
    logged = AuditEntry.objects.count()

    mine.titles = languages.of(vi="Của tôi")
    with pytest.raises(StaleVersion):
        save_item(mine, read_version=mine.version, changed=["titles"], actor=None, now=now)

    draft.refresh_from_db()
    assert draft.titles == languages.of(vi="Của bạn")
    assert AuditEntry.objects.count() == logged


@pytest.mark.parametrize("deed", ["submit", "publish", "close"])
def test_every_change_of_an_item_makes_older_copies_of_it_stale(
    deed: str, draft: Item, draft_file: ItemFile, now: datetime
) -> None:
    mine = Item.objects.get(pk=draft.pk)
    DEEDS[deed][1](Item.objects.get(pk=draft.pk), draft_file, makers.staff(superuser=True), now)

    with pytest.raises(StaleVersion):
        save_item(mine, read_version=mine.version, changed=["titles"], actor=None, now=now)


def test_a_save_writes_only_what_was_changed(draft: Item, now: datetime) -> None:
    mine = Item.objects.get(pk=draft.pk)
    mine.titles, mine.sensitivity_note = languages.of(vi="Mới"), "không lưu"

    save_item(mine, read_version=mine.version, changed=["titles"], actor=None, now=now)

    draft.refresh_from_db()
    assert (draft.titles, draft.sensitivity_note, draft.version) == (languages.of(vi="Mới"), "", 2)


def test_a_save_keeps_the_days_of_a_date_and_refuses_what_is_none(draft: Item, now: datetime) -> None:
    draft.date_edtf = "1975~"
    save_item(draft, read_version=draft.version, changed=["date_edtf"], actor=None, now=now)
    draft.refresh_from_db()
    assert (draft.date_first.isoformat(), draft.date_last.isoformat()) == ("1975-01-01", "1975-12-31")  # type: ignore[union-attr]

    draft.date_edtf = "ngày xưa"
    with pytest.raises(DateError):
        save_item(draft, read_version=draft.version, changed=["date_edtf"], actor=None, now=now)


def test_published_folklore_is_not_left_without_its_statement_of_origin_by_any_save(draft: Item, now: datetime) -> None:
    folklore = RightsStatement.objects.create(slug="van-nghe", uri="tag:a,2026:a", requires_origin=True)
    item = publish_item(draft, actor=None, now=now)
    item.rights = folklore

    with pytest.raises(ActionRefused, match="origin_needed"):
        save_item(item, read_version=item.version, changed=["rights"], actor=None, now=now)
    item.refresh_from_db()
    assert item.rights is None
    item.rights, item.origin_statements = folklore, languages.of(vi="Người Ba Na, Kon Klor")
    save_item(item, read_version=item.version, changed=["rights", "origin_statements"], actor=None, now=now)


def test_a_new_item_is_a_draft_that_nobody_sees_unless_its_maker_says_so(now: datetime) -> None:
    made = create_item(Description("image", languages.of(vi="Mới")), actor=None, now=now)

    assert (made.state, made.chosen_rule.policy, made.effective_rule.policy) == ("draft", policy.NOBODY, policy.NOBODY)


def test_files_keep_the_order_in_which_they_came(draft: Item, tmp_path: Path, now: datetime) -> None:
    names = ["b.jpg", "a.jpg", "c.jpg"]
    for number, name in enumerate(names):
        path = makers.picture(tmp_path / name, colour=(number, 0, 0))
        makers.file_of(draft, path, now=now, process=False)

    assert [file.original_name for file in draft.files.all()] == names


def test_a_file_attached_after_its_bytes_were_stored_has_its_master_at_once(
    draft: Item, tmp_path: Path, now: datetime
) -> None:
    from media_pipeline import work  # noqa: PLC0415

    intake = makers.received(makers.picture(tmp_path / "a.jpg"), now=now)
    work.perform(intake.jobs.get().pk)

    file = attach_file(draft, intake, actor=None, now=now)

    assert file.master is not None
