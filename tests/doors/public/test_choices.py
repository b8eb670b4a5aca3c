"""The values of a filter as a list."""

from __future__ import annotations

import re

from django.utils import translation

from archive.search import FacetValue
from public_site.sift_markup import filters
from public_site.sifting import Address, Choice, Filter


def test_names_and_addresses_of_choices_are_escaped() -> None:
    with translation.override("vi"):
        others = [FacetValue('"><b>', "<i>bahnar</i> & Co", 1234), FacetValue("xo-dang", "xơ Đăng", 7)]
        chosen = Choice("<u>", "<u>Jeh</u>", 5678, is_chosen=True, address='?q="&<u>')
        found = filters([Filter("people", "<s>", chosen, others, Address('?q="&people=', '&sort="'))])

    assert (
        '<li><a href="?q=&quot;&amp;people=%22%3E%3Cb%3E&amp;sort=&quot;">&lt;i&gt;bahnar&lt;/i&gt; &amp; Co</a> <small>1.234</small></li>'
        '<li><a href="?q=&quot;&amp;people=xo-dang&amp;sort=&quot;">Xơ Đăng</a> <small>7</small></li>' in found
    )
    assert '<a href="?q=&quot;&amp;&lt;u&gt;" aria-current="true">&lt;u&gt;Jeh&lt;/u&gt;' in found
    assert "5.678" in found
    assert "&lt;s&gt;" in found
    assert not {"<i>", "<u>", "<s>", "<b>"} & set(re.findall("<.>", found))


def test_a_choice_that_is_set_says_that_its_link_takes_it_off() -> None:
    found = filters([Filter("kind", "Kind", Choice("a", "A", 1, is_chosen=True, address="?"), (), Address("", ""))])

    assert 'aria-current="true"' in found
    assert 'class="unseen"' in found
