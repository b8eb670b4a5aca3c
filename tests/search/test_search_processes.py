"""Several processes over one database: what one closes is gone for the others with their next question; a keeper that is killed leaves a
whole index."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.faults.house import ROOT, House, kill_tree

pytestmark = pytest.mark.django_db  # for its database server in the served profile

ASKING = """
import sys, django; django.setup()
from access.viewer import visitor
from archive.search import Filters, search, suggest
from django.utils import timezone
for line in sys.stdin:
    viewer = visitor(now=timezone.now())
    found = search(line.strip(), Filters(), viewer)
    kinds = sum(value.count for value in found.facets[0].values)
    offered = len(suggest(line.strip()[:3], viewer).titles)
    print(found.total, len(found.hits), kinds, offered, flush=True)
"""
WRITING = """
import sys, django; django.setup()
from django.utils import timezone
from access import policy
from archive import languages
from archive.actions.create_item import Description, create_item
from archive.actions.move_item import move_item
from archive.models import Item
now = timezone.now()
for line in sys.stdin:
    what, title = line.strip().split(" ", 1)
    if what == "add":
        described = Description(kind="image", titles=languages.of(vi=title))
        move_item(create_item(described, actor=None, now=now, access=policy.PUBLIC), "published", actor=None, now=now)
    else:
        item = next(one for one in Item.objects.all() if one.titles[0]["value"] == title)
        move_item(item, "withdrawn", actor=None, now=now)
    print("done", flush=True)
"""


class Process:
    """A process of the archive that does one thing for each line."""

    def __init__(self, here: House, program: str) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-c", program], cwd=ROOT, env=here.env, text=True,
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, start_new_session=True,
        )  # fmt: skip

    def __call__(self, line: str) -> str:
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(f"{line}\n")
        self._process.stdin.flush()
        return self._process.stdout.readline().strip()

    def end(self) -> None:
        kill_tree(self._process.pid)
        self._process.wait()


@pytest.fixture
def here(tmp_path: Path) -> Iterator[House]:
    with House(tmp_path / "house") as made:
        yield made


def pointed(here: House) -> str:
    current = Path(here.env["HERITAGE_DATA"]) / "search" / "current"
    return current.read_text() if current.exists() else ""


def wait_for_another(here: House, before: str) -> str:
    until = time.monotonic() + 180
    while (now := pointed(here)) in ("", before):
        assert time.monotonic() < until, "no index was built"
        time.sleep(0.1)
    return now


def test_what_one_process_writes_the_others_answer_at_once_with_a_keeper_that_is_killed(here: House) -> None:
    write, first, second = (Process(here, program) for program in (WRITING, ASKING, ASKING))
    try:
        for number in range(4):
            write(f"add gùi {number}")
        assert [first("gui"), second("gui")] == ["4 4 4 4"] * 2

        keeper = here.begin("keep_search_index")
        built = wait_for_another(here, "")
        second_keeper = here.manage("keep_search_index", "--once")
        assert second_keeper.returncode != 0
        assert "giữ chỉ mục tìm kiếm" in second_keeper.stderr
        assert [first("gui"), second("gui")] == ["4 4 4 4"] * 2
        write("close gùi 0")
        assert [first("gui"), second("gui")] == ["3 3 3 3"] * 2
        write("add gùi mới")
        assert [first("gui"), second("gui")] == ["4 4 4 4"] * 2

        os.killpg(keeper.pid, signal.SIGKILL)
        keeper.wait()
        assert here.manage("reindex").returncode == 0
        assert wait_for_another(here, built) != built
        write("close gùi 1")
        assert [first("gui"), second("gui")] == ["3 3 3 3"] * 2
    finally:
        for one in (write, first, second):
            one.end()
