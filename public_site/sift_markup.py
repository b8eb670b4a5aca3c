"""The long lists beside a list as HTML: values of filters, bars of the decades, dots on the map. Written here for the same reason as
`public_site.card_markup`, and with the same care: every text goes through `escape`."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache
from html import escape
from typing import NamedTuple

from django.conf import settings
from django.templatetags.static import static
from django.utils.safestring import SafeString
from django.utils.text import capfirst
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from media_pipeline.sizes import format_number
from public_site.forms import SiftForm
from public_site.histogram import FROM, UNTIL, Bar, Histogram, between
from public_site.page_languages import page_language
from public_site.plotting import Plot
from public_site.sifting import AT_ONCE, Chip, Choice, Filter, Made, begun, quoted

PROVINCE = "img/province.svg"
# What values are called is the same on every page.
_escaped = Made(escape)
_listed = Made(lambda label: escape(begun(label)))


def _query(text: str) -> str:
    """A query string or a part of one within HTML: "&" is the only sign in it that has to be escaped."""
    return text.replace("&", "&amp;")


def _number(count: int, mark: str) -> str:
    """A count as `format_number` writes it, whose mark between thousands this is."""
    return str(count) if count < 1_000 else f"{count:,}".replace(",", mark)


def _mark() -> str:
    """What stands between thousands in the page's language."""
    return format_number(1_000, page_language())[1]


def filters(shown: Iterable[Filter]) -> SafeString:
    """Filters, each with its values as links: some at once, the others when it is opened."""
    language, mark = get_language(), _mark()
    return SafeString("\n    ".join([_filter(one, language, mark) for one in shown]))


def _filter(one: Filter, language: str | None, mark: str) -> str:
    key, label = f"f-{one.name}", _escaped[one.label]
    entries = _entries(one, mark)
    more = ""
    if len(entries) > AT_ONCE:
        counted = _said_of_more(len(entries) - AT_ONCE, language)
        rest = "".join(entries[AT_ONCE:])
        summary = f'<summary>{counted}<span class="unseen">: {label}</span></summary>'
        more = f'<details>{summary}<ul aria-labelledby="{key}">{rest}</ul></details>\n    '
    first = f'<ul aria-labelledby="{key}">{"".join(entries[:AT_ONCE])}</ul>'
    return f'<h2 id="{key}">{label}</h2>\n    {first}\n    {more}'


def _entries(one: Filter, mark: str) -> list[str]:
    """Values as links to the list with each, the count behind; what is chosen as one to the list without it."""
    before, after = f'<li><a href="{_query(one.around.before)}', f'{_query(one.around.after)}">'
    entries = [
        f"{before}{quoted[value]}{after}{_listed[label]}</a>"
        f" <small>{count if count < 1_000 else _number(count, mark)}</small></li>"
        for (value, _key, label, _spot), count in zip(one.told, one.counts, strict=True)
    ]
    if one.current:
        removal = escape(_("remove this filter"))
        off = f' <span aria-hidden="true">✕</span><span class="unseen">{removal}</span>'
        link = f'<a href="{_query(one.without)}" aria-current="true">{_listed[one.told[0].label]}{off}</a>'
        entries[0] = f"<li>{link} <small>{_number(one.counts[0], mark)}</small></li>"
    return entries


@lru_cache(maxsize=256)
def _said_of_more(count: int, _language: str | None) -> str:
    """What is said of so many values more, in the active language."""
    return escape(ngettext("%(counter)s more", "%(counter)s more", count) % {"counter": count})


def bars(histogram: Histogram) -> SafeString:
    """Hits by decade: a drawing whose bars are links, and what is older as a list."""
    language, mark = get_language(), _mark()
    addresses = _query(histogram.addresses)
    drawn = "".join([_bar(bar, addresses, mark, language) for bar in histogram.bars])
    label = escape(_("Hits by decade"))
    svg = f'<svg class="bars" viewBox="0 0 {histogram.width} 64" role="group" aria-label="{label}">{drawn}</svg>'
    if not histogram.older:
        return SafeString(svg)
    older = "".join(
        f'<li><a href="{_query(histogram.address(first))}">{first}–{first + 9}</a>'
        f" <small>{_number(count, mark)}</small></li>"
        for first, count in histogram.older
    )
    return SafeString(f"{svg}\n<details><summary>{escape(_('Older'))}</summary><ul>{older}</ul></details>")


class _Decade(NamedTuple):
    """A decade as it is written in one language: its first year and the parts of addresses; what is said of it with one hit and with
    several, as HTML with a place for how many."""

    year: str
    begin: str
    end: str
    one: str
    many: str


@lru_cache(maxsize=512)
def _decade(first: int, _language: str | None) -> _Decade:
    """Return it in the active language."""
    told = {"first": first, "last": first + 9, "shown": "%s"}
    one, many = (
        escape(ngettext("%(first)s–%(last)s: %(shown)s item", "%(first)s–%(last)s: %(shown)s items", count) % told)
        for count in (1, 2)
    )
    return _Decade(f"{first:04d}", *between(first), one, many)


def _bar(bar: Bar, addresses: str, mark: str, language: str | None) -> str:
    first, count, x, y, height = bar
    written, begin, end, one, many = _decade(first, language)
    year = f'<text x="{x}" y="61" aria-hidden="true">{written}</text>'
    if not count:
        return year
    address = addresses.replace(FROM, begin).replace(UNTIL, end)
    label = (one if count == 1 else many) % _number(count, mark)
    return f'<a href="{address}" aria-label="{label}">{_shape(x, y, height)}</a>{year}'


@lru_cache(maxsize=1_024)
def _shape(x: int, y: int, height: int) -> str:
    """A bar, and above it what is hit by a finger: there are ten places and four dozen heights."""
    return f'<path fill-opacity="0" d="M{x} 0h25v64h-25z"/><path d="M{x} {y}h24v{height}h-24z"/>'


def dots(plot: Plot) -> SafeString:
    """Places of hits on the map of the province: a drawing whose dots are links."""
    label, picture = escape(_("Places of these items")), _province(settings.STATIC_URL)
    size = f'width="{plot.width}" height="{plot.height}"'
    drawn = "".join(_dots(plot, _mark()))
    return SafeString(
        f'<svg viewBox="0 0 {plot.width} {plot.height}" role="group" aria-label="{label}">'
        f'<image href="{picture}" {size}/>{drawn}</svg>'
    )


@lru_cache(maxsize=8)
def _province(_static_url: str) -> str:
    return escape(static(PROVINCE))


@lru_cache(maxsize=8)
def _said_of_places(_language: str | None) -> tuple[str, str]:
    """What is said of a place with one hit and of one with several, in the active language."""
    one, many = (escape(ngettext("%(place)s: %(shown)s item", "%(place)s: %(shown)s items", count)) for count in (1, 2))
    return one, many


def _dots(plot: Plot, mark: str) -> Iterator[str]:
    one, many = _said_of_places(get_language())
    before, after = _query(plot.around.before), _query(plot.around.after)
    for (slug, _key, label, _spot), count, x, y, radius in plot.dots:
        said = (one if count == 1 else many) % {"place": _escaped[label], "shown": _number(count, mark)}
        chosen = ' aria-current="true"' if slug == plot.current else ""
        shape = f'<circle cx="{x}" cy="{y}" r="{radius}"/>'
        yield f'<a href="{before}{quoted[slug]}{after}"{chosen} aria-label="{said}">{shape}</a>'


def listed(plot: Plot) -> SafeString:
    """Places beyond the map as entries of a list."""
    mark = _mark()
    before, after = f'<li><a href="{_query(plot.around.before)}', f'{_query(plot.around.after)}">'
    entries = [
        f"{before}{quoted[slug]}{after}{_escaped[label]}</a> <small>{_number(count, mark)}</small></li>"
        for (slug, _key, label, _spot), count in plot.outside
    ]
    return SafeString("".join(entries))


def orders(choices: Iterable[Choice]) -> SafeString:
    """The orders of a list as entries with links."""
    entries = []
    for _value, label, _count, is_chosen, address in choices:
        current = ' aria-current="true"' if is_chosen else ""
        entries.append(f'<li><a href="{_query(address)}"{current}>{_escaped[label]}</a></li>')
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
    language = get_language()
    fields = (("from", "date_from", form.date_from), ("to", "date_to", form.date_to))
    said = "\n      ".join([_year(key, name, date.value, bool(date.errors), language) for key, name, date in fields])
    wrong = "".join(
        [f'<p class="notice" id="e-{key}">{escape(error)}</p>' for key, _name, date in fields for error in date.errors]
    )
    return SafeString(f"{hidden}\n      {said}\n      {wrong}")


@lru_cache(maxsize=128)
def _year(key: str, name: str, value: str, is_wrong: bool, _language: str | None) -> str:
    """One field, its label in the active language."""
    label, example = (_("From"), 1975) if key == "from" else (_("Until"), 2025)
    wrong = f' aria-invalid="true" aria-describedby="e-{key}"' if is_wrong else ""
    return (
        f'<div><label for="f-{key}" class="small quiet">{escape(label)}</label><input type="text" id="f-{key}" name="{name}"'
        f' value="{escape(value)}" maxlength="10" inputmode="numeric" placeholder="{example}"{wrong}></div>'
    )
