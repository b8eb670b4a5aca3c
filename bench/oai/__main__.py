"""python -m bench.oai sqlite|postgres [--pairs N] [--records N]: full harvests over HTTP, page by page.

HERITAGE_BENCH_ITEMS says how many records where --records does not: 1000000 is the size that the target is named for.
"""

from __future__ import annotations

import argparse
import contextlib
import dataclasses
import gzip
import http.client
import json
import os
import re
import sys
from dataclasses import dataclass, field
from urllib.parse import quote

from bench.archive import entered
from bench.measure import Row, median, spread
from bench.processes import Running, running
from bench.tiles import servers
from tests.services import PostgresServer

TOKEN = re.compile(rb"<resumptionToken[^>]*>([^<]+)</resumptionToken>")
ENDS, TURNS = 20, 5  # pages at each end of a harvest that are compared, and how often each is asked for
TARGET = 20_000


@dataclass
class Harvest:
    """One harvest: how many records, the server's processor time, and what led to its pages."""

    records: int = 0
    cpu_s: float = 0.0
    pages: int = 0
    queries: list[str] = field(default_factory=list)  # that led to its whole pages
    memory_mb: list[float] = field(default_factory=list)
    bytes: int = 0


def harvest(site: Running, prefix: str, measured: list[int], *, most: int, packed: bool = False) -> Harvest:
    """Harvest everything, or the first `most` records. Raises RuntimeError on an answer that is no page."""
    done, before = Harvest(), servers.cpu_s(measured)
    query = f"/oai?verb=ListRecords&metadataPrefix={prefix}"
    connection = http.client.HTTPConnection("127.0.0.1", site.port, timeout=120)
    headers = {"Accept-Encoding": "gzip"} if packed else {}
    with contextlib.closing(connection):
        while query and done.records < most:
            asked = query
            connection.request("GET", query, headers=headers)
            answer = connection.getresponse()
            body = answer.read()
            done.bytes += len(body)
            if packed:
                body = gzip.decompress(body)
            count = body.count(b"<record><header")
            if answer.status != 200 or not count:
                raise RuntimeError(f"{answer.status}: {body[:300]!r}")
            done.records += count
            if done.pages % 50 == 0:
                done.memory_mb.append(servers.resident_mb(measured[:1]))
            done.pages += 1
            found = TOKEN.search(body[-2000:])
            # The first page begins a harvest, which is more than a page, and the last one may be short.
            if found and done.pages > 1:
                done.queries.append(asked)
            query = f"/oai?verb=ListRecords&resumptionToken={quote(found[1].decode())}" if found else ""
    done.cpu_s = servers.cpu_s(measured) - before
    done.memory_mb.append(servers.resident_mb(measured[:1]))
    return done


def ends(site: Running, queries: list[str], measured: list[int]) -> list[float]:
    """Ask for the first and the last pages of a harvest in turns; return how much processor time of the servers the last ones took, to
    that of the first. What else the machine does then counts for neither."""
    connection = http.client.HTTPConnection("127.0.0.1", site.port, timeout=120)

    def cost_s(pages: list[str]) -> float:
        before = servers.cpu_s(measured)
        for query in pages:
            connection.request("GET", query)
            connection.getresponse().read()
        return servers.cpu_s(measured) - before

    with contextlib.closing(connection):
        taken = [(cost_s(queries[:ENDS]), cost_s(queries[-ENDS:])) for _turn in range(TURNS)]
    return [late / early for early, late in taken]


def rows(site: Running, measured: list[int], *, count: int, pairs: int, each_s: float) -> list[Row]:
    """Return what was measured. The first harvest warms up and is not counted."""
    found = [Row("making one record in six formats: CPU ms", f"{each_s * 1000:.2f}", "one run of 5,000")]
    harvest(site, "oai_dc", measured, most=min(count, 20_000))
    for prefix in ("oai_dc", "marcxml"):
        runs = [harvest(site, prefix, measured, most=count) for _ in range(pairs)]
        rates = [one.records / one.cpu_s for one in runs]
        ratios = [median(ends(site, runs[-1].queries, measured)) for _ in range(pairs)]
        memory = [max(one.memory_mb) for one in runs]
        found += [
            Row(
                f"{prefix}: records in a harvest",
                f"{runs[0].records:,}",
                f"{runs[0].bytes / runs[0].records:.0f} bytes each",
            ),
            Row(
                f"{prefix}: records a second and core, over HTTP",
                f"{median(rates):,.0f}",
                spread(rates, 0),
                f"at least {TARGET:,}",
            ),
            Row(f"{prefix}: last pages / first pages", f"{median(ratios):.2f}", spread(ratios, 2), "at most 1.1"),
            Row(f"{prefix}: web server, resident MB at most", f"{max(memory):.0f}", spread(memory, 0), "flat"),
        ]
    packed = harvest(site, "oai_dc", measured, most=min(count, 50_000), packed=True)
    rate, size = packed.records / packed.cpu_s, packed.bytes / packed.records
    found.append(Row("oai_dc, gzip: records a second and core", f"{rate:,.0f}", f"{size:.0f} bytes each"))
    return found


def main() -> int:
    parser = argparse.ArgumentParser()
    parser.add_argument("database", choices=["sqlite", "postgres"])
    parser.add_argument("--pairs", type=int, default=3)
    parser.add_argument("--records", type=int, default=int(os.environ.get("HERITAGE_BENCH_ITEMS", "100000")))
    wishes = parser.parse_args()
    with contextlib.ExitStack() as stack:
        server = stack.enter_context(PostgresServer()) if wishes.database == "postgres" else None
        data = stack.enter_context(entered(database_url=server.url if server else ""))
        # Not before the settings are made.
        from bench.oai import corpus  # noqa: PLC0415

        each_s = corpus.make(wishes.records)
        site = stack.enter_context(running(os.environ, data / "servers.log", lanes=()))
        measured = [site.processes["web"].pid, *([server.process.pid] if server and server.process else [])]
        found = rows(site, measured, count=wishes.records, pairs=min(wishes.pairs, 3), each_s=each_s)
    print(json.dumps([dataclasses.asdict(row) for row in found]))
    return 0


if __name__ == "__main__":
    sys.exit(main())
