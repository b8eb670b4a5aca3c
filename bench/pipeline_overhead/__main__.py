"""python -m bench.pipeline_overhead image [--pairs N]"""

from __future__ import annotations

import argparse
import dataclasses
import hashlib
import json
import shutil
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

import pyvips

from bench.archive import entered
from bench.measure import Row, child_cpu_s, median, own_cpu_s, pairs, spread

BARE = Path(__file__).with_name("bare.py")
TARGETS = {"image": ("thumbnail", 1.15)}


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


def main() -> int:
    parser = argparse.ArgumentParser()
    parser.add_argument("kind", choices=TARGETS)
    parser.add_argument("--pairs", type=int, default=9)
    wishes = parser.parse_args()
    role, target = TARGETS[wishes.kind]
    with entered() as data, tempfile.TemporaryDirectory(prefix="nha-rong-bench-") as folder:
        source = photograph(Path(folder) / "source.jpg")
        ours = Ours(source, role)
        bare = bare_of(source, Path(folder) / "bare", data, role)
        found = pairs(ours.run, bare, wishes.pairs)
        made, bare_made = ours.outputs(), hashes(Path(folder) / "bare")
        media = {name for name in {*made, *bare_made} if name.endswith(".webp")}
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
