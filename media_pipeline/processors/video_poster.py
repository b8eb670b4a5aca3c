"""A telling still of a film in several sizes."""

from pathlib import Path

from media_pipeline import reasons
from media_pipeline.processors import ProcessorError, Progress, Result, Settings
from media_pipeline.processors.av_probe import Probe, probe
from media_pipeline.processors.ffmpeg import run_ffmpeg
from media_pipeline.processors.image_open import open_shrunk
from media_pipeline.processors.image_sizes import write_sizes
from media_pipeline.processors.video_frames import clean_frames, fitted, require_film

_KEY_FRAMES_TO_COMPARE = 8
_PIXELS_AT_MOST = 64_000_000


def run(source: Path, out: Path, settings: Settings, progress: Progress) -> Result:
    """Write one WebP for each edge of `long_edges_px`: the most typical of a few key frames after the first tenth."""
    found = probe(source)
    require_film(found)
    still = Path.cwd() / "tmp" / "still.png"
    start_s = found.duration_ms / 10_000
    look = ["-skip_frame", "nokey", "-ss", f"{start_s:.3f}", "-t", str(settings["look_into_s"])]
    # Some films have no key frame behind the seek, or hide them: then the very first picture has to do.
    for before, choice in ((look, f"thumbnail={_KEY_FRAMES_TO_COMPARE},"), ([], "")):
        if _still(source, still, found, settings, before, choice):
            break
    else:
        raise ProcessorError(reasons.DAMAGED, "No picture could be decoded.")
    progress(80)
    edge = int(str(settings["long_edges_px"]).split(",", 1)[0])
    return Result(write_sizes(open_shrunk(still, edge, pixels_at_most=_PIXELS_AT_MOST), out, settings), {})


def _still(source: Path, still: Path, found: Probe, settings: Settings, before: list[str], choice: str) -> bool:
    filters = choice + clean_frames(found, fitted(found, 1080), 1000)
    arguments = ["-map", "0:V:0", "-an", "-vf", filters, "-frames:v", "1", "-c:v", "png", "-compression_level", "1"]
    try:
        run_ffmpeg(
            source, [*arguments, "-update", "1", "-f", "image2", "-y", str(still)], settings, before_input=before
        )
    except ProcessorError as error:
        if error.code != reasons.DAMAGED:
            raise
    return still.is_file() and still.stat().st_size > 0
