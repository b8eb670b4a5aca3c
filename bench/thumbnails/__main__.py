"""python -m bench.thumbnails [--pairs N]: three WebP sizes of 24-megapixel JPEGs against sharp (npm) and easy-thumbnails.

The peers are installed into a folder of their own under the system's temporary folder, the first time; needs node, npm and pip.
"""

from __future__ import annotations

import argparse
import dataclasses
import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

import pyvips

from bench.measure import Row, child_cpu_s, median, spread
from bench.pipeline_overhead.__main__ import photograph
from media_pipeline.recipes.pictures import THUMBNAIL

HERE = Path(__file__).resolve().parent
PEERS = Path(tempfile.gettempdir()) / "nha-rong-bench-peers"
SHARP, EASY = "sharp@0.35.5", "easy-thumbnails==2.10.1"
QUALITY, EDGES = str(THUMBNAIL.settings["webp_quality"]), str(THUMBNAIL.settings["long_edges_px"])
PICTURES = 8  # so that starting a process counts little, as it does in a worker


def main() -> int:
    parser = argparse.ArgumentParser()
    parser.add_argument("--pairs", type=int, default=9)
    wishes = parser.parse_args()
    install_peers()
    with tempfile.TemporaryDirectory(prefix="nha-rong-bench-") as folder:
        sources = pictures(Path(folder))
        runs = {name: runner(Path(folder) / name, words, sources) for name, words in commands().items()}
        found = rounds(runs, wishes.pairs)
        sizes = {name: weigh(Path(folder) / name) for name in runs}
    print(json.dumps([dataclasses.asdict(row) for row in rows(found, sizes)]))
    return 0


def install_peers() -> None:
    """Install what is missing, pinned."""
    if not (PEERS / "node_modules" / "sharp").is_dir():
        subprocess.run(["npm", "install", "--silent", "--prefix", str(PEERS), SHARP], check=True)
    if not (PEERS / "python" / "easy_thumbnails").is_dir():
        words = [
            sys.executable,
            "-m",
            "pip",
            "install",
            "--quiet",
            "--no-deps",
            "--target",
            str(PEERS / "python"),
            EASY,
        ]
        subprocess.run(words, check=True)


def pictures(folder: Path) -> list[str]:
    """Make photographs that differ, by turning one: the cost is in the pixels, not in what they show."""
    first = photograph(folder / "0.jpg")
    whole = pyvips.Image.new_from_file(str(first)).copy_memory()
    for number in range(1, PICTURES):
        turned = (whole.fliphor(), whole.flipver(), whole.rot180())[number % 3]
        turned.jpegsave(str(folder / f"{number}.jpg"), Q=88 - 2 * number)
    return [str(folder / f"{number}.jpg") for number in range(PICTURES)]


def commands() -> dict[str, list[str]]:
    """Return what starts each of the three; the output folder and the sources follow."""
    packages = str(Path(pyvips.__file__).resolve().parents[1])
    return {
        "ours": [sys.executable, "-I", "-S", str(HERE / "ours.py"), str(HERE.parents[1]), packages],
        "sharp": ["node", str(HERE / "peer_sharp.js")],
        "easy": [sys.executable, str(HERE / "peer_easy.py"), str(PEERS / "python")],
    }


def runner(out: Path, words: list[str], sources: list[str]) -> Callable[[], float]:
    """Return what makes all sizes of all pictures and returns processor seconds a picture, of the whole process."""
    more = [] if out.name == "ours" else [QUALITY, EDGES]
    env = {**os.environ, "NODE_PATH": str(PEERS / "node_modules"), "VIPS_CONCURRENCY": "1"}

    def run() -> float:
        shutil.rmtree(out, ignore_errors=True)
        out.mkdir()
        return child_cpu_s([*words, str(out), *more, *sources], env=env) / len(sources)

    run()
    return run


def rounds(runs: dict[str, Callable[[], float]], count: int) -> list[dict[str, float]]:
    """Take turns in changing order."""
    found = []
    for number in range(count):
        names = list(runs) if number % 2 else list(reversed(runs))
        took = {name: runs[name]() for name in names}
        print(f"    round {number + 1} of {count}: {took}", file=sys.stderr, flush=True)
        found.append(took)
    return found


def weigh(folder: Path) -> int:
    return sum(path.stat().st_size for path in folder.rglob("*.webp"))


def rows(found: list[dict[str, float]], sizes: dict[str, int]) -> list[Row]:
    named = {"ours": "ours", "sharp": f"{SHARP}, WebP effort 4 (its default)", "easy": EASY}
    table = []
    for name, what in named.items():
        values = [one[name] for one in found]
        table.append(Row(f"{what}, CPU s a picture", f"{median(values):.3f}", spread(values)))
    to_sharp = [one["ours"] / one["sharp"] for one in found]
    to_easy = [one["easy"] / one["ours"] for one in found]
    bytes_ratio = sizes["ours"] / sizes["sharp"]
    table.append(Row("ours / sharp, CPU", f"**{median(to_sharp):.3f}**", spread(to_sharp), "≤ 1.2"))
    table.append(Row("ours / sharp, bytes", f"**{bytes_ratio:.3f}**", f"{sizes['ours']} / {sizes['sharp']}", "≤ 1.07"))
    table.append(Row("easy-thumbnails / ours, CPU", f"**{median(to_easy):.2f}**", spread(to_easy), "≥ 8"))
    return table


if __name__ == "__main__":
    sys.exit(main())
