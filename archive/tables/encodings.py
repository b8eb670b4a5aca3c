"""In which letters a text file is written: UTF-8, UTF-16, or one of the old Vietnamese ways, which are told and refused.

The old ways (domain.md 1.6) cannot be read by a machine alone: the same bytes are other letters in Vietnamese and in Bahnar. They also come
as UTF-8, when a program took their bytes for Western letters: then the text itself looks like "Nh÷ng nguyªn t¾c".
"""

from __future__ import annotations

import codecs
import re
from pathlib import Path

from archive.tables.shapes import TableError

SAMPLE_BYTES = 262_144
# A share of words that no Western language has.
FEWEST, SHARE = 3, 0.2
_WORD = re.compile(r"[^\W\d_]{2,}[^\s,;.:!?\"()]*|[^\s,;.:!?\"()]*[^\W\d_]{2,}")
# Letters that Vietnamese in Unicode cannot do without and none of the old ways shows.
_UNICODE = re.compile("[\u1ea0-\u1ef9đĐơƠưƯăĂ]")
# Signs that TCVN3 has for letters: in the middle of a word they are nothing else.
_TCVN3 = re.compile(r"[^\W\d_][¸¶·¹¨»¾¼½©®ª«¬÷×µ§¢£¤¥¦]|[¨©®«¬÷×§][^\W\d_]")
# VNI writes the mark after its vowel, as a letter of its own.
_VNI = re.compile(r"[aeoôö][âáàåãä]|[aeouyôö][ùøûõï]|a[êéèúüë]|ñ[aeioöuôy]|[öô][ôi]", re.IGNORECASE)
# Windows-1258 has the tone after the letter: ì grave, Ò hook, Þ tilde, ì acute, ò dot, as Western letters see them.
_CP1258 = re.compile(r"[aeiouyâêôãõý][ÌÒÞìò](?!\w*[ÌÒÞ]{2})|ð[aeiouýõ]", re.IGNORECASE)


def encoding_of(path: Path) -> str:
    """Return the codec that reads the whole file. Raises TableError("looks_like_tcvn3", "looks_like_vni", "looks_like_cp1258",
    "not_utf8"); OSError."""
    with path.open("rb") as file:
        head = file.read(SAMPLE_BYTES)
    wide = _wide(head)
    if wide:
        return wide
    # A letter may be cut in two where the sample ends.
    text = codecs.getincrementaldecoder("utf-8-sig")("replace").decode(head)
    if "\ufffd" in text and _is_broken(head):
        raise TableError(looks_like(head.decode("cp1252", "replace")) or "not_utf8")
    if old := looks_like(text):
        raise TableError(old)
    return "utf-8-sig"


def _wide(head: bytes) -> str:
    """Return the codec of a file in units of two bytes, with its mark or, as some programs write it, without."""
    if head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "utf-16"
    pairs = len(head) // 2
    if pairs < 2:
        return ""
    high, low = head[1 : 2 * pairs : 2].count(0), head[0 : 2 * pairs : 2].count(0)
    if high > pairs * 0.3 and low * 10 < high:
        return "utf-16-le"
    return "utf-16-be" if low > pairs * 0.3 and high * 10 < low else ""


def _is_broken(head: bytes) -> bool:
    try:
        codecs.getincrementaldecoder("utf-8")().decode(head)
    except UnicodeDecodeError:
        return True
    return False


def looks_like(text: str) -> str:
    """Return the code of the old way of writing that a text was made in and misread from; empty for any other."""
    if _UNICODE.search(text):
        return ""
    words = _WORD.findall(text)
    for code, pattern in (("looks_like_tcvn3", _TCVN3), ("looks_like_vni", _VNI), ("looks_like_cp1258", _CP1258)):
        odd = sum(1 for word in words if pattern.search(word))
        if odd >= FEWEST and odd >= SHARE * len(words):
            return code
    return ""
