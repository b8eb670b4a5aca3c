"""From the recipe of a file to the file: the one place that knows which generator makes what."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from archive.sample import books, films, gongs, pages, pictures
from archive.sample.marks import Mark

EXTENSIONS = {
    "pictures": {
        "jpeg": "jpg",
        "jpeg-progressive": "jpg",
        "jpeg-cmyk": "jpg",
        "jpeg-rotated": "jpg",
        "jpeg-gps": "jpg",
        "png-alpha": "png",
        "png-16": "png",
        "tiff-16": "tif",
        "tiff-big": "tif",
        "tiff-pages": "tif",
        "webp": "webp",
        "jp2": "jp2",
        "avif": "avif",
        "gif": "gif",
    },
    "gongs": {"wav": "wav", "wav-24": "wav", "flac": "flac", "mp3": "mp3", "ogg": "ogg", "m4a": "m4a"},
    "pages": {"typeset": "pdf", "scan": "pdf"},
    "books": {"epub": "epub"},
    "films": {"mp4": "mp4", "mov": "mov", "webm": "webm"},
}
GENERATORS = {
    "pictures": pictures.make,
    "gongs": gongs.make,
    "pages": pages.make,
    "books": books.make,
    "films": films.make,
}


@dataclass(frozen=True)
class FileRecipe:
    """How one file of the sample is made: generator, format variant, seed, sizes; and its caption, if it has one."""

    generator: str
    settings: Mapping[str, int | str]
    seed: int
    caption_vi: str = ""
    caption_en: str = ""
    table: tuple[tuple[str, ...], ...] = field(default=())

    @property
    def extension(self) -> str:
        """The extension that the variant's format has."""
        return EXTENSIONS[self.generator][str(self.settings["variant"])]


def make(recipe: FileRecipe, mark: Mark, target: Path) -> None:
    """Writes the file of the recipe to `target`. The same recipe and libraries give the same bytes."""
    if recipe.generator == "pages":
        pages.make(mark, target, recipe.settings, table=recipe.table)
    else:
        GENERATORS[recipe.generator](mark, target, recipe.settings)
