"""The Celery application. A message is only a doorbell: the row of the job table is the work (docs/adr/0003)."""

import os

from celery import Celery

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "heritage.settings")

app = Celery("heritage")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
