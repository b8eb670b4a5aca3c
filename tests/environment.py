"""Loaded before Django's settings: a data folder of the run's own, a secret, and no address of this machine's real services."""

from __future__ import annotations

import atexit
import os
import shutil
import tempfile
from urllib.parse import urlsplit, urlunsplit

from hypothesis import settings

# With a process of tests for each core, each has a folder and a numbered Redis database of its own (pytest-django gives the SQL one).
worker = os.environ.get("PYTEST_XDIST_WORKER", "")
if worker and os.environ.get("REDIS_URL"):
    number = int(worker.removeprefix("gw")) + 1
    os.environ["REDIS_URL"] = urlunsplit(urlsplit(os.environ["REDIS_URL"])._replace(path=f"/{number}"))
if worker or "HERITAGE_TEST_DATA" not in os.environ:
    folder = tempfile.mkdtemp(prefix="nha-rong-test-")
    os.environ["HERITAGE_TEST_DATA"] = folder
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
os.environ["HERITAGE_DATA"] = os.environ["HERITAGE_TEST_DATA"]
# What all processes of a run have in common lies in the folder of the one that starts them.
os.environ.setdefault("HERITAGE_TEST_SHARED", os.environ["HERITAGE_TEST_DATA"])
os.environ.setdefault("HERITAGE_SECRET_KEY", "a-secret-for-tests-only-of-more-than-fifty-characters-0123456789")
os.environ.setdefault("HERITAGE_DISK_RESERVE_MB", "0")
# Hosts of the test client and of live servers.
os.environ.setdefault("HERITAGE_ALLOWED_HOSTS", "127.0.0.1,localhost,testserver")
# Playwright's own loop runs in the test's thread; Django would take its synchronous calls for a mistake.
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "1")
# No property fails because the machine was slow; the same cases each time unless long random runs are asked for.
settings.register_profile("short", deadline=None, derandomize=True)
settings.register_profile("long", deadline=None, max_examples=2000)
settings.load_profile("long" if os.environ.get("HERITAGE_TEST_LONG") == "1" else "short")
