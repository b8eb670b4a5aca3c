"""No public copy repeats what its master says of places, cameras and owners: every recipe, on masters that say it in every way."""

from collections.abc import Callable
from pathlib import Path

import pytest

from media_pipeline.identify import identify
from media_pipeline.plan import plan
from media_pipeline.sandbox import run_processor
from tests.pipeline import tagged_files
from tests.pipeline.tagged_files import ISO_6709, PLANTED

pytestmark = pytest.mark.pure
MAKERS: dict[str, Callable[[Path], Path]] = {
    "jpeg": tagged_files.jpeg,
    "png": tagged_files.png,
    "webp": tagged_files.webp,
    "tiff": tagged_files.tiff,
    "pdf": tagged_files.pdf,
    "mp3": lambda path: tagged_files.sound(path, "mp3"),
    "flac": lambda path: tagged_files.sound(path, "flac"),
    "wav": lambda path: tagged_files.sound(path, "wav"),
    "m4a": lambda path: tagged_files.sound(path, "ipod"),
    "mov": lambda path: tagged_files.film(path, "mov"),
    "mkv": lambda path: tagged_files.film(path, "matroska"),
}
# As bytes in either order, since a tag may be copied whole: 14° 21' 00" and 108° 00' 36".
POSITIONS = [
    b"+14.35",
    b"14.350",
    b"108.01",
    (14).to_bytes(4, "little") + b"\x01\x00\x00\x00" + (21).to_bytes(4, "little"),
]
TELLING = [
    PLANTED.encode(),
    PLANTED.encode("utf-16-le"),
    PLANTED.encode("utf-16-be"),
    ISO_6709.encode(),
    b"1975:03:16",
    *POSITIONS,
]
CONTAINERS = [b"Exif\x00\x00", b"EXIF", b"http://ns.adobe.com", b"8BIM", b"\xa9xyz", b"loci", b"ID3"]


@pytest.mark.parametrize("name", MAKERS)
def test_every_copy_of_a_file_that_tells_tells_nothing(name: str, tmp_path: Path, work_dir: Path) -> None:
    source = MAKERS[name](tmp_path / "source")
    content = source.read_bytes()
    facts = identify(source, work_dir)
    recipes = plan(facts)

    told = []
    for recipe in recipes:
        made = run_processor(recipe, source, work_dir)
        for file in made.files:
            copy = (work_dir / "out" / file.name).read_bytes()
            told += [(recipe.role, file.name, word) for word in TELLING if word in copy]
            told += [
                (recipe.role, file.name, word)
                for word in CONTAINERS
                if word in copy[:4096] and not file.name.endswith(".json")
            ]

    assert PLANTED.encode() in content or PLANTED.encode("utf-16-le") in content
    assert PLANTED in str([dict(one) for one in facts.embedded])
    assert PLANTED not in str(dict(facts.technical)) or name == "pdf"
    assert recipes
    assert told == []
