"""What the page of an item shows for citing it, and tells programs that read pages: tags, links to other forms, data.

Markup is put together here and not by templates: every page of an item has some fifty of these values, and a template is slow at it.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from html import escape

from django.utils.safestring import SafeString

from archive import addresses
from archive.crosswalks import citing, highwire, schema_org
from archive.crosswalks.citing import Citation
from archive.crosswalks.record import Record
from archive.crosswalks.reference import Reference, reference
from archive.models import Item
from public_site import citations
from public_site.exports import EXPORTS
from public_site.titles import KNOWN_MARKS, SAMPLE_MARK

# What Vietnamese libraries and universities ask for stands first.
FIRST = "iso690"
OTHERS = ("apa", "chicago", "mla")


@dataclass(frozen=True)
class Style:
    """A written citation, with the name of its style."""

    name: str
    text: SafeString


@dataclass(frozen=True)
class Citing:
    """What readers see: the first citation, the others, and links to the files."""

    first: Style
    others: tuple[Style, ...]
    files: SafeString


@dataclass(frozen=True)
class Machines:
    """What stands in the head: tags, links, and JSON that no text can end."""

    tags: SafeString
    links: SafeString
    data: SafeString


def referred(item: Item, record: Record, language: str) -> Reference:
    """The reference of an item; that of a sample says so first."""
    made = reference(record, language)
    if not item.is_sample or made.title.startswith(KNOWN_MARKS):
        return made
    return replace(made, title=f"{SAMPLE_MARK} {made.title}")


def context(item: Item, record: Record, language: str, *, for_programs: bool) -> dict[str, object]:
    """Context of the page of an item. A preview is nothing for programs, nor is a page that warns before it shows. No query."""
    made = referred(item, record, language)
    words = citations.words(language)
    lang = "" if made.title_lang == language else made.title_lang
    page = addresses.item(item)

    def style(key: str) -> Style:
        name, write = citing.STYLES[key]
        return Style(name, as_html(write(made, words), lang))

    files = " · ".join(
        f'<a href="{escape(page)}cite.{ending}" download>{escape(str(form.name))}</a>'
        for ending, form in EXPORTS.items()
    )
    shown = Citing(style(FIRST), tuple(style(key) for key in OTHERS), SafeString(files))
    return {"citing": shown, "machines": _machines(made, record, page)} if for_programs else {"citing": shown}


def written(item: Item, record: Record, language: str) -> SafeString:
    """The citation that stands first, alone. No query."""
    made = referred(item, record, language)
    _name, write = citing.STYLES[FIRST]
    return as_html(write(made, citations.words(language)), "" if made.title_lang == language else made.title_lang)


def as_html(citation: Citation, lang: str) -> SafeString:
    """A citation with titles in italics; `lang` is theirs where it is not the page's."""
    opened = f'<i lang="{escape(lang)}">' if lang else "<i>"
    return SafeString(
        "".join(f"{opened}{escape(text)}</i>" if is_title else escape(text) for text, is_title in citation)
    )


def _machines(made: Reference, record: Record, page: str) -> Machines:
    tags = [f'<meta name="{name}" content="{escape(content)}">' for name, content in highwire.tags(made)]
    links = [f'<link rel="cite-as" href="{escape(record.lasting)}">']
    links += [
        f'<link rel="describedby" type="{escape(form.media_type)}" href="{escape(page)}cite.{ending}">'
        for ending, form in EXPORTS.items()
    ]
    return Machines(
        SafeString("\n".join(tags)),
        SafeString("\n".join(links)),
        # Its letters that mean something to HTML are escaped as JSON escapes them.
        SafeString(schema_org.for_pages(record)),
    )
