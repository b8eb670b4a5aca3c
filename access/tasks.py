"""Entry points of the workers."""

from celery import shared_task

from access import audit_sealing


@shared_task(name="access.seal_log")  # type: ignore[untyped-decorator]  # Celery has no types
def seal_log() -> None:
    """Take into the chain what a crash left out of it."""
    audit_sealing.seal()
