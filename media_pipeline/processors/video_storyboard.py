"""A film at a glance: small pictures at even steps, several to a sheet, and a WebVTT that says which one is when.

Sheets are small so that a weak line fetches only those around the moment that is looked for.
"""

import math
from pathlib import Path

import pyvips

from media_pipeline import reasons
from media_pipeline.processors import OutputFile, ProcessorError, Progress, Result, Settings
from media_pipeline.processors.av_probe import probe
from media_pipeline.processors.image_sizes import write_webp
from media_pipeline.processors.video_frames import Size, require_film
from media_pipeline.processors.video_samples import samples
from media_pipeline.processors.webvtt import Cue, webvtt


def run(source: Path, out: Path, settings: Settings, progress: Progress) -> Result:
    """Write `sheet-1.webp` … and `storyboard.vtt`. Facts: step_ms, pictures, tile_width, tile_height, columns."""
    found = probe(source)
    require_film(found)
    seconds = max(found.duration_ms / 1000, 0.04)
    at_most = int(settings["pictures_at_most"])
    step_s = max(float(settings["step_s"]), math.ceil(seconds / at_most))
    count = min(at_most, max(1, math.ceil(seconds / step_s)))
    tile = _tile(found.width, found.height, int(settings["long_edge_px"]))
    # The picture of the middle of its step: what people see there when they let go.
    middles = [min((index + 0.5) * step_s, (index * step_s + seconds) / 2) for index in range(count)]
    pictures = []
    for index, one in enumerate(samples(source, found, middles, tile)):
        pictures.append(one.image)
        progress(90 * (index + 1) / count)
    if not pictures:
        raise ProcessorError(reasons.DAMAGED, "No picture could be decoded.")
    columns, rows = int(settings["columns_at_most"]), int(settings["rows_at_most"])
    files: list[OutputFile] = []
    cues: list[Cue] = []
    for number, first in enumerate(range(0, len(pictures), columns * rows), 1):
        group = pictures[first : first + columns * rows]
        name = f"sheet-{number}.webp"
        sheet = pyvips.Image.arrayjoin(group, across=min(columns, len(group)))
        write_webp(sheet, out / name, settings)
        files.append(OutputFile(name, "image/webp", {"width": sheet.width, "height": sheet.height}))
        for at in range(len(group)):
            start_s = len(cues) * step_s
            place = f"{at % columns * tile.width},{at // columns * tile.height},{tile.width},{tile.height}"
            cues.append(Cue(start_s, start_s + step_s, f"{name}#xywh={place}"))
    cues[-1] = cues[-1]._replace(end_s=max(seconds, cues[-1].start_s + 0.04))
    (out / "storyboard.vtt").write_text(webvtt(cues), encoding="utf-8")
    facts: dict[str, object] = {"step_ms": round(step_s * 1000), "pictures": len(pictures), "columns": columns}
    facts |= {"tile_width": tile.width, "tile_height": tile.height}
    return Result([OutputFile("storyboard.vtt", "text/vtt", {"cues": len(cues)}), *files], facts)


def _tile(width: int, height: int, long_edge_px: int) -> Size:
    scale = min(1.0, long_edge_px / max(width, height))
    return Size(max(2, round(width * scale / 2) * 2), max(2, round(height * scale / 2) * 2))
