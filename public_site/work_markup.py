"""Parts of the page of a work that are lists, as HTML. Written here and not in templates: a page has dozens of such lines, and for each a
template takes longer than the database for the whole work. Every text goes through `escape`; a test holds each of them to it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from html import escape
from typing import TYPE_CHECKING

from django.utils.html import conditional_escape
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from public_site import ways
from public_site.belonging import Mark, Owner
from public_site.citing import Style
from public_site.renditions import Output
from public_site.titles import Text

if TYPE_CHECKING:
    from public_site.views.item import Near, Related, Ties


def lang(tag: str) -> str:
    """The attribute of a text in another language than the page's."""
    return f' lang="{escape(tag)}"' if tag else ""


def broken(value: str) -> str:
    """A text with its line breaks."""
    return escape(value).replace("\r\n", "\n").replace("\r", "\n").replace("\n", "<br>")


def heading(title: Text, others: Iterable[Text]) -> SafeString:
    """The title of a work, and its titles in other languages below."""
    also = "".join(f'<p class="also"{lang(one.lang)}>{escape(one.value)}</p>' for one in others)
    return SafeString(f"<h1{lang(title.lang)}>{escape(title.value)}</h1>\n  {also}")


def prose(texts: Iterable[Text]) -> SafeString:
    """Texts as paragraphs."""
    return SafeString("".join(f'<p class="prose"{lang(one.lang)}>{broken(one.value)}</p>' for one in texts))


def still(picture: Output | None, wide: Output | None, about: str) -> SafeString:
    """A still picture, and the larger one for large screens."""
    source = f'<source media="(min-width: 60em)" srcset="{escape(wide.address)}"{_size(wide)}>' if wide else ""
    shown = f'src="{escape(picture.address)}"{_size(picture)}' if picture else 'src=""'
    image = f'<img {shown} alt="{conditional_escape(about)}" fetchpriority="high">'
    return SafeString(f'<div class="stage-pic"><picture>{source}{image}</picture></div>')


def _size(picture: Output) -> str:
    return f' width="{picture.width}" height="{picture.height}"'


def crumbs(gathered: Iterable[tuple[Text, str]]) -> SafeString:
    """Collections as entries of the way to the page."""
    return SafeString(
        "".join(
            f'<li><a href="{escape(ways.to("collection", slug))}"{lang(name.lang)}>{escape(name.value)}</a></li>'
            for name, slug in gathered
        )
    )


def ties(shown: Iterable[Ties]) -> SafeString:
    """Works that a work is tied to, by how, as entries of a `dl`."""
    return SafeString(
        "".join(f"<dt>{escape(tie.label)}</dt><dd><ul>{''.join(map(_tied, tie.others))}</ul></dd>" for tie in shown)
    )


def _tied(other: Related) -> str:
    said = "".join(f' <span class="quiet"{lang(note.lang)}>{escape(note.value)}</span>' for note in other.notes)
    return f"<li>{linked(other)}{said}</li>"


def linked(work: Related) -> str:
    """A work as a link."""
    return f'<a href="{escape(work.address)}"{lang(work.title.lang)}>{escape(work.title.value)}</a>'


def works(shown: Iterable[Near]) -> SafeString:
    """Works with their kinds, as entries of a list."""
    return SafeString(
        "".join(f'<li>{linked(one.work)} <span class="quiet">{escape(one.kind)}</span></li>' for one in shown)
    )


def owners(shown: Iterable[Owner]) -> SafeString:
    """Communities with what they say of a work."""
    return SafeString("".join(map(_owner, shown)))


def _owner(owner: Owner) -> str:
    name = f'<a href="{escape(owner.address)}">{escape(owner.name)}</a>' if owner.address else escape(owner.name)
    said = "".join(f"<blockquote{lang(text.lang)}>{broken(text.value)}</blockquote>" for text in owner.statements)
    return f'<div class="owner">\n    <p class="owner-name">{name}</p>\n    {said}\n  </div>'


def marks(shown: Sequence[Mark]) -> SafeString:
    """Labels and notices as entries of a list."""
    return SafeString("\n    ".join(map(_mark, shown)))


def _mark(mark: Mark) -> str:
    title = f"{lang(mark.title.lang)}>{escape(mark.title.value)}"
    named = (
        f'<a rel="external noopener" href="{escape(mark.address)}"{title}</a>'
        if mark.address
        else f"<span{title}</span>"
    )
    said = (
        _("a notice of the library to all who use it")
        if mark.is_notice
        else _("a label of %(name)s, in the community's own words") % {"name": mark.community}
    )
    return f'<li>{named}\n      <span class="quiet">{escape(said)}</span></li>'


def styles(shown: Iterable[Style]) -> SafeString:
    """Citations with the names of their styles, as entries of a `dl`."""
    return SafeString("\n".join(f'<dt>{escape(one.name)}</dt><dd class="cite">{one.text}</dd>' for one in shown))
