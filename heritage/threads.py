"""What is active while a request is answered, kept by the thread that answers it.

Django keeps it by context, for code that waits and goes on in another thread: each look at it goes through three functions of Python, and a
page looks 150 times. Here nothing is asynchronous: one thread answers a request from end to end, and its own storage is C.
"""

from __future__ import annotations

import threading
from types import ModuleType

from django.db import connections
from django.urls import base as urls
from django.utils import timezone
from django.utils.translation import trans_real

# Where Django keeps the language, the time zone, the prefix of addresses, their configuration, and the connections to databases.
PLACES: tuple[tuple[ModuleType | object, str], ...] = (
    (trans_real, "_active"),
    (timezone, "_active"),
    (urls, "_prefixes"),
    (urls, "_urlconfs"),
    (connections, "_connections"),
)


def keep_by_thread() -> None:
    """Let each thread keep its own from now on; what was active before is not. For a process whose requests are answered by threads, before
    it answers the first."""
    for owner, name in PLACES:
        setattr(owner, name, threading.local())
