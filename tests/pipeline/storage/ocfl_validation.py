"""Is this an OCFL object? A second opinion on what the stores write, held itself against the fixtures of the OCFL editors.

Codes are those of the OCFL 1.1 validation codes; E is a MUST, W a SHOULD. Objects of 1.0 and 1.1 are understood. What
is read is bounded: inventories by INVENTORY_LIMIT_BYTES, content is streamed. Not looked for: empty folders (E024),
which S3 does not have, and links (E090).
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any, Protocol

from media_pipeline.storage import objects, ocfl
from media_pipeline.storage.errors import KeyMissing
from media_pipeline.storage.tree import Tree, read_small
from tests.pipeline.storage.inventory_rules import InventoryRules, Report, version_number

DECLARATIONS = {"0=ocfl_object_1.0": "1.0", "0=ocfl_object_1.1": "1.1"}
REGISTERED_EXTENSIONS = {
    "0000-example-extension",
    "0001-digest-algorithms",
    "0005-mutable-head",
    "0008-schema-registry",
    "0009-digest-algorithms",
}


class _Hash(Protocol):
    def update(self, data: bytes, /) -> None: ...
    def hexdigest(self) -> str: ...


HASHES: dict[str, Callable[[], _Hash]] = {
    "md5": lambda: hashlib.md5(usedforsecurity=False),
    "sha1": lambda: hashlib.sha1(usedforsecurity=False),
    "sha256": hashlib.sha256,
    "sha512": hashlib.sha512,
    "sha512/256": lambda: hashlib.new("sha512_256"),
    "blake2b-512": hashlib.blake2b,
    "blake2b-384": lambda: hashlib.blake2b(digest_size=48),
    "blake2b-256": lambda: hashlib.blake2b(digest_size=32),
    "blake2b-160": lambda: hashlib.blake2b(digest_size=20),
}


def validate_object(tree: Tree, object_path: str) -> Report:
    """Everything that is wrong with the object at this path. Raises StorageUnavailable."""
    check = _ObjectCheck(tree, object_path)
    check.run()
    return check.report


@dataclass
class _Read:
    """One inventory as it was read; value is empty where it could not be understood."""

    content: bytes
    value: dict[str, Any] = field(default_factory=dict)  # Any: JSON of others; each use checks its type

    @property
    def algorithm(self) -> str:
        return str(self.value.get("digestAlgorithm", ""))

    def manifest(self) -> dict[str, list[str]]:
        """Digest in lower case → paths; only what has the right shape."""
        found = self.value.get("manifest")
        return _digest_block(found)


def _digest_block(block: object) -> dict[str, list[str]]:
    if not isinstance(block, dict):
        return {}
    result: dict[str, list[str]] = {}
    for digest, paths in block.items():
        if isinstance(paths, list):
            result.setdefault(digest.lower(), []).extend(path for path in paths if isinstance(path, str))
    return result


class _ObjectCheck:
    def __init__(self, tree: Tree, object_path: str) -> None:
        self._tree = tree
        self._path = object_path
        self._files = set(objects.files_of(tree, object_path))
        self._versions = sorted(
            {path.split("/")[0] for path in self._files if re.fullmatch(r"v\d+/.+", path)}, key=version_number
        )
        self._digests: dict[str, dict[str, str]] = {}
        self.report = Report()

    def run(self) -> None:
        spec = self._declaration()
        root = self._inventory("", spec)
        self._top_level(root)
        if not root.value:
            return
        self._version_folders(root)
        others = {folder: self._inventory(f"{folder}/", None) for folder in self._versions if self._has(folder)}
        self._agreement(root, others)
        content_folder = root.value.get("contentDirectory", "content")
        self._hash_content([root, *others.values()])
        for where, read in [("", root), *others.items()]:
            self._content(where, read, str(content_folder))

    def _has(self, folder: str) -> bool:
        if f"{folder}/{ocfl.INVENTORY}" in self._files:
            return True
        self.report.warn("W010", f"{folder} has no inventory")
        return False

    def _read(self, path: str, limit_bytes: int = ocfl.INVENTORY_LIMIT_BYTES) -> bytes:
        return read_small(self._tree, f"{self._path}/{path}", limit_bytes=limit_bytes)

    def _declaration(self) -> str | None:
        """Sections 3.2: which version of the specification the object claims."""
        found = [path for path in self._files if "/" not in path and path.startswith("0=")]
        if len(found) != 1:
            self.report.error("E003", f"{len(found)} declarations")
            return None
        if found[0] not in DECLARATIONS:
            self.report.error("E006", found[0])
            return None
        if self._read(found[0]) != ocfl.declaration(found[0]):
            self.report.error("E007", found[0])
        return DECLARATIONS[found[0]]

    def _inventory(self, folder: str, spec: str | None) -> _Read:
        """Read and judge one inventory and its sidecar."""
        try:
            read = _Read(self._read(f"{folder}{ocfl.INVENTORY}"))
        except KeyMissing:
            self.report.error("E063", "no inventory in the object root")
            return _Read(b"")
        except ValueError as error:
            self.report.error("E033", str(error))
            return _Read(b"")
        try:
            value = json.loads(read.content, object_pairs_hook=_without_duplicates)
            if not isinstance(value, dict):
                raise ValueError("not an object")
        except (ValueError, RecursionError) as error:
            self.report.error("E033", f"{folder}{ocfl.INVENTORY}: {error}")
            return _Read(read.content)
        read.value = value
        InventoryRules(value, self.report, where=folder, spec=spec).run()
        self._sidecar(folder, read)
        return read

    def _sidecar(self, folder: str, read: _Read) -> None:
        """Section 3.6."""
        algorithm = read.algorithm
        path = f"{folder}{ocfl.INVENTORY}.{algorithm}"
        if path not in self._files:
            self.report.error("E058", f"no {path}")
            return
        found = re.fullmatch(rb"([0-9A-Fa-f]+)[ \t]+inventory\.json\r?\n?", self._read(path))
        if not found:
            self.report.error("E061", path)
        elif algorithm in HASHES and found[1].decode().lower() != _digest(algorithm, [read.content]):
            self.report.error("E060", path)

    def _top_level(self, root: _Read) -> None:
        """Section 3.1: what an object root may hold."""
        sidecar = f"{ocfl.INVENTORY}.{root.algorithm}"
        for path in sorted(self._files):
            first, slash, rest = path.partition("/")
            if not slash:
                if first not in {ocfl.INVENTORY, sidecar} and not first.startswith("0="):
                    self.report.error("E001", path)
            elif first == "extensions":
                if "/" not in rest:
                    self.report.error("E067", path)
                elif rest.partition("/")[0] not in REGISTERED_EXTENSIONS:
                    self.report.warn("W013", path)
            elif first != "logs" and first not in self._versions:
                self.report.error("E001", path)

    def _version_folders(self, root: _Read) -> None:
        """Section 3.3: one unbroken sequence, named in one way, and the head the last of it."""
        block = root.value.get("versions")
        named = set(block) if isinstance(block, dict) else set()
        for version in sorted(named ^ set(self._versions)):
            self.report.error("E010" if version in named else "E046", f"{version} is not in both folders and inventory")
        numbers = [version_number(version) for version in self._versions]
        if not numbers:
            self.report.error("E008", "no version")
        elif numbers != list(range(1, len(numbers) + 1)):
            self.report.error("E010", f"versions {numbers}")
        padded = [version for version in self._versions if version.startswith("v0")]
        if padded:
            self.report.warn("W001", padded[0])
            if len(padded) != len(self._versions):
                self.report.error("E011", ", ".join(self._versions))
            if len({len(version) for version in self._versions}) != 1:
                self.report.error("E012", ", ".join(self._versions))
        if self._versions and root.value.get("head") != self._versions[-1]:
            self.report.error("E040", f"head {root.value.get('head')!r}, last version {self._versions[-1]}")

    def _agreement(self, root: _Read, others: dict[str, _Read]) -> None:
        """Sections 3.5 and 3.7: what inventories of versions must share with the root's."""
        for folder, read in others.items():
            if not read.value:
                continue
            if read.value.get("id") != root.value.get("id"):
                self.report.error("E037", f"{folder} has another identifier")
            if read.value.get("head") != folder:
                self.report.error("E040", f"{folder} says that its head is {read.value.get('head')!r}")
            if read.value.get("contentDirectory", "content") != root.value.get("contentDirectory", "content"):
                self.report.error("E019", folder)
            if folder == root.value.get("head") and read.content != root.content:
                self.report.error("E064", folder)
            self._same_states(folder, root, read)

    def _same_states(self, folder: str, root: _Read, read: _Read) -> None:
        """E066: an old inventory's versions hold what the root's inventory says they hold."""
        old_versions, new_versions = read.value.get("versions"), root.value.get("versions")
        if not isinstance(old_versions, dict) or not isinstance(new_versions, dict):
            return
        for version, old in old_versions.items():
            new = new_versions.get(version)
            if not isinstance(old, dict) or not isinstance(new, dict):
                self.report.error("E066", f"{version} in {folder}")
                continue
            old_state, new_state = _places(old, read.manifest()), _places(new, root.manifest())
            if set(old_state) != set(new_state) or any(not old_state[path] & new_state[path] for path in old_state):
                self.report.error("E066", f"{version} in {folder}")
            if any(old.get(key) != new.get(key) for key in ("created", "message", "user")):
                self.report.warn("W011", f"{version} in {folder}")

    def _hash_content(self, inventories: Iterable[_Read]) -> None:
        """Read each content file once, with every digest that any inventory states of it."""
        wanted: dict[str, set[str]] = {}
        for read in inventories:
            fixity = read.value.get("fixity")
            stated = [(read.algorithm, read.manifest())]
            if isinstance(fixity, dict):
                stated += [(name, _digest_block(block)) for name, block in fixity.items()]
            for name, block in stated:
                for path in (path for paths in block.values() for path in paths):
                    wanted.setdefault(path, set()).add(name)
        for path, algorithms in wanted.items():
            if path not in self._files:
                continue
            running = {name: HASHES[name]() for name in algorithms if name in HASHES}
            for chunk in self._tree.read(f"{self._path}/{path}"):
                for digest in running.values():
                    digest.update(chunk)
            self._digests[path] = {name: digest.hexdigest() for name, digest in running.items()}

    def _content(self, where: str, read: _Read, content_folder: str) -> None:
        """Sections 3.5.2 and 3.3: the manifest, the files that are there, and their digests agree."""
        manifest = read.manifest()
        self._compare("E092", where, read.algorithm, manifest)
        fixity = read.value.get("fixity")
        if isinstance(fixity, dict):
            for name, block in fixity.items():
                self._compare("E093", where, name, _digest_block(block))
        last = version_number(str(read.value.get("head", "")))
        listed = {path for paths in manifest.values() for path in paths}
        for path in sorted(self._files):
            folder, _, rest = path.partition("/")
            if folder not in self._versions or version_number(folder) > last:
                continue
            if rest.startswith(f"{content_folder}/"):
                if path not in listed:
                    self.report.error("E023", f"{path} is not in the manifest of {where or 'the root'}")
            elif where:
                continue
            elif "/" in rest:
                self.report.warn("W002", path)
            elif rest != ocfl.INVENTORY and not rest.startswith(f"{ocfl.INVENTORY}."):
                self.report.error("E015", path)

    def _compare(self, code: str, where: str, algorithm: str, block: dict[str, list[str]]) -> None:
        for digest, paths in block.items():
            for path in paths:
                if path not in self._files:
                    self.report.error(code, f"{path} is not there ({where or 'root'})")
                elif self._digests.get(path, {}).get(algorithm, digest) != digest:
                    self.report.error(code, f"{path} has another {algorithm} ({where or 'root'})")


def _places(version: dict[str, Any], manifest: dict[str, list[str]]) -> dict[str, set[str]]:  # Any: JSON of others
    """Logical path → the content paths that hold it: comparable between inventories with different algorithms."""
    return {
        path: set(manifest.get(digest, ()))
        for digest, paths in _digest_block(version.get("state")).items()
        for path in paths
    }


def _digest(algorithm: str, chunks: Iterable[bytes]) -> str:
    digest = HASHES[algorithm]()
    for chunk in chunks:
        digest.update(chunk)
    return digest.hexdigest()


def _without_duplicates(pairs: list[tuple[str, Any]]) -> dict[str, Any]:  # Any: JSON of others
    """JSON keeps the last of two equal keys; an inventory that says two things says nothing."""
    result = dict(pairs)
    if len(result) != len(pairs):
        raise ValueError("the same key twice")
    return result
