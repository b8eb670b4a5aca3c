"""What a tus request says, read from its headers. Pure: no Django. Source: the tus resumable upload protocol, 1.0.0."""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Mapping
from dataclasses import dataclass

VERSION = "1.0.0"
CHECKSUM_ALGORITHMS = ("sha1", "sha256")
CHUNK_TYPE = "application/offset+octet-stream"
_WHOLE_NUMBER = re.compile(r"^[0-9]{1,18}$")
_SHA256 = re.compile(r"^[0-9a-fA-F]{64}$")
_DIGEST_BYTES = {"sha1": 20, "sha256": 32}
_CONTROL = re.compile(r"[\x00-\x1f\x7f]")


class TusError(Exception):
    """A request that the protocol or we refuse, with the HTTP status that says so and a code for the sentence."""

    def __init__(self, status: int, code: str) -> None:
        super().__init__(code)
        self.status = status
        self.code = code


@dataclass(frozen=True)
class Creation:
    """A new upload. `sha256` is empty when the client does not know it beforehand."""

    size_bytes: int
    item_pid: str
    name: str
    role: str
    sha256: str
    language: str = ""


@dataclass(frozen=True)
class Checksum:
    """The digest that one chunk must have."""

    algorithm: str
    digest: bytes


def check_version(headers: Mapping[str, str]) -> None:
    """Raise TusError (412, as tus asks) unless the request speaks our version."""
    if headers.get("Tus-Resumable") != VERSION:
        raise TusError(412, "wrong_version")


def creation(headers: Mapping[str, str]) -> Creation:
    """Return what a POST asks for. Raises TusError. A length that comes later (`Upload-Defer-Length`) is not offered."""
    size_bytes = whole_number(headers, "Upload-Length")
    metadata = read_metadata(headers.get("Upload-Metadata", ""))
    sha256 = metadata.get("sha256", "")
    if (sha256 and not _SHA256.match(sha256)) or _CONTROL.search(metadata.get("item", "")):
        raise TusError(400, "bad_metadata")
    return Creation(
        size_bytes=size_bytes,
        item_pid=metadata.get("item", ""),
        name=safe_name(metadata.get("filename", "")),
        role=metadata.get("role", ""),
        sha256=sha256.lower(),
        language=metadata.get("language", "").strip(),
    )


def whole_number(headers: Mapping[str, str], name: str) -> int:
    """Return a non-negative whole number from a header. Raises TusError."""
    text = headers.get(name, "")
    if not _WHOLE_NUMBER.match(text):
        raise TusError(400, "bad_number")
    return int(text)


def read_metadata(text: str) -> dict[str, str]:
    """Return the pairs of `Upload-Metadata`. Raises TusError.

    tus: pairs parted by commas, key and value by a space; a key is ASCII, not empty and comes once; a value is base64 and may be missing.
    """
    pairs: dict[str, str] = {}
    for part in text.split(",") if text.strip() else []:
        key, _space, encoded = part.strip().partition(" ")
        if not key or not key.isascii() or key in pairs:
            raise TusError(400, "bad_metadata")
        try:
            pairs[key] = base64.b64decode(encoded.strip(), validate=True).decode("utf-8")
        except (binascii.Error, UnicodeDecodeError, ValueError) as error:
            raise TusError(400, "bad_metadata") from error
    return pairs


def checksum(headers: Mapping[str, str]) -> Checksum | None:
    """Return the digest that `Upload-Checksum` announces, or None. Raises TusError.

    tus: 400 for an algorithm that the server does not have.
    """
    text = headers.get("Upload-Checksum", "")
    if not text:
        return None
    algorithm, _space, encoded = text.partition(" ")
    if algorithm not in CHECKSUM_ALGORITHMS:
        raise TusError(400, "unknown_checksum")
    try:
        digest = base64.b64decode(encoded.strip(), validate=True)
    except (binascii.Error, ValueError) as error:
        raise TusError(400, "bad_checksum") from error
    if len(digest) != _DIGEST_BYTES[algorithm]:
        raise TusError(400, "bad_checksum")
    return Checksum(algorithm, digest)


def safe_name(text: str) -> str:
    """Return the last part of a name as a sender wrote it, without control characters; never used as a path of ours."""
    name = _CONTROL.sub("", text.replace("\\", "/").rsplit("/", 1)[-1]).strip()
    return name[-255:] or "file"
