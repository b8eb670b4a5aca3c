"""Every real file of the shared corpus is what it is: kind, format, identifier of PRONOM, and why it cannot be shown where it cannot.

The table beside this file was looked through by hand, file by file.
"""

import csv
from pathlib import Path

import pytest

from media_pipeline import reasons
from media_pipeline.processors import ProcessorError, identify, image_thumbnail
from media_pipeline.recipes.pictures import THUMBNAIL
from tests.pipeline.pipeline_corpus import corpus

pytestmark = [
    pytest.mark.pure,
    pytest.mark.skipif(corpus() is None, reason="shared/visible is not beside this checkout"),
]
FOLDERS = ("image", "hostile", "office", "captions", "audio", "video", "pdf", "epub")


def rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@pytest.fixture(scope="module")
def looked() -> dict[str, dict[str, object]]:
    folder = corpus()
    assert folder is not None
    told = [row for row in rows(folder / "manifest.csv") if row["path"].partition("/")[0] in FOLDERS]
    settings = {"pixels_at_most": 300_000_000}
    return {
        row["path"]: {
            **identify.run(folder / row["path"], folder, settings, lambda percent: None).facts,
            "expectation": row["expectation"],
        }
        for row in told
    }


def test_each_file_is_what_the_table_says(looked: dict[str, dict[str, object]]) -> None:
    names = ("kind", "extension", "puid", "reason")
    expected = {
        row["path"]: tuple(row[name] for name in names)
        for row in rows(Path(__file__).with_name("corpus_identities.csv"))
    }

    assert {path: tuple(facts[name] for name in names) for path, facts in looked.items()} == expected


def test_each_file_that_must_be_processed_can_be(looked: dict[str, dict[str, object]]) -> None:
    must = {path: facts["reason"] for path, facts in looked.items() if facts["expectation"] == "must-process"}

    assert {path: reason for path, reason in must.items() if reason} == {}
    assert len(must) > 100


def test_each_picture_is_made_or_refused_for_what_it_is(looked: dict[str, dict[str, object]], tmp_path: Path) -> None:
    folder = corpus()
    assert folder is not None
    ends: dict[str, str] = {}
    for path, facts in looked.items():
        if facts["kind"] != "image" or facts["reason"]:
            ends[path] = str(facts["reason"] or facts["kind"])
            continue
        try:
            made = image_thumbnail.run(folder / path, tmp_path, THUMBNAIL.settings, lambda percent: None)
            ends[path] = "ready" if len(made.files) == 3 else "?"
        except ProcessorError as error:
            ends[path] = error.code

    pictures = {path: facts["expectation"] for path, facts in looked.items() if path.startswith(("image/", "hostile/"))}
    assert [path for path, one in pictures.items() if one == "must-process" and ends[path] != "ready"] == []
    assert [path for path, one in pictures.items() if one == "must-reject-cleanly" and ends[path] == "ready"] == []
    assert {ends[path] for path in pictures} <= {"ready", "pdf", "text", *reasons.ABOUT_THE_FILE}
