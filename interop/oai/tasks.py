"""Entry points of the workers."""

from celery import shared_task
from django.utils import timezone

from interop.oai import keeping


@shared_task(name="interop.oai.prepare")  # type: ignore[untyped-decorator]  # Celery has no types
def prepare() -> None:
    """Bring what harvesters are told up to date, for as long as a minute's turn lasts."""
    keeping.catch_up(now=timezone.now(), within_s=40)
