"""The sample goes in by the front door and comes out without a trace."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import pytest
from django.apps import apps
from django.conf import LazySettings
from django.core.management import call_command

from access import policy
from access.models import Community, CommunityMembership, Protocol, ProtocolMembership, User
from access.viewer import viewer_for, visitor
from archive import gazetteer
from archive.actions.compose_exhibit import change_exhibit
from archive.actions.create_item import Description, create_item
from archive.actions.delete_item import delete_item
from archive.actions.move_item import publish_item, withdraw_item
from archive.models import (
    Collection,
    Exhibit,
    ExhibitBlock,
    ExhibitPiece,
    ExhibitState,
    Item,
    ItemFile,
    ItemPlace,
    ItemState,
    People,
    Place,
)
from archive.sample import catalogue, exhibit, files, loading, removal
from archive.sample.catalogue import SampleItem
from archive.sample.files import FileRecipe
from archive.sample.marks import Mark
from media_pipeline import intakes, stores, work
from media_pipeline.models import Derivative, Intake, Job, Master
from tests import makers

pytestmark = pytest.mark.django_db(transaction=True)

# The log of what happened, rules, which are nobody's, and what the search has to hear of.
LEFT_ALONE = {"access.AuditEntry", "access.AccessRule", "archive.SearchChange"}


def sample(identifier: str) -> SampleItem:
    return next(item for item in catalogue.items() if item.identifier == identifier)


@pytest.fixture
def quick_files(monkeypatch: pytest.MonkeyPatch) -> None:
    """Lets the loader send a small picture for every file: what is tested here is the way in, not the drawing."""

    def make(recipe: FileRecipe, mark: Mark, target: Path) -> None:
        makers.picture(
            target, size=(16 + recipe.seed % 100, 48), colour=(recipe.seed * 40 % 256, recipe.seed * 7 % 256, 128)
        )

    monkeypatch.setattr(files, "make", make)


def rows() -> dict[str, int]:
    """Counts of all rows of the project's own tables."""
    own = [model for app in ("access", "archive", "media_pipeline") for model in apps.get_app_config(app).get_models()]
    return {model._meta.label: model._default_manager.count() for model in own if model._meta.label not in LEFT_ALONE}


def stored() -> set[str]:
    """Every key below masters and derivatives, without the declarations of the storage root."""
    tree = stores.masters().tree
    keys = {entry.key for place in ("masters", "derivatives") for entry in tree.entries(place)}
    return {key for key in keys if not key.startswith("masters/extensions/") and key.count("/") > 1}


@pytest.mark.parametrize(
    "kinds",
    [
        pytest.param({"document", "ebook"}, id="light kinds"),
        pytest.param({"image", "audio", "video", "document", "ebook"}, id="every kind", marks=pytest.mark.long),
    ],
)
def test_the_first_items_are_loaded_worked_on_and_seen_by_a_visitor(kinds: set[str], now: datetime) -> None:
    list(loading.load(tuple(item for item in catalogue.items("small") if item.kind in kinds)))
    work.perform_all()

    items = Item.objects.visible_to(visitor(now=now))
    assert {item.kind for item in items} == kinds
    assert all(item.is_sample and item.state == ItemState.PUBLISHED for item in items)
    assert all(title["value"].startswith(("[Mẫu] ", "[Sample] ")) for item in items for title in item.titles)
    assert all("Dữ liệu mẫu" in item.descriptions[0]["value"] for item in items)
    assert {file.master.state for file in ItemFile.objects.all() if file.master} == {Master.State.READY}
    assert not Job.objects.exclude(state=Job.State.DONE).exists()


def test_loading_twice_changes_nothing(quick_files: None) -> None:
    first = list(loading.load(catalogue.items("small")))
    work.perform_all()
    before = rows()

    again = list(loading.load(catalogue.items("small")))

    assert not any(loaded.was_here for loaded in first)
    assert all(loaded.was_here and loaded.sent_bytes == 0 for loaded in again)
    assert rows() == before


def test_loading_goes_on_where_it_was_cut_off(quick_files: None, monkeypatch: pytest.MonkeyPatch) -> None:
    two_files = sample("TVQN-M-0001")
    whole = intakes.append
    calls: list[int] = []

    def cut(intake: Intake, offset: int, chunks: list[bytes], *, now: datetime) -> int:
        calls.append(offset)
        if len(calls) == 1:
            whole(intake, offset, [chunks[0][:100]], now=now)
            raise KeyboardInterrupt
        return whole(intake, offset, chunks, now=now)

    monkeypatch.setattr(intakes, "append", cut)
    with pytest.raises(KeyboardInterrupt):
        list(loading.load((two_files,)))
    assert Item.objects.get().state == ItemState.DRAFT

    list(loading.load((two_files,)))
    work.perform_all()

    assert calls[1] == 100
    assert Item.objects.get().state == ItemState.PUBLISHED
    assert [file.master is not None for file in ItemFile.objects.all()] == [True, True]
    assert Intake.objects.count() == 2


def test_an_item_that_staff_withdrew_is_not_published_again(quick_files: None, now: datetime) -> None:
    list(loading.load(catalogue.items("small")))
    withdraw_item(Item.objects.get(identifier="TVQN-M-0001"), actor=None, now=now)

    list(loading.load(catalogue.items("small")))

    assert Item.objects.get(identifier="TVQN-M-0001").state == ItemState.WITHDRAWN


def test_each_access_level_opens_records_and_files_as_the_design_says(quick_files: None, now: datetime) -> None:
    list(loading.load(catalogue.items()))

    seen_items = set(Item.objects.visible_to(visitor(now=now)).values_list("identifier", flat=True))
    seen_files = set(ItemFile.objects.visible_to(visitor(now=now)).values_list("item__identifier", flat=True))
    by_level: dict[str, set[str]] = {}
    for item in catalogue.items():
        by_level.setdefault(item.access, set()).add(item.identifier)

    assert {level: len(names) for level, names in by_level.items()} == {
        "public": 40,
        "registered": 9,
        "community": 4,
        "onsite": 3,
        "restricted": 4,
    }
    assert seen_items == by_level["public"] | by_level["registered"] | by_level["onsite"]
    assert seen_files == by_level["public"]
    assert seen_by_staff_alone(now) == seen_items
    assert seen_by_a_member_alone(now) - seen_items == by_level["community"]


def seen_by_staff_alone(now: datetime) -> set[str | None]:
    chief = makers.staff("chief", superuser=True)
    return set(Item.objects.visible_to(viewer_for(chief, now=now)).values_list("identifier", flat=True))


def seen_by_a_member_alone(now: datetime) -> set[str | None]:
    member = User.objects.create_user("ba-con")
    protocol = Protocol.objects.get()
    (village,) = protocol.communities.all()
    CommunityMembership.objects.create(community=village, user=member)
    ProtocolMembership.objects.create(protocol=protocol, user=member)
    viewer = viewer_for(member, now=now)
    closed = ItemFile.objects.visible_to(viewer).filter(item__communities=village)
    assert closed.count() == sum(len(one.files) for one in catalogue.items() if one.access == "community")
    return set(Item.objects.visible_to(viewer).values_list("identifier", flat=True))


def test_a_real_item_keeps_the_community_of_the_sample_when_the_sample_goes(quick_files: None, now: datetime) -> None:
    list(loading.load((sample("TVQN-M-0003"),)))
    kept = makers.item(now=now, access=policy.of_protocols([Protocol.objects.get().pid]))

    list(removal.remove(now=now))
    assert Community.objects.count() == Protocol.objects.count() == 1

    Item.objects.filter(pk=kept.pk).delete()
    list(removal.remove(now=now))
    assert not Community.objects.exists()
    assert not Protocol.objects.exists()


def test_a_place_that_is_not_told_stays_hidden(quick_files: None) -> None:
    gazetteer.load()
    list(loading.load((sample("TVQN-M-0018"), sample("TVQN-M-0016"), sample("TVQN-M-0014"))))

    shown = {
        located.item.identifier: (located.precision, located.place.kind, located.as_recorded)
        for located in ItemPlace.objects.filter(role="created").select_related("item", "place")
    }

    assert shown["TVQN-M-0018"] == ("hidden", "district", "Thành phố Kon Tum")
    assert shown["TVQN-M-0016"][0] == "commune"
    assert shown["TVQN-M-0014"] == ("exact", "village", "Làng Kon Kơ Tu, Xã Đăk Rơ Wa, Thành phố Kon Tum")
    assert not Place.objects.filter(kind="village", latitude__isnull=False).exists()


def test_removing_the_sample_leaves_no_row_and_no_file(quick_files: None, settings: LazySettings) -> None:
    gazetteer.load()
    before = rows()
    call_command("load_sample", "--sample", "small", verbosity=0)
    list(loading.load((sample("TVQN-M-0018"), sample("TVQN-M-0060"))))
    work.perform_all()
    assert Master.objects.count() == 8
    assert Derivative.objects.exists()
    assert stored()

    call_command("remove_sample", verbosity=0)

    assert rows() == before
    assert stored() == set()
    assert not list(Path(settings.INCOMING_DIR).glob("*"))


def test_the_exhibit_of_the_sample_grows_with_the_items_that_are_here(quick_files: None, now: datetime) -> None:
    gazetteer.load()
    list(loading.load((sample("TVQN-M-0001"),)))
    exhibit.show(now=now)
    small = Exhibit.objects.get()
    kinds = list(ExhibitBlock.objects.filter(page__slug=small.pages.all()[0].slug).values_list("kind", flat=True))
    assert (small.state, small.effective_rule.policy) == (ExhibitState.PUBLISHED, policy.PUBLIC)
    assert kinds == ["text", "item", "heading", "map"]
    (place,) = Place.objects.filter(pk__in=ExhibitPiece.objects.filter(item=None).values("place"))
    assert (place.kind, str(place)) == ("ward", "Phường Kon Tum")

    exhibit.show(now=now)
    assert Exhibit.objects.get().version == small.version

    list(loading.load((sample("TVQN-M-0007"), sample("TVQN-M-0036"))))
    exhibit.show(now=now)
    shown = ExhibitPiece.objects.filter(block__page__exhibit=small, item__isnull=False)
    assert set(shown.values_list("item__identifier", flat=True)) == {"TVQN-M-0001", "TVQN-M-0007", "TVQN-M-0036"}


def test_an_exhibit_that_a_person_changed_is_never_made_anew_and_stays_without_the_sample(
    quick_files: None, now: datetime
) -> None:
    list(loading.load((sample("TVQN-M-0001"),)))
    exhibit.show(now=now)
    person = User.objects.create_superuser("nguoi-bien-soan", password="x")
    changed = change_exhibit(Exhibit.objects.get(), lambda held: held.pages.all().delete(), actor=person, now=now)

    list(loading.load((sample("TVQN-M-0036"),)))
    exhibit.show(now=now)
    list(removal.remove(now=now))

    assert Exhibit.objects.get().version == changed.version
    assert not ExhibitPiece.objects.exists()


def test_removing_the_sample_in_the_middle_of_loading_leaves_nothing_either(quick_files: None, now: datetime) -> None:
    before = rows()
    loader = loading.load(catalogue.items("small"))
    next(loader)
    next(loader)

    list(removal.remove(now=now))

    assert rows() == before


def test_a_real_item_keeps_its_file_and_its_headings_when_the_sample_goes(
    quick_files: None, now: datetime, tmp_path: Path
) -> None:
    one = sample("TVQN-M-0001")
    list(loading.load((one,)))
    same = tmp_path / "the-same.jpg"
    files.make(one.files[0].recipe, one.mark(one.files[0]), same)
    real = create_item(Description(kind="image", titles=[{"lang": "vi", "value": "Ảnh thật"}]), actor=None, now=now)
    real.peoples.set(People.objects.all())
    kept = makers.file_of(real, same, now=now)
    publish_item(real, actor=None, now=now)

    list(removal.remove(now=now))

    kept.refresh_from_db()
    assert Item.objects.get() == real
    assert kept.master is not None
    assert stores.masters().verify(kept.master.sha256).state == "ok"
    assert Master.objects.get() == kept.master
    assert People.objects.get().is_sample is False
    assert not Collection.objects.exists()


def test_a_master_that_a_real_upload_brought_stays_even_where_its_item_was_deleted_since(
    quick_files: None, now: datetime, tmp_path: Path
) -> None:
    one = sample("TVQN-M-0001")
    list(loading.load((one,)))
    same = tmp_path / "the-same.jpg"
    files.make(one.files[0].recipe, one.mark(one.files[0]), same)
    real = create_item(Description(kind="image", titles=[{"lang": "vi", "value": "Ảnh thật"}]), actor=None, now=now)
    kept = makers.file_of(real, same, now=now).master
    work.perform_all()
    delete_item(real, actor=None, now=now)

    list(removal.remove(now=now))

    assert kept is not None
    assert Master.objects.get() == kept
    assert stores.masters().verify(kept.sha256).state == "ok"
