"""The long lists beside a list as HTML: values of filters, bars of the decades, dots on the map. Written here for the same reason as
`public_site.card_markup`, and with the same care: every text goes through `escape`."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from html import escape

from django.conf import settings
from django.templatetags.static import static
from django.utils.safestring import SafeString
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from archive.search import FacetValue
from media_pipeline.sizes import format_number
from public_site.forms import AskedDate, SiftForm
from public_site.histogram import Bar, Histogram
from public_site.page_languages import page_language
from public_site.plotting import Dot, Plot
from public_site.sifting import AT_ONCE, Address, Chip, Choice, Filter, capitalised, quoted

PROVINCE = "img/province.svg"


@lru_cache(maxsize=4_096)
def _shown(label: str) -> str:
    """What a value is called, which is the same on every page."""
    return escape(capitalised(label))


def filters(shown: Iterable[Filter]) -> SafeString:
    """Filters, each with its values as links: some at once, the others when it is opened."""
    language, removal = page_language(), escape(_("remove this filter"))
    return SafeString("\n    ".join(_filter(one, language, removal) for one in shown))


def _filter(one: Filter, language: str, removal: str) -> str:
    key, label = f"f-{escape(one.name)}", escape(one.label)
    entries = _entries(one.others, one.address, format_number(1_000, language)[1])
    if one.chosen:
        entries.insert(0, _chosen(one.chosen, language, removal))
    more, rest = "", len(entries) - AT_ONCE
    if rest > 0:
        counted = escape(ngettext("%(counter)s more", "%(counter)s more", rest) % {"counter": rest})
        summary = f'<summary>{counted}<span class="unseen">: {label}</span></summary>'
        more = f'<details>{summary}<ul aria-labelledby="{key}">{"".join(entries[AT_ONCE:])}</ul></details>\n    '
    first = f'<ul aria-labelledby="{key}">{"".join(entries[:AT_ONCE])}</ul>'
    return f'<h2 id="{key}">{label}</h2>\n    {first}\n    {more}'


def _entries(values: Iterable[FacetValue], address: Address, mark: str) -> list[str]:
    """Values as links with counts, whose thousands are parted by `mark`."""
    before, after = escape(address.before), escape(address.after)
    return [
        f'<li><a href="{before}{quoted(value)}{after}">{_shown(label)}</a>'
        f" <small>{f'{count:,}'.replace(',', mark) if count > 999 else count}</small></li>"
        for value, label, count in values
    ]


def _chosen(one: Choice, language: str, removal: str) -> str:
    off = f' <span aria-hidden="true">✕</span><span class="unseen">{removal}</span>'
    link = f'<a href="{escape(one.address)}" aria-current="true">{escape(one.label)}{off}</a>'
    return f"<li>{link} <small>{format_number(one.count, language)}</small></li>"


def bars(histogram: Histogram) -> SafeString:
    """Hits by decade: a drawing whose bars are links, and what is older as a list."""
    language = page_language()
    one, many = _said_of_decades(language)
    drawn = "".join(_bar(bar, one if bar.count == 1 else many, language) for bar in histogram.bars)
    label = escape(_("Hits by decade"))
    svg = f'<svg class="bars" viewBox="0 0 {histogram.width} 64" role="group" aria-label="{label}">{drawn}</svg>'
    if not histogram.older:
        return SafeString(svg)
    older = "".join(
        f'<li><a href="{escape(bar.address)}">{bar.first}–{bar.last}</a>'
        f" <small>{format_number(bar.count, language)}</small></li>"
        for bar in histogram.older
    )
    return SafeString(f"{svg}\n<details><summary>{escape(_('Older'))}</summary><ul>{older}</ul></details>")


@lru_cache(maxsize=8)
def _said_of_decades(_language: str) -> tuple[str, str]:
    """What is said of a decade with one hit and of one with several, in the page's language, which is the active one."""
    one, many = (
        ngettext("%(first)s–%(last)s: %(shown)s item", "%(first)s–%(last)s: %(shown)s items", count) for count in (1, 2)
    )
    return one, many


def _bar(bar: Bar, said: str, language: str) -> str:
    year = f'<text x="{bar.x}" y="61" aria-hidden="true">{bar.first:04d}</text>'
    if not bar.count:
        return year
    label = said % {"first": bar.first, "last": bar.last, "shown": format_number(bar.count, language)}
    reach = f'<path fill-opacity="0" d="M{bar.x} 0h25v64h-25z"/>'
    shape = f'<path d="M{bar.x} {bar.y}h24v{bar.height}h-24z"/>'
    return f'<a href="{escape(bar.address)}" aria-label="{escape(label)}">{reach}{shape}</a>{year}'


def dots(plot: Plot) -> SafeString:
    """Places of hits on the map of the province: a drawing whose dots are links."""
    language = page_language()
    label, picture = escape(_("Places of these items")), _province(settings.STATIC_URL)
    size = f'width="{plot.width}" height="{plot.height}"'
    one, many = _said_of_places(language)
    drawn = "".join(_dot(dot, one if dot.count == 1 else many, language) for dot in plot.dots)
    return SafeString(
        f'<svg viewBox="0 0 {plot.width} {plot.height}" role="group" aria-label="{label}">'
        f'<image href="{picture}" {size}/>{drawn}</svg>'
    )


@lru_cache(maxsize=8)
def _province(_static_url: str) -> str:
    return escape(static(PROVINCE))


@lru_cache(maxsize=8)
def _said_of_places(_language: str) -> tuple[str, str]:
    """What is said of a place with one hit and of one with several, in the page's language, which is the active one."""
    one, many = (ngettext("%(place)s: %(shown)s item", "%(place)s: %(shown)s items", count) for count in (1, 2))
    return one, many


def _dot(dot: Dot, said: str, language: str) -> str:
    label = said % {"place": dot.label, "shown": format_number(dot.count, language)}
    chosen = ' aria-current="true"' if dot.is_chosen else ""
    shape = f'<circle cx="{dot.x}" cy="{dot.y}" r="{dot.radius}"/>'
    return f'<a href="{escape(dot.address)}"{chosen} aria-label="{escape(label)}">{shape}</a>'


def listed(shown: Sequence[Dot]) -> SafeString:
    """Places beyond the map as entries of a list."""
    language = page_language()
    return SafeString(
        "".join(
            f'<li><a href="{escape(dot.address)}">{escape(dot.label)}</a>'
            f" <small>{format_number(dot.count, language)}</small></li>"
            for dot in shown
        )
    )


def orders(choices: Iterable[Choice]) -> SafeString:
    """The orders of a list as entries with links."""
    entries = []
    for _value, label, _count, is_chosen, address in choices:
        current = ' aria-current="true"' if is_chosen else ""
        entries.append(f'<li><a href="{escape(address)}"{current}>{escape(label)}</a></li>')
    return SafeString("".join(entries))


def chips(shown: Iterable[Chip]) -> SafeString:
    """Filters that are set as entries with links that take them off."""
    off = f' <span aria-hidden="true">✕</span><span class="unseen">{escape(_("remove this filter"))}</span>'
    return SafeString(
        "\n    ".join(
            f'<li><a href="{escape(one.address)}"><span>{escape(one.label)}:</span> {escape(capfirst(one.value))}{off}</a></li>'
            for one in shown
        )
    )


def years(form: SiftForm, kept: Mapping[str, str]) -> SafeString:
    """The fields for the years between which works were made, with what else is asked (`kept`), and what is wrong with them."""
    hidden = "".join(
        f'<input type="hidden" name="{escape(name)}" value="{escape(value)}">' for name, value in kept.items()
    )
    fields = (("from", "date_from", form.date_from, 1975, _("From")), ("to", "date_to", form.date_to, 2025, _("Until")))
    said = "\n      ".join(_year(*field) for field in fields)
    wrong = "".join(
        f'<p class="notice" id="e-{key}">{escape(error)}</p>'
        for key, _name, date, *_rest in fields
        for error in date.errors
    )
    return SafeString(f"{hidden}\n      {said}\n      {wrong}")


def _year(key: str, name: str, date: AskedDate, example: int, label: str) -> str:
    wrong = f' aria-invalid="true" aria-describedby="e-{key}"' if date.errors else ""
    return (
        f'<div><label for="f-{key}" class="small quiet">{escape(label)}</label><input type="text" id="f-{key}" name="{name}"'
        f' value="{escape(date.value)}" maxlength="10" inputmode="numeric" placeholder="{example}"{wrong}></div>'
    )
