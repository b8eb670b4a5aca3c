"""Turns the bytes of a text into letters: Unicode where it is that, else the code pages in which Vietnamese was typed before."""

import re
import unicodedata

from media_pipeline.processors import legacy_vietnamese

# Combining accents of Windows-1258 stand after a vowel; in Western European text the same bytes are letters of their own.
_ACCENTS = "\u0300\u0301\u0303\u0309\u0323"
_ACCENT_WITHOUT_VOWEL = re.compile(f"(?<![aăâeêioôơuưyAĂÂEÊIOÔƠUƯY])[{_ACCENTS}]")
_SAMPLE_BYTES = 4096


def decode(content: bytes) -> tuple[str, str]:
    """Return the text in composed letters, without a byte order mark, and the name of its encoding.

    Every sequence of bytes gets an answer: what fits nowhere is read as Windows-1252, where undefined bytes become U+FFFD.
    """
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        return _composed(content.decode("utf-16", "replace")), "utf-16"
    if wide := _wide(content):
        return _composed(content.decode(wide, "replace")), wide
    try:
        return _composed(content.decode("utf-8-sig")), "utf-8"
    except UnicodeDecodeError:
        pass
    vietnamese = _vietnamese(content)
    if (vietnamese is None or not legacy_vietnamese.is_vietnamese(_composed(vietnamese))) and (
        older := legacy_vietnamese.read(content)
    ):
        return _composed(older[0]), older[1]
    if vietnamese is not None:
        return _composed(vietnamese), "windows-1258"
    return _composed(content.decode("cp1252", "replace")), "windows-1252"


def _composed(text: str) -> str:
    return unicodedata.normalize("NFC", text)


def _wide(content: bytes) -> str:
    """UTF-16 without a mark: in text, nearly every second byte of the spaces and line ends is zero, always on the same side."""
    sample = content[:_SAMPLE_BYTES]
    even, odd = sample[::2].count(0), sample[1::2].count(0)
    if len(sample) < 4 or max(even, odd) < len(sample) / 8 or min(even, odd) > 0:
        return ""
    return "utf-16-le" if odd > even else "utf-16-be"


def _vietnamese(content: bytes) -> str | None:
    try:
        text = content.decode("cp1258")
    except UnicodeDecodeError:
        return None
    letters = unicodedata.normalize("NFD", text)
    with_accents = sum(text.count(one) for one in _ACCENTS)
    # A vowel may carry a hat or a horn before its accent: looked at in the form that has these in one letter.
    return text if with_accents and letters and not _ACCENT_WITHOUT_VOWEL.search(text) else None
