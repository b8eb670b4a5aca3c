"""Timed Text (TTML, DFXP): the paragraphs of a file with their times, without styles and regions. Source: TTML 1, sections 8 and 10."""

import re

from lxml import etree

from media_pipeline.processors.captions_cues import LONGEST_MS, Cue, Found, Problem, sound
from media_pipeline.processors.captions_markup import said

_CLOCK = re.compile(r"(\d{2,3}):(\d{2}):(\d{2})(?:\.(\d{1,9})|:(\d{1,3})(?:\.\d+)?)?", re.ASCII)
_OFFSET = re.compile(r"(\d{1,12}(?:\.\d{1,9})?)(h|m|s|ms|f|t)", re.ASCII)
_PARAMETER = "{http://www.w3.org/ns/ttml#parameter}"
_DEPTH_AT_MOST = 40
_SECONDS = {"h": 3600.0, "m": 60.0, "s": 1.0, "ms": 0.001}
_UNIT_MOST = 1_000_000_000


def read_ttml(text: str, *, letters_at_most: int) -> Found:
    """Return the cues of a file. Nothing in it is fetched or expanded; what is no XML at all has none."""
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False, recover=True, remove_comments=True
    )
    # The letters are known already: what the file says of its encoding no longer holds.
    content = re.sub(r"\A\s*<\?xml[^>]*\?>", "", text).encode()
    try:
        root = etree.fromstring(content, parser)
    except (etree.XMLSyntaxError, ValueError):
        root = None
    if root is None:
        return Found([], [Problem(1, "bad_time")])
    rates = {"f": _rate(root, "frameRate", 30), "t": _rate(root, "tickRate", _rate(root, "frameRate", 1))}
    cues: list[Cue] = []
    problems: list[Problem] = []
    for one in root.iter():
        if not isinstance(one.tag, str) or etree.QName(one).localname != "p":
            continue
        start, end = _times(one, rates)
        if start is None or end is None:
            problems.append(Problem(one.sourceline or 0, "bad_time"))
            continue
        spoken = said(_words(one), letters_at_most=letters_at_most)
        cues.append(Cue(start, end, spoken.text, spoken.markup, "", "", one.sourceline or 0))
    return sound(cues, problems)


def _rate(root: etree._Element, name: str, otherwise: int) -> int:
    value = root.get(f"{_PARAMETER}{name}") or ""
    return int(value) if value.isascii() and value.isdigit() and 0 < int(value[:10]) < _UNIT_MOST else otherwise


def _times(element: etree._Element, rates: dict[str, int]) -> tuple[int | None, int | None]:
    """Return when a paragraph begins and ends, in milliseconds. Its own times count from the start of what it stands in."""
    above = 0
    for parent in element.iterancestors():
        above += _ms(parent.get("begin"), rates) or 0
    start = _ms(element.get("begin"), rates)
    end = _ms(element.get("end"), rates)
    length = _ms(element.get("dur"), rates)
    if end is None and start is not None and length is not None:
        end = start + length
    if start is None or end is None or above + end > LONGEST_MS:
        return None, None
    return above + start, above + end


def _ms(value: str | None, rates: dict[str, int]) -> int | None:
    text = (value or "").strip()
    if clock := _CLOCK.fullmatch(text):
        hours, minutes, seconds, fraction, frames = clock.groups()
        part = float(f"0.{fraction}") if fraction else int(frames or 0) / rates["f"]
        return round((int(hours) * 3600 + int(minutes) * 60 + int(seconds) + part) * 1000)
    if offset := _OFFSET.fullmatch(text):
        unit = offset[2]
        return round(float(offset[1]) * (_SECONDS[unit] if unit in _SECONDS else 1 / rates[unit]) * 1000)
    return None


def _words(element: etree._Element, depth: int = 0) -> str:
    """Return the letters of a paragraph, escaped as those of a cue, with its line breaks."""
    pieces = [_escaped(element.text)]
    for child in element if depth < _DEPTH_AT_MOST else ():
        if isinstance(child.tag, str):
            name = etree.QName(child).localname
            pieces.append("\n" if name == "br" else "" if name == "metadata" else _words(child, depth + 1))
        pieces.append(_escaped(child.tail))
    return "".join(pieces)


def _escaped(text: str | None) -> str:
    lines = re.sub(r"\s+", " ", text or "")
    return lines.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
