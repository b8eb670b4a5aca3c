"""Pieces of a line: words that may be in another language than the page, lead somewhere, or stand aside."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

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
