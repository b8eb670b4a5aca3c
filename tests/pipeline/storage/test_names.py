"""The names under which bytes lie. A failing test here means: what is stored already would not be found any more.

If a name must change, write a migration that moves what is stored (masters: a copy to a new root, verified), and only
then change the pin.
"""

from __future__ import annotations

import pytest

from media_pipeline.storage import names

pytestmark = pytest.mark.pure  # names its own storages: one profile is enough

SHA256 = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"  # of the four bytes "test"


def test_masters_lie_where_they_always_lay():
    """Changed: every master is missing for readers, and each upload is stored a second time."""
    assert names.master_id(SHA256) == f"nih:sha-256;{SHA256}"
    assert names.master_object(SHA256) == (
        "masters/922/838/9f9/9228389f9d19d3f79a24eaed943f3dd06386fa7ed17ea3d1561ab82cc231a2c3"
    )
    assert names.master_content("jpg") == "v1/content/master.jpg"


def test_the_layout_is_that_of_extension_0004():
    """Its own examples. Changed: no other OCFL program finds an object by its identifier."""
    assert names.hashed_tuple_path("object-01") == (
        "3c0/ff4/240/3c0ff4240c1e116dba14c7627f2319b58aa3d77606d0d90dfc6161608ac987d4"
    )
    assert names.hashed_tuple_path("..hor/rib:le-$id") == (
        "487/326/d8c/487326d8c2a3c0b885e23da1469b4d6671fd4e76978924b4443e9e3c316cda6d"
    )


def test_derivatives_lie_where_they_always_lay():
    """Changed: all derivatives have to be made again, and the old ones stay as rubbish."""
    prefix = names.derivative_prefix(SHA256, role="thumbnail", version=3, params_key="0a1b2c")
    assert prefix == f"derivatives/9f/86/{SHA256}/thumbnail-v3-0a1b2c"
    assert names.derivative_key(prefix, "240p/init.mp4") == f"{prefix}/240p/init.mp4"


def test_unfinished_work_lies_outside_the_storage_root():
    """Changed: the janitor does not find old leftovers. Inside the root, OCFL would call it invalid (E072, E073)."""
    assert (names.MASTERS, names.DERIVATIVES) == ("masters", "derivatives")
    assert (names.STAGING_MASTERS, names.STAGING_DERIVATIVES) == ("staging/masters", "staging/derivatives")
    assert names.quarantined(f"masters/a/b/c/{SHA256}", "t") == f"quarantine/{SHA256}-t"


@pytest.mark.parametrize("sha256", ["", "a" * 63, "A" * 64, "../" + "a" * 61, "a" * 64 + "\n", "g" * 64])
def test_what_is_not_a_sha256_never_becomes_a_path(sha256):
    for make in (
        names.master_object,
        lambda value: names.derivative_prefix(value, role="text", version=1, params_key="0"),
    ):
        with pytest.raises(ValueError, match="SHA-256"):
            make(sha256)


@pytest.mark.parametrize(
    ("name", "extension"),
    [
        ("Ảnh cồng chiêng.JPG", "jpg"),
        ("jpg", "jpg"),
        (".jpg", "jpg"),
        ("a.tar.gz", "gz"),
        ("no extension at all", "bin"),
        ("x.ảnh", "bin"),
        ("x.j/../../p", "bin"),
        ("x.abcdefghijklmnop", "bin"),
        ("", "bin"),
        ("x.JＰＧ", "jpg"),
    ],
)
def test_an_extension_is_plain_or_none(name, extension):
    assert names.clean_extension(name) == extension
    names.master_content(extension)


@pytest.mark.parametrize(
    "prefix",
    [
        "",
        "derivatives",
        f"masters/9f/86/{SHA256}/text-v1-0",
        f"derivatives/9f/87/{SHA256}/text-v1-0",
        f"derivatives/9f/86/{SHA256}/text-v0-0",
        f"derivatives/9f/86/{SHA256}/text-v01-0",
        f"derivatives/9f/86/{SHA256}/text-v1-0/x",
        f"derivatives/9f/86/{SHA256}/../../x-v1-0",
    ],
)
def test_a_prefix_that_is_not_ours_is_refused(prefix):
    with pytest.raises(ValueError, match="prefix"):
        names.checked_prefix(prefix)
