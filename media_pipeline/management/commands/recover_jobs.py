"""Take lost work back. Example: python manage.py recover_jobs --retry-failed"""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone
from django.utils.translation import gettext as _

from media_pipeline import sweeping, work
from media_pipeline.models import Job


class Command(BaseCommand):
    help = (
        "Give work whose worker died to another and ring for everything that waits; the workers do it each minute by themselves. "
        "Example: python manage.py recover_jobs --retry-failed"
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--retry-failed", action="store_true", help="also queue failed work again")

    def handle(self, *args: Any, **options: Any) -> None:  # Any: Django passes the parsed arguments untyped
        if options["retry_failed"]:
            again = 0
            for job in Job.objects.filter(state__in=[Job.State.FAILED, Job.State.NEEDS_PERSON]):
                again += work.retry(job, now=timezone.now())
            self.stdout.write(_("%(count)s failed pieces of work are queued again.") % {"count": again})
        rung = sweeping.sweep(everything=True)
        self.stdout.write(_("The workers were told of %(count)s pieces of work.") % {"count": rung})
