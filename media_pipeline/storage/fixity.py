"""Fixity checks of masters and of derivatives: each reports which files changed, which are missing, and which are in no record."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from media_pipeline.storage.derivatives import DerivativeStore
from media_pipeline.storage.digests import never, sha256_of
from media_pipeline.storage.errors import Interrupted, KeyMissing
from media_pipeline.storage.masters import MasterStore
from media_pipeline.storage.objects import Fixity, FixityState


@dataclass(frozen=True)
class Finding:
    """name: a master's SHA-256, a derivative's key, or for what is untracked the path below the storage's location."""

    name: str
    detail: str = ""


@dataclass
class Report:
    checked_count: int = 0
    changed: list[Finding] = field(default_factory=list)
    missing: list[Finding] = field(default_factory=list)
    untracked: list[Finding] = field(default_factory=list)

    @property
    def clean(self) -> bool:
        return not (self.changed or self.missing or self.untracked)

    def add(self, name: str, found: Fixity) -> None:
        self.checked_count += 1
        if found.state is FixityState.CHANGED:
            self.changed.append(Finding(name, found.detail))
        elif found.state is FixityState.MISSING:
            self.missing.append(Finding(name, found.detail))


def _ignore(_name: str, _found: Fixity) -> None:
    return None


def _unknown(_sha256: str) -> bool:
    return False


def check(
    store: MasterStore,
    known: Iterable[str],
    *,
    after: str = "",
    on_checked: Callable[[str, Fixity], None] = _ignore,
    is_known: Callable[[str], bool] = _unknown,
    should_stop: Callable[[], bool] = never,
) -> Report:
    """Read every known master, then look for what is there beside them.

    known: all SHA-256, ascending where `after` is used: those up to and with `after` were read by an earlier run and
    are only counted as known. on_checked is called after each master, for progress and for keeping the result: a
    check that is killed loses one master's reading. is_known is asked once more about a stranger, which may have
    been stored since `known` was listed. Memory: 32 bytes a known master and the findings.
    Raises StorageUnavailable and Interrupted; what on_checked has kept stays true.
    """
    report = Report()
    places: set[bytes] = set()
    for sha256 in known:
        places.add(bytes.fromhex(store.place_of(sha256)))
        if sha256 <= after:
            continue
        if should_stop():
            raise Interrupted
        found = store.verify(sha256, should_stop=should_stop)
        report.add(sha256, found)
        on_checked(sha256, found)
    for thing in store.walk():
        if should_stop():
            raise Interrupted
        if not thing.is_object:
            report.untracked.append(Finding(thing.path, "belongs to no object"))
        elif bytes.fromhex(thing.place) not in places:
            sha256_there = store.sha256_at(thing.path)
            if sha256_there is None or not is_known(sha256_there):
                report.untracked.append(Finding(thing.path, sha256_there or "does not say which master it is"))
    return report


@dataclass(frozen=True)
class KnownFile:
    name: str
    sha256: str
    size_bytes: int


def check_derivatives(
    store: DerivativeStore,
    known: Iterable[tuple[str, Iterable[KnownFile]]],
    *,
    on_checked: Callable[[str, Fixity], None] = _ignore,
    should_stop: Callable[[], bool] = never,
) -> Report:
    """The same three lists for derivatives; known pairs each prefix with its files. What is wrong is made again."""
    report = Report()
    prefixes: set[str] = set()
    for prefix, files in known:
        prefixes.add(prefix)
        there = store.sizes(prefix)
        for file in files:
            if should_stop():
                raise Interrupted
            key = f"{prefix}/{file.name}"
            found = _file_fixity(store, prefix, file, there.pop(file.name, None))
            report.add(key, found)
            on_checked(key, found)
        report.untracked.extend(Finding(f"{prefix}/{name}", "not of this set") for name in sorted(there))
    report.untracked.extend(
        Finding(prefix, "no such set is known") for prefix in store.walk() if prefix not in prefixes
    )
    return report


def _file_fixity(store: DerivativeStore, prefix: str, file: KnownFile, size_bytes: int | None) -> Fixity:
    if size_bytes is None:
        return Fixity(FixityState.MISSING)
    try:
        same = size_bytes == file.size_bytes and (
            sha256_of(store.read_range(prefix, file.name, 0, size_bytes)) == file.sha256
        )
    except KeyMissing:
        return Fixity(FixityState.MISSING)
    return Fixity(FixityState.OK if same else FixityState.CHANGED)
