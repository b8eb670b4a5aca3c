"""What is made of moving pictures. Limits are for one minute; `plan.py` stretches them for longer films."""

from media_pipeline.recipes.recipe import MEBIBYTE, Limits, Recipe

POSTER = Recipe(
    role="poster",
    version=2,
    processor="video_poster",
    lane="quick",
    kinds=frozenset({"video"}),
    settings={
        "long_edges_px": "1280,480,160",
        "webp_quality": 80,
        "webp_effort": 2,
        "frames_at_most": 24,
        "stills_at_most": 6,
    },
    limits=Limits(
        memory_bytes=6144 * MEBIBYTE,
        cpu_s=120,
        wall_s=240,
        file_bytes=256 * MEBIBYTE,
        output_bytes=64 * MEBIBYTE,
        output_files=32,
        programs=True,
    ),
)
STORYBOARD = Recipe(
    role="storyboard",
    is_extra=True,
    version=1,
    processor="video_storyboard",
    lane="quick",
    kinds=frozenset({"video"}),
    # Eight sheets of 25 pictures at most: some 60 kB each, however long the film.
    settings={
        "long_edge_px": 160,
        "step_s": 2,
        "pictures_at_most": 200,
        "columns_at_most": 5,
        "rows_at_most": 5,
        "webp_quality": 55,
        "webp_effort": 2,
    },
    limits=Limits(cpu_s=120, wall_s=240, file_bytes=4 * MEBIBYTE, output_bytes=8 * MEBIBYTE),
)
HLS = Recipe(
    role="hls",
    version=2,
    processor="video_hls",
    lane="heavy",
    kinds=frozenset({"video"}),
    # Rungs are shorter sides in px with ceilings in kb/s, for lines of two bars of 2G up to fibre: docs/operations/media.md
    # has the reckoning. The constant rate factor keeps quiet scenes far below them.
    settings={
        "rungs_px_kbps": "144:100,240:220,360:450,480:900,720:2000,1080:4200",
        "crf": 23,
        "preset": "veryfast",
        "segment_s": 4,
        "frames_per_s_at_most": 60,
        "low_sound_kbps": 40,
        "high_sound_kbps": 96,
        "low_sound_up_to_px": 240,
        "target_lufs": -18.0,
        "peak_db_at_most": -1.0,
    },
    limits=Limits(
        memory_bytes=6144 * MEBIBYTE,
        cpu_s=600,
        wall_s=900,
        file_bytes=256 * MEBIBYTE,
        output_bytes=512 * MEBIBYTE,
        output_files=64,
        programs=True,
    ),
)
MP4 = Recipe(
    role="mp4",
    version=2,
    processor="video_mp4",
    lane="heavy",
    kinds=frozenset({"video"}),
    settings={
        "short_edge_px": 360,
        "video_bitrate_kbps": 500,
        "crf": 25,
        "preset": "veryfast",
        "frames_per_s_at_most": 30,
        "audio_bitrate_kbps": 64,
        "target_lufs": -18.0,
        "peak_db_at_most": -1.0,
    },
    limits=Limits(
        memory_bytes=6144 * MEBIBYTE,
        cpu_s=300,
        wall_s=600,
        file_bytes=128 * MEBIBYTE,
        output_bytes=128 * MEBIBYTE,
        programs=True,
    ),
)

# What is watched first comes first: the small film takes a quarter of the ladder's time.
RECIPES = (POSTER, STORYBOARD, MP4, HLS)
