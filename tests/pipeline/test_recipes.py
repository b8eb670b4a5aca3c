"""Recipes are values whose change must be meant."""

import hashlib
import importlib
import json
import re

import pytest

from media_pipeline.recipes import IDENTIFY, RECIPES, Recipe, recipe, recipes_for

pytestmark = pytest.mark.pure

# The settings of each version: a new digest here needs a higher version there, or old outputs pass for new ones.
DIGESTS = {
    "image_thumbnail": (2, "35b249d5a25d"),
    "image_pyramid": (2, "86c7074c1ff4"),
    "image_pages": (2, "0296c309a2e5"),
    "pdf_cover": (1, "7bdbd839f4c1"),
    "pdf_pages": (2, "97a4b83bb015"),
    "pdf_text": (3, "791be72b08c9"),
    "pdf_words": (1, "c0c82736e309"),
    "pdf_outline": (1, "11ae56d9a46c"),
    "pdf_ocr": (1, "3d0b690d008d"),
    "image_ocr": (1, "cdc6bd75fed0"),
    "office_text": (1, "5813de405757"),
    "office_pdf": (1, "92018caa030e"),
    "plain_text": (1, "c9d7d0c40138"),
    "epub_cover": (1, "803ff65208e9"),
    "epub_text": (2, "75897f8469fb"),
    "epub_outline": (1, "963f45fc1923"),
    "epub_chapters": (1, "7e637447a1dc"),
    "audio_waveform": (1, "1951bf3bb92f"),
    "audio_spectrogram": (1, "93328041708e"),
    "av_chapters": (1, "490498c80b2f"),
    "audio_renditions": (2, "eeb8705b023c"),
    "video_poster": (2, "3ee9ea032a01"),
    "video_storyboard": (1, "3fcf32d9ee50"),
    "video_hls": (2, "2e964a612892"),
    "video_mp4": (2, "39698757351d"),
    "captions_file": (1, "4c0a08d81942"),
}


def digest(one: Recipe) -> str:
    text = json.dumps([one.processor, dict(one.settings)], sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()[:12]


@pytest.mark.parametrize("one", RECIPES, ids=lambda one: f"{one.role}-{one.processor}")
def test_output_does_not_change_without_a_new_version(one: Recipe) -> None:
    assert DIGESTS[one.processor] == (one.version, digest(one))


@pytest.mark.parametrize("one", [*RECIPES, IDENTIFY], ids=lambda one: one.processor)
def test_processor_is_there(one: Recipe) -> None:
    module = importlib.import_module(f"media_pipeline.processors.{one.processor}")

    assert callable(module.run)


def test_a_kind_has_one_recipe_for_a_role() -> None:
    pairs = [(one.role, kind) for one in RECIPES for kind in one.kinds]

    assert len(pairs) == len(set(pairs))
    assert recipe("thumbnail", "pdf").processor == "pdf_cover"
    with pytest.raises(KeyError):
        recipe("thumbnail", "audio")
    assert {one.role for one in recipes_for("video")} == {"poster", "storyboard", "chapters", "hls", "mp4"}
    assert recipes_for("other") == ()


def test_what_a_recipe_reads_is_made_for_each_of_its_kinds_and_never_of_itself() -> None:
    for one in RECIPES:
        for kind in one.kinds:
            chain = [one.role]
            while source := recipe(chain[-1], kind).source_role:
                assert source not in chain
                chain.append(source)


def test_settings_are_frozen_and_numbers_carry_units() -> None:
    units = re.compile(r"_(px|kbps|hz|s|quality|effort|at_most|lufs)$|^crf$")
    for one in RECIPES:
        with pytest.raises(TypeError):
            one.settings["new"] = 1  # type: ignore[index] # the refusal is what is tested
        for name, value in one.settings.items():
            assert isinstance(value, str) or units.search(name), name


def test_limits_bound_every_run() -> None:
    for one in [*RECIPES, IDENTIFY]:
        limits = one.limits
        assert 0 < limits.cpu_s <= limits.wall_s
        assert limits.memory_bytes <= 6 * 1024**3
        assert limits.output_files <= 6000
        assert limits.programs == (one.role in ("waveform", "spectrogram", "audio", "poster", "hls", "mp4"))
