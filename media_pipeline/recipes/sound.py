"""What is made of sound recordings. Times and sizes are for ten minutes; `plan.py` stretches them for longer ones."""

from media_pipeline.recipes.recipe import MEBIBYTE, Limits, Recipe

WAVEFORM = Recipe(
    role="waveform",
    version=1,
    processor="audio_waveform",
    lane="quick",
    kinds=frozenset({"audio"}),
    settings={"peaks_at_most": 1000, "sample_rate_hz": 8000},
    limits=Limits(
        memory_bytes=2048 * MEBIBYTE, cpu_s=60, file_bytes=MEBIBYTE, output_bytes=2 * MEBIBYTE, programs=True
    ),
)
AUDIO = Recipe(
    role="audio",
    version=1,
    processor="audio_renditions",
    lane="heavy",
    kinds=frozenset({"audio"}),
    settings={"opus_bitrate_kbps": 48, "aac_bitrate_kbps": 96, "aac_sample_rate_hz": 44_100},
    limits=Limits(
        memory_bytes=2048 * MEBIBYTE,
        cpu_s=240,
        wall_s=600,
        file_bytes=64 * MEBIBYTE,
        output_bytes=128 * MEBIBYTE,
        programs=True,
    ),
)

RECIPES = (WAVEFORM, AUDIO)
