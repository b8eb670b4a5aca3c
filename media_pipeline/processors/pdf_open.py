"""Opens PDF files with PDFium, and draws their pages."""

import ctypes
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


def draw_page(document: pypdfium2.PdfDocument, index: int, edge: int) -> pyvips.Image:
    """Return a page, its longer side `edge` px, as a picture in memory. Raises ProcessorError: damaged."""
    try:
        page = document[index]
        width_pt, height_pt = page.get_size()
        longest = max(width_pt, height_pt)
        if longest <= 0:
            raise ProcessorError(reasons.DAMAGED, f"Page {index + 1} has no size.")
        scale = min(edge / longest, _DOTS_PER_INCH_AT_MOST / _POINTS_PER_INCH)
        bitmap = page.render(scale=scale, rev_byteorder=True, prefer_bgrx=True)
        width, height = bitmap.width, bitmap.height
        pixels = ctypes.string_at(bitmap.buffer, bitmap.stride * height)
        bitmap.close()
        page.close()
    except pypdfium2.PdfiumError as error:
        raise ProcessorError(reasons.DAMAGED, f"Page {index + 1}: {error}") from error
    image = pyvips.Image.new_from_memory(pixels, width, height, 4, "uchar")
    return image.extract_band(0, n=3).copy(interpretation="srgb").copy_memory()
