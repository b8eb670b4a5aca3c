"""Pieces of a line: words that may be in another language than the page, lead somewhere, or stand aside."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from html import escape

from django.utils.safestring import SafeString

from public_site.titles import Text


@dataclass(frozen=True)
class Part:
    """A piece of a line. `lang` as of `Text`; `href` where it leads; `rel` what that is to the page."""

    value: str
    lang: str = ""
    href: str = ""
    rel: str = ""
    is_quiet: bool = False


Line = tuple[Part, ...]


@dataclass(frozen=True)
class Fact:
    """One entry of what is known of a work: its label and its lines."""

    label: str
    lines: tuple[Line, ...]


def of_text(text: Text, href: str = "", *, rel: str = "", is_quiet: bool = False) -> Part:
    """A text as a piece."""
    return Part(text.value, text.lang, href, rel, is_quiet)


def lines_of(texts: Iterable[Text]) -> list[Line]:
    """Texts, each a line of its own."""
    return [(of_text(text),) for text in texts]


def joined(parts: Sequence[Part], mark: str = ", ") -> list[Part]:
    """Pieces with a mark between them."""
    return [piece for part in parts for piece in (Part(mark, is_quiet=part.is_quiet), part)][1:]


def fact(label: object, lines: Iterable[Line]) -> list[Fact]:
    """The fact, or nothing where nothing is known."""
    kept = tuple(line for line in lines if line)
    return [Fact(str(label), kept)] if kept else []


def html_of(facts: Iterable[Fact]) -> SafeString:
    """Facts as entries of a `dl`. Written here and not in a template: a page has dozens of pieces, and for each a template takes longer
    than the database for the whole work."""
    return SafeString("\n  ".join(f"<dt>{escape(one.label)}</dt><dd>{_lines_html(one.lines)}</dd>" for one in facts))


def _lines_html(lines: Sequence[Line]) -> str:
    if len(lines) == 1:
        return _line_html(lines[0])
    items = "".join(f"<li>{_line_html(line)}</li>" for line in lines)
    return f"<ul>{items}</ul>"


def _line_html(line: Line) -> str:
    return "".join(map(_part_html, line))


def _part_html(part: Part) -> str:
    lang = f' lang="{escape(part.lang)}"' if part.lang else ""
    if part.href:
        rel = f' rel="{escape(part.rel)}"' if part.rel else ""
        return f'<a href="{escape(part.href)}"{rel}{lang}>{escape(part.value)}</a>'
    said = "<br>".join(escape(part.value).replace("\r\n", "\n").replace("\r", "\n").split("\n"))
    if not (lang or part.is_quiet):
        return said
    quiet = ' class="quiet"' if part.is_quiet else ""
    return f"<span{quiet}{lang}>{said}</span>"
