"""Opens PDF files with PDFium, and draws their pages."""

import math
from pathlib import Path

import pypdfium2
import pypdfium2.raw as pdfium
import pyvips

from media_pipeline import reasons
from media_pipeline.processors import ProcessorError

_POINTS_PER_INCH = 72
_DOTS_PER_INCH_AT_MOST = 600  # a page the size of a stamp is not blown up without end


def open_pdf(path: Path) -> pypdfium2.PdfDocument:
    """Return the document. Raises ProcessorError: password, rights_locked, damaged."""
    try:
        document = pypdfium2.PdfDocument(path)
    except pypdfium2.PdfiumError as error:
        code = getattr(error, "err_code", None)
        by_code = {pdfium.FPDF_ERR_PASSWORD: reasons.PASSWORD, pdfium.FPDF_ERR_SECURITY: reasons.RIGHTS_LOCKED}
        raise ProcessorError(by_code.get(code, reasons.DAMAGED), str(error)) from error
    if len(document) == 0:
        raise ProcessorError(reasons.DAMAGED, "The document has no page.")
    document.init_forms()
    return document


def page_label(document: pypdfium2.PdfDocument, index: int) -> str:
    """Return what is printed on a page as its number, as far as the document says; else its place, from 1."""
    try:
        return str(document.get_page_label(index)) or str(index + 1)
    except (pypdfium2.PdfiumError, UnicodeDecodeError):
        return str(index + 1)


def draw_page(document: pypdfium2.PdfDocument, index: int, edge: int) -> pyvips.Image:
    """Return a page, its longer side `edge` px, as a picture in memory. Raises ProcessorError: damaged."""
    longest = max(_size_pt(document, index))
    return _drawn(document, index, min(edge / longest, _DOTS_PER_INCH_AT_MOST / _POINTS_PER_INCH))


def draw_at(
    document: pypdfium2.PdfDocument, index: int, scale: float, *, pixels_at_most: int
) -> tuple[pyvips.Image, float]:
    """Return a page at so many pixels a point, less where it would have too many of them, and that number.

    Raises ProcessorError: damaged.
    """
    width_pt, height_pt = _size_pt(document, index)
    fitting = min(scale, math.sqrt(pixels_at_most / (width_pt * height_pt)))
    return _drawn(document, index, fitting), fitting


def _size_pt(document: pypdfium2.PdfDocument, index: int) -> tuple[float, float]:
    try:
        width_pt, height_pt = document.get_page_size(index)
    except pypdfium2.PdfiumError as error:
        raise ProcessorError(reasons.DAMAGED, f"Page {index + 1}: {error}") from error
    if width_pt <= 0 or height_pt <= 0:
        raise ProcessorError(reasons.DAMAGED, f"Page {index + 1} has no size.")
    return width_pt, height_pt


def _drawn(document: pypdfium2.PdfDocument, index: int, scale: float) -> pyvips.Image:
    try:
        page = document[index]
        bitmap = page.render(
            scale=scale, rev_byteorder=True, bitmap_maker=pypdfium2.PdfBitmap.new_native, may_draw_forms=True
        )
        image = _picture(bitmap)
        page.close()
    except pypdfium2.PdfiumError as error:
        raise ProcessorError(reasons.DAMAGED, f"Page {index + 1}: {error}") from error
    return image


def _picture(bitmap: pypdfium2.PdfBitmap) -> pyvips.Image:
    """Return what was drawn as sRGB over the same memory: copying it would cost as much as drawing a page of text."""
    width, height, bands, stride = bitmap.width, bitmap.height, bitmap.n_channels, bitmap.stride
    if stride == width * bands:
        image = pyvips.Image.new_from_memory(bitmap.buffer, width, height, bands, "uchar")
    else:
        # Rows end with filling: cut as a picture of bytes, which is then told how many of them are a pixel.
        rows = pyvips.Image.new_from_memory(bitmap.buffer, stride, height, 1, "uchar")
        image = rows.crop(0, 0, width * bands, height).copy_memory().copy(width=width, bands=bands)
    return (image.extract_band(0, n=3) if bands > 3 else image).copy(interpretation="srgb")
