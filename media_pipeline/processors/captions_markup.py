"""The text of a cue: from whatever tags a program wrote to the few that WebVTT knows and nobody can misuse, always closed, all else
escaped."""

import html
import re
from collections.abc import Iterator
from typing import NamedTuple

from media_pipeline.processors.passages import clean

_TAG = re.compile(r"<(/?)([a-zA-Z]+)((?:\.[^\s<>.]+)*)(?:\s+([^<>]*))?\s*/?>|<[\d:.]+>")
# What programs write for looks or timing: gone, with what it holds staying.
_LOOKS = frozenset({"font", "c", "s", "strike", "span", "p", "div", "em", "strong", "body", "sync", "small", "big"})
_SAME = {"em": "i", "strong": "b"}
_PLAIN = frozenset({"b", "i", "u", "ruby", "rt"})
_NAMED = frozenset({"v", "lang"})
_BRACES = re.compile(r"\{\\[^{}]*\}|\{[yYcCfFsSpPoO]:[^{}]*\}|\{/?[biuBIU]\}")
_ENTITY = re.compile(r"&(#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|[a-zA-Z]{2,31}\d{0,2});")
_LANG = re.compile(r"[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8}){0,6}")
_NAME_LETTERS = 80
_RAW_TIMES = 4  # as long as its letters may be is what a cue is read of: the rest would be tags


class Said(NamedTuple):
    """The text of a cue as safe WebVTT, as plain letters, and who says it (empty: unknown, or several)."""

    markup: str
    text: str
    speaker: str = ""


def said(raw: str, *, letters_at_most: int, speaker: str = "") -> Said:
    """Return the text of a cue. `speaker` is known from elsewhere than its tags; a cue that names several has none."""
    raw = clean(_BRACES.sub("", raw[: _RAW_TIMES * letters_at_most]))
    pieces = list(_pieces(raw))
    text = _lines("".join(value for kind, value in pieces if kind == "text"))
    if len(text) > letters_at_most:
        pieces, text = [("text", text[:letters_at_most].rstrip())], text[:letters_at_most].rstrip()
    voices = {value for kind, value in pieces if kind == "v"}
    if speaker and not voices:
        pieces.insert(0, ("v", speaker))
    name = next(iter(voices)) if len(voices) == 1 else "" if voices else speaker
    return Said(_lines(_written(pieces)), text, name)


def named(raw: str) -> str:
    """Return the name of a speaker as one short line without marks that WebVTT gives a meaning."""
    return re.sub(r"[<>&\s]+", " ", clean(html.unescape(raw))).strip()[:_NAME_LETTERS].rstrip()


def _pieces(raw: str) -> Iterator[tuple[str, str]]:
    """Yield ("text", letters), ("b", ""), ("/b", ""), ("v", name), … in order; tags of no meaning are gone, what is no tag is text."""
    end = 0
    for found in _TAG.finditer(raw):
        yield "text", _unescaped(raw[end : found.start()])
        end = found.end()
        name = (found[2] or "").lower()
        closing = found[1] == "/"
        if not name:
            continue  # a time within a cue
        name = _SAME.get(name, name)
        if name == "br":
            yield "text", "\n"
        elif name in _PLAIN or (name in _NAMED and closing):
            yield ("/" if closing else "") + name, ""
        elif name in _NAMED:
            yield from _with_name(name, found[4] or "")
        elif name not in _LOOKS:
            yield "text", found[0]
    yield "text", _unescaped(raw[end:])


def _with_name(tag: str, raw: str) -> Iterator[tuple[str, str]]:
    value = named(raw)
    if tag == "lang":
        value = value if _LANG.fullmatch(value) else ""
    if value:
        yield tag, value


def _written(pieces: list[tuple[str, str]]) -> str:
    """Write the pieces with every tag closed in order; one that closes nothing is left out."""
    out: list[str] = []
    is_open: list[str] = []
    for kind, value in pieces:
        if kind == "text":
            out.append(_escaped(value))
        elif kind.startswith("/"):
            name = kind[1:]
            while name in is_open:
                out.append(f"</{is_open[-1]}>")
                if is_open.pop() == name:
                    break
        elif kind == "rt" and "ruby" not in is_open:
            continue
        else:
            if kind == "v":
                while is_open:  # a voice ends where the next begins
                    out.append(f"</{is_open.pop()}>")
            out.append(f"<{kind} {value}>" if value else f"<{kind}>")
            is_open.append(kind)
    out += [f"</{name}>" for name in reversed(is_open)]
    return "".join(out)


def _unescaped(text: str) -> str:
    return _ENTITY.sub(lambda found: html.unescape(found[0]), text)


def _escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def _lines(text: str) -> str:
    """An empty line would end the cue."""
    return "\n".join(line for line in (" ".join(one.split()) for one in clean(text).split("\n")) if line)
