"""Two people at one form: what only the other one changed is kept, what both changed is chosen one by one, and nothing is lost."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from access import policy
from archive import languages
from archive.actions.choose_access import choose_file_access, choose_item_access
from archive.actions.save_authority import save_authority
from archive.actions.save_item import save_item
from archive.history import recording, snapshots
from archive.models import Agent, Item, ItemAgent, ItemFile, People, Place, PlaceName, Revision
from tests import makers
from tests.desk.conftest import an_item, signed_in, staff
from tests.desk.pages import FormPage, open_form, read_form

pytestmark = pytest.mark.django_db


@pytest.fixture
def other(db: None) -> Client:
    return signed_in(staff("ban_dong_nghiep", "Publisher"))


def change_page(client: Client, item: Any) -> FormPage:
    return open_form(client, f"/admin/archive/{item._meta.model_name}/{item.pk}/change/")


def answered(page: FormPage, answer: Any) -> FormPage:
    assert answer.status_code == 200
    return read_form(page.address, answer.content.decode())


def theirs(item: Item, *, relate: Any = None, **columns: Any) -> None:
    """Save as the colleague does."""
    present = Item.objects.get(pk=item.pk)
    for name, value in columns.items():
        setattr(present, name, value)
    save_item(
        present,
        read_version=present.version,
        changed=list(columns),
        actor=None,
        now=timezone.now(),
        relate=None if relate is None else lambda: relate(present),
    )


def test_what_only_they_changed_is_kept_and_said_and_mine_is_saved_with_it(publisher: Client) -> None:
    item = an_item("Nhà rông", descriptions=languages.of(vi="Cũ"))
    page = change_page(publisher, item).put("titles-text", "Nhà rông mới")
    theirs(item, descriptions=languages.of(vi="Mới của bạn"), identifier="SO-7")

    merged = answered(page, page.save(publisher))
    item.refresh_from_db()
    assert item.titles == languages.of(vi="Nhà rông")
    assert "Kept as they saved it:" in merged.text
    assert "Nothing is saved yet" in merged.text
    assert merged.sent["titles-text"][0] == "Nhà rông mới"
    assert merged.sent["descriptions-text"][0] == "Mới của bạn"
    assert merged.save(publisher).status_code == 302

    item.refresh_from_db()
    assert (item.titles, item.descriptions) == (languages.of(vi="Nhà rông mới"), languages.of(vi="Mới của bạn"))
    assert item.identifier == "SO-7"


@pytest.mark.parametrize(("choice", "kept"), [("theirs", "Của bạn"), ("mine", "Của tôi")])
def test_what_both_changed_is_chosen_by_field(publisher: Client, choice: str, kept: str) -> None:
    item = an_item("Trước", descriptions=languages.of(vi="Cũ"))
    page = change_page(publisher, item).put("titles-text", "Của tôi").put("descriptions-text", "Mô tả của tôi")
    theirs(item, titles=languages.of(vi="Của bạn"))

    asked = answered(page, page.save(publisher))
    assert all(word in asked.text for word in ("Trước", "Của bạn", "Của tôi", 'name="choose:titles"'))
    assert "choose:descriptions" not in asked.text
    again = answered(asked, asked.save(publisher))
    assert 'name="choose:titles"' in again.text

    merged = answered(again, again.put("choose:titles", choice).save(publisher))
    item.refresh_from_db()
    assert item.titles == languages.of(vi="Của bạn")
    assert merged.save(publisher).status_code == 302
    item.refresh_from_db()
    assert (item.titles, item.descriptions) == (languages.of(vi=kept), languages.of(vi="Mô tả của tôi"))


def test_a_third_save_meanwhile_is_met_as_well(publisher: Client) -> None:
    item = an_item("Một")
    page = change_page(publisher, item).put("titles-text", "Của tôi")
    theirs(item, identifier="SO-1")
    merged = answered(page, page.save(publisher))
    theirs(item, titles=languages.of(vi="Của người thứ ba"))

    asked = answered(merged, merged.save(publisher))

    assert 'name="choose:titles"' in asked.text
    item.refresh_from_db()
    assert item.titles == languages.of(vi="Của người thứ ba")


def test_the_same_change_twice_is_no_difference(publisher: Client) -> None:
    item = an_item("Một")
    page = change_page(publisher, item).put("titles-text", "Hai")
    theirs(item, titles=languages.of(vi="Hai"))

    merged = answered(page, page.save(publisher))

    assert "choose:" not in merged.text
    assert merged.save(publisher).status_code == 302


def test_ties_and_rows_of_both_are_kept(publisher: Client) -> None:
    item = an_item("Nhà rông")
    people, theirs_people = (People.objects.create(slug=slug, names=languages.of(vi=slug)) for slug in ("cua-toi", "x"))
    agents = [Agent.objects.create(slug=f"a{n}", names=languages.of(vi=f"A{n}")) for n in range(4)]
    for position, agent in enumerate(agents[:2]):
        ItemAgent.objects.create(item=item, agent=agent, role="pht", position=position)
    recording.record(item, "change", actor=None, now=timezone.now())
    page = change_page(publisher, item).add_row("credits", agent=agents[2].pk, role="sng", position=2)
    page.put("credits-0-DELETE", "on")

    def relate(present: Item) -> None:
        ItemAgent.objects.create(item=present, agent=agents[3], role="nrt", position=5)
        present.credits.filter(agent=agents[1]).update(position=7)

    theirs(item, relate=relate)
    merged = answered(page, page.save(publisher))
    assert merged.save(publisher).status_code == 302

    found = list(item.credits.order_by("position").values_list("agent__slug", "role"))
    assert found == [("a2", "sng"), ("a3", "nrt"), ("a1", "pht")]
    page = change_page(publisher, item).put("peoples", people.pk)
    theirs(item, relate=lambda present: present.peoples.set([theirs_people]))
    asked = answered(page, page.save(publisher))
    assert 'name="choose:peoples"' in asked.text


def test_a_row_that_both_changed_is_chosen_by_itself(publisher: Client) -> None:
    item = an_item("Nhà rông")
    place, second = (Place.objects.create(slug=slug, kind="village") for slug in ("mot", "hai"))
    for one in (place, second):
        item.located.create(place=one, role="created", as_recorded="trước")
    recording.record(item, "change", actor=None, now=timezone.now())
    page = change_page(publisher, item).put("located-0-as_recorded", "tôi").put("located-1-as_recorded", "tôi")
    theirs(item, relate=lambda present: present.located.filter(place=place).update(as_recorded="bạn"))

    asked = answered(page, page.save(publisher))
    key = f"choose:located:{place.pk}:created"
    assert f'name="{key}"' in asked.text
    assert asked.text.count('value="theirs"') == 1
    merged = answered(asked, asked.put(key, "theirs").save(publisher))
    merged.save(publisher)

    assert dict(item.located.values_list("place__slug", "as_recorded")) == {"mot": "bạn", "hai": "tôi"}


def test_a_row_that_they_took_away_stays_away(publisher: Client) -> None:
    item = an_item("Nhà rông")
    agent = Agent.objects.create(slug="a", names=languages.of(vi="A"))
    ItemAgent.objects.create(item=item, agent=agent, role="pht")
    recording.record(item, "change", actor=None, now=timezone.now())
    page = change_page(publisher, item).put("titles-text", "Mới")
    theirs(item, relate=lambda present: present.credits.all().delete())

    merged = answered(page, page.save(publisher))
    assert merged.save(publisher).status_code == 302

    item.refresh_from_db()
    assert not item.credits.exists()
    assert item.titles == languages.of(vi="Mới")


def test_files_keep_what_each_of_two_said_of_them(publisher: Client, tmp_path: Path) -> None:
    item = an_item("Sách")
    _first, second = (
        makers.file_of(item, makers.picture(tmp_path / name, colour=(n, 2, 3)), now=timezone.now(), process=False)
        for n, name in enumerate(("a.jpg", "b.jpg"))
    )
    page = change_page(publisher, item).put("files-0-role", "cover")

    def relate(present: Item) -> None:
        ItemFile.objects.filter(pk=second.pk).update(role="detail")

    theirs(item, relate=relate)
    choose_file_access(second, policy.STAFF, actor=None, now=timezone.now())
    merged = answered(page, page.save(publisher))
    assert merged.save(publisher).status_code == 302

    assert dict(item.files.values_list("original_name", "role")) == {"a.jpg": "cover", "b.jpg": "detail"}
    second.refresh_from_db()
    assert second.effective_rule.policy == policy.STAFF


def test_what_they_closed_meanwhile_is_not_opened_by_an_older_form(publisher: Client) -> None:
    item = an_item("Nhà rông")
    page = change_page(publisher, item).put("titles-text", "Mới")
    choose_item_access(item, policy.STAFF, actor=None, now=timezone.now(), why=["chua_xac_minh"])

    merged = answered(page, page.save(publisher))
    assert merged.save(publisher).status_code == 302

    item.refresh_from_db()
    assert item.chosen_rule.policy == policy.STAFF
    assert item.titles == languages.of(vi="Mới")


def test_where_nobody_knows_what_was_read_all_that_differs_is_asked(publisher: Client) -> None:
    item = an_item("Một", descriptions=languages.of(vi="Mô tả"))
    page = change_page(publisher, item).put("titles-text", "Hai")
    Revision.objects.all().delete()
    theirs(item, descriptions=languages.of(vi="Khác"))

    asked = answered(page, page.save(publisher))

    assert all(f'name="choose:{name}"' in asked.text for name in ("titles", "descriptions"))


def test_an_error_of_mine_does_not_hide_what_they_saved(publisher: Client) -> None:
    item = an_item("Một")
    page = change_page(publisher, item).put("titles-text", "").put("identifier", "SO-9")
    theirs(item, descriptions=languages.of(vi="Khác"))

    merged = answered(page, page.save(publisher))

    assert "Kept as they saved it:" in merged.text
    assert merged.sent["identifier"] == ["SO-9"]


SECRET = "BiMatCuaLang"


def test_a_file_closed_to_me_is_not_told_of_where_two_meet(publisher: Client, tmp_path: Path) -> None:
    item = an_item("Sách")
    file = makers.file_of(item, makers.picture(tmp_path / f"{SECRET}.jpg"), now=timezone.now(), process=False)
    choose_file_access(file, policy.NOBODY, actor=None, now=timezone.now())
    page = change_page(publisher, item).put("titles-text", "Mới")
    theirs(item, relate=lambda _present: ItemFile.objects.filter(pk=file.pk).update(label=SECRET))

    answer = page.save(publisher)

    assert SECRET not in answer.content.decode()
    merged = answered(page, answer)
    merged.save(publisher)
    assert ItemFile.objects.get(pk=file.pk).label == SECRET


# --- Headings --------------------------------------------------------------------------------------------------------------


def saved(record: Any, save: Any = None, **columns: Any) -> Any:
    for name, value in columns.items():
        setattr(record, name, value)
    version = record.version if record.pk else None
    save_authority(record, save=save or record.save, read_version=version, actor=None, now=timezone.now())
    record.refresh_from_db()
    return record


def test_two_at_a_heading_meet_too(publisher: Client) -> None:
    people = saved(People(slug="ba-na", names=languages.of(vi="Ba Na")))
    page = change_page(publisher, people).put("names-text", "Ba Na (tôi)")
    saved(People.objects.get(pk=people.pk), names=languages.of(vi="Ba Na (bạn)"), variants=languages.of(fr="Banar"))

    asked = answered(page, page.save(publisher))
    people.refresh_from_db()
    assert people.names == languages.of(vi="Ba Na (bạn)")
    merged = answered(asked, asked.put("choose:names", "mine").save(publisher))
    assert merged.save(publisher).status_code == 302

    people.refresh_from_db()
    assert (people.names, people.variants) == (languages.of(vi="Ba Na (tôi)"), languages.of(fr="Banar"))
    last = recording.last_of(people)
    assert last is not None
    assert snapshots.differing(last.snapshot, snapshots.of(people)) == []


def test_two_at_a_place_meet_over_its_names(publisher: Client) -> None:
    place = Place(slug="kon-klor", kind="village")

    def write(*names: str) -> Any:
        def save() -> None:
            place.save()
            place.names.all().delete()
            for name in names:
                PlaceName.objects.create(place=place, text=name)

        return save

    saved(place, write("Kon Klor"))
    page = change_page(publisher, place).put("names-0-text", "Kon Klor (tôi)").put("latitude", "14.35")
    page.put("longitude", "108.01")
    saved(place, write("Kon Klor (bạn)"))

    asked = answered(page, page.save(publisher))
    assert "choose:latitude" not in asked.text
    merged = answered(asked, asked.put("choose:names", "mine").save(publisher))
    assert merged.save(publisher).status_code == 302

    place.refresh_from_db()
    assert [one.text for one in place.names.all()] == ["Kon Klor (tôi)"]
    assert str(place.latitude) == "14.3500"


def test_a_heading_that_is_gone_is_not_saved(publisher: Client) -> None:
    people = saved(People(slug="ba-na", names=languages.of(vi="Ba Na")))
    page = change_page(publisher, people).put("names-text", "x")
    People.objects.all().delete()

    assert page.save(publisher).status_code == 302
    assert not People.objects.exists()
