"""Viewers of requests, remembered for as long as nothing was written in the database and no date has passed (docs/adr/0024).

The state of the database is asked before anything is read, and what was read belongs to that state. So whatever is committed afterwards, in
whatever table, by whatever process and means, makes the next request of everybody decide anew. Within a transaction nothing is remembered
and nothing that was remembered counts: what is read there may never be committed, and others do not see it.
"""

from __future__ import annotations

import threading
from collections.abc import Hashable
from dataclasses import replace
from datetime import datetime
from typing import Any

import psycopg
from django.db import DEFAULT_DB_ALIAS, connections

from access.models import User
from access.policy import Standing
from access.viewer import Decision, Viewer, decide
from access.watching import Watch, watch_of

# Of one state; a busy node has some hundreds of readers between two commits.
KEPT_MOST = 2_000
Key = tuple[int | None, Standing]
_kept: list[tuple[Hashable, dict[Key, Decision]]] = [(None, {})]
_watches: dict[str, Watch] = {}
_own = threading.local()
# Which transactions are over, in this database of the server that was started then: another server counts otherwise.
_STATEMENT = (
    b"SELECT pg_catalog.pg_current_snapshot(), pg_catalog.pg_postmaster_start_time(), pg_catalog.current_database()"
)
_NAME = b"state_for_viewers"


def viewer(user: User | None, standing: Standing, *, now: datetime) -> Viewer:
    """Return what `decide` says of them at this moment. The queries of `decide`, or none where it was asked in the same state."""
    state = state_now()
    if state is None:
        return decide(user, standing, now=now).viewer
    kept_of, kept = _kept[0]
    if kept_of != state:
        # Other threads may do the same: whichever stays is of one state and no other.
        kept = {}
        _kept[0] = (state, kept)
    key = (None if user is None else user.pk, standing)
    found = kept.get(key)
    if found is not None and found.holds(now):
        return replace(found.viewer, decided_at=now)
    made = decide(user, standing, now=now)
    if len(kept) >= KEPT_MOST:
        kept.clear()
    kept[key] = made
    return made.viewer


def state_now() -> Hashable | None:
    """Return what is equal to an earlier answer only if nothing was committed in between; None where that cannot be told. No query through
    Django."""
    # Not Django's `connection`, which asks at each look which one is meant.
    connection = connections[DEFAULT_DB_ALIAS]
    if connection.in_atomic_block or not connection.autocommit:
        return None
    if connection.vendor == "postgresql":
        return _state_of(connection.connection)
    name = str(connection.settings_dict["NAME"])
    watch = _watches.get(name)
    if watch is None:
        watch = _watches[name] = watch_of(connection)
    return watch.state()


def _state_of(session: Any) -> Hashable | None:  # Any: psycopg's connection, of whatever row type
    """Ask by the request's own session, by a statement that it has prepared. None before its first query, and where anything is amiss:
    Django's next query says what."""
    try:
        if session is None or session.info.transaction_status != psycopg.pq.TransactionStatus.IDLE:
            return None
        for _try in range(2):
            if getattr(_own, "prepared_by", None) is not session:
                session.pgconn.prepare(_NAME, _STATEMENT)
                _own.prepared_by = session
            result = session.pgconn.exec_prepared(_NAME, None)
            if result.status == psycopg.pq.ExecStatus.TUPLES_OK:
                return tuple(result.get_value(0, column) for column in range(3))
            _own.prepared_by = None  # forgotten by the server, or never known to it
    except psycopg.Error:
        _own.prepared_by = None
    return None
