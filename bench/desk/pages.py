"""Every page of the desk: how many queries it asks, and how long one core works for it: this process, and the database's session with it.

The clock would count what else the machine does. The best of a few tries: noise only adds.
"""

from __future__ import annotations

import contextlib
import os
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.contrib import admin
from django.db import connection
from django.test import Client

from access.models import User
from archive.models import Agent, Item, ItemState
from bench.desk.corpus import BOSS
from bench.measure import Row

QUERIES_MOST, SECONDS_MOST = 30, 1.0
ITEMS = "/admin/archive/item/"


@dataclass(frozen=True)
class Cost:
    """What one page took: queries, and seconds of the processor."""

    queries: int
    processor_s: float
    status: int
    slowest: str

    @property
    def is_dear(self) -> bool:
        return self.queries > QUERIES_MOST or self.processor_s > SECONDS_MOST or self.status != 200


def rows(*, tries: int) -> list[Row]:
    """Measure each page. Best of the tries."""
    client = Client(headers={"accept-language": "vi", "host": "localhost"})
    client.force_login(User.objects.get(username=BOSS))
    found = []
    for name, address in addresses().items():
        client.get(address)  # what is loaded once a process is loaded
        costs = [measured(client, address) for _number in range(tries)]
        best = min(costs, key=lambda cost: cost.processor_s)
        mark = "✗" if best.is_dear else " "
        line = f"  {mark} {name:34} {best.queries:3} queries {best.processor_s:6.3f} s {best.status}"
        print(line, file=sys.stderr, flush=True)
        if best.is_dear:
            print(f"      slowest: {best.slowest[:600]}", file=sys.stderr, flush=True)
        target = f"≤ {SECONDS_MOST:.0f} s, ≤ {QUERIES_MOST} queries"
        found.append(Row(name, f"{best.processor_s:.2f} s", f"{best.queries} queries", target))
    return found


def measured(client: Client, address: str) -> Cost:
    """Ask for a page once."""
    asked: list[tuple[float, str]] = []

    def count(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:  # Any: as Django hands them
        began = time.perf_counter()
        try:
            return execute(sql, params, many, context)
        finally:
            asked.append((time.perf_counter() - began, sql))

    session = _session()
    began = time.process_time() + _processor_s(session)
    with connection.execute_wrapper(count):
        answer = client.get(address)
        _read(answer)
    took = time.process_time() + _processor_s(session) - began
    slowest = max(asked, default=(0.0, ""))
    return Cost(len(asked), took, answer.status_code, f"{slowest[0]:.3f} s {slowest[1]}")


def _session() -> int:
    """Return the process of the database that serves us, 0 where it is this one."""
    if connection.vendor != "postgresql":
        return 0
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        return int(cursor.fetchone()[0])


def _processor_s(pid: int) -> float:
    """Return user and system time of another process, in steps of a hundredth of a second."""
    if not pid:
        return 0.0
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def _read(answer: Any) -> None:  # Any: an answer of either kind
    with contextlib.suppress(AttributeError):
        for _part in answer.streaming_content:
            pass


def addresses() -> dict[str, str]:
    """Return the pages by name."""
    return dict(_addresses())


def _addresses() -> Iterator[tuple[str, str]]:
    seen = Item.objects.filter(state=ItemState.PUBLISHED, chosen_rule__digest__isnull=False).order_by("pk")[500]
    agent = Agent.objects.order_by("pk")[10]
    last = Item.objects.count() // 50 - 200
    yield "start page", "/admin/"
    yield "items", ITEMS
    yield "items, page 500", f"{ITEMS}?p=500"
    yield "items, last pages", f"{ITEMS}?p={last}"
    for state in ItemState.values:
        yield f"items, {state}", f"{ITEMS}?state__exact={state}"
    yield "items, counts beside the filters", f"{ITEMS}?_facets=True"
    for name, asked in filter_values().items():
        yield f"items, {name}", f"{ITEMS}?{asked}"
    yield "items, two filters", f"{ITEMS}?state__exact=published&kind__exact=audio&people=3"
    yield "items, by title", f"{ITEMS}?o=1"
    yield "items, by title, page 500", f"{ITEMS}?o=1&p=500"
    yield "items, by kind", f"{ITEMS}?o=2"
    yield "items, searched (a common word)", f"{ITEMS}?q=nang"
    yield "items, searched (rare words)", f"{ITEMS}?q=tiêng+gươi+bá"
    yield "items, searched (identifier)", f"{ITEMS}?q=KT.050000"
    yield "item, new", f"{ITEMS}add/"
    for page in ("change", "history", "delete", "access", "progress"):
        if page != "delete":
            yield f"item, {page}", f"{ITEMS}{seen.pk}/{page}{'' if page == 'progress' else '/'}"
    for model in ("people", "agent", "subject", "collection", "place"):
        yield f"{model}, list", f"/admin/archive/{model}/"
        yield f"{model}, searched", f"/admin/archive/{model}/?q=na"
    yield "agent, change", f"/admin/archive/agent/{agent.pk}/change/"
    yield "agent, history", f"/admin/archive/agent/{agent.pk}/history/"
    for model, field in (
        ("item", "peoples"), ("item", "subjects"), ("item", "collections"), ("itemagent", "agent"), ("itemplace", "place"),
    ):  # fmt: skip
        yield (
            f"suggestions for {field}",
            f"/admin/autocomplete/?app_label=archive&model_name={model}&field_name={field}&term=na",
        )
    yield "consents", "/admin/archive/consentrecord/"
    yield "labels", "/admin/archive/label/"
    yield "log", "/admin/access/auditentry/"
    yield "log, page 500", "/admin/access/auditentry/?p=500"
    yield "jobs", "/admin/media_pipeline/job/"
    yield "jobs, failed", "/admin/media_pipeline/job/?state__exact=failed"
    yield "jobs, page 500", "/admin/media_pipeline/job/?p=500"
    yield "masters", "/admin/media_pipeline/master/"
    yield "masters, page 500", "/admin/media_pipeline/master/?p=500"
    yield "inbox", "/admin/access/petition/"
    yield "inbox, waiting", "/admin/access/petition/?waiting=yes"
    yield "accounts", "/admin/access/user/"
    yield "communities", "/admin/access/community/"
    yield "protocols", "/admin/access/protocol/"


def filter_values() -> dict[str, str]:
    """Return one value of each own filter of the list of items, as an address asks for it."""
    screen = admin.site.get_model_admin(Item)
    found = {"kind": "kind__exact=audio"}
    for one in screen.list_filter:
        if isinstance(one, type) and issubclass(one, admin.SimpleListFilter):
            for value in getattr(one, "MEASURED", ()):
                found[f"{one.parameter_name}={value}"] = f"{one.parameter_name}={value}"
    return found
