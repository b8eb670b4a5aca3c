"""What stands beside a list as HTML: values of filters, bars, dots. Each text is escaped, each address as it is asked for."""

from __future__ import annotations

from urllib.parse import urlencode

import pytest
from django.utils import translation

from archive.search import Facet, Told
from public_site import sift_markup
from public_site.advice import Way
from public_site.forms import SiftForm
from public_site.histogram import histogram_of
from public_site.list_markup import Page, results
from public_site.plotting import plot_of
from public_site.sifting import (
    AT_ONCE,
    Made,
    around,
    chips_of,
    filters_of,
    query_with,
    query_without,
    sort_choices,
)

HOSTILE = "\"><b>'&{0}%s{first}"
SAFE = "&quot;&gt;&lt;b&gt;&#x27;&amp;{0}%s{first}"
QUOTED = "%22%3E%3Cb%3E%27%26%7B0%7D%25s%7Bfirst%7D"
NOTHING: frozenset[str] = frozenset()


def facet(name: str, *values: tuple[str, str, int]) -> Facet:
    told = [Told(value, number, label) for number, (value, label, _count) in enumerate(values)]
    return Facet(name, told, [count for _value, _label, count in values])


def test_names_and_addresses_of_choices_are_escaped() -> None:
    asked = {"q": HOSTILE, "people": "x", "sort": HOSTILE}
    with translation.override("vi"):
        (one,) = filters_of(
            [facet("people", (HOSTILE, "<i>Bahnar</i> & Co", 1234), ("x", HOSTILE, 1))], asked, fixed=NOTHING
        )
        found = sift_markup.filters([one])

    assert (
        f'<li><a href="?q={QUOTED}&amp;people={QUOTED}&amp;sort={QUOTED}">&lt;i&gt;Bahnar&lt;/i&gt; &amp; Co</a>'
        " <small>1.234</small></li>"
    ) in found
    assert f'<li><a href="?q={QUOTED}&amp;sort={QUOTED}" aria-current="true">{SAFE} <span' in found
    assert "<b>" not in found


def test_a_choice_that_is_set_comes_first_and_says_that_its_link_takes_it_off() -> None:
    (one,) = filters_of([facet("kind", ("a", "a", 9), ("b", "éb", 1))], {"kind": "b", "q": "x"}, fixed=NOTHING)

    found = sift_markup.filters([one])

    first, second = found.split("<li>")[1:]
    assert first.startswith(
        '<a href="?q=x" aria-current="true">Éb <span aria-hidden="true">✕</span><span class="unseen">'
    )
    assert second.startswith('<a href="?kind=a&amp;q=x">A</a> <small>9</small>')
    assert one.chosen == one.choices[0]
    assert [(choice.value, choice.label, choice.count, choice.address) for choice in one.choices] == [
        ("b", "Éb", 1, "?q=x"),
        ("a", "A", 9, "?kind=a&q=x"),
    ]


@pytest.mark.parametrize("code", ["vi", "en"])
def test_a_value_that_no_hit_has_stays_as_a_choice_that_may_be_taken_off(code: str) -> None:
    with translation.override(code):
        kind, language, people = filters_of(
            [facet("kind"), facet("language"), facet("people", ("ba-na", "Ba Na", 2))],
            {"kind": "image", "language": "bdq", "people": "nobody"},
            fixed=NOTHING,
        )

    labels = {"vi": ["Hình ảnh", "Tiếng Ba Na"], "en": ["Picture", "Bahnar"]}[code]
    assert [one.choices[0].label for one in (kind, language)] == labels
    assert [(one.label, one.count) for one in people.choices] == [("Nobody", 0), ("Ba Na", 2)]


def test_a_filter_with_one_value_and_one_of_the_page_itself_are_not_offered() -> None:
    two = (("a", "A", 2), ("b", "B", 1))

    found = filters_of(
        [facet("people", *two[:1]), facet("kind", *two), facet("place", *two)], {}, fixed=frozenset({"kind"})
    )

    assert [one.name for one in found] == ["place"]


def test_what_is_more_than_a_few_values_is_there_when_the_filter_is_opened() -> None:
    values = [(f"s-{number}", f"Đề {number}", 100 - number) for number in range(AT_ONCE + 3)]
    with translation.override("en"):
        found = sift_markup.filters(filters_of([facet("subject", *values)], {}, fixed=NOTHING))

    at_once, more = found.split("<details>")
    assert at_once.count("<li>") == AT_ONCE
    assert more.startswith('<summary>3 more<span class="unseen">: Subject</span></summary>')
    assert more.count("<li>") == 3


def test_dots_of_the_map_and_places_beyond_it_are_escaped() -> None:
    inside, beyond = Told(HOSTILE, 1, HOSTILE, (14.3545, 108.0129)), Told("ha-noi", 2, HOSTILE, (21.03, 105.85))
    drawn = plot_of(Facet("place", [inside, beyond], [1_234, 1]), {"q": HOSTILE, "place": HOSTILE})

    assert drawn is not None
    with translation.override("en"):
        dots, listed = sift_markup.dots(drawn), sift_markup.listed(drawn)
    assert f'<a href="?q={QUOTED}&amp;place={QUOTED}" aria-current="true" aria-label="{SAFE}: 1,234 items">' in dots
    assert listed == f'<li><a href="?q={QUOTED}&amp;place=ha-noi">{SAFE}</a> <small>1</small></li>'


def test_bars_lead_to_their_decade_whatever_else_is_asked() -> None:
    asked = {"q": f"{HOSTILE}date_from=0001", "date_to": "1999", "sort": "title"}
    drawn = histogram_of([(1850, 1), (1990, 1_234), (2000, 1)], asked)

    assert drawn is not None
    with translation.override("vi"):
        found = sift_markup.bars(drawn)
    query = f"?q={QUOTED}date_from%3D0001"
    assert (
        f'<a href="{query}&amp;date_to=1999&amp;sort=title&amp;date_from=1990" aria-label="1990–1999: 1.234 ' in found
    )
    assert (
        f'<a href="{query}&amp;date_to=1859&amp;sort=title&amp;date_from=1850">1850–1859</a> <small>1</small>' in found
    )
    assert drawn.address(2000) == f"{query}&date_to=2009&sort=title&date_from=2000"


def test_whatever_a_list_is_told_is_escaped() -> None:
    asked = {"q": HOSTILE, "people": HOSTILE, "date_from": HOSTILE, "sort": "title"}
    form = SiftForm(asked)
    with translation.override("en"):
        offered = filters_of([facet("people", ("x", HOSTILE, 1))], asked, fixed=NOTHING)
    page = Page(
        form=form,
        kept={HOSTILE: HOSTILE},
        total=2,
        cards=[],
        near=[],
        filters=offered,
        chips=chips_of(offered, form, asked),
        sorts=sort_choices(form.order(), asked, has_words=True),
        histogram=histogram_of([(1990, 1), (2000, 1)], asked),
        plot=plot_of(Facet("place", [Told(HOSTILE, 1, HOSTILE, (14.3545, 108.0129))], [1]), asked),
        meant=Way(HOSTILE, 0, HOSTILE),
        nothing={},
        next_page=f"?{HOSTILE}",
        previous_page=f"?{HOSTILE}",
    )
    with translation.override("en"):
        found = results(page, page.plot)

    assert "<b>" not in found
    assert "\">'" not in found
    assert f'<p class="notice">Did you mean <a href="{SAFE}">{SAFE}</a>?</p>' in found
    assert f'rel="next" href="?{SAFE}"' in found
    assert f'rel="prev" href="?{SAFE}"' in found
    assert f'<input type="hidden" name="{SAFE}" value="{SAFE}">' in found
    assert f'id="f-from" name="date_from" value="{SAFE}"' in found
    assert f"<span>People:</span> {SAFE}" in found
    assert found.count(SAFE) == 11


@pytest.mark.parametrize("asked", [{}, {"q": "nhà rông & bến=nước"}, {"q": "a", "place": "x y", "date_to": "1"}])
def test_addresses_are_what_the_library_of_the_language_would_write(asked: dict[str, str]) -> None:
    assert query_with(asked, place=HOSTILE) == f"?{urlencode({**asked, 'place': HOSTILE})}"
    assert around(asked, "place").address(HOSTILE) == f"?{urlencode({**asked, 'place': HOSTILE})}"
    assert query_without(asked, "q") == f"?{urlencode({name: text for name, text in asked.items() if name != 'q'})}"


def test_what_is_made_of_texts_is_kept_until_there_are_too_many_and_never_of_long_ones() -> None:
    asked_for: list[str] = []
    made = Made(lambda text: asked_for.append(text) or text.upper(), most=2)  # type: ignore[func-returns-value]  # None

    assert [made[text] for text in ("a", "a", "b", "c", "a")] == ["A", "A", "B", "C", "A"]
    assert asked_for == ["a", "b", "c", "a"]
    assert made["x" * 301] == "X" * 301
    assert len(made) == 2
