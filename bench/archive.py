"""An archive for the length of a measurement: the embedded profile in a folder of its own."""

from __future__ import annotations

import contextlib
import os
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
NOT_THE_PERSONS_OWN = ("DATABASE_URL", "REDIS_URL", "STORAGE_URL", "HERITAGE_FAULT", "HERITAGE_PRODUCTION")


def environment(data: Path) -> dict[str, str]:
    """Return the environment of a process of this archive."""
    env = {name: value for name, value in os.environ.items() if name not in NOT_THE_PERSONS_OWN}
    return env | {
        "HERITAGE_DATA": str(data),
        "HERITAGE_SECRET_KEY": "a-secret-for-measuring-only-of-more-than-fifty-characters-0123456789",
        "HERITAGE_DISK_RESERVE_MB": "0",
        "HERITAGE_LOG_LEVEL": "WARNING",
        "DJANGO_SETTINGS_MODULE": "heritage.settings",
        "PYTHONPATH": str(ROOT),
    }


@contextlib.contextmanager
def entered(*, database_url: str = "", kept: Path | None = None) -> Iterator[Path]:
    """Become a process of a new archive, migrated; yields its data folder. Once a process. SQLite where no other database is named.

    `kept`: the folder of an archive that stays, and is entered again where it is there.
    """
    import django  # noqa: PLC0415  # not before the environment is set
    from django.core.management import call_command  # noqa: PLC0415

    if "heritage.settings" in sys.modules:
        raise RuntimeError("one archive a process")
    with contextlib.ExitStack() as stack:
        if kept is None:
            made = tempfile.TemporaryDirectory(prefix="nha-rong-bench-", ignore_cleanup_errors=True)
            kept = Path(stack.enter_context(made))
        data = kept / "data"
        for name in NOT_THE_PERSONS_OWN:
            os.environ.pop(name, None)
        os.environ.update(environment(data))
        if database_url:
            os.environ["DATABASE_URL"] = database_url
        django.setup()
        call_command("migrate", verbosity=0)
        yield data
