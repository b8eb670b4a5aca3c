"""Entry points of the workers."""

from celery import shared_task
from django.utils import timezone

from archive.actions.keep_draft import forget_old_drafts


@shared_task(name="archive.forget_drafts")  # type: ignore[untyped-decorator]  # Celery has no types
def forget_drafts() -> None:
    """Forget forms that were left unsaved and never taken up again."""
    forget_old_drafts(now=timezone.now())
