"""What is made of moving pictures. Limits are for one minute; `plan.py` stretches them for longer films."""

from media_pipeline.recipes.recipe import MEBIBYTE, Limits, Recipe

POSTER = Recipe(
    role="poster",
    version=1,
    processor="video_poster",
    lane="quick",
    kinds=frozenset({"video"}),
    settings={"long_edges_px": "1280,480,160", "webp_quality": 80, "webp_effort": 2, "look_into_s": 60},
    limits=Limits(cpu_s=120, wall_s=240, file_bytes=256 * MEBIBYTE, output_bytes=64 * MEBIBYTE, programs=True),
)
HLS = Recipe(
    role="hls",
    version=1,
    processor="video_hls",
    lane="heavy",
    kinds=frozenset({"video"}),
    # Rungs are shorter sides in px with bit rates in kb/s. Bit rates are ceilings for a second of film (peak);
    # the constant rate factor keeps quiet scenes far below them.
    settings={
        "rungs_px_kbps": "240:300,480:900,720:2200,1080:4500",
        "crf": 23,
        "preset": "veryfast",
        "segment_s": 4,
        "frames_per_s_at_most": 60,
        "audio_bitrate_kbps": 96,
    },
    limits=Limits(
        memory_bytes=6144 * MEBIBYTE,
        cpu_s=600,
        wall_s=900,
        file_bytes=256 * MEBIBYTE,
        output_bytes=512 * MEBIBYTE,
        output_files=32,
        programs=True,
    ),
)
MP4 = Recipe(
    role="mp4",
    version=1,
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

RECIPES = (POSTER, HLS, MP4)
