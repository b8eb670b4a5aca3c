"""An HLS ladder: one decode, each rendition scaled from the next larger one, one file a rendition with byte ranges.

One file a rendition keeps an hour of film at a handful of stored objects. Sound is a rendition of its own, encoded
once. Source: RFC 8216 and draft-pantos-hls-rfc8216bis (4.4.6.2, attributes of EXT-X-STREAM-INF).
"""

from itertools import pairwise
from pathlib import Path

from media_pipeline.processors import OutputFile, Progress, Result, Scalar, Settings
from media_pipeline.processors.av_probe import Probe, probe
from media_pipeline.processors.ffmpeg import run_ffmpeg
from media_pipeline.processors.hls_playlist import Rendition, main_playlist, measure
from media_pipeline.processors.video_frames import BARE, Size, clean_frames, fitted, require_film

PLAYLIST_TYPE = "application/vnd.apple.mpegurl"
_BETWEEN_RUNGS = 1.1  # a film this much larger than the largest rung it reaches gets its own size as one more


def run(source: Path, out: Path, settings: Settings, progress: Progress) -> Result:
    """Write `master.m3u8`, and for each rendition `240p.m3u8` with `240p.mp4`. Facts: duration_ms, width, height,
    renditions.
    """
    found = probe(source)
    require_film(found)
    rungs = choose_rungs(found, str(settings["rungs_px_kbps"]))
    arguments = _arguments(found, rungs, settings, out)
    run_ffmpeg(source, arguments, settings, duration_s=found.duration_ms / 1000, progress=progress)
    films = [measure(out, name(size), size=size) for size, _kbps in rungs]
    sound = measure(out, "audio") if found.has_audio else None
    frame_rate = min(found.frame_rate, float(settings["frames_per_s_at_most"]))
    (out / "master.m3u8").write_text(main_playlist(films, sound, frame_rate), encoding="ascii")
    largest = rungs[-1][0]
    facts = {"width": largest.width, "height": largest.height, "duration_ms": round(films[0].duration_s * 1000)}
    files = [OutputFile("master.m3u8", PLAYLIST_TYPE)]
    for one in [*films, *([sound] if sound else [])]:
        files += _files(one)
    return Result(files, {**facts, "renditions": [one.name for one in films]})


def _files(one: Rendition) -> list[OutputFile]:
    facts: dict[str, Scalar] = {
        "bandwidth_bps": one.peak_bps,
        "average_bandwidth_bps": one.average_bps,
        "codec": one.codec,
    }
    size: dict[str, Scalar] = {"width": one.size.width, "height": one.size.height} if one.size else {}
    media_type = "video/mp4" if one.size else "audio/mp4"
    return [OutputFile(f"{one.name}.m3u8", PLAYLIST_TYPE), OutputFile(f"{one.name}.mp4", media_type, {**size, **facts})]


def name(size: Size) -> str:
    """Return the name of a rendition: its shorter side."""
    return f"{size.short_edge}p"


def choose_rungs(found: Probe, rungs: str) -> list[tuple[Size, int]]:
    """Return sizes with peak bit rates (kb/s), smallest first, none larger than the film; a tiny film is its own only
    rung.

    `rungs` is the recipe's ladder, as in `240:300,480:900`.
    """
    ladder = sorted((int(edge), int(rate)) for edge, rate in (one.split(":") for one in rungs.split(",")))
    own = min(found.width, found.height)
    chosen = [one for one in ladder if one[0] <= own]
    larger = [one for one in ladder if one[0] > own]
    if not chosen or (larger and own > chosen[-1][0] * _BETWEEN_RUNGS):
        chosen.append((own, larger[0][1]))
    return [(fitted(found, edge), rate) for edge, rate in chosen]


def _arguments(found: Probe, rungs: list[tuple[Size, int]], settings: Settings, out: Path) -> list[str]:
    arguments = ["-filter_complex", _cascade(found, [size for size, _rate in rungs], settings)]
    # Key frames at the same moments in every rendition, by time and not by count, so that films of any rate can switch.
    common = ["-c:v", "libx264", "-preset", str(settings["preset"]), "-crf", str(settings["crf"]), "-fps_mode", "vfr"]
    common += ["-profile:v", "high", "-g", "9999", "-sc_threshold", "0"]
    common += ["-force_key_frames", f"expr:gte(t,n_forced*{settings['segment_s']})"]
    streams = []
    for index, (size, rate) in enumerate(rungs):
        arguments += ["-map", f"[v{index}]", f"-maxrate:v:{index}", f"{rate}k", f"-bufsize:v:{index}", f"{rate * 2}k"]
        streams.append(f"v:{index},name:{name(size)}")
    arguments += common
    if found.has_audio:
        arguments += [
            "-map",
            "0:a:0",
            "-c:a",
            "aac",
            "-b:a",
            f"{settings['audio_bitrate_kbps']}k",
            "-ac",
            "2",
            "-ar",
            "48000",
        ]
        streams.append("a:0,name:audio")
    arguments += [*BARE, "-fflags", "+bitexact", "-f", "hls", "-hls_time", str(settings["segment_s"])]
    arguments += [
        "-hls_playlist_type",
        "vod",
        "-hls_segment_type",
        "fmp4",
        "-hls_flags",
        "single_file+independent_segments",
    ]
    arguments += [
        "-hls_segment_filename",
        str(out / "%v.mp4"),
        "-var_stream_map",
        " ".join(streams),
        str(out / "%v.m3u8"),
    ]
    return arguments


def _cascade(found: Probe, sizes: list[Size], settings: Settings) -> str:
    """Return the filter graph with outputs [v0] (smallest) to [vn]."""
    last = len(sizes) - 1
    steps = [f"[0:V:0]{clean_frames(found, sizes[last], int(settings['frames_per_s_at_most']))}"]
    for larger, smaller in pairwise(range(last, -1, -1)):
        size = sizes[smaller]
        steps[-1] += f",split[v{larger}][s{smaller}]"
        steps.append(f"[s{smaller}]scale={size.width}:{size.height}")
    steps[-1] += "[v0]"
    return ";".join(steps)
