"""Entry points of the workers."""

from celery import shared_task

from media_pipeline import sweeping, work


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
