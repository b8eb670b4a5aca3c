"""python -m bench.queue: how much faster two workers bring the same mix of work to its end than one."""

from __future__ import annotations

import argparse
import dataclasses
import json
import statistics
import sys
import tempfile
from pathlib import Path

from bench.archive import entered, environment
from bench.measure import Row
from bench.workers import wait_for_the_end, workers

PICTURES, SOUNDS, BOOKS = 16, 4, 4
WITHIN_S = 600


def main() -> int:
    parser = argparse.ArgumentParser()
    parser.add_argument("--pairs", type=int, default=9, help="one run with one worker and one with two")
    pairs = parser.parse_args().pairs
    rates: dict[int, list[float]] = {1: [], 2: []}
    with entered() as data, tempfile.TemporaryDirectory(prefix="nha-rong-bench-") as folder:
        for turn in range(pairs):
            for count in (1, 2) if turn % 2 == 0 else (2, 1):
                rates[count].append(rate(count, Path(folder), data, seed=2 * turn + count))
    ratios = [two / one for one, two in zip(rates[1], rates[2], strict=True)]
    rows = [
        Row(f"{count} worker{'s' * (count > 1)}, pieces of work a second", f"{statistics.median(found):.2f}",
            f"{min(found):.2f} to {max(found):.2f}")
        for count, found in rates.items()
    ]  # fmt: skip
    rows.append(
        Row("two / one", f"**{statistics.median(ratios):.2f}**", f"{min(ratios):.2f} to {max(ratios):.2f}", "≥ 1.9")
    )
    print(json.dumps([dataclasses.asdict(row) for row in rows]))
    return 0


def rate(count: int, folder: Path, data: Path, *, seed: int) -> float:
    """Return pieces of work a second, from the start of the first one to the end of the last."""
    from django.db.models import Max, Min  # noqa: PLC0415  # after `entered`
    from django.utils import timezone  # noqa: PLC0415

    from media_pipeline import intakes  # noqa: PLC0415
    from media_pipeline.models import Job  # noqa: PLC0415

    first = Job.objects.order_by("pk").values_list("pk", flat=True).last() or 0
    for path in mix(folder, seed=seed):
        intakes.begin_local(path, now=timezone.now())
    with workers(count, environment(data), folder / "workers.log"):
        wait_for_the_end(every_s=0.2, within_s=WITHIN_S)
    done = Job.objects.filter(pk__gt=first)
    failed = done.exclude(state=Job.State.DONE).count()
    if failed:
        raise RuntimeError(f"{failed} pieces of work were not done")
    span = done.aggregate(begun=Min("started_at"), ended=Max("finished_at"))
    return done.count() / float((span["ended"] - span["begun"]).total_seconds())


def mix(folder: Path, *, seed: int) -> list[Path]:
    """Write pictures, recordings and books that no run had before."""
    import pypdfium2  # noqa: PLC0415
    import pyvips  # noqa: PLC0415

    made = []
    for number in range(PICTURES):
        path = folder / f"{seed}-{number}.jpg"
        noise = pyvips.Image.gaussnoise(2400, 1600, mean=128, sigma=30, seed=1000 * seed + number).cast("uchar")
        noise.bandjoin([noise.rot180(), noise.invert()]).copy(interpretation="srgb").jpegsave(str(path), Q=85)
        made.append(path)
    for number in range(SOUNDS):
        made.append(sound(folder / f"{seed}-{number}.wav", seed=1000 * seed + number))
    for number in range(BOOKS):
        book = pypdfium2.PdfDocument.new()
        for _ in range(12 + number):
            book.new_page(400 + seed, 600 + number)
        book.save(folder / f"{seed}-{number}.pdf")
        made.append(folder / f"{seed}-{number}.pdf")
    return made


def sound(path: Path, *, seed: int) -> Path:
    """Write half a minute of noise."""
    import random  # noqa: PLC0415
    import wave  # noqa: PLC0415

    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(16_000)
        file.writeframes(random.Random(seed).randbytes(2 * 16_000 * 30))
    return path


if __name__ == "__main__":
    sys.exit(main())
