"""Subtitles and transcripts: which recording one stands beside, and what its name tells of it. No query, nothing is read."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import PurePath

from archive.languages import BCP47
from archive.models import FileRole, ItemFile
from archive.models.file import COMPANION_ROLES
from archive.vocabularies import LANGUAGES
from media_pipeline.models import Kind

RECORDING_KINDS = frozenset({Kind.AUDIO.value, Kind.VIDEO.value})
TEXT_KINDS = frozenset({Kind.CAPTIONS.value, Kind.TEXT.value})
SUBTITLE_ENDINGS = frozenset({"srt", "vtt", "ass", "ssa", "sbv", "ttml", "dfxp"})
# Words that people put into a name where a language is looked for.
_LANGUAGE_WORDS = {
    "viet": "vi",
    "vie": "vi",
    "vn": "vi",
    "eng": "en",
    "bana": "bdq",
    "bahnar": "bdq",
    "sedang": "sed",
    "jarai": "jra",
}


@dataclass(frozen=True)
class Guess:
    """What a file's name tells: its role (empty: nothing) and the language of its words."""

    role: str = ""
    language: str = ""


def is_companion(file: ItemFile) -> bool:
    """Return whether a file stands beside another, whatever it holds."""
    return file.role in COMPANION_ROLES


def is_recording(file: ItemFile) -> bool:
    """Return whether a file is a sound or a film that others may stand beside."""
    return file.role not in COMPANION_ROLES and file.master is not None and file.master.kind in RECORDING_KINDS


def recording_of(companion: ItemFile, files: Sequence[ItemFile]) -> ItemFile | None:
    """Return which of these files, all that somebody may see of an item, in order, a companion belongs to: the one that it names, else the
    first recording. None where what it names is not among them."""
    if companion.beside_id is not None:
        return next(
            (file for file in files if file.pk == companion.beside_id and file.role not in COMPANION_ROLES), None
        )
    return next((file for file in files if is_recording(file)), None)


def of_recording(recording: ItemFile, files: Sequence[ItemFile]) -> list[ItemFile]:
    """Return the subtitles and transcripts of a recording among these files, in order."""
    return [file for file in files if is_companion(file) and recording_of(file, files) is recording]


def shown_alone(files: Sequence[ItemFile]) -> list[ItemFile]:
    """Return the files that have a place of their own on a page: subtitles and texts beside a recording do not, nor those whose recording
    is
    not among these files although they name one."""
    return [file for file in files if not _is_shown_beside(file, files)]


def _is_shown_beside(file: ItemFile, files: Sequence[ItemFile]) -> bool:
    if not is_companion(file):
        return False
    if recording_of(file, files) is None:
        return file.beside_id is not None
    # A transcript that came as a PDF or a picture has pages to look at.
    return file.role == FileRole.SUBTITLES or file.master is None or file.master.kind in TEXT_KINDS


def guess(name: str) -> Guess:
    """Return what the name of a file tells: "film.vi.srt" is subtitles in Vietnamese. A plain text may be anything."""
    parts = PurePath(name).name.casefold().split(".")
    if len(parts) < 2 or parts[-1] not in SUBTITLE_ENDINGS:
        return Guess()
    words = [word for part in parts[-2:-4:-1] for word in (part, part.rsplit("_", 1)[-1], part.rsplit("-", 1)[-1])]
    return Guess(FileRole.SUBTITLES, next((tag for word in words if (tag := _language(word))), ""))


def _language(word: str) -> str:
    tag = _LANGUAGE_WORDS.get(word, word.replace("_", "-"))
    return tag if tag in LANGUAGES and BCP47.match(tag) else ""


def languages_among(files: Iterable[ItemFile]) -> list[str]:
    """Return the languages of these companions, each once, in order; empty ones left out."""
    return list(dict.fromkeys(file.language for file in files if file.language))
