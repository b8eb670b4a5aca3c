"""Text by passages (pages or chapters), as search and readers take it."""

import json
import re
import unicodedata
from pathlib import Path

from media_pipeline.processors import OutputFile

# Control characters except tab and line ends, the soft-hyphen marks that PDFium leaves, halves of surrogate pairs and
# noncharacters.
_NOT_TEXT = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff\ufdd0-\ufdef]")
_SPACES = re.compile(r"[ \t\u00a0]+")
_LINES = re.compile(r"\s*\n\s*\n\s*")


class Passages:
    """Collects passages up to a number of letters, and writes them as `text.json`."""

    def __init__(self, letters_at_most: int) -> None:
        self._left = letters_at_most
        self._passages: list[dict[str, object]] = []
        self.cut = False

    def add(self, number: int, label: str, text: str) -> None:
        """Take one passage; what is beyond the bound is left out, and `cut` says so."""
        text = clean(text)
        if len(text) > self._left:
            text, self.cut = text[: self._left], True
        self._left -= len(text)
        self._passages.append({"number": number, "label": clean(label)[:300], "text": text})

    def write(self, out: Path) -> OutputFile:
        """Write a list of objects with `number`, `label` and `text`."""
        text = json.dumps(self._passages, ensure_ascii=False, separators=(",", ":"))
        (out / "text.json").write_text(text, encoding="utf-8")
        return OutputFile("text.json", "application/json", {"passages": len(self._passages), "letters": self.letters})

    @property
    def letters(self) -> int:
        """How many letters were kept."""
        return sum(len(str(one["text"])) for one in self._passages)


def clean(text: str) -> str:
    """Return the text in NFC with plain line ends, without control characters and doubled spaces."""
    text = unicodedata.normalize("NFC", _NOT_TEXT.sub("", text.replace("\r\n", "\n").replace("\r", "\n")))
    return _LINES.sub("\n\n", _SPACES.sub(" ", text)).strip()
