"""The form of an item: every field of the description, own fields of its template, dates as people say them, relations."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.test import Client
from django.utils import timezone
from lxml import html

from access import policy
from archive import languages
from archive.actions.attach_file import attach_file
from archive.actions.create_item import Description, create_item
from archive.admin import access_choice, protocol_choices
from archive.admin.item_form import ItemForm
from archive.history.snapshots import ITEM_FIELDS
from archive.models import (
    Agent,
    Collection,
    Item,
    ItemAgent,
    ItemPlace,
    ItemRelation,
    People,
    Place,
    PlaceName,
    RightsStatement,
    Subject,
)
from archive.statements import statement_of
from tests import makers
from tests.desk.conftest import an_item
from tests.desk.pages import open_form
from tests.desk.test_items import change, form, with_file

pytestmark = pytest.mark.django_db


def own(template: str, **values: str) -> dict[str, Any]:
    """Return what a browser sends of the fields of a template; texts are Vietnamese."""
    sent: dict[str, Any] = {"template": template, "own_values-shown": [template]}
    for key, value in values.items():
        name = f"own_values-{template}-{key}"
        if value.startswith("vi:"):
            sent |= {f"{name}-lang": ["vi"], f"{name}-tag": [""], f"{name}-text": [value[3:]]}
        else:
            sent[name] = value
    return sent


def row(other: Item, **facts: Any) -> dict[str, Any]:
    """Return what a browser sends of one new relation."""
    return {
        "relations-TOTAL_FORMS": "1",
        "relations-0-other": other.pk,
        "relations-0-kind": "part",
        "relations-0-position": "0",
    } | facts


def folklore() -> RightsStatement:
    return RightsStatement.objects.create(
        slug="van-nghe-dan-gian",
        uri="tag:example.org,2026:folklore",
        names=languages.of(vi="Văn nghệ dân gian"),
        family="folklore",
        requires_origin=True,
    )


def test_all_that_a_person_may_write_of_an_item_is_on_its_form(publisher: Client) -> None:
    page = publisher.get(f"/admin/archive/item/{an_item('Gùi').pk}/change/").content.decode()

    assert set(ITEM_FIELDS) <= set(ItemForm.base_fields)
    shown = [name for name in ItemForm.base_fields if f"field-{name}" in page or f'name="{name}' in page]
    # Protocols are offered to who may choose among some; communities, where there are any.
    assert set(ItemForm.base_fields) - set(shown) <= {"protocols", "sharing", "communities"}


def test_own_fields_of_a_template_are_stored_as_its_forms_want_them(publisher: Client) -> None:
    sent = own("epic", nights="3", incipit="vi:Ơ\u0306 bôk", completeness="whole")

    publisher.post("/admin/archive/item/add/", form() | sent)

    item = Item.objects.get()
    assert item.template == "epic"
    assert item.own_values == {
        "nights": 3,
        "incipit": [{"lang": "vi", "value": "Ơ\u0306 bôk"}],
        "completeness": "whole",
    }


@pytest.mark.parametrize(("chosen", "kept"), [("", "audio"), ("video", "video")])
def test_a_kind_left_empty_is_said_by_the_template(publisher: Client, chosen: str, kept: str) -> None:
    """Who saves before the page has put it in, or has no script, is not sent back."""
    publisher.post("/admin/archive/item/add/", form() | own("epic") | {"kind": chosen})

    assert Item.objects.get().kind == kept


def test_without_a_template_the_kind_is_asked_for(publisher: Client) -> None:
    answer = publisher.post("/admin/archive/item/add/", form() | {"kind": ""})

    assert not Item.objects.exists()
    assert "kind" in answer.context["adminform"].form.errors


@pytest.mark.parametrize("wrong", [{"nights": "ba"}, {"nights": "1,5"}, {"nights": "0"}, {"completeness": "nửa"}])
def test_an_own_field_that_cannot_be_stored_is_named_and_what_was_typed_stays(
    publisher: Client, wrong: dict[str, str]
) -> None:
    answer = publisher.post("/admin/archive/item/add/", form() | own("epic", heroes="vi:Đăm Duông", **wrong))

    page = answer.content.decode()
    assert not Item.objects.exists()
    assert "errorlist" in page
    assert "Đăm Duông" in page
    assert all(f'value="{value}"' in page for key, value in wrong.items() if key == "nights")


def test_another_template_keeps_what_was_written_in_the_fields_of_the_last_one(publisher: Client) -> None:
    item = an_item("Hơmon", template="epic", own_values={"nights": 3, "occasion": languages.of(vi="lễ bỏ mả")})
    sent = own("gong_recording", bossed_gongs="4")
    sent["own_values-shown"] = ["epic", "gong_recording"]
    sent["own_values-epic-nights"] = "3"

    change(publisher, item, **sent)

    item.refresh_from_db()
    page = publisher.get(f"/admin/archive/item/{item.pk}/change/").content.decode()
    assert item.template == "gong_recording"
    assert item.own_values == {"nights": 3, "occasion": languages.of(vi="lễ bỏ mả"), "bossed_gongs": 4}
    assert "Kept from fields of another template" in page


def test_an_own_field_that_was_emptied_is_gone(publisher: Client) -> None:
    item = an_item("Hơmon", template="epic", own_values={"nights": 3})

    change(publisher, item, **own("epic", nights=""))

    item.refresh_from_db()
    assert item.own_values == {}


@pytest.mark.parametrize(
    ("typed", "edtf", "kept"),
    [
        ("khoảng 1975", "1975~", "khoảng 1975"),
        ("trước 1945", "[..1944]", "trước 1945"),
        ("30/5/2012", "2012-05-30", "30/5/2012"),
        ("2001/2005", "2001/2005", ""),
        ("", "", ""),
    ],
)
def test_a_date_is_typed_as_people_say_it_and_kept_as_written(
    publisher: Client, typed: str, edtf: str, kept: str
) -> None:
    item = an_item("Gùi", date_edtf="1990", date_as_written="năm 1990")

    change(publisher, item, date_as_written=typed, date_edtf="1990")

    item.refresh_from_db()
    assert (item.date_edtf, item.date_as_written) == (edtf, kept)


def test_a_date_that_may_mean_two_things_is_refused_with_both(publisher: Client) -> None:
    answer = publisher.post("/admin/archive/item/add/", form(date_as_written="1925-30"))

    assert not Item.objects.exists()
    assert "1925/1930" in answer.content.decode()


def test_edtf_written_by_hand_goes_before_the_words(publisher: Client) -> None:
    sent = form(date_as_written="rằm tháng Giêng năm Ất Mão", date_edtf="1975-02-25")

    publisher.post("/admin/archive/item/add/", sent)

    item = Item.objects.get()
    assert (item.date_edtf, item.date_as_written) == ("1975-02-25", "rằm tháng Giêng năm Ất Mão")


def test_a_date_that_was_not_touched_stays_as_it_was_whatever_it_would_mean(publisher: Client) -> None:
    item = an_item("Gùi", date_edtf="1975", date_as_written="năm con Mèo")

    change(publisher, item, date_edtf="1975", date_as_written="năm con Mèo", **{"titles-text": ["Khác"]})

    item.refresh_from_db()
    assert (item.titles[0]["value"], item.date_edtf, item.date_as_written) == ("Khác", "1975", "năm con Mèo")


def test_how_a_date_is_understood_is_told_while_one_types(publisher: Client) -> None:
    def ask(text: str) -> Any:
        return publisher.get("/admin/archive/item/reading/", {"text": text}).json()

    assert ask("khoảng 1975") == {"edtf": "1975~", "said": "Understood as: about 1975"}
    assert ask("hôm nào đó")["refused"]
    assert "1925/1930" in [one["edtf"] for one in ask("1925-30")["suggestions"]]


def test_numbers_in_other_schemes_are_rows(publisher: Client) -> None:
    sent = {
        "other_identifiers-scheme": ["isbn", "", "call number"],
        "other_identifiers-value": [" 978-604 ", "", "ĐC 12"],
    }

    publisher.post("/admin/archive/item/add/", form(**sent))
    refused = publisher.post("/admin/archive/item/add/", form(**sent | {"other_identifiers-value": ["", "", "ĐC 12"]}))

    assert Item.objects.get().other_identifiers == [
        {"scheme": "isbn", "value": "978-604"},
        {"scheme": "call number", "value": "ĐC 12"},
    ]
    assert "errorlist" in refused.content.decode()


def test_an_item_is_tied_to_another_and_the_other_shows_it_from_its_end(publisher: Client) -> None:
    whole, part = an_item("Bộ chiêng"), an_item("Chiêng mẹ")

    change(publisher, whole, **row(part))

    tie = ItemRelation.objects.get()
    assert (tie.item, tie.other, tie.kind) == (whole, part, "part")
    page = publisher.get(f"/admin/archive/item/{part.pk}/change/").content.decode()
    assert f"/admin/archive/item/{whole.pk}/change/" in page
    assert "Bộ chiêng" in page


def test_what_is_closed_to_the_person_is_neither_tied_to_nor_told_of(publisher: Client) -> None:
    item, hidden = an_item("Mở"), an_item("Đóng kín", access=policy.NOBODY)
    tie = ItemRelation.objects.create(item=item, other=hidden, kind="related")
    ItemRelation.objects.create(item=hidden, other=item, kind="part")
    other = an_item("Khác")

    page = publisher.get(f"/admin/archive/item/{item.pk}/change/").content.decode()
    to_hidden = change(publisher, item, **row(hidden)).content.decode()
    to_nothing = change(publisher, item, **row(hidden, **{"relations-0-other": 999_999_999})).content.decode()
    change(publisher, item, **row(other))

    assert "Đóng kín" not in page
    assert 'name="relations-INITIAL_FORMS" value="0"' in page
    assert "Select a valid choice" in to_hidden
    assert "Select a valid choice" in to_nothing
    assert "Đóng kín" not in to_hidden
    # A tie that the person does not see stays as it was.
    assert set(ItemRelation.objects.filter(item=item).values_list("other", flat=True)) == {hidden.pk, other.pk}
    assert ItemRelation.objects.filter(pk=tie.pk).exists()


def test_folklore_is_not_published_before_its_origin_is_stated(publisher: Client) -> None:
    item = an_item("Hơmon")
    rights = folklore()

    refused = publisher.post(
        f"/admin/archive/item/{item.pk}/change/", form(item, rights=rights.pk, _move="published"), follow=True
    )
    item.refresh_from_db()
    before = item.state
    origin = {
        "origin_statements-lang": ["vi"],
        "origin_statements-tag": [""],
        "origin_statements-text": ["Làng Kon Xơm"],
    }
    change(publisher, item, rights=rights.pk, _move="published", **origin)

    item.refresh_from_db()
    assert "need a statement of origin" in refused.content.decode()
    assert (before, item.state) == ("draft", "published")


def test_the_origin_of_what_readers_see_is_not_emptied(publisher: Client) -> None:
    item = an_item("Hơmon", origin_statements=languages.of(vi="Làng Kon Xơm"))
    Item.objects.filter(pk=item.pk).update(rights=folklore(), state="published", published_at=timezone.now())
    item.refresh_from_db()

    answer = change(publisher, item, rights=item.rights_id, **{"origin_statements-text": [""]})

    item.refresh_from_db()
    assert answer.status_code == 200
    assert item.origin_statements == languages.of(vi="Làng Kon Xơm")


def test_what_the_template_asks_for_before_publishing_is_named(publisher: Client) -> None:
    item = create_item(
        Description(kind="audio", template="epic", titles=languages.of(vi="Hơmon"), date_edtf="1975"),
        actor=None,
        now=timezone.now(),
        access=policy.PUBLIC,
    )

    page = publisher.get(f"/admin/archive/item/{item.pk}/change/").content.decode()

    told = page.partition('class="wanting"')[2].partition("</p>")[0]
    assert "who took part" in told
    assert "Heroes" in told
    assert "titles" not in told


def test_the_form_of_a_full_item_takes_thirty_queries_however_much_is_tied_to_it(
    publisher: Client, django_assert_max_num_queries: Any, tmp_path: Path
) -> None:
    counts: list[int] = []
    rights = statement_of("https://creativecommons.org/licenses/by/4.0/")
    for many in (1, 1, 8):
        item = an_item(f"Hơmon {len(counts)}", template="epic", own_values={"nights": 3})
        for number in range(many):
            name = f"so-{len(counts)}-{number}"
            agent = Agent.objects.create(slug=name, names=languages.of(vi=name))
            ItemAgent.objects.create(item=item, agent=agent, role="nrt")
            place = Place.objects.create(slug=name, kind="village")
            PlaceName.objects.create(place=place, text=name)
            ItemPlace.objects.create(item=item, place=place)
            item.peoples.add(People.objects.create(slug=name, names=languages.of(vi=name)))
            item.subjects.add(Subject.objects.create(slug=name, names=languages.of(vi=name)))
            item.collections.add(Collection.objects.create(slug=name, names=languages.of(vi=name)))
            ItemRelation.objects.create(item=item, other=an_item(name), kind="part")
            with_file(item, f"{name}.jpg")
            stored = makers.picture(tmp_path / f"{name}.stored.jpg", colour=(len(counts), number, 9))
            attach_file(item, makers.received(stored, now=timezone.now()), actor=None, now=timezone.now())
        Item.objects.filter(pk=item.pk).update(rights=rights)
        with django_assert_max_num_queries(1000) as asked:
            page = publisher.get(f"/admin/archive/item/{item.pk}/change/").content.decode()
        assert page.count(f"so-{len(counts)}-{many - 1}") >= 6
        counts.append(len(asked))

    assert counts[2] == counts[1]
    assert counts[2] <= 27


def test_a_day_at_either_end_of_the_calendar_is_answered() -> None:
    forever = access_choice.chosen({"access_level": "public", "closes_on": date.max}, current=None)
    field = access_choice.fields(None, for_file=False, offered=protocol_choices.NOTHING)["opens_on"]

    assert forever == policy.PUBLIC
    with pytest.raises(ValidationError):
        field.clean("0001-01-01")


@pytest.mark.parametrize("address", ["/admin/archive/item/add/", "/admin/archive/collection/add/"])
def test_what_is_to_be_put_right_is_listed_above_the_form_and_leads_there(administrator: Client, address: str) -> None:
    assert "amiss" not in administrator.get(address).content.decode()

    page = html.fromstring(administrator.post(address, open_form(administrator, address).sent).content.decode())

    links = page.xpath("//ul[@class='amiss']/li/a")
    assert [link.text for link in links if link.text]
    assert all(page.xpath(f"//*[@id='{link.get('href')[1:]}']") for link in links)
    shown = page.xpath("//ul[contains(@class, 'errorlist')]/li/text()")
    assert {li.xpath("string()").partition(": ")[2] for li in page.xpath("//ul[@class='amiss']/li")} <= set(shown)
