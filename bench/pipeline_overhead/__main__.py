"""python -m bench.pipeline_overhead image|film [--pairs N]"""

from __future__ import annotations

import argparse
import dataclasses
import hashlib
import json
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

import imageio_ffmpeg
import pyvips

from bench.archive import entered
from bench.measure import Row, child_cpu_s, median, own_cpu_s, pairs, spread

BARE = Path(__file__).with_name("bare.py")
TARGETS = {"image": ("thumbnail", 1.15), "film": ("hls", 1.05)}
FILM_S = 60


def photograph(path: Path) -> Path:
    """Write a 24-megapixel JPEG with as much detail as a camera's: clouds of several sizes and grain."""
    width, height = 6000, 4000
    bands = []
    for seed in range(3):
        clouds = pyvips.Image.perlin(width, height, cell_size=512, seed=seed) * 70
        clouds += pyvips.Image.perlin(width, height, cell_size=64, seed=seed + 9) * 30
        clouds += pyvips.Image.perlin(width, height, cell_size=16, seed=seed + 19) * 12
        bands.append(clouds + pyvips.Image.gaussnoise(width, height, mean=128, sigma=5, seed=seed))
    whole = bands[0].bandjoin(bands[1:]).cast("uchar").copy(interpretation="srgb")
    whole.jpegsave(str(path), Q=88)
    return path


def film(path: Path) -> Path:
    """Write a minute of 1080p at 25 frames a second: a slow pan over clouds, something that moves, grain, and sound."""
    still = path.with_suffix(".png")
    clouds = pyvips.Image.perlin(3200, 1800, cell_size=256, seed=1) * 70 + 128
    clouds += pyvips.Image.perlin(3200, 1800, cell_size=24, seed=2) * 25
    (clouds + pyvips.Image.gaussnoise(3200, 1800, sigma=4, seed=3)).cast("uchar").pngsave(str(still))
    pan = "crop=1920:1080:x='(iw-1920)*(0.5+0.5*sin(t/7))':y='(ih-1080)*(0.5+0.5*cos(t/5))'"
    graph = (
        f"[0:v]{pan},format=yuv420p,noise=alls=2:allf=t[b];[b][1:v]overlay=x='W/2+300*sin(t)':y=500,format=yuv420p[v]"
    )
    subprocess.run(
        [
            imageio_ffmpeg.get_ffmpeg_exe(), "-hide_banner", "-loglevel", "error", "-y",
            "-loop", "1", "-framerate", "25", "-t", str(FILM_S), "-i", str(still),
            "-f", "lavfi", "-t", str(FILM_S), "-i", "testsrc2=s=640x360:r=25",
            "-f", "lavfi", "-t", str(FILM_S), "-i", "anoisesrc=c=pink:a=0.2",
            "-filter_complex", graph, "-map", "[v]", "-map", "2:a", "-c:v", "libx264", "-preset", "ultrafast",
            "-b:v", "16M", "-maxrate", "24M", "-bufsize", "32M", "-g", "50", "-c:a", "aac", "-b:a", "160k", str(path),
        ],
        check=True,
    )  # fmt: skip
    return path


def main() -> int:
    parser = argparse.ArgumentParser()
    parser.add_argument("kind", choices=TARGETS)
    parser.add_argument("--pairs", type=int, default=9)
    wishes = parser.parse_args()
    role, target = TARGETS[wishes.kind]
    with entered() as data, tempfile.TemporaryDirectory(prefix="nha-rong-bench-") as folder:
        make, name = {"image": (photograph, "source.jpg"), "film": (film, "source.mp4")}[wishes.kind]
        source = make(Path(folder) / name)
        ours = Ours(source, role)
        bare = bare_of(source, Path(folder) / "bare", data, role)
        found = pairs(ours.run, bare, wishes.pairs)
        made, bare_made = ours.outputs(), hashes(Path(folder) / "bare")
        # Playlists name what is theirs (the main one is ours alone); what costs is in the media files.
        media = {name for name in {*made, *bare_made} if name.endswith((".webp", ".mp4"))}
        # x264 with a ceiling on its rate and several threads does not repeat itself to the byte in every rendition.
        same = sum(made.get(name) == bare_made.get(name) for name in media)
    ratios = [whole / tool for whole, tool in found]
    whole, tool = [one for one, _ in found], [one for _, one in found]
    rows = [
        Row("our whole path, CPU s a job", f"{median(whole):.3f}", spread(whole)),
        Row("bare tool in a fresh child, CPU s", f"{median(tool):.3f}", spread(tool)),
        Row("ratio of a pair", f"**{median(ratios):.3f}**", spread(ratios), f"≤ {target}"),
        Row("outputs of both", f"{same} of {len(media)} media files are the same bytes", f"source {source_size(ours)}"),
    ]
    print(json.dumps([dataclasses.asdict(row) for row in rows]))
    return 0


def source_size(ours: Ours) -> str:
    return f"{ours.size_bytes / 1e6:.1f} MB"


class Ours:
    """The job of one role, done again and again: claim, child behind its walls, checks, publication, rows."""

    def __init__(self, source: Path, role: str) -> None:
        from django.utils import timezone  # noqa: PLC0415  # after `entered`

        from media_pipeline import intakes, sandbox, stores, work  # noqa: PLC0415
        from media_pipeline.models import Derivative, Job, Master  # noqa: PLC0415

        self.size_bytes = source.stat().st_size
        self._work, self._stores, self._now, self._job_rows, self._derivatives = (
            work,
            stores,
            timezone.now,
            Job,
            Derivative,
        )
        intakes.begin_local(source, now=timezone.now())
        work.perform(Job.objects.get(role="store").pk)
        work.perform(Job.objects.get(role="identify").pk)
        self.master = Master.objects.get()
        self.job_id = Job.objects.get(role=role).pk
        self._child_cpu_s = 0.0

        def counted(*words: object, **named: object) -> object:
            result = sandbox.run_processor(*words, **named)  # type: ignore[arg-type]
            self._child_cpu_s += result.cpu_s
            return result

        work.run_processor = counted  # type: ignore[assignment]
        self.run()  # once, so that nothing is imported or connected for the first time while it counts

    def run(self) -> float:
        """Do the job from its queue to its end; returns processor seconds of this process and of the child."""
        for one in self._derivatives.objects.all():
            self._stores.derivatives().delete(one.prefix)
        self._derivatives.objects.all().delete()
        self._job_rows.objects.filter(pk=self.job_id).update(state="queued", not_before=self._now())
        self._child_cpu_s = 0.0
        before = own_cpu_s()
        done = self._work.perform(self.job_id)
        own = own_cpu_s() - before
        if not done or self._job_rows.objects.get(pk=self.job_id).state != "done":
            raise RuntimeError(str(self._job_rows.objects.filter(pk=self.job_id).values()))
        return own + self._child_cpu_s

    def outputs(self) -> dict[str, str]:
        return {entry["name"]: entry["sha256"] for one in self._derivatives.objects.all() for entry in one.files}


def bare_of(source: Path, out: Path, data: Path, role: str) -> Callable[[], float]:
    """Return what runs the tool alone on the same file, with the same settings, into an empty folder."""
    from media_pipeline import settling  # noqa: PLC0415  # after `entered`
    from media_pipeline.models import Master  # noqa: PLC0415
    from media_pipeline.plan import recipe_for  # noqa: PLC0415
    from media_pipeline.processors import av_probe, video_hls  # noqa: PLC0415

    recipe = recipe_for(role, settling.facts_of(Master.objects.get()))
    packages = str(Path(pyvips.__file__).resolve().parents[1])
    words = [
        sys.executable,
        "-I",
        "-S",
        "-B",
        str(BARE),
        packages,
        str(source),
        str(out),
        json.dumps(dict(recipe.settings)),
    ]
    if role == "hls":
        found = av_probe.probe(source)
        settings = recipe.settings
        rungs = video_hls.choose_rungs(found, str(settings["rungs_px_kbps"]))
        arguments = video_hls._arguments(found, rungs, settings, out)
        words = [
            imageio_ffmpeg.get_ffmpeg_exe(),
            "-hide_banner",
            "-nostdin",
            "-loglevel",
            "error",
            "-i",
            str(source),
            *arguments,
        ]

    def run() -> float:
        shutil.rmtree(out, ignore_errors=True)
        out.mkdir()
        return child_cpu_s(words, env={"VIPS_CONCURRENCY": "1", "HOME": str(data), "PATH": "/usr/bin:/bin"}, cwd=out)

    run()
    return run


def hashes(folder: Path) -> dict[str, str]:
    return {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in folder.iterdir()}


if __name__ == "__main__":
    sys.exit(main())
