"""The plan: facts in, recipes out."""

from dataclasses import replace

import pytest

from media_pipeline import reasons, recipes
from media_pipeline.facts import Facts
from media_pipeline.plan import following, plan, recipe_for
from media_pipeline.processors import ProcessorError
from media_pipeline.recipes import recipe

pytestmark = pytest.mark.pure


def facts(kind: str, extension: str, reason: str = "", **technical: object) -> Facts:
    return Facts.from_json(
        {"kind": kind, "extension": extension, "reason": reason, "detail": "", "technical": technical}
    )


@pytest.mark.parametrize(
    ("kind", "extension", "technical", "roles"),
    [
        ("image", "jpg", {"pages": 1}, ["thumbnail", "pyramid"]),
        ("image", "tif", {"pages": 3}, ["thumbnail", "pyramid", "pages", "ocr"]),
        ("pdf", "pdf", {"page_count": 9}, ["thumbnail", "text", "outline", "pages", "words", "ocr"]),
        ("office", "docx", {}, ["text", "pdf"]),
        ("office", "doc", {}, ["pdf"]),
        ("office", "ods", {}, ["text"]),
        ("text", "txt", {}, ["text", "captions"]),
        ("epub", "epub", {}, ["thumbnail", "text", "outline", "chapters"]),
        ("audio", "mp3", {"duration_ms": 1000}, ["waveform", "spectrogram", "audio"]),
        ("audio", "m4a", {"duration_ms": 1000, "chapters": 2}, ["waveform", "spectrogram", "chapters", "audio"]),
        ("video", "mp4", {"duration_ms": 1000}, ["poster", "storyboard", "mp4", "hls"]),
        ("other", "zip", {}, []),
    ],
)
def test_kind_gets_its_roles_and_quick_ones_come_first(
    kind: str, extension: str, technical: dict[str, object], roles: list[str]
) -> None:
    assert [one.role for one in plan(facts(kind, extension, **technical))] == roles


def test_file_with_a_reason_gets_nothing() -> None:
    assert plan(facts("pdf", "pdf", reasons.PASSWORD)) == ()


def test_limits_grow_with_the_length_and_the_output_does_not_change() -> None:
    hour = recipe_for("hls", facts("video", "mp4", duration_ms=3_600_000))
    book = recipe_for("pages", facts("pdf", "pdf", page_count=500))

    assert hour.limits.cpu_s == 60 * recipe("hls", "video").limits.cpu_s
    assert hour.settings == recipe("hls", "video").settings
    assert book.limits.cpu_s == 10 * recipe("pages", "pdf").limits.cpu_s
    assert recipe_for("hls", facts("video", "mp4", duration_ms=500)).limits == recipe("hls", "video").limits


def test_limits_stretch_no_further_than_the_pages_that_are_made() -> None:
    bomb, book = (recipe_for("pages", facts("pdf", "pdf", page_count=pages)) for pages in (10**6, 3000))

    assert bomb.limits == book.limits


def test_what_takes_long_is_no_small_work() -> None:
    assert recipe_for("text", facts("pdf", "pdf", page_count=900)).lane == "quick"
    assert recipe_for("text", facts("pdf", "pdf", page_count=1000)).lane == "heavy"
    assert recipe_for("waveform", facts("audio", "mp3", duration_ms=4 * 3_600_000)).lane == "heavy"
    assert recipe_for("poster", facts("video", "mp4", duration_ms=4 * 3_600_000)).lane == "quick"


def test_a_header_may_claim_any_length() -> None:
    endless = recipe_for("hls", facts("video", "mp4", duration_ms=10**18))

    assert endless.limits.wall_s == 4 * 86_400
    assert endless.limits.output_bytes < 2**63


def test_role_that_a_file_does_not_get_is_a_key_error() -> None:
    with pytest.raises(KeyError):
        recipe_for("hls", facts("audio", "mp3"))


def test_what_reads_a_set_is_planned_by_what_that_set_tells_once_it_is_there(monkeypatch: pytest.MonkeyPatch) -> None:
    reader = replace(recipe("pages", "pdf"), kinds=frozenset({"epub"}), source_role="outline")
    monkeypatch.setattr(recipes, "RECIPES", (*recipes.RECIPES, reader))
    book = facts("epub", "epub", page_count=1)

    assert [one.role for one in plan(book)] == ["thumbnail", "text", "outline", "chapters"]
    assert [one.role for one in plan(book, {"outline": {}})] == ["thumbnail", "text", "outline", "chapters", "pages"]
    (next_one,) = following("outline", book, {"page_count": 500})
    assert next_one.limits.cpu_s == 10 * reader.limits.cpu_s
    assert recipe_for("pages", book, {"outline": {"page_count": 500}}) == next_one
    with pytest.raises(KeyError):
        recipe_for("pages", book)


@pytest.mark.parametrize("number", [float("nan"), float("inf"), 10**400])
def test_a_number_that_no_file_can_have_counts_as_none(number: float) -> None:
    assert facts("pdf", "pdf", page_count=number).number("page_count") == 0


@pytest.mark.parametrize(
    "change",
    [
        {"kind": "program"},
        {"extension": "exe"},
        {"reason": "because"},
        {"technical": None},
        {"technical": {"title": "x" * 30_000}},
        {"kind": ["image"]},
        {"puid": "fmt/41; drop"},
        {"puid": None},
        {"embedded": "EXIF"},
        {"embedded": [{"source": "EXIF", "name": "Artist"}]},
        {"embedded": [{"source": "EXIF", "name": "Artist", "value": 1}]},
        {"embedded": [{"source": "EXIF", "name": "Artist", "value": "zero \x00"}]},
        {"embedded": [{"source": "EXIF", "name": str(number), "value": ""} for number in range(300)]},
        {"embedded": [{"source": "EXIF", "name": "Artist", "value": "x" * 200_000}]},
    ],
)
def test_what_a_child_cannot_have_meant_is_refused(change: dict[str, object]) -> None:
    sound: dict[str, object] = {"kind": "image", "extension": "jpg", "reason": "", "detail": "", "technical": {}}

    with pytest.raises(ProcessorError) as caught:
        Facts.from_json({**sound, **change})

    assert caught.value.code == reasons.BAD_OUTPUT
