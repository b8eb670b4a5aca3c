"""python -m bench.memory_at_rest: resident and proportional memory of each process, and what its imports cost."""

from __future__ import annotations

import argparse
import dataclasses
import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from bench.archive import ROOT, entered, environment
from bench.measure import Row, proportional_memory_kb
from bench.processes import running
from scripts.guard import descendants

SETTLES_S = 8
# Imported one after the other in one process; each row is what that one added.
STEPS = {
    "Python alone": "pass",
    "Django with our apps": "import django; django.setup()",
    "addresses, pages and the desk (web)": "from django.urls import get_resolver; get_resolver().url_patterns",
    "Celery": "import celery.bin.worker, celery.concurrency.solo, celery.apps.worker",
    "our tasks": "import media_pipeline.tasks",
}
SUSPECTS = ("boto3", "rest_framework", "drf_spectacular", "tantivy", "numpy", "PIL", "pyvips", "lxml", "edtf", "pypdfium2",
            "vietnam_provinces", "django.contrib.admin", "storages", "psycopg", "hypothesis", "markdown")  # fmt: skip


def main() -> int:
    parser = argparse.ArgumentParser()
    parser.add_argument("--pairs", type=int, default=9, help="not used: there is nothing to pair with")
    parser.parse_args()
    with entered() as data, tempfile.TemporaryDirectory(prefix="nha-rong-bench-") as folder:
        env = environment(data)
        with running(env, Path(folder) / "log") as here:
            for _ in range(5):
                here.get("/healthz")
                here.get("/api/v1/items/")
            time.sleep(SETTLES_S)
            rows = [row for name, process in here.processes.items() for row in [of_tree(name, process.pid)]]
        total = sum(float(row.figure.split()[0]) for row in rows)
        rows.append(Row("all of it, proportional, MB", f"**{total:.0f}**", "at rest"))
        rows += imports(env)
    print(json.dumps([dataclasses.asdict(row) for row in rows]))
    return 0


def of_tree(name: str, pid: int) -> Row:
    """Return the memory of a process and everything below it."""
    found = [proportional_memory_kb(one) for one in [pid, *descendants(pid)]]
    resident, proportional = sum(one for one, _ in found), sum(one for _, one in found)
    return Row(
        f"{name}, proportional, MB",
        f"{proportional / 1e3:.0f}",
        f"resident {resident / 1e3:.0f}, {len(found)} processes",
    )


def imports(env: dict[str, str]) -> list[Row]:
    """Return what each step of a process's imports adds to its memory, and which heavy packages came with it."""
    program = (
        "import json, sys\n"
        "def rss(): return int(open('/proc/self/statm').read().split()[1]) * 4096 / 1e6\n"
        "out = []\n"
        f"for name, line in {STEPS!r}.items():\n"
        "    before = rss() if out else 0\n"
        "    exec(line, {})\n"
        f"    out.append([name, rss() - before, [m for m in {SUSPECTS!r} if m in sys.modules]])\n"
        "print(json.dumps(out))\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], cwd=ROOT, env={**os.environ, **env}, capture_output=True, text=True, check=True
    )
    rows, known = [], set[str]()
    for name, added_mb, packages in json.loads(done.stdout.splitlines()[-1]):
        came = [one for one in packages if one not in known]
        known.update(came)
        rows.append(Row(f"imports: {name}, MB", f"{added_mb:.0f}", "with " + ", ".join(came) if came else ""))
    return rows


if __name__ == "__main__":
    sys.exit(main())
