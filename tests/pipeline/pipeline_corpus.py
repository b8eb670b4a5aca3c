"""Where the shared corpus of real files is."""

import csv
import os
from pathlib import Path

KINDS = ("image", "pdf", "epub", "audio", "video", "hostile")


def corpus() -> Path | None:
    """The folder: HERITAGE_TEST_CORPUS, or `shared/visible` beside a folder above this checkout."""
    named = os.environ.get("HERITAGE_TEST_CORPUS")
    above = [parent / "shared" / "visible" for parent in Path(__file__).resolve().parents]
    places = [Path(named)] if named else above
    return next((one for one in places if (one / "manifest.csv").is_file()), None)


def corpus_rows() -> list[dict[str, str]]:
    """The manifest's rows of the kinds that the pipeline takes, empty without a corpus."""
    folder = corpus()
    if folder is None:
        return []
    with (folder / "manifest.csv").open(encoding="utf-8", newline="") as file:
        return [row for row in csv.DictReader(file) if row["kind"] in KINDS]
