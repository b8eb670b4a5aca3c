"""Real files that nobody here made go through identify, plan and every recipe, and end as their manifest expects."""

import hashlib
from pathlib import Path

import pytest

from media_pipeline import reasons
from media_pipeline.identify import identify
from media_pipeline.plan import plan
from media_pipeline.processors import ProcessorError
from media_pipeline.sandbox import run_processor
from tests.pipeline.pipeline_corpus import corpus, corpus_rows

pytestmark = pytest.mark.pure

ROWS = corpus_rows()
# What a visitor gets of each kind: without these an item is not ready.
WANTED = {
    "image": {"thumbnail", "pyramid"},
    "pdf": {"thumbnail", "pages", "text"},
    "epub": {"thumbnail", "text", "outline"},
    "audio": {"waveform", "audio"},
    "video": {"poster", "hls", "mp4"},
}
# Words that only personal tags of a camera hold: the corpus has pictures with real positions.
TELLING = (
    b"GPS",
    b"Exif",
    b"exif:",
    b"http://ns.adobe.com",
    b"photoshop",
    b"Canon",
    b"NIKON",
    b"COOLPIX",
    b"SerialNumber",
)


def outcome(source: Path, work_dir: Path) -> tuple[str, set[str], str]:
    """The kind found, the roles made, and the reason why nothing was made (empty when something was)."""
    facts = identify(source, work_dir)
    made: set[str] = set()
    for recipe in plan(facts):
        try:
            result = run_processor(recipe, source, work_dir)
        except ProcessorError as error:
            return facts.kind, made, error.code
        made.add(recipe.role)
        for one in result.files:
            content = (work_dir / "out" / one.name).read_bytes()
            assert not [word for word in TELLING if word in content and one.media_type.startswith("image/")], one.name
    return facts.kind, made, facts.reason


@pytest.mark.skipif(not ROWS, reason="the folder shared/visible is not beside this checkout")
@pytest.mark.parametrize("row", ROWS, ids=[row["path"] for row in ROWS])
def test_real_file_ends_as_expected(row: dict[str, str], work_dir: Path) -> None:
    folder = corpus()
    assert folder is not None
    source = folder / row["path"]

    kind, made, reason = outcome(source, work_dir)

    assert reason not in reasons.ABOUT_THE_RUN
    if row["expectation"] == "must-process":
        assert reason == ""
        assert made >= WANTED[kind]
    elif row["expectation"] == "must-reject-cleanly":
        assert reason in reasons.ABOUT_THE_FILE
        assert made == set()
    else:
        assert (reason == "" and made >= WANTED[kind]) or (reason in reasons.ABOUT_THE_FILE and made == set())
    assert hashlib.sha256(source.read_bytes()).hexdigest() == row["sha256"]


@pytest.mark.skipif(not ROWS, reason="the folder shared/visible is not beside this checkout")
def test_every_kind_of_the_corpus_is_there() -> None:
    assert {row["kind"] for row in ROWS} == {"image", "pdf", "epub", "audio", "video", "hostile"}
