"""The index on the disk: whole or not pointed at, wherever its building is cut off; refused where its bytes are not what was written."""

from __future__ import annotations

import json
import multiprocessing
import os
import signal
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from archive.search.index import building, storing
from archive.search.index.base import Base, open_live
from archive.search.index.building import AlreadyBuilding, build
from archive.search.index.shapes import Document, Field, FileText
from archive.search.index.storing import BrokenIndex

pytestmark = pytest.mark.pure

EVERYBODY = frozenset([1])
# What the building asks of the system, in the order in which it first does.
STEPS = ("os.fsync", "os.rename", "os.replace")


def document(key: int, text: str) -> Document:
    return Document(key, 1, key, text, [text], [], facets={"kind": ["book"]}, files=[FileText(key, 1, text)])


OLD = [document(1, "kon tum")]
NEW = [document(1, "dak bla"), document(2, "dak to")]


def found(root: Path, word: str) -> list[int]:
    """Return the keys with a word in the live index, which has to be whole."""
    base = open_live(root)
    assert base
    base.verify()
    return [int(key) for key in base.keys(list(base.words(Field.ALL, word) & base.under(EVERYBODY)))]


def cut_off(nth: int, end: Callable[[], None]) -> Callable[..., Any]:
    """Return a stand-in for calls of the system: the nth ends by `end` instead of being done. Any: whatever the calls take and give."""
    calls = 0

    def wrap(real: Callable[..., Any]) -> Callable[..., Any]:
        def call(*arguments: Any) -> Any:
            nonlocal calls
            calls += 1
            if calls == nth:
                end()
            return real(*arguments)

        return call

    return wrap


def watch(patch: pytest.MonkeyPatch, nth: int, end: Callable[[], None]) -> None:
    wrap = cut_off(nth, end)
    for step in STEPS:
        patch.setattr(step, wrap(getattr(os, step.removeprefix("os."))))


class Cut(BaseException):
    """No error that anybody expects."""


def fail() -> None:
    raise Cut


def die() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def calls_of_a_build(folder: Path) -> int:
    """Return how many calls a build makes that can be cut off."""
    counted = 0

    def count(real: Callable[..., Any]) -> Callable[..., Any]:
        def call(*arguments: Any) -> Any:
            nonlocal counted
            counted += 1
            return real(*arguments)

        return call

    with pytest.MonkeyPatch.context() as patch:
        for step in STEPS:
            patch.setattr(step, count(getattr(os, step.removeprefix("os."))))
        build(NEW, folder)
    return counted


@pytest.fixture(scope="module")
def calls(tmp_path_factory: pytest.TempPathFactory) -> int:
    return calls_of_a_build(tmp_path_factory.mktemp("counted"))


def is_whole(root: Path) -> None:
    """Either the old index is live or the new one, and nothing else; the next build sweeps what is left."""
    before, after = found(root, "tum"), found(root, "dak")
    assert (before, after) in [([1], []), ([], [1, 2])]
    build(NEW, root)
    assert found(root, "dak") == [1, 2]
    assert len([entry for entry in root.iterdir() if entry.is_dir()]) == 1


def test_a_build_forces_its_bytes_before_it_is_pointed_at(calls: int) -> None:
    assert calls == 8  # bytes, description, folder; renamed, root forced; pointer forced, replaced, root forced


@pytest.mark.parametrize("nth", range(1, 9))
def test_a_build_that_fails_at_any_step_leaves_the_live_index(tmp_path: Path, nth: int) -> None:
    build(OLD, tmp_path)

    with pytest.MonkeyPatch.context() as patch:
        watch(patch, nth, fail)
        with pytest.raises(Cut):
            build(NEW, tmp_path)

    is_whole(tmp_path)


def _die_at(root: Path, nth: int) -> None:
    with pytest.MonkeyPatch.context() as patch:
        watch(patch, nth, die)
        build(NEW, root)


@pytest.mark.parametrize("nth", range(1, 9))
def test_a_build_that_is_killed_at_any_step_leaves_the_live_index(tmp_path: Path, nth: int) -> None:
    build(OLD, tmp_path)
    child = multiprocessing.get_context("fork").Process(target=_die_at, args=(tmp_path, nth))
    child.start()
    child.join(30)
    assert child.exitcode == -signal.SIGKILL

    is_whole(tmp_path)


def _die_while_read(root: Path) -> None:
    def documents() -> Iterator[Document]:
        yield NEW[0]
        die()

    build(documents(), root)


def test_a_build_that_is_killed_while_it_reads_leaves_the_live_index(tmp_path: Path) -> None:
    build(OLD, tmp_path)
    child = multiprocessing.get_context("fork").Process(target=_die_while_read, args=(tmp_path,))
    child.start()
    child.join(30)
    assert child.exitcode == -signal.SIGKILL
    assert [entry for entry in tmp_path.iterdir() if entry.name.startswith("building-")]

    is_whole(tmp_path)


def test_progress_that_raises_ends_the_build_and_leaves_nothing(tmp_path: Path) -> None:
    def stop(_documents: int) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        build(NEW, tmp_path, progress=stop)

    assert open_live(tmp_path) is None
    assert [entry.name for entry in tmp_path.iterdir()] == [building.LOCK]


def test_two_do_not_build_at_once(tmp_path: Path) -> None:
    def documents() -> Iterator[Document]:
        with pytest.raises(AlreadyBuilding):
            build(OLD, tmp_path)
        yield from NEW

    build(documents(), tmp_path)

    assert found(tmp_path, "dak") == [1, 2]


def test_an_open_index_answers_on_after_it_was_replaced(tmp_path: Path) -> None:
    build(OLD, tmp_path)
    before = open_live(tmp_path)
    assert before

    build(NEW, tmp_path)

    assert list(before.words(Field.ALL, "tum")) == [0]
    assert not before.folder.exists()
    assert found(tmp_path, "dak") == [1, 2]


def test_the_position_in_the_log_comes_back_as_given(tmp_path: Path) -> None:
    build(NEW, tmp_path, {"epoch": "a", "number": 2**60})

    base = open_live(tmp_path)

    assert base
    assert base.position == {"epoch": "a", "number": 2**60}
    assert (base.size, base.meta.files) == (2, 2)


@pytest.mark.parametrize("size", [0, 1, -1])
def test_a_file_of_another_size_is_refused(tmp_path: Path, size: int) -> None:
    folder = build(NEW, tmp_path)
    index = folder / storing.INDEX
    os.truncate(index, size if size >= 0 else index.stat().st_size + size)

    with pytest.raises(BrokenIndex):
        open_live(tmp_path)


def test_a_missing_file_is_refused_and_built_anew(tmp_path: Path) -> None:
    folder = build(NEW, tmp_path)
    (folder / storing.INDEX).unlink()

    with pytest.raises(BrokenIndex):
        open_live(tmp_path)
    build(NEW, tmp_path)

    assert found(tmp_path, "dak") == [1, 2]


def test_every_byte_that_turned_is_told_of(tmp_path: Path) -> None:
    folder = build(NEW, tmp_path)
    index = folder / storing.INDEX
    whole = index.read_bytes()
    told = 0
    in_parts = np.zeros(len(whole), dtype=bool)
    for begin, size, _crc in storing.read_meta(folder).parts.values():
        in_parts[begin : begin + size] = True
    for at in range(0, len(whole), 31):
        if in_parts[at]:
            index.write_bytes(whole[:at] + bytes([whole[at] ^ 0x10]) + whole[at + 1 :])
            with pytest.raises(BrokenIndex):
                Base(folder).verify()
            told += 1
    assert told > 20


@pytest.mark.parametrize("text", ["", "{", "[]", '{"meta": "{}", "crc": 1}', '{"meta": 5}'])
def test_a_description_that_is_none_is_refused(tmp_path: Path, text: str) -> None:
    folder = build(NEW, tmp_path)
    (folder / storing.META).write_text(text, "utf-8")

    with pytest.raises(BrokenIndex):
        open_live(tmp_path)


def test_another_format_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(building, "FORMAT", storing.FORMAT + 1)
    folder = build(NEW, tmp_path)
    assert json.loads((folder / storing.META).read_text("utf-8"))

    with pytest.raises(BrokenIndex, match="format"):
        open_live(tmp_path)


@pytest.mark.parametrize("name", ["../elsewhere", "base-x/../..", "/etc", ""])
def test_a_pointer_out_of_the_folder_is_refused(tmp_path: Path, name: str) -> None:
    build(NEW, tmp_path)
    (tmp_path / storing.CURRENT).write_text(name, "utf-8")

    with pytest.raises(BrokenIndex):
        open_live(tmp_path)
