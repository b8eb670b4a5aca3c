"""What a text is, from the bytes that it begins with: markup, subtitles, data or plain words. Pure, and cheap enough for the door."""

import re

# Bytes below 32 that belong in a text; escape sequences of terminals do not.
_CONTROLS = re.compile(rb"[\x00-\x08\x0b\x0e-\x1f]")
_LEGACY_BYTES_AT_LEAST = 24
# Of a text in an old 8-bit encoding, letters without accents, digits, spaces and punctuation make up at least this share.
_ASCII_SHARE = 0.6

_TIME = r"(?:\d{1,3}:)?\d{1,2}:\d{2}"
_SUBRIP = re.compile(rf"\s*\d{{1,6}}[ \t]*\r?\n[ \t]*{_TIME}[,.:]\d{{1,3}}[ \t]*-->[ \t]*{_TIME}[,.:]\d{{1,3}}")
_SBV = re.compile(rf"\s*{_TIME}\.\d{{3}},{_TIME}\.\d{{3}}[ \t]*\r?\n")
_WEBVTT = re.compile(
    r"WEBVTT(?:[ \t][^\n\r]*)?(?:\r|\n|$)"
)  # WebVTT, section 6.1: the word, then a space, a tab or the end of its line
_SCRIPT_INFO = re.compile(r"\s*(?:;[^\n]*\n\s*)*\[Script Info\]", re.IGNORECASE)
_STYLES_OF_ASS = re.compile(r"\[V4\+ Styles\]|ScriptType:\s*v4\.00\+", re.IGNORECASE)
_TTML_ROOT = re.compile(
    r"<(?:[a-z]{1,10}:)?tt[\s>][^>]*http://www\.w3\.org/(?:ns/ttml|2006/(?:10|04)/ttaf1)", re.IGNORECASE
)
_JSON = re.compile(r'\s*(?:\{\s*(?:"(?:[^"\\\n]|\\.){0,200}"\s*:|\})|\[\s*(?:[\[{"]|\]))')


def sniff_text(head: bytes) -> str | None:
    """Return the extension of what these bytes of a text are, or None for what is no text."""
    text = decoded_head(head)
    return None if text is None else _sort_of(text)


def decoded_head(head: bytes) -> str | None:
    """Return the letters of a text's first bytes, those of an old encoding as Latin ones; None for what is no text.

    A letter cut at the end is no fault.
    """
    for encoding in ("utf-8-sig", "utf-16") if head[:2] in (b"\xff\xfe", b"\xfe\xff") else ("utf-8-sig",):
        try:
            text = head.decode(encoding)
        except UnicodeDecodeError as error:
            if error.start < len(head) - 4:
                continue
            text = head[: error.start].decode(encoding)
        if text and not any(ord(letter) < 32 and letter not in "\t\n\r\f" for letter in text):
            return text
    return head.decode("latin-1") if _is_legacy_text(head) else None


def _is_legacy_text(head: bytes) -> bool:
    """Tell 8-bit text, as it was typed before Unicode, from other bytes: no control characters, and mostly ASCII."""
    if len(head) < _LEGACY_BYTES_AT_LEAST or _CONTROLS.search(head):
        return False
    return sum(32 <= one < 127 or one in b"\t\n\r" for one in head) >= _ASCII_SHARE * len(head)


def _sort_of(text: str) -> str:
    start = text.lstrip().lower()
    if "<svg" in start and start.startswith("<"):
        return "svg"
    if start.startswith(("<!doctype html", "<html", "<script", "<body")):
        return "html"
    if start.startswith(("<?xml", "<tt")):
        return _markup(start)
    return _captions(text) or ("json" if _JSON.match(text) else "txt")


def _markup(start: str) -> str:
    if "<html" in start:
        return "html"
    # A document type could bring entities: such a file is kept as the XML that it is.
    if _TTML_ROOT.search(start) and "<!doctype" not in start and "<!entity" not in start:
        return "ttml"
    return "xml" if start.startswith("<?xml") else "txt"


def _captions(text: str) -> str | None:
    if _WEBVTT.match(text):
        return "vtt"
    if _SUBRIP.match(text):
        return "srt"
    if _SCRIPT_INFO.match(text):
        return "ass" if _STYLES_OF_ASS.search(text) else "ssa"
    return "sbv" if _SBV.match(text) else None
