"""Finding the rows of the archive that a table names: by address part, by any name or variant, with or without marks."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Generic, TypeVar

from django.db.models import QuerySet

from access.models import Community, Protocol
from archive.languages import LangValue, canonical
from archive.models import RightsStatement
from archive.models.authority import Authority
from archive.search.folding import fold

A = TypeVar("A", bound=Authority)
# By its key, for what may not be called by name in a file: "#12".
KEY = "#"
SHOWN_MOST = 5


class NotNamed(Exception):
    """Nothing, or more than one thing, is called so. `code` is one of archive.tables.sentences."""

    def __init__(self, code: str, **detail: object) -> None:
        super().__init__(code)
        self.code, self.detail = code, detail


class Names(Generic[A]):
    """The rows of one authority by what they are called. All names are read once, in one query; a row is fetched when it is first named."""

    def __init__(self, rows: QuerySet[A], *, code: str) -> None:
        self.rows, self.code = rows, code
        self._exact: dict[str, set[int]] = {}
        self._loose: dict[str, set[int]] = {}
        self._slugs: dict[str, int] = {}
        self._found: dict[int, A] = {}
        self._said: dict[str, A] = {}
        listed = rows.order_by("pk").values_list("pk", "slug", "names", "variants", "hidden_variants")
        for pk, slug, *lists in listed.iterator(chunk_size=2000):
            self._slugs[slug] = pk
            self._know(pk, [value["value"] for values in lists for value in values])

    def _know(self, pk: int, names: Iterable[str]) -> None:
        for name in names:
            self._exact.setdefault(_exactly(name), set()).add(pk)
            self._loose.setdefault(fold(name), set()).add(pk)

    def find(self, said: str) -> A:
        """Return the one that is called so. Raises NotNamed(code of unknown, "ambiguous"). At most one query, for a row not yet named."""
        if said not in self._said:
            self._said[said] = self._row(self._one(said))
        return self._said[said]

    def _one(self, said: str) -> int:
        if said.startswith(KEY) and said[1:].isdigit() and int(said[1:]) in self._slugs.values():
            return int(said[1:])
        if said in self._slugs:
            return self._slugs[said]
        keys = self._exact.get(_exactly(said)) or self._loose.get(fold(said)) or set()
        if not keys or not fold(said):
            raise NotNamed(self.code, name=said)
        if len(keys) > 1:
            slugs = [slug for slug, pk in self._slugs.items() if pk in keys]
            raise NotNamed("ambiguous", name=said, slugs=", ".join(sorted(slugs)[:SHOWN_MOST]))
        return next(iter(keys))

    def _row(self, pk: int) -> A:
        if pk not in self._found:
            self._found[pk] = self.rows.get(pk=pk)
        return self._found[pk]

    def called(self, row: A, *, is_secret: bool = False) -> str:
        """Return what a table writes so that `find` finds this row: its name, or where others share it the address part; the key alone
        where its name must not be told."""
        if is_secret:
            return f"{KEY}{row.pk}"
        name = _name(row.names)
        same = self._exact.get(_exactly(name), set()) if name else set()
        return name if same == {row.pk} and name not in self._slugs and not name.startswith(KEY) else row.slug


def _exactly(name: str) -> str:
    return canonical(name).strip().casefold()


def _name(names: Sequence[LangValue]) -> str:
    named = [one["value"] for one in names if one["lang"] == "vi"] or [one["value"] for one in names]
    return named[0] if named else ""


class Rights:
    """Statements of rights by address, address part or name. An address that nobody has used yet is as good."""

    def __init__(self) -> None:
        self._names = Names(RightsStatement.objects.all(), code="unknown_rights")
        self._uris = set(RightsStatement.objects.order_by().values_list("uri", flat=True))

    def find(self, said: str) -> str:
        """Return the address. Raises NotNamed."""
        if said in self._uris:
            return said
        if said.startswith(("http://", "https://", "tag:")) and len(said) <= 200 and " " not in said:
            return said
        return self._names.find(said).uri


class Called:
    """What has one name only: communities and protocols."""

    def __init__(self, named: Iterable[tuple[str, str]], *, code: str) -> None:
        self.code = code
        self._pids: dict[str, set[str]] = {}
        self._all: set[str] = set()
        for pid, name in named:
            self._all.add(pid)
            self._pids.setdefault(_exactly(name), set()).add(pid)

    def find(self, said: str) -> str:
        """Return the pid. Raises NotNamed."""
        if said in self._all:
            return said
        pids = self._pids.get(_exactly(said), set())
        if len(pids) != 1:
            raise NotNamed(self.code if not pids else "ambiguous", name=said, slugs=", ".join(sorted(pids)))
        return next(iter(pids))


def communities(rows: QuerySet[Community]) -> Called:
    return Called(rows.order_by().values_list("pid", "name"), code="unknown_community")


def protocols(rows: QuerySet[Protocol]) -> Called:
    return Called(rows.order_by().values_list("pid", "name"), code="unknown_protocol")
