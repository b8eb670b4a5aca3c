"""The words of the sample's pages and books: general Vietnamese sentences written for it, kept in texts.json."""

import json
from dataclasses import dataclass
from functools import cache
from pathlib import Path


@dataclass(frozen=True)
class Section:
    """A heading and its paragraphs."""

    heading: str
    paragraphs: tuple[str, ...]


@cache
def _library() -> dict[str, tuple[Section, ...]]:
    raw = json.loads(Path(__file__).with_name("texts.json").read_text(encoding="utf-8"))
    return {theme: tuple(Section(part["h"], tuple(part["p"])) for part in parts) for theme, parts in raw.items()}


def sections(themes: str) -> tuple[Section, ...]:
    """The foreword, then the sections of the themes, which are named in one text with spaces between."""
    return tuple(section for theme in ("foreword", *themes.split()) for section in _library()[theme])
