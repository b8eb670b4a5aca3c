"""Every key under which bytes are stored. A changed name orphans what is already there.

The test that pins these names says what breaks. Keys are relative to the storage's location (a folder, or a prefix in
a bucket) and use "/". Masters, derivatives and staging must be on one file system: publishing is a rename.
"""

from __future__ import annotations

import hashlib
import re
import unicodedata
from datetime import UTC, datetime

MASTERS = "masters"  # the OCFL storage root: nothing but OCFL may be below
DERIVATIVES = "derivatives"
STAGING_MASTERS = "staging/masters"  # beside the OCFL root, which may hold no unfinished object (OCFL 1.1, E072, E073)
STAGING_DERIVATIVES = "staging/derivatives"
QUARANTINE = "quarantine"  # damaged masters, kept as evidence when a good copy took their place
PURGED = "purged"  # what was taken out for good: a record each, no bytes

UNKNOWN_EXTENSION = "bin"

_SHA256 = re.compile(r"[0-9a-f]{64}")
_EXTENSION = re.compile(r"[a-z0-9]{1,12}")
_ROLE = re.compile(r"[a-z][a-z0-9_]{0,39}")
_PARAMS_KEY = re.compile(r"[a-z0-9]{1,64}")
_SEGMENT = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,99}")
_SET = re.compile(r"(.+)-v([1-9][0-9]*)-([a-z0-9]+)")
_MASTER_ID = re.compile(r"nih:sha-256;([0-9a-f]{64})")


def checked_sha256(sha256: str) -> str:
    """The same text. Raises ValueError unless it is 64 lower-case hexadecimal digits: it becomes part of a path."""
    if not _SHA256.fullmatch(sha256):
        raise ValueError(f"not a SHA-256 in lower-case hexadecimal: {sha256!r}")
    return sha256


def clean_extension(name: str) -> str:
    """A file name's last part after a dot (or a bare extension) as a master's key has it; "bin" if it is not plain."""
    folded = unicodedata.normalize("NFKC", name.rpartition(".")[2]).lower()
    return folded if _EXTENSION.fullmatch(folded) else UNKNOWN_EXTENSION


def master_id(sha256: str) -> str:
    """The OCFL object identifier: the hash itself as a URI (RFC 6920 section 7), so that it needs no registry."""
    return f"nih:sha-256;{checked_sha256(sha256)}"


def sha256_of_master_id(identifier: str) -> str | None:
    found = _MASTER_ID.fullmatch(identifier)
    return found[1] if found else None


def hashed_tuple_path(identifier: str) -> str:
    """The object root below the storage root by OCFL extension 0004 with its default parameters."""
    digest = hashlib.sha256(identifier.encode()).hexdigest()
    return f"{digest[0:3]}/{digest[3:6]}/{digest[6:9]}/{digest}"


def master_object(sha256: str) -> str:
    return f"{MASTERS}/{hashed_tuple_path(master_id(sha256))}"


def is_object_path(parts: list[str]) -> bool:
    """Whether folders below the storage root could be an object's: three tuples and the digest that they begin."""
    return len(parts) == 4 and bool(_SHA256.fullmatch(parts[3])) and parts[3].startswith("".join(parts[:3]))


def master_content(extension: str) -> str:
    """The content path inside the object, as the inventory states it."""
    if not _EXTENSION.fullmatch(extension):
        raise ValueError(f"not a plain extension: {extension!r}")
    return f"v1/content/master.{extension}"


def quarantined(object_path: str, token: str) -> str:
    """Where a damaged object goes when a good one takes its place."""
    return f"{QUARANTINE}/{object_path.rpartition('/')[2]}-{token}"


def purge_records(object_path: str) -> str:
    """The folder of the records of one master's purges."""
    place = object_path.rpartition("/")[2]
    return f"{PURGED}/{place[0:3]}/{place}"


def purge_record(object_path: str, at: datetime) -> str:
    """One record, by the moment (UTC) at which it began."""
    return f"{purge_records(object_path)}/{at.astimezone(UTC):%Y%m%dT%H%M%S.%fZ}.json"


def derivative_prefix(sha256: str, *, role: str, version: int, params_key: str) -> str:
    """Where one published output set lies; no trailing slash."""
    checked_sha256(sha256)
    if not _ROLE.fullmatch(role) or version < 1 or not _PARAMS_KEY.fullmatch(params_key):
        raise ValueError(f"not a derivative: role {role!r}, version {version!r}, parameters {params_key!r}")
    return f"{DERIVATIVES}/{sha256[0:2]}/{sha256[2:4]}/{sha256}/{role}-v{version}-{params_key}"


def checked_prefix(prefix: str) -> str:
    """The same text. Raises ValueError unless derivative_prefix could have made it."""
    parts = prefix.split("/")
    if len(parts) == 5 and parts[0] == DERIVATIVES and _SHA256.fullmatch(parts[3]):
        found = _SET.fullmatch(parts[4])
        if found and prefix == derivative_prefix(parts[3], role=found[1], version=int(found[2]), params_key=found[3]):
            return prefix
    raise ValueError(f"not a derivative's prefix: {prefix!r}")


def role_and_version(prefix: str) -> tuple[str, int]:
    """What a set is. Raises ValueError for what is not a derivative's prefix."""
    found = _SET.fullmatch(checked_prefix(prefix).rpartition("/")[2])
    if found is None:  # checked above; the type checker cannot know
        raise ValueError(prefix)
    return found[1], int(found[2])


def derivative_key(prefix: str, name: str) -> str:
    """The key of one file of a set. Raises ValueError for a name that could leave the set or surprise a file system."""
    segments = name.split("/")
    if len(segments) > 3 or not all(_SEGMENT.fullmatch(segment) for segment in segments):
        raise ValueError(f"not a derivative's file name: {name!r}")
    return f"{checked_prefix(prefix)}/{name}"
