"""Cards as HTML: every text of theirs is escaped, wherever it came from."""

from __future__ import annotations

import re

import pytest

from archive.hits import Picture
from archive.search.highlighting import Excerpt, Part
from public_site import card_markup
from public_site.cards import Card, Said
from public_site.found import Found
from public_site.titles import Text

pytestmark = pytest.mark.pure
WRONG = "<i>\"'&"
RIGHT = "&lt;i&gt;&quot;&#x27;&amp;"
MARKED = (Part(f"1{WRONG}"), Part(f"2{WRONG}", is_marked=True))


def wrong_card() -> Card:
    """Return a card of which each text is told by its first letters."""
    return Card(
        pid=f"pid{WRONG}",
        kind=f"kind{WRONG}",
        kind_label=f"label{WRONG}",
        title=Text(f"title{WRONG}", f"lang{WRONG}"),
        details=(f"people{WRONG}", f"date{WRONG}"),
        small=Picture(f"small{WRONG}", "thumbnail", "160.jpg", 160, 120),
        large=Picture(f"large{WRONG}", "thumbnail", "480.jpg", 480, 360),
        said=Said(f"said{WRONG}", Excerpt(MARKED), f"spoken{WRONG}", f"query{WRONG}"),
        title_parts=MARKED,
        found=Found(f"field{WRONG}", MARKED, f"found{WRONG}"),
    )


def test_every_text_of_a_card_is_escaped() -> None:
    whole, plain = wrong_card(), wrong_card()._replace(title_parts=(), small=None, large=None)

    shown = card_markup.cards([whole, plain], "h2")

    assert "<i>" not in shown
    assert WRONG[-3:] not in shown
    told = {
        "pid",
        "kind",
        "Label",
        "title",
        "lang",
        "people",
        "date",
        "small",
        "large",
        "said",
        "spoken",
        "query",
        "field",
        "found",
    }
    assert {name for name in told if f"{name}{RIGHT}" in shown} == told
    assert shown.count(f"1{RIGHT}<mark>2{RIGHT}</mark>") == 5
    assert len(re.findall(r'"[^"<>]*"', shown)) * 2 == shown.count('"')


def test_a_card_is_written_as_it_is_told() -> None:
    card = Card("0123456789b", "image", "ảnh", Text("Ghè", "bdq"), ("Ba Na", "năm 1975"), None, None)
    pictured = card._replace(
        small=Picture("0123456789c", "thumbnail", "160.jpg", 160, 120),
        large=Picture("0123456789c", "thumbnail", "480.jpg", 480, 360),
        title=Text("Ghè"),
        title_parts=(Part("Ghè", is_marked=True), Part(" đất")),
        found=Found("Mô tả", (Part("một "), Part("ghè", is_marked=True)), "", is_cut_before=True, is_cut_after=True),
    )
    icon = '<svg class="icon" aria-hidden="true"><use href="#i-image"/></svg>'
    about = f'<p><span class="kind">{icon}Ảnh</span> · Ba Na · năm 1975</p>'
    address = "/items/0123456789b/"
    picture = "/files/0123456789c/thumbnail"

    shown = card_markup.cards([card, pictured], "h3").splitlines()

    assert shown[0] == '<ul class="cards">'
    assert shown[1] == (
        f'<li class="card"><div class="card-pic swatch">{icon}</div>'
        f'<div><h3><a href="{address}" lang="bdq">Ghè</a></h3>{about}</div></li>'
    )
    assert shown[2] == (
        '<li class="card"><div class="card-pic"><picture>'
        f'<source media="(min-width: 48em)" srcset="{picture}/480.jpg" width="480" height="360">'
        f'<img src="{picture}/160.jpg" width="160" height="120" alt="" loading="lazy" decoding="async"></picture></div>'
        f'<div><h3><a href="{address}"><mark>Ghè</mark> đất</a></h3>{about}'
        '<p class="found">Mô tả: <span>… một <mark>ghè</mark> …</span></p></div></li>'
    )
    assert shown[3:] == ["</ul>"]
    assert card_markup.cards([], "h3") == ""
