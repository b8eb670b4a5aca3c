"""The rules of one OCFL inventory taken alone (specification 1.1, section 3.5). Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

_CREATED = re.compile(
    r"\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])[Tt]([01]\d|2[0-3]):[0-5]\d:([0-5]\d|60)(\.\d+)?"
    r"([Zz]|[+-]([01]\d|2[0-3]):[0-5]\d)"
)
_URI = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:.+")


@dataclass(frozen=True)
class Problem:
    code: str
    detail: str


@dataclass
class Report:
    errors: list[Problem] = field(default_factory=list)
    warnings: list[Problem] = field(default_factory=list)

    @property
    def valid(self) -> bool:
        return not self.errors

    @property
    def codes(self) -> set[str]:
        return {problem.code for problem in self.errors}

    def error(self, code: str, detail: str) -> None:
        self.errors.append(Problem(code, detail))

    def warn(self, code: str, detail: str) -> None:
        self.warnings.append(Problem(code, detail))


def version_number(folder: str) -> int:
    """1 for "v1" and "v0001"; 0 for what is no version."""
    return int(folder[1:]) if re.fullmatch(r"v\d{1,9}", folder) else 0


@dataclass
class InventoryRules:
    """spec: the version that the object's declaration states; None for an inventory of an older version."""

    value: dict[str, Any]  # Any: JSON of others; each use checks its type
    report: Report
    where: str
    spec: str | None

    def run(self) -> None:
        self._keys()
        manifest = self._manifest()
        self._fixity()
        used = self._versions(manifest)
        if unused := set(manifest) - used:
            self.report.error("E107", f"{self.where} states {min(unused)} but no version uses it")

    def _keys(self) -> None:
        identifier, kind = self.value.get("id"), self.value.get("type")
        if not isinstance(identifier, str) or not identifier:
            self.report.error("E036", f"{self.where} id")
        elif not _URI.fullmatch(identifier):
            self.report.warn("W005", identifier)
        known = [f"https://ocfl.io/{spec}/spec/#inventory" for spec in ("1.0", "1.1") if self.spec in (None, spec)]
        if kind not in known:
            self.report.error("E038" if isinstance(kind, str) else "E036", f"{self.where} type {kind!r}")
        algorithm = self.value.get("digestAlgorithm")
        if algorithm not in ("sha512", "sha256"):
            self.report.error("E025" if algorithm else "E036", f"{self.where} digestAlgorithm {algorithm!r}")
        elif algorithm != "sha512":
            self.report.warn("W004", str(algorithm))
        head = self.value.get("head")
        if head is None:
            self.report.error("E036", f"{self.where} head")
        elif not isinstance(head, str) or not version_number(head):
            self.report.error("E040", f"{self.where} head {head!r}")
        folder = self.value.get("contentDirectory", "content")
        if not isinstance(folder, str) or "/" in folder or folder in ("", ".", ".."):
            self.report.error("E017", f"{self.where} contentDirectory {folder!r}")

    def _manifest(self) -> dict[str, list[str]]:
        block = self.value.get("manifest")
        if not isinstance(block, dict):
            self.report.error("E041", f"{self.where} manifest")
            return {}
        return self._block(block, duplicates="E096", repeated="E101", misshapen="E092")

    def _fixity(self) -> None:
        fixity = self.value.get("fixity", {})
        if not isinstance(fixity, dict):
            self.report.error("E111", f"{self.where} fixity")
            return
        for block in fixity.values():
            if not isinstance(block, dict):
                self.report.error("E057", f"{self.where} fixity")
            else:
                self._block(block, duplicates="E097", repeated="E057", misshapen="E057")

    def _block(
        self,
        block: dict[str, Any],
        *,
        duplicates: str,
        repeated: str,
        misshapen: str,  # Any: JSON of others
    ) -> dict[str, list[str]]:
        """A map of digests to content paths; only what has the right shape comes back."""
        if len({digest.lower() for digest in block}) != len(block):
            self.report.error(duplicates, f"{self.where} states a digest twice")
        seen: set[str] = set()
        result = {}
        for digest, paths in block.items():
            if not isinstance(paths, list) or not all(isinstance(path, str) for path in paths):
                self.report.error(misshapen, f"{self.where} {digest}")
                continue
            for path in paths:
                self._path(path, outside="E100", segments="E099")
                if path in seen:
                    self.report.error(repeated, f"{self.where} {path}")
                seen.add(path)
            result[digest] = paths
        self._conflicts(seen, code="E101")
        return result

    def _path(self, path: str, *, outside: str, segments: str) -> None:
        if path.startswith("/") or path.endswith("/"):
            self.report.error(outside, f"{self.where} {path!r}")
        if any(segment in ("", ".", "..") for segment in path.strip("/").split("/")):
            self.report.error(segments, f"{self.where} {path!r}")

    def _conflicts(self, paths: Iterable[str], *, code: str) -> None:
        """A path cannot be a file and a folder at once."""
        known = set(paths)
        for path in known:
            parents = path.split("/")
            if any("/".join(parents[:count]) in known for count in range(1, len(parents))):
                self.report.error(code, f"{self.where} {path}")

    def _versions(self, manifest: dict[str, list[str]]) -> set[str]:
        """The digests that some version's state uses."""
        versions = self.value.get("versions")
        if not isinstance(versions, dict):
            self.report.error("E043" if versions is None else "E044", f"{self.where} versions")
            return set(manifest)
        if not versions:
            self.report.error("E008", f"{self.where} versions")
        head = self.value.get("head")
        if versions and isinstance(head, str) and head not in versions:
            self.report.error("E040", f"{self.where} head {head!r} is no version")
        used: set[str] = set()
        for name, version in versions.items():
            if not version_number(name):
                self.report.error("E046", f"{self.where} {name}")
            if not isinstance(version, dict):
                self.report.error("E047", f"{self.where} {name}")
                continue
            self._version(f"{self.where}{name}", version)
            used |= self._state(f"{self.where}{name}", version.get("state"), manifest)
        return used

    def _version(self, where: str, version: dict[str, Any]) -> None:  # Any: JSON of others
        created = version.get("created")
        if created is None:
            self.report.error("E048", f"{where} created")
        elif not isinstance(created, str) or not _CREATED.fullmatch(created):
            self.report.error("E049", f"{where} created {created!r}")
        message, user = version.get("message"), version.get("user")
        if message is None or user is None:
            self.report.warn("W007", where)
        if message is not None and not isinstance(message, str):
            self.report.error("E094", where)
        if user is None:
            return
        if not isinstance(user, dict) or not isinstance(user.get("name"), str) or not user["name"]:
            self.report.error("E054", where)
        elif "address" not in user:
            self.report.warn("W008", where)
        elif not isinstance(user["address"], str) or not _URI.fullmatch(user["address"]):
            self.report.warn("W009", where)

    def _state(self, where: str, state: object, manifest: dict[str, list[str]]) -> set[str]:
        if not isinstance(state, dict):
            self.report.error("E048" if state is None else "E050", f"{where} state")
            return set()
        seen: set[str] = set()
        for digest, paths in state.items():
            if digest not in manifest:
                self.report.error("E050", f"{where} {digest}")
            if not isinstance(paths, list) or not all(isinstance(path, str) for path in paths):
                self.report.error("E051", f"{where} {digest}")
                continue
            for path in paths:
                self._path(path, outside="E053", segments="E052")
                if path in seen:
                    self.report.error("E095", f"{where} {path}")
                seen.add(path)
        self._conflicts(seen, code="E095")
        return set(state)
