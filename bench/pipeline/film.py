"""python -m bench.pipeline.film [--pairs N]

Three ways to the same six rungs with sound, in turns: our whole job (claim, loudness, child behind its walls, checks, publication, rows),
one bare ffmpeg process with the same arguments, and the usual recipe, one ffmpeg process for each rendition.
"""

from __future__ import annotations

import argparse
import dataclasses
import json
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Mapping
from pathlib import Path

import imageio_ffmpeg
import pyvips

from bench.archive import entered
from bench.measure import Row, child_cpu_s, median, spread
from bench.pipeline_overhead.__main__ import Ours

FILM_S = 30
QUIET = ["-hide_banner", "-nostdin", "-loglevel", "error", "-y"]
FFMPEG = imageio_ffmpeg.get_ffmpeg_exe()
_SSIM = re.compile(r"SSIM .*All:([\d.]+)")


def film(path: Path) -> Path:
    """Write a short 1080p film at 25 frames a second: a slow pan over clouds, something that moves, grain, and sound."""
    still = path.with_suffix(".png")
    clouds = pyvips.Image.perlin(3200, 1800, cell_size=256, seed=1) * 50 + 118
    clouds += pyvips.Image.perlin(3200, 1800, cell_size=24, seed=2) * 25
    (clouds + pyvips.Image.gaussnoise(3200, 1800, sigma=4, seed=3)).cast("uchar").pngsave(str(still))
    pan = "crop=1920:1080:x='(iw-1920)*(0.5+0.5*sin(t/7))':y='(ih-1080)*(0.5+0.5*cos(t/5))'"
    grain = "format=yuv420p,noise=alls=2:allf=t"
    graph = f"[0:v]{pan},{grain}[b];[b][1:v]overlay=x='W/2+300*sin(t)':y=500,format=yuv420p[v]"
    inputs = ["-loop", "1", "-framerate", "25", "-t", str(FILM_S), "-i", str(still)]
    inputs += ["-f", "lavfi", "-t", str(FILM_S), "-i", "testsrc2=s=640x360:r=25"]
    inputs += ["-f", "lavfi", "-t", str(FILM_S), "-i", "anoisesrc=c=pink:a=0.2"]
    made = ["-map", "[v]", "-map", "2:a", "-c:v", "libx264", "-preset", "superfast", "-b:v", "16M"]
    made += ["-maxrate", "24M", "-bufsize", "32M", "-g", "50"]
    made += ["-c:a", "aac", "-b:a", "160k", str(path)]
    subprocess.run([FFMPEG, *QUIET, *inputs, "-filter_complex", graph, *made], check=True)
    return path


class Ways:
    """The three ways; each call returns processor seconds of all that it started."""

    def __init__(self, source: Path, folder: Path) -> None:
        from media_pipeline import settling  # noqa: PLC0415  # after `entered`
        from media_pipeline.plan import recipe_for  # noqa: PLC0415
        from media_pipeline.processors import av_probe, loudness, video_ladder  # noqa: PLC0415

        self._source, self._folder = source, folder
        self._ours = Ours(source, "hls")
        self.settings = recipe_for("hls", settling.facts_of(self._ours.master)).settings
        self.found = av_probe.probe(source)
        self.rungs = video_ladder.choose_rungs(self.found, str(self.settings["rungs_px_kbps"]))
        said = subprocess.run(
            [
                FFMPEG,
                "-hide_banner",
                "-nostats",
                "-i",
                str(source),
                "-vn",
                "-af",
                loudness.filter_of(0),
                "-f",
                "null",
                "-",
            ],
            capture_output=True,
            text=True,
            check=True,
        ).stderr
        self.gain_db = loudness.gain_db(loudness.read(said, 1)[0], self.settings)

    def ours(self) -> float:
        return self._ours.run()

    def bare(self) -> float:
        from media_pipeline.processors.video_hls import ladder_arguments  # noqa: PLC0415  # after `entered`

        out = self._empty("bare")
        arguments = ladder_arguments(self.found, self.rungs, [self.gain_db], self.settings, out)
        return child_cpu_s([FFMPEG, *QUIET, "-i", str(self._source), *arguments], cwd=out)

    def usual(self) -> float:
        out = self._empty("usual")
        return sum(child_cpu_s(words, cwd=out) for words in self._usual_words(out))

    def _usual_words(self, out: Path) -> list[list[str]]:
        """One process a rendition, as a shell script would: its own decode, its own scaling, its own sound."""
        settings, made = self.settings, []
        for rung in self.rungs:
            group = "low" if rung.size.short_edge <= int(settings["low_sound_up_to_px"]) else "high"
            fewer = f"framestep={rung.every}," if rung.every > 1 else ""
            words = [FFMPEG, *QUIET, "-i", str(self._source)]
            words += ["-vf", f"{fewer}scale={rung.size.width}:{rung.size.height}", "-pix_fmt", "yuv420p"]
            words += ["-c:v", "libx264", "-preset", str(settings["preset"]), "-crf", str(settings["crf"])]
            words += ["-maxrate", f"{rung.peak_kbps}k", "-bufsize", f"{rung.peak_kbps * 3 // 2}k", "-profile:v", "high"]
            words += ["-g", str(100 // rung.every), "-keyint_min", str(100 // rung.every), "-sc_threshold", "0"]
            words += ["-af", f"volume={self.gain_db}dB", "-c:a", "aac", "-b:a", f"{settings[f'{group}_sound_kbps']}k"]
            words += ["-ar", "48000", "-f", "hls", "-hls_time", "4", "-hls_playlist_type", "vod"]
            words += ["-hls_segment_type", "fmp4", "-hls_flags", "single_file"]
            made.append(
                [*words, "-hls_segment_filename", str(out / f"{rung.name}.mp4"), str(out / f"{rung.name}.m3u8")]
            )
        return made

    def _empty(self, name: str) -> Path:
        out = self._folder / name
        shutil.rmtree(out, ignore_errors=True)
        out.mkdir()
        return out

    def likeness(self, way: str) -> dict[str, float]:
        """Return the structural similarity (0 to 1) of each rendition to the film itself at that size."""
        found = {}
        for rung in self.rungs:
            fewer = f"framestep={rung.every}," if rung.every > 1 else ""
            reference = f"[0:v]{fewer}scale={rung.size.width}:{rung.size.height}:flags=lanczos,format=yuv420p"
            graph = f"{reference},settb=AVTB,setpts=N[a];[1:v]settb=AVTB,setpts=N[b];[b][a]ssim"
            words = [FFMPEG, "-hide_banner", "-nostdin", "-nostats", "-i", str(self._source)]
            words += ["-i", str(self._folder / way / f"{rung.name}.mp4"), "-lavfi", graph, "-an", "-f", "null", "-"]
            said = subprocess.run(words, capture_output=True, text=True, check=True).stderr
            found[rung.name] = float(_SSIM.findall(said)[-1])
        return found

    def size_bytes(self, way: str) -> int:
        return sum(one.stat().st_size for one in (self._folder / way).glob("*.mp4"))


def turns(ways: Mapping[str, Callable[[], float]], count: int) -> list[dict[str, float]]:
    """Return the figures of every way, `count` times, in an order that moves on each time."""
    names = list(ways)
    found = []
    for number in range(count):
        order = names[number % len(names) :] + names[: number % len(names)]
        found.append({name: ways[name]() for name in order})
        print(f"    {number + 1} of {count}: {found[-1]}", file=sys.stderr, flush=True)
    return found


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--pairs", type=int, default=9)
    wishes = parser.parse_args()
    with entered(), tempfile.TemporaryDirectory(prefix="nha-rong-bench-") as folder:
        ways = Ways(film(Path(folder) / "source.mp4"), Path(folder))
        found = turns({"ours": ways.ours, "bare": ways.bare, "usual": ways.usual}, wishes.pairs)
        # What the bare process made is what ours made: the arguments are the same, and one thread repeats itself to the byte.
        ours_like, usual_like = ways.likeness("bare"), ways.likeness("usual")
        ours_bytes, usual_bytes = ways.size_bytes("bare"), ways.size_bytes("usual")
    to_bare = [one["ours"] / one["bare"] for one in found]
    to_usual = [one["ours"] / one["usual"] for one in found]
    rows = [
        Row(f"{name}, CPU s for one s of film", f"{median(values):.3f}", spread(values))
        for name, values in (
            ("our whole path", [one["ours"] / FILM_S for one in found]),
            ("one bare process, same ladder", [one["bare"] / FILM_S for one in found]),
            ("one process a rendition", [one["usual"] / FILM_S for one in found]),
        )
    ]
    likeness = "; ".join(f"{name} {value:.4f} / {usual_like[name]:.4f}" for name, value in ours_like.items())
    rows += [
        Row("ours / one bare process", f"**{median(to_bare):.3f}**", spread(to_bare), "≤ 1.03"),
        Row("ours / one process a rendition", f"**{median(to_usual):.3f}**", spread(to_usual), "≤ 0.60"),
        Row("SSIM, ours / one process a rendition", likeness, "against the film scaled by Lanczos", "equal"),
        Row("bytes, ours / one process a rendition", f"{ours_bytes / usual_bytes:.3f}", "sound is kept apart in ours"),
    ]
    print(json.dumps([dataclasses.asdict(row) for row in rows]))


if __name__ == "__main__":
    main()
