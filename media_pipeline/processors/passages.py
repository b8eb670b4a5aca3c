"""Text by passages (pages or chapters), as search and readers take it."""

import json
import re
import unicodedata
from collections.abc import Iterator
from pathlib import Path

from media_pipeline.processors import OutputFile, Scalar

# Control characters except tab and line ends, the soft-hyphen marks that PDFium leaves, halves of surrogate pairs and
# noncharacters.
_NOT_TEXT = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff\ufdd0-\ufdef]")
_SPACES = re.compile(r"[ \t\u00a0]+")
_LINES = re.compile(r"\s*\n\s*\n\s*")


class Passages:
    """Collects passages up to a number of letters, and writes them as `text.json`, with an `index.json` of where each part of each lies.

    A part is what one page of a reader shows. Its place is a range of bytes of `text.json` that holds its letters as JSON writes them
    between quotation marks, so that it can be read alone.
    """

    def __init__(self, letters_at_most: int, *, part_letters_at_most: int) -> None:
        self._left = letters_at_most
        self._part_letters = part_letters_at_most
        self._passages: list[tuple[int, str, str]] = []
        self.cut = False

    def add(self, number: int, label: str, text: str) -> None:
        """Take one passage; what is beyond the bound is left out, and `cut` says so."""
        text = clean(text)
        if len(text) > self._left:
            text, self.cut = text[: self._left], True
        self._left -= len(text)
        self._passages.append((number, clean(label)[:300], text))

    def write(self, out: Path) -> list[OutputFile]:
        """Write both files: a list of objects with `number`, `label` and `text`, and one with `number`, `label` and `parts`, each of them
        its first byte and its length."""
        index = [
            {"number": number, "label": label, "parts": parts}
            for (number, label, _text), parts in zip(self._passages, self._write_text(out / "text.json"), strict=True)
        ]
        (out / "index.json").write_text(json.dumps(index, ensure_ascii=False, separators=(",", ":")), encoding="utf-8")
        facts: dict[str, Scalar] = {"passages": len(self._passages), "letters": self.letters}
        return [OutputFile("text.json", "application/json", facts), OutputFile("index.json", "application/json")]

    def _write_text(self, path: Path) -> list[list[tuple[int, int]]]:
        """Write the passages; returns the ranges of the parts of each."""
        found: list[list[tuple[int, int]]] = []
        with path.open("wb") as file:
            file.write(b"[")
            for at, (number, label, text) in enumerate(self._passages):
                head = json.dumps(
                    {"number": number, "label": label, "text": ""}, ensure_ascii=False, separators=(",", ":")
                )
                file.write(b"," * (at > 0) + head.removesuffix('"}').encode())
                ranges: list[tuple[int, int]] = []
                end = 0
                for start, stop in spans(text, self._part_letters):
                    file.write(_escaped(text[end:start]))
                    ranges.append((file.tell(), file.write(_escaped(text[start:stop]))))
                    end = stop
                file.write(_escaped(text[end:]) + b'"}')
                found.append(ranges)
            file.write(b"]")
        return found

    @property
    def letters(self) -> int:
        """How many letters were kept."""
        return sum(len(text) for _number, _label, text in self._passages)


def spans(text: str, letters: int) -> Iterator[tuple[int, int]]:
    """Yield the parts of a text, first letter and the one after the last: cut between paragraphs where there is one, else at a line or a
    space, each of at most so many letters and, but for the last, more than half of them. None of a text without letters."""
    start = 0
    while len(text) - start > letters:
        window = text[start : start + letters]
        cut = max(window.rfind("\n\n"), 0) or max(window.rfind("\n"), window.rfind(" "))
        cut = cut if cut > letters // 2 else letters
        yield start, start + len(window[:cut].rstrip())
        start += cut
        while start < len(text) and text[start].isspace():
            start += 1
    if text[start:].strip():
        yield start, len(text)


def _escaped(text: str) -> bytes:
    """Return letters as JSON writes them between quotation marks; it writes each by itself, so that pieces join."""
    return json.dumps(text, ensure_ascii=False)[1:-1].encode()


def clean(text: str) -> str:
    """Return the text in NFC with plain line ends, without control characters and doubled spaces."""
    text = unicodedata.normalize("NFC", _NOT_TEXT.sub("", text.replace("\r\n", "\n").replace("\r", "\n")))
    return _LINES.sub("\n\n", _SPACES.sub(" ", text)).strip()
