"""OCFL 1.1 as plain values: what the files of a storage root and of an object say. No input or output here.

Sources: OCFL specification 1.1 (sections 3.2 to 3.6 for objects, 4 for the storage root), extension 0004. Names of
sections are given where they force something.
"""

from __future__ import annotations

import hashlib
import json
import unicodedata
from dataclasses import dataclass
from datetime import UTC, datetime

from media_pipeline.storage import names
from media_pipeline.storage.digests import Digests

ROOT_DECLARATION = "0=ocfl_1.1"
OBJECT_DECLARATION = "0=ocfl_object_1.1"
INVENTORY = "inventory.json"
SIDECAR = "inventory.json.sha512"
INVENTORY_TYPE = "https://ocfl.io/1.1/spec/#inventory"
LAYOUT_EXTENSION = "0004-hashed-n-tuple-storage-layout"
INVENTORY_LIMIT_BYTES = 16 * 1024 * 1024  # ours have 1 kB; a larger file is not read into memory


@dataclass(frozen=True)
class Agent:
    """Who stores; section 3.5.3.1 asks for a name and, as a URI, an address."""

    name: str = "Nhà Rông"
    address: str = "urn:nha-rong:archive"


def root_files() -> dict[str, bytes]:
    """Every file of an empty storage root by its path below it, in the order in which to write them."""
    return {
        f"extensions/{LAYOUT_EXTENSION}/config.json": _json(
            {
                "extensionName": LAYOUT_EXTENSION,
                "digestAlgorithm": "sha256",
                "tupleSize": 3,
                "numberOfTuples": 3,
                "shortObjectRoot": False,
            }
        ),
        "ocfl_layout.json": _json(
            {
                "extension": LAYOUT_EXTENSION,
                "description": "An object lies at aaa/bbb/ccc/<digest>: the SHA-256 of its identifier and the first "
                "three groups of three digits of it. The identifier is nih:sha-256;<SHA-256 of the one file it holds>.",
            }
        ),
        ROOT_DECLARATION: declaration(ROOT_DECLARATION),
    }


def declaration(name: str) -> bytes:
    """Content of a NAMASTE file (section 3.2): what follows "0=" in its name, and a newline."""
    return f"{name.removeprefix('0=')}\n".encode()


def inventory(digests: Digests, *, extension: str, original_name: str, created_at: datetime, agent: Agent) -> bytes:
    """The inventory of an object that holds one master in its first and only version."""
    content = names.master_content(extension)
    message = "Stored once, as received"
    if shown := plain_name(original_name):
        message += f", under the name: {shown}"
    return _json(
        {
            "digestAlgorithm": "sha512",
            "fixity": {"sha256": {digests.sha256: [content]}},
            "head": "v1",
            "id": names.master_id(digests.sha256),
            "manifest": {digests.sha512: [content]},
            "type": INVENTORY_TYPE,
            "versions": {
                "v1": {
                    "created": created_at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
                    "message": message,
                    "state": {digests.sha512: [content.rpartition("/")[2]]},
                    "user": {"name": agent.name, "address": agent.address},
                }
            },
        }
    )


def sidecar(inventory_bytes: bytes) -> bytes:
    """Section 3.6: the digest, white space, the name of the inventory."""
    return f"{hashlib.sha512(inventory_bytes).hexdigest()} {INVENTORY}\n".encode()


def object_files(inventory_bytes: bytes) -> dict[str, bytes]:
    """Every file of an object but its content, in the order in which to write them: the root's sidecar ends it."""
    return {
        f"v1/{INVENTORY}": inventory_bytes,
        f"v1/{SIDECAR}": sidecar(inventory_bytes),
        OBJECT_DECLARATION: declaration(OBJECT_DECLARATION),
        INVENTORY: inventory_bytes,
        SIDECAR: sidecar(inventory_bytes),
    }


@dataclass(frozen=True)
class Described:
    """What a master's inventory says of it."""

    sha256: str
    sha512: str
    content: str  # path below the object root

    @property
    def extension(self) -> str:
        return self.content.rpartition(".")[2]


def described(inventory_bytes: bytes) -> Described:
    """Read an inventory of the kind that `inventory` writes. Raises ValueError for any other."""
    try:
        value = json.loads(inventory_bytes)
        ((sha512, (content,)),) = value["manifest"].items()
        sha256 = names.sha256_of_master_id(value["id"])
        if sha256 is None or value["fixity"]["sha256"] != {sha256: [content]} or value["digestAlgorithm"] != "sha512":
            raise ValueError("the identifier, the fixity block and the algorithm do not agree")
        if content != names.master_content(content.rpartition(".")[2]) or value["head"] != "v1":
            raise ValueError("not one master in one version")
    except (KeyError, TypeError, AttributeError, ValueError) as error:
        raise ValueError(f"not the inventory of a master: {error}") from error
    return Described(sha256, sha512, content)


def plain_name(name: str) -> str:
    """A file name fit for one line of text: no control, format or surrogate characters, at most 200 characters."""
    kept = "".join(c for c in unicodedata.normalize("NFC", name) if unicodedata.category(c)[0] != "C")
    return " ".join(kept.split())[:200]


def _json(value: dict[str, object]) -> bytes:
    return (json.dumps(value, ensure_ascii=False, indent=2, sort_keys=False) + "\n").encode()
