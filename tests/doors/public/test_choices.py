"""The values of a filter as a list."""

from __future__ import annotations

from django.utils import translation

from public_site.sift_markup import filters
from public_site.sifting import Choice, Filter


def test_names_and_addresses_of_choices_are_escaped() -> None:
    with translation.override("vi"):
        choice = Choice('"><b>', "<i>Bahnar</i> & Co", 1234, is_chosen=False, address='?q="&people=x')
        found = filters([Filter("people", "Dân tộc", (choice,))])

    assert (
        '<li><a href="?q=&quot;&amp;people=x">&lt;i&gt;Bahnar&lt;/i&gt; &amp; Co</a> <small>1.234</small></li>' in found
    )


def test_a_choice_that_is_set_says_that_its_link_takes_it_off() -> None:
    found = filters([Filter("kind", "Kind", (Choice("a", "A", 1, is_chosen=True, address="?"),))])

    assert 'aria-current="true"' in found
    assert 'class="unseen"' in found
