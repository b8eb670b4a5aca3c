"""A small harvester for tests: it keeps what it was told, as a partner's catalogue does."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from django.test import Client
from lxml import etree

OAI = "{http://www.openarchives.org/OAI/2.0/}"
NAMESPACE = "nha-rong.localhost"


def asked(client: Client, **arguments: str) -> etree._Element:
    """Return the answer to a request, `from_` standing for from."""
    answer = client.get("/oai", {name.rstrip("_"): value for name, value in arguments.items()})
    assert answer.status_code == 200
    return etree.fromstring(answer.content)


def error_of(root: etree._Element) -> str | None:
    found = root.find(f"{OAI}error")
    return None if found is None else found.get("code")


def pid_of(header: etree._Element) -> str:
    return (header.findtext(f"{OAI}identifier") or "").rpartition(":")[2]


@dataclass
class Harvester:
    """What a partner has: metadata by pid, and whether a deletion was heard of."""

    client: Client
    prefix: str = "oai_dc"
    kept: dict[str, str] = field(default_factory=dict)
    deleted: set[str] = field(default_factory=set)
    told: list[str] = field(default_factory=list)
    began: str = ""

    def pages(self, **arguments: str) -> Iterator[etree._Element]:
        """Harvest; yields after each page, so that something can happen in between."""
        self.told = []
        root = asked(self.client, verb="ListRecords", metadataPrefix=self.prefix, **arguments)
        self.began = root.findtext(f"{OAI}responseDate") or ""
        while True:
            for record in root.iter(f"{OAI}record"):
                self._take(record)
            yield root
            token = root.findtext(f"{OAI}ListRecords/{OAI}resumptionToken")
            if not token:
                return
            root = asked(self.client, verb="ListRecords", resumptionToken=token)
            assert error_of(root) is None

    def _take(self, record: etree._Element) -> None:
        header, metadata = record.find(f"{OAI}header"), record.find(f"{OAI}metadata")
        assert header is not None
        pid = pid_of(header)
        self.told.append(pid)
        if header.get("status") == "deleted":
            assert metadata is None
            self.kept.pop(pid, None)
            self.deleted.add(pid)
        else:
            assert metadata is not None
            self.kept[pid] = etree.tostring(metadata[0], encoding="unicode")
            self.deleted.discard(pid)
