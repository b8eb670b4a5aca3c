"""The letters of a text file, whatever it was written in: Unicode in all its forms, and the old Vietnamese ways (domain: TCVN3, VNI,
Windows-1258).

An old way is a guess: the same bytes are other letters in Western languages and in Bahnar. `Letters.guessed` names it, so that a person
looks.
"""

import codecs
import re
import unicodedata
from typing import NamedTuple

_BOMS = (
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_BLANKS = re.compile(r"[^\S\n]+")
_ZERO_SHARE = 0.3  # of the bytes of one half, in a text of two-byte units without a mark
# A share of words that no Western language has.
_FEWEST, _SHARE = 3, 0.15
_WORD = re.compile(r"[^\s,;:!?\"()<>{}\d]*[^\W\d_][^\s,;:!?\"()<>{}\d]*")
_ODD_TCVN3 = re.compile(
    r"[^\W\d_][¸¶·¹¨»¾¼½©®ª«¬\xad÷×µ§¢£¤¥¦]|[¨©®«¬\xad÷×§µ¸¶·¹][^\W\d_]|[a-z][ÆÇÈÉÊËÌÎÏÐÑÒÓÔÕÖØÜÝÞß]"
)
_ODD_VNI = re.compile(r"[aeoôö][âáàåãä]|[aeouyôö][ùøûõï]|a[êéèúüë]|ñ[aeioöuôy]|[öô][ôi]", re.IGNORECASE)
_ODD_CP1258 = re.compile(r"[aeiouyâêôãõý][ÌÒÞìò](?!\w*[ÌÒÞ]{2})|ð[aeiouýõ]", re.IGNORECASE)

_TCVN3 = {
    ord(old): new
    for old, new in zip(
        "µ¸¶·¹¨»¾¼½Æ©ÇÊÈÉË®ÌÐÎÏÑªÒÕÓÔÖ×ÝØÜÞßãáâä«åèæçé¬êíëìîïóñòô\xadõøö÷ùúýûüþ¡¢£¤¥¦§",
        "àáảãạăằắẳẵặâầấẩẫậđèéẻẽẹêềếểễệìíỉĩịòóỏõọôồốổỗộơờớởỡợùúủũụưừứửữựỳýỷỹỵĂÂÊÔƠƯĐ",
        strict=True,
    )
}
# VNI writes a letter, and after it what stands above it: an accent, or an accent with its tone.
_VNI_TONES = {"ù": "\u0301", "ø": "\u0300", "û": "\u0309", "õ": "\u0303", "ï": "\u0323"}
_VNI_CIRCUMFLEX = {"â": "", "á": "\u0301", "à": "\u0300", "å": "\u0309", "ã": "\u0303", "ä": "\u0323"}
_VNI_BREVE = {"ê": "", "é": "\u0301", "è": "\u0300", "ú": "\u0309", "ü": "\u0303", "ë": "\u0323"}
_VNI_ALONE = {"ñ": "đ", "ô": "ơ", "ö": "ư", "æ": "ỉ", "ó": "ĩ", "ò": "ị", "î": "ỵ"}
_VNI_PAIR = re.compile(r"([aeouyôö])([ùøûõï])|([aeo])([âáàåãä])|(a)([êéèúüë])|([ñôöæóòî])", re.IGNORECASE)


class Letters(NamedTuple):
    """A text, what it was read as, and whether that is a guess (`guessed`) or letters were lost in it (`is_broken`)."""

    text: str
    encoding: str
    guessed: bool = False
    is_broken: bool = False


def read(content: bytes) -> Letters:
    """Return the text of a file, in composed letters (NFC), with plain line ends, single blanks and no byte-order mark."""
    found = _read(content)
    text = unicodedata.normalize("NFC", found.text.replace("\r\n", "\n").replace("\r", "\n").removeprefix("\ufeff"))
    # Runs of blanks would cost patterns that try each of them the square of their length.
    return found._replace(text=_BLANKS.sub(" ", text))


def _read(content: bytes) -> Letters:
    for bom, encoding in _BOMS:
        if content.startswith(bom):
            return _in_unicode(content, encoding)
    wide = _wide(content)
    if wide:
        return _in_unicode(content, wide)
    try:
        text = content.decode("utf-8")
    except UnicodeDecodeError:
        return _in_bytes(content)
    if old := _looks_like(text):
        # Bytes of an old way that a program took for Western letters and wrote as Unicode.
        return Letters(_converted(text, old), old, guessed=True)
    return Letters(text, "utf-8")


def _in_unicode(content: bytes, encoding: str) -> Letters:
    text = content.decode(encoding, "replace")
    return Letters(text, encoding.removesuffix("-sig"), is_broken="\ufffd" in text)


def _in_bytes(content: bytes) -> Letters:
    """Text of one byte a letter, or Unicode with a few broken bytes."""
    western = content.decode("cp1252", "replace")
    if old := _looks_like(western):
        text = content.decode("cp1258", "replace") if old == "cp1258" else _converted(western, old)
        return Letters(text, old, guessed=True)
    unicode = content.decode("utf-8", "replace")
    beyond = sum(1 for letter in unicode if letter > "\x7f")
    if beyond > 2 * unicode.count("\ufffd"):
        return Letters(unicode, "utf-8", is_broken=True)
    return Letters(western, "cp1252", guessed=True, is_broken="\ufffd" in western)


def _wide(content: bytes) -> str:
    sample = content[:65_536]
    pairs = len(sample) // 2
    if pairs < 2:
        return ""
    high, low = sample[1 : 2 * pairs : 2].count(0), sample[0 : 2 * pairs : 2].count(0)
    if high > pairs * _ZERO_SHARE and low * 10 < high:
        return "utf-16-le"
    return "utf-16-be" if low > pairs * _ZERO_SHARE and high * 10 < low else ""


def _looks_like(text: str) -> str:
    """The old way that a text read as Western letters is written in; empty for any other."""
    if re.search("[\u1ea0-\u1ef9ĐđƠơƯưĂă]", text):
        return ""
    words = _WORD.findall(text[:200_000])
    for name, odd in (("tcvn3", _ODD_TCVN3), ("vni", _ODD_VNI), ("cp1258", _ODD_CP1258)):
        count = sum(1 for word in words if odd.search(word))
        if count >= _FEWEST and count >= _SHARE * len(words):
            return name
    return ""


def _converted(text: str, old: str) -> str:
    if old == "tcvn3":
        return text.translate(_TCVN3)
    if old == "vni":
        return unicodedata.normalize("NFC", _VNI_PAIR.sub(_vni, text))
    return text.encode("cp1252", "replace").decode("cp1258", "replace")


def _vni(found: re.Match[str]) -> str:
    vowel, tone, round_, over, breve, curve, alone = found.groups()
    if alone:
        return _as_case(_VNI_ALONE[alone.lower()], alone)
    if vowel:
        return _as_case(_VNI_ALONE.get(vowel.lower(), vowel.lower()), vowel) + _VNI_TONES[tone.lower()]
    letter, above, marks = (round_, over, _VNI_CIRCUMFLEX) if round_ else (breve, curve, _VNI_BREVE)
    return letter + ("\u0302" if round_ else "\u0306") + marks[above.lower()]


def _as_case(letter: str, like: str) -> str:
    return letter.upper() if like.isupper() else letter
