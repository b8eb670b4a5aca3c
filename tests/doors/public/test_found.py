"""A card tells where else in a work the words of a search stand: in whatever field of it, and of what may be told alone."""

from __future__ import annotations

import pytest
from django.test import Client

from archive import languages
from archive.models import Agent, Collection, Item, ItemPlace, People, Place, PlaceName, Subject
from archive.search import indexing

pytestmark = pytest.mark.django_db
TEXTS = {
    "alternative_titles": ("Other titles", "vi"),
    "descriptions": ("Description", "bdq"),
    "contents": ("Contents", "vi"),
    "sources": ("Source", "en"),
    "provenances": ("History of keeping", "vi"),
    "mediums": ("Medium", "vi"),
    "extents": ("Extent", "vi"),
    "origin_statements": ("Origin", "jra"),
}


def found(plain_client: Client, words: str, prefix: str = "/en") -> str:
    """Return what the one card tells of where the words stand."""
    shown = plain_client.get(f"{prefix}/search/", {"q": words}).content.decode()
    assert shown.count('<li class="card">') == 1, shown
    return str(shown.partition('<p class="found">')[2].partition("</p>")[0])


def write(item: Item, **fields: object) -> None:
    for name, value in fields.items():
        setattr(item, name, value)
    item.save()
    indexing.refresh(item)


@pytest.mark.parametrize("name", TEXTS)
def test_a_text_is_told_with_its_language(plain_client: Client, jar: Item, name: str) -> None:
    label, language = TEXTS[name]
    write(jar, **{name: [{"lang": language, "value": "K'tu và Hơ̆mon"}]})
    lang = "" if language == "en" else f' lang="{language}"'

    told = found(plain_client, "ktu")

    assert told == f"{label}: <span{lang}><mark>K&#x27;tu</mark> và Hơ̆mon</span>"
    assert found(plain_client, "homon") == f"{label}: <span{lang}>K&#x27;tu và <mark>Hơ̆mon</mark></span>"


def test_names_dates_and_numbers_are_told(plain_client: Client, jar: Item) -> None:
    for model, name in ((People, "Brâu"), (Subject, "Ché ủ"), (Collection, "Phông A"), (Agent, "Y Rơi")):
        model._default_manager.update(names=languages.of(vi=name))
    ItemPlace.objects.update(as_recorded="Kon Rơbàng")
    PlaceName.objects.create(place=Place.objects.get(), text="Plei Tơnghia", kind="endonym")
    write(jar, date_as_written="mùa ning nơng", identifier="SHM-7/2")

    for words, told in {
        "brau": 'People: <span lang="vi"><mark>Brâu</mark></span>',
        "konklor": "Place: <span>Làng <mark>Kon Klor</mark></span>",
        "thang loi": "Place: <span>Phường <mark>Thắng Lợi</mark></span>",
        "robang": "Place: <span>Kon <mark>Rơbàng</mark></span>",
        "pleitonghia": "Place: <span><mark>Plei Tơnghia</mark></span>",
        "che u": 'Subjects: <span lang="vi"><mark>Ché ủ</mark></span>',
        "y roi": 'Contributors: <span lang="vi"><mark>Y Rơi</mark></span>',
        "phong a": 'Collection: <span lang="vi"><mark>Phông A</mark></span>',
        "ning": "Date: <span>mùa <mark>ning</mark> nơng</span>",
        "shm": "Identifier: <span><mark>SHM</mark>-7/2</span>",
    }.items():
        assert found(plain_client, words) == told, words


def test_names_in_other_letters_hide_no_other(plain_client: Client, jar: Item) -> None:
    Subject.objects.update(names=languages.of(vi="ꪁꪲ"))
    write(jar, date_as_written="mùa ning nơng")

    assert found(plain_client, "ꪁꪲ") == 'Subjects: <span lang="vi"><mark>ꪁꪲ</mark></span>'
    assert found(plain_client, "ning") == "Date: <span>mùa <mark>ning</mark> nơng</span>"


def test_a_hidden_name_of_a_place_is_not_told(plain_client: Client, jar: Item) -> None:
    PlaceName.objects.create(place=Place.objects.get(), text="Tên kín Ghè", kind="hidden")
    indexing.refresh(jar)

    assert found(plain_client, "ghe", "") == ""


def test_of_several_values_that_of_the_page_comes_first(plain_client: Client, jar: Item) -> None:
    write(jar, descriptions=languages.of(jra="chum tơpai", vi="chum rượu", en="a chum"))

    assert found(plain_client, "chum") == "Description: <span>a <mark>chum</mark></span>"
    assert found(plain_client, "chum", "") == "Mô tả: <span><mark>chum</mark> rượu</span>"


def test_the_field_is_told_that_holds_most_of_what_the_title_does_not(plain_client: Client, jar: Item) -> None:
    write(
        jar,
        descriptions=languages.of(en="ghè of the village"),
        contents=languages.of(en="ghè, drum"),
        mediums=languages.of(en="a gong and a drum"),
        sources=[],
    )

    assert found(plain_client, "ghe", "").startswith("Mô tả: ")
    assert found(plain_client, "ghe drum", "") == 'Mục lục: <span lang="en"><mark>ghè</mark>, <mark>drum</mark></span>'
    assert found(plain_client, "ghe drum gong", "").startswith("Chất liệu, vật mang: ")
    write(jar, mediums=languages.of(en="ghè, gong"))
    assert found(plain_client, "ghe drum gong", "").startswith("Mục lục: ")


def test_a_title_is_not_told_again(plain_client: Client, jar: Item) -> None:
    assert found(plain_client, "ruou", "") == ""
    assert found(plain_client, "ruou", "/en") == 'Title: <span lang="vi">Ghè <mark>rượu</mark> cần</span>'
