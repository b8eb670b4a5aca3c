"""Where a finished set of derivatives goes, and what goes when it is there. Its row is the publication; this module knows the bytes."""

from __future__ import annotations

import hashlib
import json
import logging
from collections.abc import Sequence
from datetime import datetime, timedelta
from pathlib import Path

from media_pipeline import stores
from media_pipeline.models import Derivative, Job, Master, ReplacedSet
from media_pipeline.processors import Result
from media_pipeline.recipes import Recipe
from media_pipeline.storage import names
from media_pipeline.storage.derivatives import DerivativeFile
from media_pipeline.storage.digests import read_source, sha256_of
from media_pipeline.storage.errors import StorageUnavailable

logger = logging.getLogger(__name__)
# A page that was sent before, and an answer that is under way, may go on reading what it began with.
REPLACED_STAYS = timedelta(hours=1)


def files_made(out: Path, result: Result) -> list[DerivativeFile]:
    """Return the files of a result with their hashes and sizes. Reads each once."""
    return [
        DerivativeFile(
            path=out / file.name,
            name=file.name,
            sha256=sha256_of(read_source(out / file.name)),
            size_bytes=(out / file.name).stat().st_size,
            media_type=file.media_type,
        )
        for file in result.files
    ]


def prefix_of(master: Master, recipe: Recipe, made: Sequence[DerivativeFile]) -> str:
    """Return where a set goes: its own place for each master, recipe, settings and content.

    Other bytes never meet the ones that readers are being shown: the row alone switches from one set to the next.
    """
    settings = json.dumps(dict(recipe.settings), sort_keys=True)
    content = json.dumps(sorted([file.name, file.sha256] for file in made))
    key = "".join(hashlib.sha256(part.encode()).hexdigest()[:12] for part in (settings, content))
    return names.derivative_prefix(master.sha256, role=recipe.role, version=recipe.version, params_key=key)


def take_the_place(master: Master, recipe: Recipe, *, before: str, prefix: str, now: datetime) -> None:
    """Delete the rows of older versions of a recipe, and note the sets that nothing names any more: they go in a while.

    `before` is the prefix that the row of this version had, if any. Call in the transaction that records `prefix`.
    """
    of_role = {"master": master, "role": recipe.role}
    older = Derivative.objects.filter(**of_role, version__lt=recipe.version)
    gone = {before, *older.values_list("prefix", flat=True)} - {prefix, ""}
    ReplacedSet.objects.filter(prefix=prefix).delete()  # one that came back is shown again
    ReplacedSet.objects.bulk_create(
        [ReplacedSet(prefix=one, replaced_at=now) for one in sorted(gone)],
        update_conflicts=True,
        unique_fields=["prefix"],
        update_fields=["replaced_at"],
    )
    older.delete()
    Job.objects.filter(**of_role, recipe_version__lt=recipe.version).delete()


def remove_left_over(master: Master, recipe: Recipe) -> int:
    """Remove the sets of one role that dead attempts placed and no row ever named; returns how many. Call after the commit.

    A set of a newer version, or anything while another attempt may be publishing, stays: that attempt removes it when it is done.
    """
    if Job.objects.filter(master=master, role=recipe.role, state=Job.State.RUNNING).exists():
        return 0
    known = set(Derivative.objects.filter(master=master, role=recipe.role).values_list("prefix", flat=True))
    removed = 0
    try:
        placed = stores.derivatives().sets_of(master.sha256, role=recipe.role, up_to_version=recipe.version)
        known |= set(ReplacedSet.objects.filter(prefix__in=placed).values_list("prefix", flat=True))
        for prefix in set(placed) - known:
            stores.derivatives().delete(prefix)
            removed += 1
    except StorageUnavailable as error:
        logger.warning("an older %s of master %s stays for now: %s", recipe.role, master.pk, error)
    return removed


def remove_replaced(*, now: datetime) -> int:
    """Remove sets that were replaced a while ago, a hundred at most; returns how many.

    One whose bytes came back, or may be coming back just now, stays.
    """
    removed = 0
    for row in ReplacedSet.objects.filter(replaced_at__lt=now - REPLACED_STAYS).order_by("replaced_at", "pk")[:100]:
        role, _version = names.role_and_version(row.prefix)
        sha256 = row.prefix.split("/")[3]
        if Job.objects.filter(master__sha256=sha256, role=role, state=Job.State.RUNNING).exists():
            continue
        if not Derivative.objects.filter(prefix=row.prefix).exists():
            try:
                stores.derivatives().delete(row.prefix)
            except StorageUnavailable as error:
                logger.warning("%s stays for now: %s", row.prefix, error)
                return removed
            removed += 1
        row.delete()
    return removed
