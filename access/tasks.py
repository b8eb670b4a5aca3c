"""Entry points of the workers."""

from celery import shared_task
from django.utils import timezone

from access import audit_sealing, session_limits


@shared_task(name="access.seal_log")  # type: ignore[untyped-decorator]  # Celery has no types
def seal_log() -> None:
    """Take into the chain what a crash left out of it."""
    audit_sealing.seal()


@shared_task(name="access.forget_sessions")  # type: ignore[untyped-decorator]  # Celery has no types
def forget_sessions() -> None:
    """Delete sessions that are over."""
    session_limits.forget_sessions(now=timezone.now())
