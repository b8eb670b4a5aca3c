"""Our validator against the fixtures of the OCFL editors, and against the objects that we write."""

from __future__ import annotations

import json
import re
import shutil
import tarfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from media_pipeline.storage.folder import FolderTree
from media_pipeline.storage.masters import MasterStore
from tests.pipeline.pipeline_corpus import corpus
from tests.pipeline.storage.inventory_rules import InventoryRules, Report
from tests.pipeline.storage.ocfl_validation import validate_object
from tests.pipeline.storage.places import flip_a_byte, make_file, store

pytestmark = pytest.mark.pure  # names its own storages: one profile is enough


def packed(kind: str) -> list[object]:
    folder = corpus()
    found = sorted((folder / "ocfl").glob(f"1.0_{kind}-objects_*.tar.gz")) if folder else []
    if not found:
        reason = "no corpus with the OCFL editors' fixtures (HERITAGE_TEST_CORPUS)"
        return [pytest.param(None, marks=pytest.mark.skip(reason=reason))]
    return [pytest.param(path, id=path.name.split("objects_")[1].removesuffix(".tar.gz")) for path in found]


def unpack(archive: Path, folder: Path) -> str:
    with tarfile.open(archive) as tar:
        # Python 3.11.2, which Debian 12 has, does not know filters yet; these archives are the OCFL editors' own.
        tar.extractall(folder)  # noqa: S202
    (root,) = folder.iterdir()
    return root.name


@pytest.mark.parametrize("archive", packed("bad"))
def test_a_bad_object_is_rejected_with_its_code(archive, tmp_path):
    name = unpack(archive, tmp_path)

    report = validate_object(FolderTree(tmp_path), name)

    assert not report.valid
    assert report.codes & set(re.findall(r"E\d{3}", name)), report.errors


@pytest.mark.parametrize("archive", [*packed("good"), *packed("warn")])
def test_a_good_object_is_accepted(archive, tmp_path):
    name = unpack(archive, tmp_path)

    report = validate_object(FolderTree(tmp_path), name)

    assert report.errors == []
    expected = set(re.findall(r"W\d{3}", name))
    assert expected <= {problem.code for problem in report.warnings}


def test_our_own_objects_have_neither_errors_nor_warnings(place, tmp_path):
    master_store = MasterStore(place.storage())
    stored = store(master_store, make_file(tmp_path), original_name="chiêng.jpg")

    report = validate_object(master_store.tree, stored.object_path)

    assert (report.errors, report.warnings) == ([], [])


def test_every_file_of_our_object_is_guarded(folder_place, tmp_path):
    """Flip one byte in each file in turn: the validator rejects the object every time."""
    stored = store(MasterStore(folder_place.storage()), make_file(tmp_path))
    tree = FolderTree(folder_place.disk)
    files = [path for path in (folder_place.disk / stored.object_path).rglob("*") if path.is_file()]
    for path in files:
        flip_a_byte(path)

        assert not validate_object(tree, stored.object_path).valid, path.name

        flip_a_byte(path)
    assert len(files) == 6
    assert validate_object(tree, stored.object_path).valid


JSON_VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=8,
)


@settings(max_examples=100, deadline=None, derandomize=True)
@given(st.data())
def test_an_inventory_of_any_shape_is_judged_and_never_crashes_the_validator(tmp_path_factory, data):
    inventory = {
        key: data.draw(JSON_VALUES)
        for key in ("id", "type", "digestAlgorithm", "head", "manifest", "versions", "fixity", "contentDirectory")
        if data.draw(st.booleans())
    }
    folder = tmp_path_factory.mktemp("object")
    (folder / "x").mkdir()
    (folder / "x" / "inventory.json").write_text(json.dumps(inventory))
    (folder / "x" / "0=ocfl_object_1.1").write_bytes(b"ocfl_object_1.1\n")

    report = validate_object(FolderTree(folder), "x")

    assert not report.valid
    shutil.rmtree(folder)


def test_rules_name_a_digest_that_no_version_uses():
    report = Report()
    InventoryRules(
        {
            "id": "urn:x:1",
            "type": "https://ocfl.io/1.1/spec/#inventory",
            "digestAlgorithm": "sha512",
            "head": "v1",
            "manifest": {"aa": ["v1/content/a"], "bb": ["v1/content/b"]},
            "versions": {"v1": {"created": "2026-11-25T08:30:00Z", "state": {"aa": ["a"]}}},
        },
        report,
        where="",
        spec="1.1",
    ).run()

    assert report.codes == {"E107"}
