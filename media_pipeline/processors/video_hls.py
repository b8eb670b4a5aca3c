"""An HLS ladder: one decode, each rendition scaled from the next larger one, one file a rendition with byte ranges.

One file a rendition keeps an hour of film at a handful of stored objects. Sound is encoded apart: each track at a small
and a better rate, which several rungs share, and which play alone. Source: RFC 8216 and draft-pantos-hls-rfc8216bis.
"""

from pathlib import Path

from media_pipeline.processors import OutputFile, Progress, Result, Scalar, Settings
from media_pipeline.processors.av_probe import TRACKS_AT_MOST, Probe, probe
from media_pipeline.processors.ffmpeg import run_ffmpeg
from media_pipeline.processors.hls_playlist import Film, Sound, main_playlist, measure_film, measure_sound, sound_name
from media_pipeline.processors.lengths import is_partial
from media_pipeline.processors.loudness import gain_db, measure
from media_pipeline.processors.video_frames import BARE, require_film, shown_rate
from media_pipeline.processors.video_ladder import Rung, cascade, choose_rungs, frames_per_segment

PLAYLIST_TYPE = "application/vnd.apple.mpegurl"


def run(source: Path, out: Path, settings: Settings, progress: Progress) -> Result:
    """Write `master.m3u8`, and for each rendition `240p.m3u8` with `240p.mp4`. Facts: duration_ms, width, height,
    renditions, frame_rate, tracks; loudness of the first track; partial (true) for a film that ends before its time.
    """
    found = probe(source)
    require_film(found)
    rungs = choose_rungs(found, str(settings["rungs_px_kbps"]), int(settings["frames_per_s_at_most"]))
    loudness = measure(source, track_count(found), settings) if found.has_audio else []
    gains = [gain_db(one, settings) for one in loudness]
    arguments = ladder_arguments(found, rungs, gains, settings, out)
    run_ffmpeg(source, arguments, settings, duration_s=found.duration_ms / 1000, progress=progress)
    rate = shown_rate(found, int(settings["frames_per_s_at_most"]))
    films = [measure_film(out, one, float(rate) / one.every) for one in rungs]
    sounds = _measured_sounds(found, out, settings) if gains else {}
    low_up_to_px = int(settings["low_sound_up_to_px"])
    (out / "master.m3u8").write_text(main_playlist(films, sounds, low_up_to_px), encoding="ascii")
    files = [OutputFile("master.m3u8", PLAYLIST_TYPE)]
    for film in films:
        files += _files(film)
    for sound in (one for group in sounds.values() for one in group):
        files += _files(sound)
    return Result(files, {**_facts(found, films, rungs), **(loudness[0].facts(gains[0]) if gains else {})})


def _facts(found: Probe, films: list[Film], rungs: list[Rung]) -> dict[str, object]:
    largest = rungs[-1].size
    duration_ms = round(films[-1].duration_s * 1000)
    facts: dict[str, object] = {
        "width": largest.width,
        "height": largest.height,
        "duration_ms": duration_ms,
        "renditions": [one.name for one in films],
        "frame_rate": round(films[-1].frame_rate, 3),
        "tracks": track_count(found),
    }
    return facts | ({"partial": True} if is_partial(duration_ms, found) else {})


def track_count(found: Probe) -> int:
    """Return how many sound tracks are made into renditions."""
    return min(found.audio_streams, TRACKS_AT_MOST) if found.has_audio else 0


def _measured_sounds(found: Probe, out: Path, settings: Settings) -> dict[str, list[Sound]]:
    """Return what came out by group, the small one first; a track that gave no sound at all is left out of both."""
    languages = found.audio_languages.split(",")
    made: dict[str, list[Sound]] = {}
    for group in ("low", "high"):
        measured = [
            measure_sound(out, group, track, languages[track] if track < len(languages) else "")
            for track in range(track_count(found))
        ]
        made[group] = [one for one in measured if one is not None]
    return made if made["low"] else {}


def _files(one: Film | Sound) -> list[OutputFile]:
    facts: dict[str, Scalar] = {
        "bandwidth_bps": one.peak_bps,
        "average_bandwidth_bps": one.average_bps,
        "codec": one.codec,
    }
    if isinstance(one, Film):
        facts |= {"width": one.size.width, "height": one.size.height}
    elif one.language:
        facts["language"] = one.language
    media_type = "video/mp4" if isinstance(one, Film) else "audio/mp4"
    return [OutputFile(f"{one.name}.m3u8", PLAYLIST_TYPE), OutputFile(f"{one.name}.mp4", media_type, facts)]


def ladder_arguments(
    found: Probe, rungs: list[Rung], gains_db: list[float], settings: Settings, out: Path
) -> list[str]:
    """Return what follows the input: the whole ladder in one process. `gains_db` has one number for each sound track."""
    rate = shown_rate(found, int(settings["frames_per_s_at_most"]))
    arguments = [
        "-filter_complex_threads",
        "1",
        "-filter_complex",
        cascade(found, rungs, int(settings["frames_per_s_at_most"])),
    ]
    # Key frames at the same frames in every rendition, so that players can change between them at each segment.
    between = frames_per_segment(rate, int(settings["segment_s"]))
    streams = []
    for index, rung in enumerate(rungs):
        peak, frames = rung.peak_kbps, between // rung.every
        arguments += [
            "-map",
            f"[v{index}]",
            f"-maxrate:v:{index}",
            f"{peak}k",
            f"-bufsize:v:{index}",
            f"{peak * 3 // 2}k",
        ]
        arguments += [f"-g:v:{index}", str(frames), f"-keyint_min:v:{index}", str(frames)]
        streams.append(f"v:{index},name:{rung.name}")
    # One thread for each encoder: they run beside each other, the bytes come out the same each time, and less is copied.
    arguments += ["-c:v", "libx264", "-preset", str(settings["preset"]), "-crf", str(settings["crf"])]
    arguments += ["-threads:v", "1", "-profile:v", "high", "-sc_threshold", "0", "-fps_mode", "vfr"]
    arguments += _sound_arguments(found, gains_db, settings, streams)
    arguments += [*BARE, "-fflags", "+bitexact", "-f", "hls", "-hls_time", str(settings["segment_s"])]
    arguments += ["-hls_playlist_type", "vod", "-hls_segment_type", "fmp4"]
    arguments += ["-hls_flags", "single_file+independent_segments"]
    arguments += ["-hls_segment_filename", str(out / "%v.mp4"), "-var_stream_map", " ".join(streams)]
    return [*arguments, str(out / "%v.m3u8")]


def _sound_arguments(found: Probe, gains_db: list[float], settings: Settings, streams: list[str]) -> list[str]:
    arguments: list[str] = []
    index = 0
    for track, gain in enumerate(gains_db):
        for group in ("low", "high"):
            # Gaps become silence: sound that merely follows itself would run ahead of the picture.
            filters = f"aresample=48000:async=1,volume={gain}dB"
            arguments += ["-map", f"0:a:{track}", f"-filter:a:{index}", filters]
            arguments += [f"-b:a:{index}", f"{settings[f'{group}_sound_kbps']}k"]
            streams.append(f"a:{index},name:{sound_name(group, track)}")
            index += 1
    channels = str(min(2, max(1, found.channels)))
    return [*arguments, "-c:a", "aac", "-ac", channels, "-ar", "48000"] if arguments else []
