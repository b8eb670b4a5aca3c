"""Entry points of the workers."""

import logging
from typing import Any

from celery import shared_task
from celery.signals import worker_ready, worker_shutdown

from media_pipeline import protection_report, sandbox, sweeping, work
from media_pipeline.heartbeat import Heart

logger = logging.getLogger(__name__)


@worker_ready.connect  # type: ignore[untyped-decorator]  # Celery has no types
def say_protections(**_kwargs: Any) -> None:  # Any: what Celery passes
    """Log which walls stand around decoders here, as a worker of the served profile starts (`./scripts/run` says it itself)."""
    if logger.isEnabledFor(logging.INFO):
        found = sandbox.protections()
        logger.log(logging.INFO if found.complete else logging.WARNING, protection_report.sentence(found))


@worker_ready.connect  # type: ignore[untyped-decorator]  # Celery has no types
def show_life(
    sender: Any = None, **_kwargs: Any
) -> None:  # Any: what Celery passes; the sender is the worker's consumer
    """Let people see that this worker lives, as long as it does."""
    if sender is not None:
        heart = Heart(sender.hostname, [queue.name for queue in sender.task_consumer.queues])
        heart.begin()
        worker_shutdown.connect(lambda **_more: heart.stop(), weak=False)


@shared_task(name="media_pipeline.run_job")  # type: ignore[untyped-decorator]  # Celery has no types
def run_job(*, job_id: int, lane: str) -> None:
    """Answer a bell: do the best job of its lane, whichever rang."""
    work.answer(lane)


@shared_task(name="media_pipeline.sweep")  # type: ignore[untyped-decorator]  # Celery has no types
def sweep() -> None:
    """Find what was lost."""
    sweeping.sweep()


@shared_task(name="media_pipeline.tidy")  # type: ignore[untyped-decorator]  # Celery has no types
def tidy() -> None:
    """Remove what dead attempts left in staging."""
    sweeping.tidy()
