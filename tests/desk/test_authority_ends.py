"""Headings at the desk: deleting is refused with the list of uses, duplicates are merged, and what was deleted is made again."""

from __future__ import annotations

import re

import pytest
from django.test import Client
from django.utils import timezone

from access import policy
from archive.actions.save_authority import save_authority
from archive.languages import of
from archive.models import People, Place, Subject
from tests.desk.conftest import an_item

pytestmark = pytest.mark.django_db


def people(slug: str, **facts: object) -> People:
    record = People(slug=slug, names=of(vi=slug.title()), **facts)
    save_authority(record, save=record.save, read_version=None, actor=None, now=timezone.now())
    return record


def url(record: People, what: str) -> str:
    return f"/admin/archive/people/{record.pk}/{what}/"


def test_what_is_in_use_is_not_deleted_and_its_uses_are_named_as_far_as_one_may_know(publisher: Client) -> None:
    record = people("ba-na")
    people("ro-ngao", parent=record)
    an_item("Gùi").peoples.add(record)
    for number in range(3):
        an_item(f"BiMat{number}", access=policy.NOBODY).peoples.add(record)

    answer = publisher.post(url(record, "delete"))
    shown = answer.content.decode()

    assert answer.status_code == 403
    assert all(word in shown for word in ("Gùi", "Ro-Ngao", "also used elsewhere"))
    assert "BiMat" not in shown
    uses = shown.partition('<div class="uses">')[2].partition("</div>")[0]
    assert "3" not in re.sub(r"<[^>]*>", " ", uses)
    assert People.objects.filter(pk=record.pk).exists()


def test_what_only_hidden_things_use_is_used_elsewhere(publisher: Client) -> None:
    record = people("ba-na")
    an_item("BiMat", access=policy.NOBODY).peoples.add(record)

    shown = publisher.get(url(record, "delete")).content.decode()

    assert "It is used elsewhere." in shown
    assert "BiMat" not in shown


def test_a_heading_that_nothing_uses_is_deleted_and_made_again_from_the_bin(publisher: Client) -> None:
    record = people("ba-na")
    key = record.pk

    publisher.post(url(record, "delete"), {"reason": "trùng"})
    bin_page = publisher.get("/admin/archive/item/bin/").content.decode()
    assert not People.objects.exists()
    assert all(word in bin_page for word in ("Ba-Na", "trùng", "Make it again"))

    address = bin_page.partition('action="/admin/archive/item/bin/made-again/')[2].partition('"')[0]
    publisher.post(f"/admin/archive/item/bin/made-again/{address}")

    assert People.objects.get().pk == key
    assert "Ba-Na" not in publisher.get("/admin/archive/item/bin/").content.decode().partition("bin-authorities")[2]
    assert publisher.get(url(record, "history")).status_code == 200


def test_two_are_seen_side_by_side_and_merged(publisher: Client) -> None:
    goes, stays = people("ba-na"), people("bahnar")
    an_item("Gùi").peoples.add(goes)
    an_item("BiMat", access=policy.NOBODY).peoples.add(goes)

    shown = publisher.get(f"{url(goes, 'merge')}?other={stays.pk}").content.decode()
    publisher.post(url(goes, "merge"), {"other": str(stays.pk)})
    assert People.objects.count() == 2
    answer = publisher.post(url(goes, "merge"), {"other": str(stays.pk), "sure": "yes"}, follow=True)

    table = shown.partition('id="merge-sides"')[2].partition("</table>")[0]
    assert all(word in table for word in ("Ba-Na", "Bahnar", "<td>1</td><td>0</td>"))
    assert "BiMat" not in shown
    assert "also used elsewhere" in shown
    assert list(People.objects.all()) == [stays]
    assert "was merged into" in answer.content.decode()


def test_who_may_not_delete_neither_deletes_nor_merges(cataloguer: Client) -> None:
    one, other = people("mot"), people("hai")

    assert cataloguer.post(url(one, "delete")).status_code == 403
    assert cataloguer.get(url(one, "merge")).status_code == 403
    assert cataloguer.post(url(one, "merge"), {"other": str(other.pk), "sure": "yes"}).status_code == 403
    assert People.objects.count() == 2


@pytest.mark.parametrize("other", ["", "abc", "9999", "9" * 30])
def test_nonsense_merges_nothing(publisher: Client, other: str) -> None:
    record = people("mot")

    assert publisher.get(f"{url(record, 'merge')}?other={other}").status_code in {200, 302}
    assert publisher.post(url(record, "merge"), {"other": other, "sure": "yes"}).status_code == 200
    assert People.objects.count() == 1


def test_the_way_to_merge_is_on_the_page_of_each_sort_of_heading(publisher: Client) -> None:
    place, subject = Place.objects.create(slug="kon-klor", kind="village"), Subject.objects.create(slug="le", names=[])

    for name, record in (("place", place), ("subject", subject), ("people", people("ba-na"))):
        page = publisher.get(f"/admin/archive/{name}/{record.pk}/change/").content.decode()
        assert f"/admin/archive/{name}/{record.pk}/merge/" in page
        assert publisher.get(f"/admin/archive/{name}/{record.pk}/merge/").status_code == 200
        assert publisher.get(f"/admin/archive/{name}/{record.pk}/history/").status_code == 200
