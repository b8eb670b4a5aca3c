"""Technical facts of plain text and of subtitles. What is made of them reads them again, and more strictly."""

import re
from pathlib import Path

from media_pipeline import reasons
from media_pipeline.processors import ProcessorError, Settings
from media_pipeline.processors.text_encoding import decode

BYTES_AT_MOST = 32 * 1024**2  # the longest books are a few megabytes
_BINARY = re.compile("[\x00-\x08\x0b\x0e-\x1a\x1c-\x1f]")
_CUE = {
    "vtt": re.compile(r"^[^\n]*-->", re.MULTILINE),
    "srt": re.compile(r"^[^\n]*-->", re.MULTILINE),
    "ass": re.compile(r"^Dialogue:", re.MULTILINE),
    "ssa": re.compile(r"^Dialogue:", re.MULTILINE),
    "sbv": re.compile(r"^\d{1,3}:\d{2}:\d{2}\.\d{3},\d", re.MULTILINE),
    "ttml": re.compile(r"<(?:[a-z]{1,10}:)?p[\s>]"),
}


def look(source: Path, extension: str, settings: Settings) -> dict[str, object]:
    """Return encoding, letters and lines, and cues of subtitles. Raises ProcessorError: too long to read (unsupported), or no text
    further on (damaged).
    """
    with source.open("rb") as file:
        content = file.read(BYTES_AT_MOST + 1)
    if len(content) > BYTES_AT_MOST:
        raise ProcessorError(reasons.UNSUPPORTED, f"More than {BYTES_AT_MOST} bytes of text.")
    text, encoding = decode(content)
    if _BINARY.search(text):
        raise ProcessorError(reasons.DAMAGED, "There are bytes in it that belong to no text.")
    facts: dict[str, object] = {"encoding": encoding, "letters": len(text), "lines": len(text.splitlines())}
    if extension in _CUE:
        facts["cues"] = sum(1 for _ in _CUE[extension].finditer(text))
    return facts
