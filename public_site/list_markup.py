"""A page of a list as HTML: filters beside, the order, cards and ways on. Written here for the same reason as `public_site.card_markup`,
and with the same care: every text goes through `escape`. What is drawn seldom stays a template: what helps where nothing was found."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from html import escape

from django.template.loader import get_template
from django.utils.safestring import SafeString
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from media_pipeline.sizes import format_number
from public_site import card_markup, sift_markup
from public_site.advice import Way
from public_site.cards import Card
from public_site.forms import SiftForm
from public_site.histogram import Histogram
from public_site.page_languages import page_language
from public_site.plotting import Plot
from public_site.sifting import Chip, Choice, Filter


@dataclass(frozen=True)
class Page:
    """What a page of a list shows. `near` are hits that fit only nearly; `kept` is what else is asked where years are; `nothing` what helps
    where nothing was found; the next and the previous page are addresses, empty where there is none."""

    form: SiftForm
    kept: Mapping[str, str]
    total: int
    cards: Sequence[Card]
    near: Sequence[Card]
    filters: Sequence[Filter]
    chips: Sequence[Chip]
    sorts: Sequence[Choice]
    histogram: Histogram | None
    plot: Plot | None
    meant: Way | None
    nothing: Mapping[str, object]
    next_page: str
    previous_page: str


@dataclass(frozen=True)
class _Words:
    """What stands on every list, in one language, as HTML."""

    narrow: str
    made_in: str
    show: str
    of_map: str
    about_map: str
    order: str
    filters_set: str
    meant: str
    approximate: str
    about_approximate: str
    pages: str
    next: str
    previous: str
    items: tuple[str, str]


@lru_cache(maxsize=8)
def _words(_language: str | None) -> _Words:
    """Return them in the active language."""
    return _Words(
        narrow=escape(_("Narrow the list")),
        made_in=escape(_("Made in the years")),
        show=escape(_("Show")),
        of_map=escape(_("Map of these items")),
        about_map=escape(
            _("Only places that may be shown exactly are on the map. The list of places above leads to the same items.")
        ),
        order=escape(_("Order")),
        filters_set=escape(_("Filters that are set")),
        meant=escape(_("Did you mean")),
        approximate=escape(_("Approximate matches")),
        about_approximate=escape(_("These are spelt nearly as you wrote.")),
        pages=escape(_("Pages of the list")),
        next=escape(_("Next page")),
        previous=escape(_("Previous page")),
        items=(
            escape(ngettext("%(shown)s item", "%(shown)s items", 1)),
            escape(ngettext("%(shown)s item", "%(shown)s items", 2)),
        ),
    )


def results(page: Page, plot: Plot | None) -> SafeString:
    """A page of a list, with this map among its filters."""
    said = _words(get_language())
    total = (said.items[0] if page.total == 1 else said.items[1]) % {
        "shown": format_number(page.total, page_language())
    }
    order, near, nothing = "", "", ""
    if page.total > 1:
        order = f'<nav aria-label="{said.order}"><ul class="orders">{sift_markup.orders(page.sorts)}</ul></nav>'
    if page.near:
        near = (
            f'<h2>{said.approximate}</h2>\n  <p class="small quiet">{said.about_approximate}</p>\n'
            f"  {card_markup.cards(page.near, 'h3')}\n"
        )
    if not page.total:
        nothing = get_template("public_site/_parts/nothing.html").render(dict(page.nothing))
    return SafeString(
        f'<div class="with-sift">\n{_sift(page, plot, said)}\n<div>\n'
        f'  <div class="row"><p class="quiet" role="status">{total}</p>\n  {order}</div>\n'
        f"  {_chips(page, said)}\n  {_meant(page.meant, said)}\n  {card_markup.cards(page.cards, 'h2')}\n\n"
        f"  {near}\n  {nothing}\n  {_turns(page, said)}\n</div>\n</div>\n"
    )


def _sift(page: Page, plot: Plot | None, said: _Words) -> str:
    """Filters, years and the map; open on a phone only when something is set or wrong."""
    is_open = " open" if page.chips or page.form.errors else ""
    bars = sift_markup.bars(page.histogram) if page.histogram else ""
    drawn = plot_of(plot, is_open=False) if plot else ""
    return (
        f'\n<details class="sift"{is_open}>\n  <summary>{said.narrow}</summary>\n  <div>\n'
        f"    {sift_markup.filters(page.filters)}\n    <h2>{said.made_in}</h2>\n    {bars}\n"
        f'    <form method="get">\n      {sift_markup.years(page.form, page.kept)}\n'
        f'      <button class="soft" type="submit">{said.show}</button>\n    </form>\n    {drawn}\n  </div>\n</details>\n'
    )


def plot_of(plot: Plot, *, is_open: bool) -> SafeString:
    """The map of a list, with places beyond its frame below it."""
    said = _words(get_language())
    outside = f"<ul>{sift_markup.listed(plot)}</ul>" if plot.outside else ""
    return SafeString(
        f'<details class="plot"{" open" if is_open else ""}><summary>{said.of_map}</summary>\n{sift_markup.dots(plot)}\n'
        f'<p class="small quiet">{said.about_map}</p>\n{outside}\n</details>\n'
    )


def _chips(page: Page, said: _Words) -> str:
    if not page.chips:
        return ""
    return f'<ul class="chips" aria-label="{said.filters_set}">\n    {sift_markup.chips(page.chips)}\n    </ul>'


def _meant(way: Way | None, said: _Words) -> str:
    if way is None:
        return ""
    return f'<p class="notice">{said.meant} <a href="{escape(way.address)}">{escape(way.label)}</a>?</p>'


def _turns(page: Page, said: _Words) -> str:
    if not (page.next_page or page.previous_page):
        return ""
    back, on = "", ""
    if page.previous_page:
        back = f'<a class="button soft" rel="prev" href="{escape(page.previous_page)}">← {said.previous}</a>'
    if page.next_page:
        on = f'<a class="button" rel="next" href="{escape(page.next_page)}">{said.next} →</a>'
    return f'<nav class="turn" aria-label="{said.pages}">\n    {back}\n    {on}\n  </nav>'
