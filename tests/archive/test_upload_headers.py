"""What tus headers mean, without a server."""

from __future__ import annotations

import base64

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archive.uploads import request as tus

pytestmark = pytest.mark.pure


def encoded(text: str) -> str:
    return base64.b64encode(text.encode()).decode()


def test_a_name_loses_the_folders_and_control_characters_of_its_sender() -> None:
    assert tus.safe_name("..\\..\\C:\\ảnh\x00 Kon Tum.jpg") == "ảnh Kon Tum.jpg"
    assert tus.safe_name("/etc/") == "file"


def test_creation_reads_length_and_description() -> None:
    metadata = f"filename {encoded('Rơ̆ngao.jpg')},item {encoded('abc')},role {encoded('main')}"

    asked = tus.creation({"Upload-Length": "12", "Upload-Metadata": metadata})

    assert (asked.size_bytes, asked.name, asked.item_pid, asked.role) == (12, "Rơ̆ngao.jpg", "abc", "main")


@pytest.mark.parametrize("length", ["", "-1", "1e3", "١٢", "9" * 30])
def test_a_length_that_is_no_number_is_refused(length: str) -> None:
    with pytest.raises(tus.TusError) as refused:
        tus.creation({"Upload-Length": length})

    assert refused.value.status == 400


@pytest.mark.parametrize("metadata", ["a b64!", "a YQ==,a YQ==", "é YQ==", ",", "name //8="])
def test_damaged_metadata_is_refused(metadata: str) -> None:
    with pytest.raises(tus.TusError):
        tus.read_metadata(metadata)


@pytest.mark.parametrize("checksum", ["md5 YQ==", "sha256 YQ==", "sha256 !", "sha1"])
def test_a_checksum_of_wrong_kind_or_length_is_refused(checksum: str) -> None:
    with pytest.raises(tus.TusError):
        tus.checksum({"Upload-Checksum": checksum})


@given(st.text(max_size=200))
def test_any_metadata_is_read_or_refused(text: str) -> None:
    try:
        pairs = tus.read_metadata(text)
    except tus.TusError:
        return
    assert all(key.isascii() for key in pairs)


@given(st.text(max_size=300))
def test_a_safe_name_is_never_a_path(text: str) -> None:
    name = tus.safe_name(text)

    assert 0 < len(name) <= 255
    assert "/" not in name
    assert "\\" not in name
    assert "\x00" not in name
