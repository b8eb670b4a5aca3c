"""Texts that staff write for exhibits, with a few marks: paragraphs, lists, emphasis and links. Everything else is shown as it was typed.

Pure. An empty line parts paragraphs; lines that begin with "- " or "1. " are lists; *so* is emphasis and **so** is strong; [words](address)
is a link, to a page of this site or to https.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import escape

from django.utils.safestring import SafeString

_BULLET, _NUMBERED = re.compile(r"\s*[-•]\s+"), re.compile(r"\s*\d{1,3}[.)]\s+")
# No mark holds a line break, and none begins or ends with a blank: "5 * 3 * 2" is no emphasis. Bounded, so that no text takes long.
_INLINE = re.compile(
    r"\[(?P<words>[^\[\]\n]{1,300})\]\((?P<address>[^()\s]{1,600})\)"
    r"|\*\*(?P<strong>[^*\s](?:[^*\n]{0,600}[^*\s])?)\*\*"
    r"|\*(?P<slanted>[^*\s](?:[^*\n]{0,600}[^*\s])?)\*"
)
_OWN, _OTHER = re.compile(r"/(?![/\\])[^\s\\]*\Z"), re.compile(r"https?://[^\s/\\?#@]+(?:[/?#][^\s\\]*)?\Z")


def to_html(text: str) -> SafeString:
    """Return the text as HTML: block elements, everything in it escaped."""
    return SafeString("\n".join(_blocks(text.replace("\r\n", "\n").replace("\r", "\n"))))


def _blocks(text: str) -> Iterator[str]:
    for paragraph in re.split(r"\n[ \t]*\n", text):
        lines = [line for line in paragraph.split("\n") if line.strip()]
        for tag, part in _parts(lines):
            if tag == "p":
                yield f"<p>{'<br>'.join(_inline(line.strip()) for line in part)}</p>"
            else:
                yield f"<{tag}>{''.join(f'<li>{_inline(line)}</li>' for line in part)}</{tag}>"


def _parts(lines: list[str]) -> Iterator[tuple[str, list[str]]]:
    """Yield runs of lines of one sort: "ul" and "ol" without their marks, "p"."""
    held: list[str] = []
    kind = ""
    for line in lines:
        bullet, numbered = _BULLET.match(line), _NUMBERED.match(line)
        found = "ul" if bullet else "ol" if numbered else "p"
        if found != kind and held:
            yield kind, held
            held = []
        kind = found
        mark = bullet or numbered
        held.append(line[mark.end() :].strip() if mark else line)
    if held:
        yield kind, held


def _inline(line: str) -> str:
    made: list[str] = []
    at = 0
    for found in _INLINE.finditer(line):
        made.append(escape(line[at : found.start()]))
        made.append(_marked(found))
        at = found.end()
    return "".join(made) + escape(line[at:])


def _marked(found: re.Match[str]) -> str:
    if found["strong"] is not None:
        return f"<strong>{escape(found['strong'])}</strong>"
    if found["slanted"] is not None:
        return f"<em>{escape(found['slanted'])}</em>"
    address = found["address"]
    if _OWN.match(address):
        return f'<a href="{escape(address)}">{escape(found["words"])}</a>'
    if _OTHER.match(address):
        return f'<a href="{escape(address)}" rel="noopener noreferrer">{escape(found["words"])}</a>'
    return escape(found[0])
