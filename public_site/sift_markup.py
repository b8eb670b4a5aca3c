"""The long lists beside a list as HTML: values of filters, bars of the decades, dots on the map. Written here for the same reason as
`public_site.card_markup`, and with the same care: every text goes through `escape`."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import lru_cache
from html import escape

from django.templatetags.static import static
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from media_pipeline.sizes import format_number
from public_site.histogram import Bar, Histogram
from public_site.page_languages import page_language
from public_site.plotting import Dot, Plot
from public_site.sifting import Choice, Filter

PROVINCE = "img/province.svg"
_escaped = lru_cache(maxsize=4_096)(escape)  # what values are called is the same on every page


def filters(shown: Iterable[Filter]) -> SafeString:
    """Filters, each with its values as links: some at once, the others when it is opened."""
    language, removal = page_language(), escape(_("remove this filter"))
    return SafeString("\n    ".join(_filter(one, language, removal) for one in shown))


def _filter(one: Filter, language: str, removal: str) -> str:
    key, label = f"f-{escape(one.name)}", escape(one.label)
    more, rest = "", one.more
    if rest:
        counted = escape(ngettext("%(counter)s more", "%(counter)s more", len(rest)) % {"counter": len(rest)})
        summary = f'<summary>{counted}<span class="unseen">: {label}</span></summary>'
        more = f'<details>{summary}<ul aria-labelledby="{key}">{_choices(rest, language, removal)}</ul></details>\n    '
    first = f'<ul aria-labelledby="{key}">{_choices(one.at_once, language, removal)}</ul>'
    return f'<h2 id="{key}">{label}</h2>\n    {first}\n    {more}'


def _choices(values: Iterable[Choice], language: str, removal: str) -> str:
    entries = []
    mark = format_number(1_000, language)[1]
    for _value, label, number, is_chosen, address in values:
        current, off = "", ""
        if is_chosen:
            current = ' aria-current="true"'
            off = f' <span aria-hidden="true">✕</span><span class="unseen">{removal}</span>'
        count = f"{number:,}".replace(",", mark) if number > 999 else number
        link = f'<a href="{escape(address)}"{current}>{_escaped(label)}{off}</a>'
        entries.append(f"<li>{link} <small>{count}</small></li>")
    return "".join(entries)


def bars(histogram: Histogram) -> SafeString:
    """Hits by decade: a drawing whose bars are links, and what is older as a list."""
    language = page_language()
    drawn = "".join(_bar(bar, language) for bar in histogram.bars)
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


def _bar(bar: Bar, language: str) -> str:
    year = f'<text x="{bar.x}" y="61" aria-hidden="true">{bar.first:04d}</text>'
    if not bar.count:
        return year
    said = ngettext("%(first)s–%(last)s: %(shown)s item", "%(first)s–%(last)s: %(shown)s items", bar.count)
    label = said % {"first": bar.first, "last": bar.last, "shown": format_number(bar.count, language)}
    reach = f'<path fill-opacity="0" d="M{bar.x} 0h25v64h-25z"/>'
    shape = f'<path d="M{bar.x} {bar.y}h24v{bar.height}h-24z"/>'
    return f'<a href="{escape(bar.address)}" aria-label="{escape(label)}">{reach}{shape}</a>{year}'


def dots(plot: Plot) -> SafeString:
    """Places of hits on the map of the province: a drawing whose dots are links."""
    language = page_language()
    label, picture = escape(_("Places of these items")), escape(static(PROVINCE))
    size = f'width="{plot.width}" height="{plot.height}"'
    one, many = _said_of_places(language)
    drawn = "".join(_dot(dot, one if dot.count == 1 else many, language) for dot in plot.dots)
    return SafeString(
        f'<svg viewBox="0 0 {plot.width} {plot.height}" role="group" aria-label="{label}">'
        f'<image href="{picture}" {size}/>{drawn}</svg>'
    )


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
