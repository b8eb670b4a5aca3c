"""Entry points of the workers."""

from celery import shared_task
from django.utils import timezone

from archive import digests, letters
from archive.actions import contribute
from archive.actions.keep_draft import forget_old_drafts
from archive.loading import desk_runs


@shared_task(name="archive.forget_drafts")  # type: ignore[untyped-decorator]  # Celery has no types
def forget_drafts() -> None:
    """Forget forms that were left unsaved, and tables that were brought, and never taken up again; and how to reach people whose told
    knowledge was decided long ago."""
    now = timezone.now()
    forget_old_drafts(now=now)
    desk_runs.forget_old(now=now)
    contribute.forget_givers(now=now)


@shared_task(name="archive.write_digests")  # type: ignore[untyped-decorator]  # Celery has no types
def write_digests() -> None:
    """Write to those at the desk for whom something new waits."""
    digests.write_digests(now=timezone.now())


@shared_task(name="archive.send_letters")  # type: ignore[untyped-decorator]  # Celery has no types
def send_letters() -> None:
    """Send the e-mails that wait."""
    letters.send_waiting(now=timezone.now())
