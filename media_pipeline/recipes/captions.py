"""What is made of subtitles and of plain texts: WebVTT for players, segments for pages and search."""

from media_pipeline.recipes.recipe import MEBIBYTE, Limits, Recipe

CAPTIONS = Recipe(
    role="captions",
    version=1,
    processor="captions_file",
    lane="quick",
    kinds=frozenset({"captions", "text"}),
    settings={
        "source_bytes_at_most": 8 * MEBIBYTE,
        "cues_at_most": 40_000,
        "cue_letters_at_most": 2_000,
        "problems_at_most": 50,
        "part_letters_at_most": 12_000,
        "part_segments_at_most": 100,
    },
    limits=Limits(
        memory_bytes=1024 * MEBIBYTE, cpu_s=60, file_bytes=128 * MEBIBYTE, output_bytes=256 * MEBIBYTE, output_files=3
    ),
)

RECIPES = (CAPTIONS,)
