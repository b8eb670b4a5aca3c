"""The text of a plain text file, whatever encoding it was typed in, cut into passages at the headings that people type."""

import re
from collections.abc import Iterator
from pathlib import Path

from media_pipeline import reasons
from media_pipeline.processors import ProcessorError, Progress, Result, Settings
from media_pipeline.processors.passages import Passages
from media_pipeline.processors.text_encoding import decode

_BYTES_AT_MOST = 32 * 1024**2
_BINARY = re.compile("[\x00-\x08\x0e-\x1a\x1c-\x1f]")
# A line of its own that begins as the headings of books do, in Vietnamese or English; form feeds part pages.
_HEADING = re.compile(
    r"^(?:[ \t]*\n)?[ \t]*((?:CHƯƠNG|Chương|PHẦN|Phần|HỒI|Hồi|CHAPTER|Chapter|PART|Part)[ \t]+(?:[IVXLC]+|\d{1,3}|[^\W\d_]{2,8})\b"
    r"[^\n]{0,80})$",
    re.MULTILINE,
)
_HEADINGS_AT_LEAST, _HEADINGS_AT_MOST = 2, 500


def run(source: Path, out: Path, settings: Settings, progress: Progress) -> Result:
    """Write `text.json`. Facts: letters, encoding (as it was told apart), cut. Raises ProcessorError: damaged for what is no text."""
    with source.open("rb") as file:
        content = file.read(_BYTES_AT_MOST + 1)
    if len(content) > _BYTES_AT_MOST:
        raise ProcessorError(reasons.UNSUPPORTED, f"More than {_BYTES_AT_MOST} bytes of text.")
    text, encoding = decode(content)
    if _BINARY.search(text):
        raise ProcessorError(reasons.DAMAGED, "There are bytes in it that belong to no text.")
    passages = Passages(int(settings["letters_at_most"]), part_letters_at_most=int(settings["part_letters_at_most"]))
    for number, (label, part) in enumerate(_parts(text.replace("\r\n", "\n").replace("\r", "\n")), 1):
        passages.add(number, label or str(number), part)
    files = passages.write(out)
    return Result(files, {"letters": passages.letters, "encoding": encoding, "cut": passages.cut})


def _parts(text: str) -> Iterator[tuple[str, str]]:
    text = text.replace("\f", "\n\n")
    headings = list(_HEADING.finditer(text))
    if not _HEADINGS_AT_LEAST <= len(headings) <= _HEADINGS_AT_MOST:
        headings = []
    starts = [0, *(found.start(1) for found in headings), len(text)]
    labels = ["", *(found[1].strip() for found in headings)]
    for label, start, end in zip(labels, starts, starts[1:], strict=False):
        if text[start:end].strip():
            yield label, text[start:end]
