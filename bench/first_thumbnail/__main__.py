"""python -m bench.first_thumbnail: 20 uploads of a 24-megapixel JPEG by HTTP (tus), each waited for as a visitor."""

from __future__ import annotations

import argparse
import base64
import dataclasses
import json
import os
import secrets
import sys
import tempfile
import time
from pathlib import Path

from bench.archive import entered, environment
from bench.measure import Row, percentile, spread, wait_until
from bench.pipeline_overhead.__main__ import photograph
from bench.processes import Running, running

UPLOADS = 20


def main() -> int:
    parser = argparse.ArgumentParser()
    parser.add_argument("--pairs", type=int, default=9, help="not used: there is nothing to pair with")
    parser.parse_args()
    with entered() as data, tempfile.TemporaryDirectory(prefix="nha-rong-bench-") as folder:
        picture = photograph(Path(folder) / "anh.jpg").read_bytes()
        with running(environment(data), Path(folder) / "log") as here:
            one_upload(here, picture)  # what is imported or connected for the first time is not what an upload costs
            waits = [one_upload(here, picture) for _ in range(UPLOADS)]
    total, accepted = [wait for wait, _ in waits], [answer for _, answer in waits]
    rows = [
        Row("last byte sent to thumbnail served, s, p50", f"**{percentile(total, 0.5):.2f}**", spread(total, 2)),
        Row("the same, p95", f"{percentile(total, 0.95):.2f}", f"n = {UPLOADS}"),
        Row("of it until the upload is answered, s, p50", f"{percentile(accepted, 0.5):.3f}", spread(accepted)),
    ]
    print(json.dumps([dataclasses.asdict(row) for row in rows]))
    return 0


def one_upload(here: Running, picture: bytes) -> tuple[float, float]:
    """Upload a picture to a new public item; returns seconds until its thumbnail is there, and until the upload was answered."""
    from django.utils import timezone  # noqa: PLC0415  # after `entered`

    from access import policy  # noqa: PLC0415
    from archive import languages  # noqa: PLC0415
    from archive.actions.create_item import Description, create_item  # noqa: PLC0415
    from archive.actions.move_item import publish_item  # noqa: PLC0415
    from archive.models import ItemFile  # noqa: PLC0415

    described = Description(kind="image", titles=languages.of(vi="Đo"))
    item = create_item(described, actor=None, now=timezone.now(), access=policy.PUBLIC)
    publish_item(item, actor=None, now=timezone.now())
    content = picture + os.urandom(16)  # bytes after the end of a JPEG: another master, the same picture
    headers = {"Tus-Resumable": "1.0.0", **signed_in()}
    named = ",".join(
        f"{key} {base64.b64encode(value.encode()).decode()}"
        for key, value in (("filename", "anh.jpg"), ("item", item.pid))
    )
    status, body, answer = here.ask(
        "POST", "/uploads/", headers={**headers, "Upload-Length": str(len(content)), "Upload-Metadata": named}
    )
    if status != 201:
        raise RuntimeError(f"{status} {body[:500]!r}")
    where = next(value for name, value in answer.items() if name.lower() == "location")
    where = "/" + where.split("/", 3)[3] if "://" in where else where
    began = time.monotonic()
    status, body, _ = here.ask(
        "PATCH", where, body=content,
        headers={**headers, "Upload-Offset": "0", "Content-Type": "application/offset+octet-stream"},
    )  # fmt: skip
    answered = time.monotonic() - began
    if status != 204:
        raise RuntimeError(f"{status} {body[:500]!r}")
    address = f"/files/{ItemFile.objects.get(item=item).pid}/thumbnail/480.webp"
    wait_until(lambda: here.get(address)[0] == 200, within_s=120)
    return time.monotonic() - began, answered


_session: dict[str, str] = {}


def signed_in() -> dict[str, str]:
    """Return the headers of a browser in which a librarian is signed in."""
    from django.conf import settings  # noqa: PLC0415  # after `entered`
    from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY  # noqa: PLC0415
    from django.contrib.sessions.backends.db import SessionStore  # noqa: PLC0415

    from access.models import User  # noqa: PLC0415

    if not _session:
        user = User.objects.create_superuser("do", password=secrets.token_hex(16))
        session = SessionStore()
        session[SESSION_KEY] = str(user.pk)
        session[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[0]
        session[HASH_SESSION_KEY] = user.get_session_auth_hash()
        session.save()
        token = secrets.token_hex(16)
        cookies = f"{settings.SESSION_COOKIE_NAME}={session.session_key}; {settings.CSRF_COOKIE_NAME}={token}"
        _session.update({"Cookie": cookies, "X-CSRFToken": token})
    return _session


if __name__ == "__main__":
    sys.exit(main())
