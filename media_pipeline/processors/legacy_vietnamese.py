"""Vietnamese typed before Unicode, in the fonts of TCVN3 (ABC) or VNI for Windows: told by what comes out being Vietnamese syllables.

Both put Vietnamese letters on the codes of Western ones, so that every text in them is also some text in Windows-1252; only the reading
says which it was. A text in another language, Ba Na typed with VNI among them, is not claimed. Sources: TCVN 5712:1993, third character
set; the letters of VNI as its fonts show them.
"""

import re
import unicodedata

_SURE_SHARE = 0.85  # of the words with letters beyond ASCII: names and abbreviations are no syllables
_WORDS_AT_LEAST = 8
_SAMPLE_LETTERS = 200_000

_TCVN3 = {
    0xA1: "ĂÂÊÔƠƯĐăâêôơưđ",
    0xB5: "àảãáạ",
    0xBB: "ằẳẵắ",
    0xC6: "ặầẩẫấậè",
    0xCE: "ẻẽéẹềểễếệìỉ",
    0xDC: "ĩíịò",
    0xE1: "ỏõóọồổỗốộờởỡớợù",
    0xF1: "ủũúụừửữứựỳỷỹýỵ",
}
_TCVN3_TABLE = {first + at: letter for first, letters in _TCVN3.items() for at, letter in enumerate(letters)}

_HUYEN, _SAC, _NGA, _HOI, _NANG, _HAT, _BREVE = "\u0300", "\u0301", "\u0303", "\u0309", "\u0323", "\u0302", "\u0306"
_VNI_MARKS = {
    "ù": _SAC, "ø": _HUYEN, "û": _HOI, "õ": _NGA, "ï": _NANG,
    "â": _HAT, "á": _HAT + _SAC, "à": _HAT + _HUYEN, "å": _HAT + _HOI, "ã": _HAT + _NGA, "ä": _HAT + _NANG,
    "ê": _BREVE, "é": _BREVE + _SAC, "è": _BREVE + _HUYEN, "ú": _BREVE + _HOI, "ü": _BREVE + _NGA, "ë": _BREVE + _NANG,
}  # fmt: skip
_VNI_LETTERS = {"ô": "ơ", "ö": "ư", "ñ": "đ", "æ": "ỉ", "ó": "ĩ", "ò": "ị", "î": "ỵ"}
_VNI_PAIR = re.compile(f"([aeouyôö])([{''.join(_VNI_MARKS)}])", re.IGNORECASE)
_VNI_SINGLE = re.compile(f"[{''.join(_VNI_LETTERS)}]", re.IGNORECASE)

_TONES = re.compile(f"[{_HUYEN}{_SAC}{_NGA}{_HOI}{_NANG}]")
_WORD = re.compile(r"[^\W\d_]+")
_SYLLABLE = re.compile(
    r"(?:ngh?|nh|gh|gi|kh|ph|th|tr|ch|qu|[bcdđghklmnprstvx])?"
    r"(?:oai|oay|uây|uôi|ươi|ươu|iêu|yêu|oeo|uya|uyê|uyu|ai|ao|au|ay|âu|ây|eo|êu|ia|iê|iu|oa|oă|oe|oi|oo|ôi|ơi|ua|uâ|uê|ui|uô|uơ|uy|ưa|ưi|ươ|ưu|yê"
    r"|[aăâeêioôơuưy])?"
    r"(?:ch|ng|nh|[cmnpt])?"
)


def read(content: bytes) -> tuple[str, str] | None:
    """Return the text and the name of its encoding, `tcvn3` or `vni`; None where neither gives Vietnamese."""
    western = content.decode("cp1252", "replace")
    readings = [
        (name, text, share) for name, text in _readings(content, western) if (share := syllables(text)) >= _SURE_SHARE
    ]
    if not readings:
        return None
    name, text, best = max(readings, key=lambda one: one[2])
    return (text, name) if best > syllables(western) else None


def _readings(content: bytes, western: str) -> list[tuple[str, str]]:
    single = "".join(_TCVN3_TABLE.get(one, chr(one)) for one in content)
    return [("tcvn3", single), ("vni", from_vni(western))]


def from_vni(western: str) -> str:
    """Return the letters that a VNI font shows for this text."""

    def single(letter: str) -> str:
        return _cased(_VNI_LETTERS.get(letter.lower(), letter), letter)

    def pair(found: re.Match[str]) -> str:
        letter = single(found[1])
        return unicodedata.normalize("NFC", letter + _VNI_MARKS[found[2].lower()])

    pieces, end = [], 0
    for found in _VNI_PAIR.finditer(western):
        pieces += [_VNI_SINGLE.sub(lambda one: single(one[0]), western[end : found.start()]), pair(found)]
        end = found.end()
    return "".join([*pieces, _VNI_SINGLE.sub(lambda one: single(one[0]), western[end:])])


def _cased(letter: str, like: str) -> str:
    return letter.upper() if like.isupper() else letter


def syllables(text: str) -> float:
    """Return the share of the words with letters beyond ASCII that are built as Vietnamese syllables are; 0 where there are too few."""
    words = [one for one in _WORD.findall(text[:_SAMPLE_LETTERS]) if not one.isascii()]
    if len(words) < _WORDS_AT_LEAST:
        return 0.0
    return sum(map(_is_syllable, words)) / len(words)


def is_vietnamese(text: str) -> bool:
    """Tell whether nearly all words that could be something else are Vietnamese syllables."""
    return syllables(text) >= _SURE_SHARE


def _is_syllable(word: str) -> bool:
    plain, tones = _TONES.subn("", unicodedata.normalize("NFD", word.lower()))
    return tones <= 1 and _SYLLABLE.fullmatch(unicodedata.normalize("NFC", plain)) is not None
