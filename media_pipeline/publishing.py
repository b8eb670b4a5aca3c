"""Where a finished set of derivatives goes, and what goes when it is there. Its row is the publication; this module knows the bytes."""

from __future__ import annotations

import hashlib
import json
import logging
from collections.abc import Sequence
from pathlib import Path

from media_pipeline import stores
from media_pipeline.models import Derivative, Job, Master
from media_pipeline.processors import Result
from media_pipeline.recipes import Recipe
from media_pipeline.storage import names
from media_pipeline.storage.derivatives import DerivativeFile
from media_pipeline.storage.digests import read_source, sha256_of
from media_pipeline.storage.errors import StorageUnavailable

logger = logging.getLogger(__name__)


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


def forget_older(master: Master, recipe: Recipe) -> None:
    """Delete the rows of older versions of a recipe. Call in the transaction that records the newer one."""
    older = {"master": master, "role": recipe.role}
    Derivative.objects.filter(**older, version__lt=recipe.version).delete()
    Job.objects.filter(**older, recipe_version__lt=recipe.version).delete()


def remove_replaced(master: Master, recipe: Recipe) -> int:
    """Remove the sets of one role that no row names any more; returns how many. Call after the commit: readers then ask for the new one.

    A set of a newer version, or anything while another attempt may be publishing, stays: that attempt removes it when it is done.
    """
    if Job.objects.filter(master=master, role=recipe.role, state=Job.State.RUNNING).exists():
        return 0
    published = set(Derivative.objects.filter(master=master, role=recipe.role).values_list("prefix", flat=True))
    removed = 0
    try:
        for prefix in stores.derivatives().sets_of(master.sha256, role=recipe.role, up_to_version=recipe.version):
            if prefix not in published:
                stores.derivatives().delete(prefix)
                removed += 1
    except StorageUnavailable as error:
        logger.warning("an older %s of master %s stays for now: %s", recipe.role, master.pk, error)
    return removed
