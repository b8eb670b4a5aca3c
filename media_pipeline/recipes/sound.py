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
    version=2,
    processor="audio_renditions",
    lane="heavy",
    kinds=frozenset({"audio"}),
    # The low pair is one channel: speech is clear at 24 kb/s of Opus, and the beating of gongs survives where two
    # channels would starve each other. docs/operations/media.md has the reckoning.
    settings={
        "opus_low_kbps": 24,
        "opus_high_kbps": 64,
        "aac_low_kbps": 48,
        "aac_high_kbps": 128,
        "aac_sample_rate_hz": 48_000,
        "target_lufs": -18.0,
        "peak_db_at_most": -1.0,
    },
    limits=Limits(
        memory_bytes=2048 * MEBIBYTE,
        cpu_s=240,
        wall_s=600,
        file_bytes=64 * MEBIBYTE,
        output_bytes=128 * MEBIBYTE,
        programs=True,
    ),
)

SPECTROGRAM = Recipe(
    role="spectrogram",
    is_extra=True,
    version=1,
    processor="audio_spectrogram",
    lane="quick",
    kinds=frozenset({"audio"}),
    # Eight octaves from the E below the lowest gong: 41 Hz to 10.5 kHz, forty lines to an octave.
    settings={
        "lowest_hz": 41.2,
        "octaves_at_most": 8,
        "height_px": 320,
        "widths_px": "1200,600",
        "webp_quality": 60,
        "webp_effort": 4,
    },
    limits=Limits(
        memory_bytes=2048 * MEBIBYTE, cpu_s=60, file_bytes=4 * MEBIBYTE, output_bytes=4 * MEBIBYTE, programs=True
    ),
)
CHAPTERS = Recipe(
    role="chapters",
    is_extra=True,
    version=1,
    processor="av_chapters",
    lane="quick",
    kinds=frozenset({"audio", "video"}),
    limits=Limits(cpu_s=30, wall_s=90, file_bytes=MEBIBYTE, output_bytes=MEBIBYTE),
)

RECIPES = (WAVEFORM, SPECTROGRAM, CHAPTERS, AUDIO)
