"""Where programs and data that may be on the machine or not are found: LibreOffice, and what Tesseract reads Vietnamese with.

They are looked for each time, which takes a few questions to the file system: what is installed is used without a restart.
"""

import shutil
from pathlib import Path

_TESSDATA_FOLDERS = (
    "/usr/share/tesseract-ocr/5/tessdata",
    "/usr/share/tesseract-ocr/4.00/tessdata",
    "/usr/share/tessdata",
    "/usr/local/share/tessdata",
    "/opt/homebrew/share/tessdata",
)
LANGUAGE_FILE = "vie.traineddata"
_PROGRAMS = "/usr/local/bin:/usr/bin:/bin:/opt/libreoffice/program"
# What LibreOffice reads outside of its own folder: its settings, and where fonts lie.
_SOFFICE_READS = ("/etc/libreoffice", "/etc/fonts", "/var/lib/libreoffice", "/var/spool/libreoffice/uno_packages")


def tessdata() -> str:
    """Return the first usual folder that holds the Vietnamese data, empty when there is none."""
    return next((one for one in _TESSDATA_FOLDERS if (Path(one) / LANGUAGE_FILE).is_file()), "")


def soffice() -> str:
    """Return the path of LibreOffice's program, links followed, empty when it is not installed."""
    found = shutil.which("soffice", path=_PROGRAMS) or shutil.which("libreoffice", path=_PROGRAMS)
    return str(Path(found).resolve()) if found else ""


def outside_the_system(*, tessdata: str, soffice: str) -> list[str]:
    """Return the folders, of these and what belongs to them, that a child has to be shown besides the system's own."""
    wanted = [tessdata] if tessdata else []
    if soffice:
        wanted += [str(Path(soffice).parents[1]), *_SOFFICE_READS]
    return [one for one in wanted if Path(one).exists()]
