"""Turns an office document into a PDF with LibreOffice, loaded as a library into this child: no second program, no socket, no macro.

Source: LibreOfficeKit/LibreOfficeKit.h (the first members of its two tables of functions, which have not moved since version 5.1).
"""

import ctypes
from pathlib import Path
from typing import Any

import pikepdf

from media_pipeline import reasons
from media_pipeline.processors import OutputFile, ProcessorError, Progress, Result, Settings

_LIBRARIES = ("libmergedlo.so", "libsofficeapp.so")  # where a distribution put the way in: with all else, or apart
_ENTRY = "libreofficekit_hook_2"
_GET_ERROR, _LOAD_WITH_OPTIONS = 3, 4  # places in the table of the office, counted in pointers
_SAVE_AS = 2  # in the table of a document
_LOAD_OPTIONS = b"EnableMacrosExecution=false,MacroSecurityLevel=3,Batch=true"
# Pictures of more than 200 dots per inch only make a phone wait; attachments, comments and forms stay in the original.
_SAVE_OPTIONS = (
    b'{"ReduceImageResolution":{"type":"boolean","value":"true"},"MaxImageResolution":{"type":"long","value":"200"},'
    b'"Quality":{"type":"long","value":"80"},"ExportFormFields":{"type":"boolean","value":"false"},'
    b'"ExportBookmarks":{"type":"boolean","value":"true"}}'
)
_NAME = "document.pdf"
# What a PDF does by itself, carries along, or says of whoever wrote it.
_NOT_KEPT_IN_ROOT = ("/Metadata", "/OpenAction", "/AA", "/AcroForm", "/AF", "/PieceInfo", "/URI")
_NOT_KEPT_IN_NAMES = ("/JavaScript", "/EmbeddedFiles")


def run(source: Path, out: Path, settings: Settings, progress: Progress) -> Result:
    """Write `document.pdf`. Fact: page_count. Raises ProcessorError: no_office, damaged."""
    program = str(settings.get("soffice", ""))
    if not program:
        raise ProcessorError(reasons.NO_OFFICE)
    made = Path.cwd() / "tmp" / "made.pdf"
    _convert(Path(program).parent, source, made)
    progress(80)
    try:
        pages = _cleaned(made, out / _NAME)
    except pikepdf.PdfError as error:
        raise ProcessorError(reasons.DAMAGED, str(error)[:500]) from error
    return Result([OutputFile(_NAME, "application/pdf", {"page_count": pages})], {"page_count": pages})


def _convert(program: Path, source: Path, made: Path) -> None:
    profile = Path.cwd() / "tmp" / "profile"
    (profile / "user").mkdir(parents=True)
    office = _Office(program, profile)
    if not office.convert(source, made) or not made.is_file():
        raise ProcessorError(reasons.DAMAGED, office.error() or "It cannot be read as an office document.")


class _Office:
    """LibreOffice in this process. It is never closed: the process ends soon, and its teardown can crash."""

    def __init__(self, program: Path, profile: Path) -> None:
        self._kit = _entry(program)(str(program).encode(), profile.as_uri().encode())
        if not self._kit:
            raise ProcessorError(reasons.CRASHED, "LibreOffice did not start.")

    def convert(self, source: Path, made: Path) -> bool:
        """Load a document by its content and save it as a PDF."""
        text = ctypes.c_char_p
        load = ctypes.CFUNCTYPE(ctypes.c_void_p, ctypes.c_void_p, text, text)(_function(self._kit, _LOAD_WITH_OPTIONS))
        document = load(self._kit, source.as_uri().encode(), _LOAD_OPTIONS)
        if not document:
            return False
        save = ctypes.CFUNCTYPE(ctypes.c_int, ctypes.c_void_p, text, text, text)(_function(document, _SAVE_AS))
        return bool(save(document, made.as_uri().encode(), b"pdf", _SAVE_OPTIONS))

    def error(self) -> str:
        """Return what it says of its last failure."""
        said = ctypes.CFUNCTYPE(ctypes.c_char_p, ctypes.c_void_p)(_function(self._kit, _GET_ERROR))(self._kit)
        return said.decode("utf-8", "replace")[:500] if said else ""


def _entry(program: Path) -> Any:  # Any: a function of a library, which ctypes knows by a private name
    """Return LibreOffice's way in for other programs. Raises ProcessorError (no_office) where this LibreOffice has none."""
    for name in _LIBRARIES:
        if not (program / name).is_file():
            continue
        try:
            library = ctypes.CDLL(str(program / name), mode=ctypes.RTLD_GLOBAL)
        except OSError as error:
            raise ProcessorError(reasons.NO_OFFICE, str(error)[:500]) from error
        if hasattr(library, _ENTRY):
            entry = getattr(library, _ENTRY)
            entry.restype, entry.argtypes = ctypes.c_void_p, [ctypes.c_char_p, ctypes.c_char_p]
            return entry
    raise ProcessorError(reasons.NO_OFFICE, f"{program} is no LibreOffice that other programs can use.")


def _function(thing: int, place: int) -> int:
    """Return the address of a function in the table that the first word of a thing points at."""
    table = ctypes.cast(thing, ctypes.POINTER(ctypes.c_void_p))[0]
    return int(ctypes.cast(table, ctypes.POINTER(ctypes.c_void_p))[place] or 0)


def _cleaned(made: Path, path: Path) -> int:
    """Write the PDF without what it says of its author and what it could do by itself; return how many pages it has."""
    with pikepdf.open(made) as document:
        root = document.Root
        for name in _NOT_KEPT_IN_ROOT:
            if name in root:
                del root[name]
        for name in _NOT_KEPT_IN_NAMES:
            if "/Names" in root and name in root.Names:
                del root.Names[name]
        if "/Info" in document.trailer:
            del document.trailer["/Info"]
        pages = len(document.pages)
        document.save(path, linearize=True, deterministic_id=True, object_stream_mode=pikepdf.ObjectStreamMode.generate)
    return pages
