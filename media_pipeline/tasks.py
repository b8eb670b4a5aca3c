"""Entry points of the workers."""

import logging
from typing import Any

from celery import shared_task
from celery.signals import worker_ready

from media_pipeline import protection_report, sandbox, sweeping, work

logger = logging.getLogger(__name__)


@worker_ready.connect  # type: ignore[untyped-decorator]  # Celery has no types
def say_protections(**_kwargs: Any) -> None:  # Any: what Celery passes
    """Log which walls stand around decoders here, as a worker of the served profile starts (`./scripts/run` says it itself)."""
    if logger.isEnabledFor(logging.INFO):
        found = sandbox.protections()
        logger.log(logging.INFO if found.complete else logging.WARNING, protection_report.sentence(found))


@shared_task(name="media_pipeline.run_job")  # type: ignore[untyped-decorator]  # Celery has no types
def run_job(*, job_id: int) -> None:
    """Do the job of this row if it can be claimed."""
    work.perform(job_id)


@shared_task(name="media_pipeline.sweep")  # type: ignore[untyped-decorator]  # Celery has no types
def sweep() -> None:
    """Find what was lost."""
    sweeping.sweep()


@shared_task(name="media_pipeline.tidy")  # type: ignore[untyped-decorator]  # Celery has no types
def tidy() -> None:
    """Remove what dead attempts left in staging."""
    sweeping.tidy()
