from __future__ import annotations

import hashlib
from pathlib import Path

import pytest

from media_pipeline.storage import names
from media_pipeline.storage.derivatives import DerivativeFile, DerivativeStore
from media_pipeline.storage.errors import KeyMissing, SourceChanged

pytestmark = pytest.mark.pure  # names its own storages: one profile is enough

PREFIX = names.derivative_prefix("ab" * 32, role="hls", version=2, params_key="0f3c")


def make_file(folder: Path, name: str, content: bytes) -> DerivativeFile:
    path = folder / "work" / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
    return DerivativeFile(path, name, hashlib.sha256(content).hexdigest(), len(content), "video/mp4")


def test_a_set_is_published_and_read(place, tmp_path):
    store = DerivativeStore(place.storage())

    store.publish(PREFIX, [make_file(tmp_path, "master.m3u8", b"list"), make_file(tmp_path, "240p/0.m4s", b"0123456")])

    assert place.files() == [f"{PREFIX}/240p/0.m4s", f"{PREFIX}/master.m3u8"]
    with store.open(PREFIX, "240p/0.m4s") as file:
        assert file.read() == b"0123456"
    assert b"".join(store.read_range(PREFIX, "240p/0.m4s", 2, 3)) == b"234"
    assert store.size_bytes(PREFIX, "master.m3u8") == 4
    assert list(store.walk()) == [PREFIX]


def test_a_deleted_set_is_gone_and_can_be_published_again(place, tmp_path):
    store = DerivativeStore(place.storage())
    files = [make_file(tmp_path, "a.webp", b"a"), make_file(tmp_path, "b.webp", b"b")]
    store.publish(PREFIX, files)

    store.delete(PREFIX)
    store.delete(PREFIX)

    assert place.files() == []
    with pytest.raises(KeyMissing):
        store.open(PREFIX, "a.webp")
    store.publish(PREFIX, files)
    assert len(place.files()) == 2


def test_the_leftover_of_a_dead_attempt_is_replaced(place, tmp_path):
    store = DerivativeStore(place.storage())
    store.publish(PREFIX, [make_file(tmp_path, "a.webp", b"old"), make_file(tmp_path, "stray.webp", b"x")])

    store.publish(PREFIX, [make_file(tmp_path, "a.webp", b"new"), make_file(tmp_path, "b.webp", b"b")])

    assert place.files() == [f"{PREFIX}/a.webp", f"{PREFIX}/b.webp"]
    assert b"".join(store.read_range(PREFIX, "a.webp", 0, 99)) == b"new"


def test_a_set_with_a_changed_file_is_not_published(place, tmp_path):
    store = DerivativeStore(place.storage())
    good, bad = make_file(tmp_path, "a.webp", b"a"), make_file(tmp_path, "b.webp", b"b")
    bad.path.write_bytes(b"B")

    with pytest.raises(SourceChanged):
        store.publish(PREFIX, [bad, good])

    assert place.files() == []


@pytest.mark.parametrize("name", ["../x", "/x", "a/../../x", "", "a//b", ".hidden", "a\x00b", "a/b/c/d", "x\n"])
def test_a_name_that_could_leave_the_set_is_refused(place, tmp_path, name):
    file = make_file(tmp_path, "a.webp", b"a")

    with pytest.raises(ValueError, match="name"):
        DerivativeStore(place.storage()).publish(
            PREFIX, [DerivativeFile(file.path, name, file.sha256, 1, "image/webp")]
        )

    assert place.files() == []
