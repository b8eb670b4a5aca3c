"""The bin: what goes in is found nowhere else, comes out as it was, and is deleted for good in two steps."""

from __future__ import annotations

from datetime import datetime

import pytest
from django.test import Client
from django.utils import timezone

from access import policy
from access.models import AuditEntry, Grant, User
from access.viewer import viewer_for
from archive import search
from archive.actions.attach_file import attach_file
from archive.actions.bin_item import bin_item, unbin_item
from archive.actions.delete_item import delete_item
from archive.actions.errors import ActionRefused, NotAllowed
from archive.actions.move_item import publish_item
from archive.history import recording, snapshots
from archive.models import ConsentRecord, Item, ItemRelation, Revision
from media_pipeline import intakes
from tests.desk.conftest import an_item, signed_in, staff

pytestmark = pytest.mark.django_db
BIN = "/admin/archive/item/bin/"


def binned(title: str = "Bỏ đi", **facts: object) -> Item:
    return bin_item(an_item(title, **facts), actor=None, now=timezone.now())  # type: ignore[arg-type]  # facts of tests


def page(client: Client, address: str = BIN) -> str:
    return client.get(address).content.decode()


def test_what_is_in_the_bin_is_found_nowhere_but_there(publisher: Client) -> None:
    item = binned("Voi Bản Đôn", identifier="VBD-1")
    viewer = viewer_for(User.objects.get(username="cong_bo"), now=timezone.now())

    assert not Item.objects.visible_to(viewer).exists()
    assert search.search("voi", search.Filters(), viewer, page_size=10, facets=()).total == 0
    assert "Voi Bản Đôn" not in page(publisher, "/admin/archive/item/")
    assert publisher.get(f"/admin/archive/item/{item.pk}/progress").status_code == 404
    assert "Voi Bản Đôn" in page(publisher)


def test_a_draft_goes_in_with_a_reason_and_comes_out_as_it_was(publisher: Client) -> None:
    item = an_item("Nháp")
    before = snapshots.of(item)

    publisher.post(f"/admin/archive/item/{item.pk}/delete/", {"post": "yes", "reason": "trùng"})
    assert "trùng" in page(publisher)
    publisher.post(f"{BIN}{item.pk}/out/")

    item.refresh_from_db()
    assert item.binned_at is None
    assert snapshots.differing(before, snapshots.of(item)) == []
    verbs = list(recording.revisions_of("item", item.pid).values_list("verb", flat=True))
    assert verbs == ["unbin_item", "bin_item", "create"]
    assert item.effective_rule.policy == policy.STAFF


def test_deleting_for_good_takes_two_steps_and_leaves_a_stub_that_says_nothing(publisher: Client) -> None:
    item = binned("Không ai cần")

    assert "Yes, I want" in page(publisher, f"{BIN}{item.pk}/delete/")
    publisher.post(f"{BIN}{item.pk}/delete/")
    assert Item.objects.filter(pk=item.pk).exists()
    publisher.post(f"{BIN}{item.pk}/delete/", {"sure": "yes"})

    assert not Item.objects.filter(pk=item.pk).exists()
    left = Revision.objects.get(kind="item", key=item.pid)
    assert (left.verb, left.number, left.snapshot) == ("delete", 3, {})
    assert AuditEntry.objects.filter(verb="delete_item", target_pid=item.pid).exists()
    assert item.pid in page(publisher, "/admin/access/auditentry/")


def test_an_item_that_named_what_is_deleted_for_good_has_that_in_its_history(publisher: Client) -> None:
    item, gone = an_item("Còn"), an_item("Mất")
    ItemRelation.objects.create(item=item, other=gone)
    recording.record(item, "change", actor=None, now=timezone.now())
    bin_item(gone, actor=None, now=timezone.now())

    publisher.post(f"{BIN}{gone.pk}/delete/", {"sure": "yes"})

    last = recording.last_of(item)
    assert last is not None
    assert last.number == 3
    assert snapshots.differing(last.snapshot, snapshots.of(item)) == []


def test_who_may_not_delete_empties_nothing(cataloguer: Client) -> None:
    item = binned()

    assert "Take out" in page(cataloguer)
    assert "for good" not in page(cataloguer)
    assert cataloguer.post(f"{BIN}{item.pk}/delete/", {"sure": "yes"}).status_code == 403
    assert Item.objects.filter(pk=item.pk).exists()


def test_what_is_not_in_the_bin_nobody_deletes(now: datetime) -> None:
    item = an_item("Nháp")
    administrator = staff("q", is_superuser=True)

    with pytest.raises(ActionRefused, match="not_binned"):
        delete_item(item, actor=administrator, now=now)


def test_the_bin_shows_only_what_its_chosen_rule_lets_a_person_see(administrator: Client) -> None:
    item = binned("Bí mật", access=policy.NOBODY)
    user = User.objects.get(username="quan_tri")
    Grant.objects.create(target_pid=item.pid, user=user, reason="x", granted_at=timezone.now(), valid_until=None)
    viewer = viewer_for(user, now=timezone.now())

    assert item.pid in viewer.granted
    assert "Bí mật" not in page(administrator)
    assert not Item.objects.visible_to(viewer).exists()
    for way in ("out", "delete"):
        there = administrator.get(f"{BIN}{item.pk}/{way}/")
        assert there.status_code == 404
        assert there.content == administrator.get(f"{BIN}999999/{way}/").content.replace(
            b"999999", str(item.pk).encode()
        )


def test_what_readers_saw_does_not_go_into_the_bin(now: datetime) -> None:
    item = publish_item(an_item("Đã mở"), actor=None, now=now)

    with pytest.raises(ActionRefused, match="was_open"):
        bin_item(item, actor=None, now=now)


def test_an_item_in_the_bin_is_neither_published_nor_added_to(now: datetime) -> None:
    item = binned()
    intake = intakes.begin(original_name="a.jpg", size_bytes=5, now=now)

    with pytest.raises(ActionRefused, match="wrong_state"):
        publish_item(item, actor=None, now=now)
    with pytest.raises(ActionRefused, match="binned"):
        attach_file(item, intake, actor=None, now=now)
    with pytest.raises(ActionRefused, match="binned"):
        bin_item(item, actor=None, now=now)


def test_a_right_is_needed_for_in_and_out(now: datetime) -> None:
    item, gone = an_item("Nháp"), binned()
    nobody = staff("khong_quyen")

    for deed, target in ((bin_item, item), (unbin_item, gone)):
        with pytest.raises(NotAllowed):
            deed(target, actor=nobody, now=now)


def test_an_identifier_that_waits_in_the_bin_is_told_to_who_may_see_it_there(publisher: Client) -> None:
    binned("Trong giỏ", identifier="SO-1")
    binned("Kín", identifier="SO-2", access=policy.NOBODY)
    base = {
        "titles-0-lang": "vi", "titles-0-value": "x", "kind": "image", "read_version": "0",
        "credits-TOTAL_FORMS": "0", "credits-INITIAL_FORMS": "0", "located-TOTAL_FORMS": "0", "located-INITIAL_FORMS": "0",
    }  # fmt: skip

    seen = publisher.post("/admin/archive/item/add/", {**base, "identifier": "SO-1"}).content.decode()
    hidden = publisher.post("/admin/archive/item/add/", {**base, "identifier": "SO-2"}).content.decode()

    assert "“Trong giỏ”, which is in the bin" in seen
    assert "This identifier is not free" in hidden
    assert "in the bin" not in hidden


def test_a_consent_is_not_hidden_by_one_of_its_items_in_the_bin(publisher: Client) -> None:
    shown, gone = an_item("Còn"), binned("Mất")
    consent = ConsentRecord.objects.create(
        person_name="H'Lan", scopes=["view"], method="paper", given_on=timezone.localdate(), recorded_at=timezone.now()
    )
    consent.items.add(shown, gone)
    viewer = viewer_for(User.objects.get(username="cong_bo"), now=timezone.now())
    stranger = viewer_for(staff("khac"), now=timezone.now())

    assert ConsentRecord.objects.visible_to(viewer).exists()
    consent.items.set([gone])
    assert not ConsentRecord.objects.visible_to(stranger).exists()


def test_a_steward_has_no_bin(db: None) -> None:
    reader = User.objects.create_user("doc_gia")

    assert signed_in(reader).get(BIN).status_code == 302
