"""What functions draw of the page of a work: every text of it is escaped."""

from __future__ import annotations

import re

from django.utils.safestring import SafeString

from archive.models import ItemFile
from public_site import work_markup
from public_site.belonging import Mark, Owner
from public_site.citing import Style
from public_site.renditions import Output
from public_site.titles import Text
from public_site.views.item import Near, Related, Ties

HOSTILE = "<x y='1' z=\"2\">&"
TEXT = Text(HOSTILE, 'v"i')
WORK = Related(TEXT, '/a"b/', (TEXT,))


def is_escaped(drawn: str) -> bool:
    return "<x" not in drawn and "'1'" not in drawn and '"2"' not in drawn and 'v"i' not in drawn and 'a"b' not in drawn


def test_every_text_of_a_works_page_is_escaped() -> None:
    picture = Output(ItemFile(pid="0123456789b"), "thumbnail", "480.webp", "image/webp", 10, 30, 20)
    drawn = [
        work_markup.heading(TEXT, [TEXT]),
        work_markup.prose([TEXT]),
        work_markup.crumbs([(TEXT, "slug")]),
        work_markup.ties([Ties(HOSTILE, (WORK,))]),
        work_markup.works([Near(WORK, HOSTILE)]),
        work_markup.owners([Owner(HOSTILE, (TEXT,), '/a"b/'), Owner(HOSTILE, ())]),
        work_markup.marks([Mark(TEXT, "tk", '/a"b/', HOSTILE), Mark(TEXT, "notice", "", "")]),
        work_markup.styles([Style(HOSTILE, SafeString("<i>A</i>"))]),
        work_markup.still(picture, picture, HOSTILE),
    ]

    assert [is_escaped(one) for one in drawn] == [True] * len(drawn)
    assert all("&lt;x" in one for one in drawn)


def test_lines_of_a_text_stay_lines() -> None:
    assert work_markup.prose([Text("a\r\nb\nc\rd")]) == '<p class="prose">a<br>b<br>c<br>d</p>'


def test_a_still_picture_has_its_size_and_the_larger_one_is_for_large_screens() -> None:
    small = Output(ItemFile(pid="0123456789b"), "thumbnail", "480.webp", "image/webp", 10, 480, 320)
    large = Output(ItemFile(pid="0123456789b"), "thumbnail", "1280.webp", "image/webp", 10, 1280, 853)

    drawn = work_markup.still(small, large, "A")

    sizes = re.findall(r'(srcset|src)="[^"]*?(\d+)\.webp" width="(\d+)" height="(\d+)"', drawn)
    assert sizes == [("srcset", "1280", "1280", "853"), ("src", "480", "480", "320")]
    assert "<source" not in work_markup.still(small, None, "A")
