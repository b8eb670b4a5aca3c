"""What is made of a document whose pages had to be read by a machine: its text, the places of its words, and a PDF that can be searched."""

import json
from collections.abc import Sequence
from math import sqrt
from pathlib import Path

import pyvips

from media_pipeline.processors import OutputFile, Result, Settings
from media_pipeline.processors.image_sizes import shrink
from media_pipeline.processors.page_pictures import is_grey
from media_pipeline.processors.passages import Passages
from media_pipeline.processors.scan_pdf import ScanPdf
from media_pipeline.processors.scan_reader import Read
from media_pipeline.processors.word_boxes import Line, WordPages

_PDF, _REPORT = "searchable.pdf", "reading.json"
_SMALLEST_EDGE_PX = 900  # below it, print of ten points cannot be read any more
_UPSIDE_DOWN = 180
_PAPER_LONG_EDGE_PT = 842  # of a picture that does not say how large it was on paper


class ScanSet:
    """Collects the pages of one document in order, then writes `text.json`, `words.json`, their indexes and `searchable.pdf`."""

    def __init__(self, out: Path, pages: int, settings: Settings) -> None:
        self._out, self._settings = out, settings
        self._edge = _edge(pages, settings)
        self._text = Passages(
            int(settings["letters_at_most"]), part_letters_at_most=int(settings["part_letters_at_most"])
        )
        self._words = WordPages(int(settings["words_at_most"]))
        self._pdf = ScanPdf(out / _PDF)
        self._sure: dict[int, int] = {}
        self._doubtful: list[int] = []
        self._slow: list[int] = []

    def add_read(
        self, number: int, label: str, picture: pyvips.Image, read: Read, size_pt: tuple[float, float] | None = None
    ) -> None:
        """Take a page that a machine read. What it was not sure of is no text: the page is named among the doubtful ones."""
        lines = read.lines
        if read.timed_out:
            self._slow.append(number)
        elif lines and read.confidence < int(self._settings["confidence_at_least_quality"]):
            self._doubtful.append(number)
            lines = []
        if lines:
            self._sure[number] = read.confidence
            self._text.add(number, label, "\n".join(" ".join(word.text for word in line) for line in lines))
            self._words.add(number, read.lines_as_it_lies())
        if lines and read.turn:
            picture = picture.rot(f"d{read.turn}")
            size_pt = size_pt[::-1] if size_pt and read.turn != _UPSIDE_DOWN else size_pt
        self.add_page(picture, lines, size_pt)

    def add_page(
        self, picture: pyvips.Image, lines: Sequence[Line], size_pt: tuple[float, float] | None = None
    ) -> None:
        """Put a page into the PDF alone: one that has words of its own, or nothing to read.

        `size_pt`: its size on paper, None where that is not known.
        """
        small = shrink(picture, self._edge) if max(picture.width, picture.height) > self._edge else picture
        grey = small.bands == 1 or is_grey(small)
        if grey and small.bands == 3:
            small = small.extract_band(1).copy(interpretation="b-w")
        jpeg = small.jpegsave_buffer(Q=int(self._settings["jpeg_quality"]), keep="none", optimize_coding=True)
        paper = size_pt or paper_size(picture)
        self._pdf.add(jpeg, (small.width, small.height), paper, lines, grey=grey)

    def write(self, engine: str) -> Result:
        """Write all of it. Facts: `ocr` (the language), engine, confidence (the mean of the pages), confidences by page, pages_read,
        pages_doubtful, pages_slow. A document on whose pages nothing could be read gets none of these files.
        """
        self._pdf.close()
        facts: dict[str, object] = {
            "ocr": str(self._settings["language"]),
            "engine": engine,
            "confidence": round(sum(self._sure.values()) / len(self._sure)) if self._sure else 0,
            "confidences": {str(number): sure for number, sure in self._sure.items()},
            "pages_read": len(self._sure),
            "pages_doubtful": self._doubtful,
            "pages_slow": self._slow,
            "cut": self._text.cut or self._words.cut,
        }
        if not self._sure:
            (self._out / _PDF).unlink()
            return Result([], facts)
        return Result(
            [*self._text.write(self._out), *self._words.write(self._out), OutputFile(_PDF, "application/pdf")], facts
        )


def reported(out: Path, result: Result, facts: dict[str, object]) -> Result:
    """Return a result with further facts, and with `reading.json`, which holds all of them: a set has a file, whatever was read."""
    facts = {**facts, **result.facts}
    (out / _REPORT).write_text(json.dumps(facts, separators=(",", ":")), encoding="utf-8")
    return Result([*result.files, OutputFile(_REPORT, "application/json")], facts)


def _edge(pages: int, settings: Settings) -> int:
    """The longer side of a page's picture in the PDF, in px: smaller in a long document, so that a weak line can carry the whole."""
    full, many = int(settings["pdf_long_edge_px"]), int(settings["pdf_full_size_pages_at_most"])
    return max(_SMALLEST_EDGE_PX, round(full * min(1, sqrt(many / max(pages, 1)))))


def paper_size(picture: pyvips.Image) -> tuple[float, float]:
    """Return the size on paper in points: an A4 page's length for the longer side."""
    scale = _PAPER_LONG_EDGE_PT / max(picture.width, picture.height)
    return picture.width * scale, picture.height * scale
