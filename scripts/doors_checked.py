"""python -m scripts.doors_checked KIT --profile embedded|served --collection sample|museum [--only NAME…]: every door for other libraries,
judged by other people's validators and clients.

Starts a site of its own on a free port with the servers of its profile, loads the collection through the real pipeline, waits until
everything that follows from it is ready, and runs the kit's scripts at it. KIT is a folder with those scripts. The museum's table is made
of records that are named by `--works` (`scripts.museum_table`). What each script said stays in `--logs`. Exit status 0 where none failed.
"""

from __future__ import annotations

import argparse
import contextlib
import csv
import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Callable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from PIL import Image

from scripts.museum_table import RIGHTS
from scripts.programs import ROOT
from scripts.setup import PYTHON
from tests.services import PostgresServer, RedisServer, S3Server, free_port

READY_WITHIN_S = 3600
LIMIT_S = 3600
KINDS = ("document", "image", "audio", "video", "ebook")
NAMES = ("oai", "records", "sru", "rest", "presentation", "image", "viewers", "search", "search-viewers")
BOOK_PAGES = 4
WORDS = ("nhà", "người", "của", "the", "les")


@dataclass(frozen=True)
class Site:
    """A running site: its address, its data folder, and the environment of its processes."""

    base: str
    data: Path
    env: Mapping[str, str]

    def manage(self, *words: str) -> None:
        """Run a command of manage.py. Raises CalledProcessError."""
        subprocess.run([PYTHON, "manage.py", *words], cwd=ROOT, env=dict(self.env), check=True)

    def get(self, path: str) -> Any:  # Any: JSON
        """Return the JSON at a path."""
        with urllib.request.urlopen(f"{self.base}{path}", timeout=60) as answer:
            return json.load(answer)

    def count(self, **filters: str) -> int:
        return int(
            self.get(f"/api/v1/items/?{urllib.parse.urlencode({'count': 'true', 'page_size': '1', **filters})}")[
                "count"
            ]
        )

    def manifest_of(self, kind: str) -> str:
        """Return the address of a manifest of an item of this kind that has files, or an empty one."""
        for one in self.get(f"/api/v1/items/?kind={kind}&page_size=50")["results"]:
            if one["files"]:
                return str(one["manifest"])
        return ""

    def searched(self) -> Iterator[tuple[str, str]]:
        """Yield one manifest whose words can be searched, and a word that stands there; none where there is no such work."""
        for kind in ("document", "ebook"):
            for one in self.get(f"/api/v1/items/?kind={kind}&page_size=50")["results"]:
                # Of a work without words there is no such address.
                with contextlib.suppress(urllib.error.HTTPError):
                    for word in WORDS:
                        if self.get(f"/iiif/search/2/{one['pid']}?q={urllib.parse.quote(word)}")["items"]:
                            yield str(one["manifest"]), word
                            return


@contextlib.contextmanager
def site(profile: str, sample: str, kept: Path | None) -> Iterator[Site]:
    """Start a site by ./scripts/run, with the servers of its profile; end all of it afterwards."""
    with contextlib.ExitStack() as stack:
        data = kept or Path(
            stack.enter_context(tempfile.TemporaryDirectory(prefix="doors-", ignore_cleanup_errors=True))
        )
        env = {
            name: value
            for name, value in os.environ.items()
            if name not in ("DATABASE_URL", "REDIS_URL", "STORAGE_URL")
        }
        env |= {"HERITAGE_DATA": str(data), "HERITAGE_ALLOWED_HOSTS": "127.0.0.1,localhost,[::1]"}
        if profile == "served":
            servers = [stack.enter_context(kind()) for kind in (PostgresServer, RedisServer, S3Server)]
            env |= dict(zip(("DATABASE_URL", "REDIS_URL", "STORAGE_URL"), (one.url for one in servers), strict=True))
        port = free_port()
        words = [str(ROOT / "scripts" / "run"), "--port", str(port), "--data", str(data), "--sample", sample]
        process = subprocess.Popen(words, cwd=ROOT, env=env, stdout=sys.stderr)
        stack.callback(_end, process)
        here = Site(f"http://127.0.0.1:{port}", data, env)
        _wait(lambda: _answers(here), "the site", process)
        if sample != "none":
            _wait((data / "state" / "sample").exists, "the sample", process)
        yield here


def _answers(here: Site) -> bool:
    with contextlib.suppress(OSError, ValueError):
        return "results" in here.get("/api/v1/items/")
    return False


def _wait(ready: Callable[[], bool], what: str, process: subprocess.Popen[bytes]) -> None:
    until = time.monotonic() + READY_WITHIN_S
    while not ready():
        if process.poll() is not None or time.monotonic() > until:
            raise SystemExit(f"{what} did not come")
        time.sleep(0.5)


def _end(process: subprocess.Popen[bytes]) -> None:
    process.terminate()
    with contextlib.suppress(subprocess.TimeoutExpired):
        process.wait(timeout=40)
        return
    process.kill()
    process.wait()


def load_museum(here: Site, wishes: argparse.Namespace) -> None:
    """Load so many rows of the museum's table, and publish them."""
    table = here.data / "museum.csv"
    words = [str(PYTHON), "-m", "scripts.museum_table", str(wishes.works), str(wishes.items), str(table)]
    files = ["--files", str(wishes.pictures)] if wishes.pictures else []
    subprocess.run([*words, *files], cwd=ROOT, env=dict(here.env), check=True)
    here.manage("ingest", "--table", str(table), *files, "--publish", "--report", str(here.data / "museum.jsonl"))


def settle(here: Site) -> None:
    """Return once harvests and searches know all that there is."""
    here.manage("prepare_harvest")
    until = time.monotonic() + READY_WITHIN_S
    while here.count() != int(here.get("/api/v1/search/?q=")["total"]):
        if time.monotonic() > until:
            raise SystemExit("The search does not find everything that is open.")
        time.sleep(1)
    print(f"→ {here.count()} open items", flush=True)


def calls(
    here: Site, kit: Path, folder: Path, collection: str, asked: AbstractSet[str]
) -> Iterator[tuple[str, list[str]]]:
    """Yield the kit's scripts with their arguments; what those that are asked for need is made before."""
    words = {"sample": "nhà rông", "museum": "castle"}[collection]
    base, records = here.base, folder / "records"
    yield "oai", ["oai.py", f"{base}/oai", "--max-records", "100000", "--records", str(records)]
    yield "records", ["records.py", str(records)]
    yield "sru", ["sru.sh", f"{base}/sru", f'cql.anywhere="{words}"']
    yield "rest", ["rest.sh", f"{base}/api/v1/schema/"]
    manifests = [found for kind in KINDS if (found := here.manifest_of(kind))]
    top, changes = f"{base}/iiif/presentation/3/collection/top", f"{base}/iiif/activity/all-changes"
    book = picture_book(here, folder) if {"presentation", "viewers"} & asked else ""
    manifests = list(dict.fromkeys(one for one in (book, *manifests) if one))
    yield "presentation", ["iiif_presentation.py", *manifests, top, "--discovery", changes]
    if "image" in asked and (reference := reference_picture(here, kit, folder)):
        yield "image", ["iiif_image.sh", f"{base}/iiif/image/3", reference]
    found_each = (here.manifest_of(kind) for kind in KINDS[:4])
    shown = list(dict.fromkeys(one for one in (book, *found_each) if one))
    if shown:
        yield (
            "viewers",
            [
                "viewers.py",
                *shown,
                "--viewers",
                "osd,mirador4,mirador3,uv",
                "--pages",
                str(BOOK_PAGES),
                "--shots",
                str(folder / "shots"),
            ],
        )
    for manifest, word in here.searched():
        yield "search", ["iiif_presentation.py", manifest, "--search", word, "--miss", "xqzxqz"]
        yield (
            "search-viewers",
            [
                "viewers.py",
                manifest,
                "--viewers",
                "mirador4,mirador3,uv",
                "--search",
                word,
                "--shots",
                str(folder / "shots"),
            ],
        )


def picture_book(here: Site, folder: Path) -> str:
    """Take in one item of several pictures, each of a colour of its own; return the address of its manifest once all are cut in tiles."""
    pictures = folder / "book"
    pictures.mkdir(exist_ok=True)
    for number in range(1, BOOK_PAGES + 1):
        shade = Image.linear_gradient("L").resize((1500, 2000))
        hues = Image.new("L", shade.size, 255 * number // (BOOK_PAGES + 1))
        Image.merge("HSV", (hues, Image.new("L", shade.size, 200), shade)).convert("RGB").save(
            pictures / f"{number}.jpg"
        )
    table, report = folder / "book.csv", folder / "book.jsonl"
    files = "; ".join(f"{number}.jpg" for number in range(1, BOOK_PAGES + 1))
    with table.open("w", encoding="utf-8", newline="") as file:
        rows = csv.writer(file)
        rows.writerow(("Mã số", "Nhan đề [vi]", "Loại", "Ngôn ngữ", "Quyền", "Ai được xem", "Tệp"))
        rows.writerow(("SACH.ANH", "Sách ảnh", "ảnh", "zxx", RIGHTS, "công khai", files))
    here.manage("ingest", "--table", str(table), "--files", str(pictures), "--publish", "--report", str(report))
    pid = json.loads(report.read_text("utf-8").splitlines()[0])["pid"]
    until = time.monotonic() + READY_WITHIN_S
    while not all(one["iiif_image"] for one in here.get(f"/api/v1/items/{pid}/")["files"]):
        if time.monotonic() > until:
            raise SystemExit("The pictures of the book are not ready.")
        time.sleep(1)
    return str(here.get(f"/api/v1/items/{pid}/")["manifest"])


def reference_picture(here: Site, kit: Path, folder: Path) -> str:
    """Take in the picture that the validator of the Image API knows; return the identifier of its service."""
    picture = folder / "reference.png"
    subprocess.run([str(kit / "iiif_image.sh"), "--make-test-image", str(picture)], check=True)
    report = folder / "reference.jsonl"
    here.manage("ingest", str(picture), "--publish", "--wait", "--report", str(report))
    pid = json.loads(report.read_text("utf-8").splitlines()[0])["pid"]
    return str(here.get(f"/api/v1/items/{pid}/")["files"][0]["iiif_image"]).rsplit("/", 1)[-1]


def judged(name: str, words: Sequence[str], kit: Path, folder: Path) -> bool:
    """Run one script; print its last line and what failed. Whether nothing did."""
    log, began = folder / f"{name}.log", time.monotonic()
    with log.open("wb") as said, contextlib.suppress(subprocess.TimeoutExpired):
        # The formats of records that the script of SRU asks for; the schemas are the kit's own.
        env = os.environ | {"SCHEMAS": "marcxml dc mods"}
        done = subprocess.run([str(kit / words[0]), *words[1:]], stdout=said, stderr=said, env=env, timeout=LIMIT_S)
        lines = log.read_text("utf-8", errors="replace").splitlines()
        print(f"{name}: {lines[-1] if lines else 'nothing'} ({time.monotonic() - began:.0f} s)", flush=True)
        for line in lines:
            if line.lstrip().startswith("FAIL"):
                print(f"    {line[:400]}", flush=True)
        return done.returncode == 0
    print(f"{name}: not ended after {LIMIT_S} s", flush=True)
    return False


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m scripts.doors_checked", description=__doc__)
    parser.add_argument("kit", type=Path)
    parser.add_argument("--profile", choices=("embedded", "served"), default="embedded")
    parser.add_argument("--collection", choices=("sample", "museum"), default="sample")
    parser.add_argument("--only", nargs="*", choices=NAMES, default=list(NAMES))
    parser.add_argument("--size", choices=("small", "full"), default="full", help="of the sample")
    parser.add_argument("--items", type=int, default=10_000, help="of the museum")
    parser.add_argument("--works", type=Path, help="the museum's records: a .tar.gz of JSON")
    parser.add_argument("--pictures", type=Path, help="pictures for some of the museum's rows")
    parser.add_argument("--data", type=Path, help="a data folder that stays")
    parser.add_argument("--logs", type=Path, default=None)
    parser.add_argument("--hold", action="store_true", help="then keep the site until Ctrl-C")
    wishes = parser.parse_args()
    if wishes.collection == "museum" and wishes.works is None:
        parser.error("--collection museum needs --works")
    folder = (wishes.logs or Path(tempfile.mkdtemp(prefix="doors-checked-"))).resolve()
    folder.mkdir(parents=True, exist_ok=True)
    shutil.rmtree(folder / "records", ignore_errors=True)
    failed = 0
    # A command in the background of a shell is deaf to Ctrl-C.
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    with site(wishes.profile, wishes.size if wishes.collection == "sample" else "none", wishes.data) as here:
        if wishes.collection == "museum":
            load_museum(here, wishes)
        settle(here)
        print(f"→ {wishes.profile}, {wishes.collection}: {here.base}, said in {folder}", flush=True)
        for name, words in calls(here, wishes.kit, folder, wishes.collection, set(wishes.only)):
            if name in wishes.only:
                failed += not judged(name, words, wishes.kit, folder)
        if wishes.hold:
            with contextlib.suppress(KeyboardInterrupt):
                signal.pause()
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
