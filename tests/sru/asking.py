"""A small SRU client for tests."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import HttpResponse
from django.test import Client
from lxml import etree

OLD, NEW = "http://www.loc.gov/zing/srw/", "http://docs.oasis-open.org/ns/search-ws/sruResponse"
DIAGNOSTICS = {
    OLD: "http://www.loc.gov/zing/srw/diagnostic/",
    NEW: "http://docs.oasis-open.org/ns/search-ws/diagnostic",
}
MARC = "{http://www.loc.gov/MARC21/slim}"


@dataclass(frozen=True)
class Told:
    """An answer: what stands in it, whatever the version."""

    root: etree._Element
    namespace: str

    @property
    def total(self) -> int:
        return int(self.text("numberOfRecords") or "-1")

    @property
    def codes(self) -> list[int]:
        """The diagnostics by their numbers, in the namespace that belongs to the version."""
        uris = self.root.iter(f"{{{DIAGNOSTICS[self.namespace]}}}uri")
        return [int((one.text or "").removeprefix("info:srw/diagnostic/1/")) for one in uris]

    @property
    def data(self) -> list[etree._Element]:
        return list(self.root.iter(f"{{{self.namespace}}}recordData"))

    @property
    def pids(self) -> list[str]:
        """Our identifiers of the MARC records, in order."""
        return [one.findtext(f"{MARC}record/{MARC}controlfield[@tag='001']") or "" for one in self.data]

    def text(self, name: str) -> str | None:
        found: str | None = self.root.findtext(f"{{{self.namespace}}}{name}")
        return found


def told(answer: HttpResponse) -> Told:
    root = etree.fromstring(answer.content)
    return Told(root, etree.QName(root).namespace or "")


def asked(client: Client, query: str, *, version: str = "1.2", **more: str) -> Told:
    """Return the answer to a search."""
    operation = {} if version == "2.0" else {"operation": "searchRetrieve"}
    answer = client.get("/sru", {"version": version, **operation, "query": query, **more})
    assert answer.status_code == 200
    return told(answer)  # type: ignore[arg-type]  # Django's client monkey-patches the response
