"""The Celery application. A message is only a doorbell: the row of the job table is the work (docs/adr/0003)."""

import os

from celery import Celery
from kombu.transport import TRANSPORT_ALIASES

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "heritage.settings")

# The broker of the embedded profile, as folder:// in CELERY_BROKER_URL.
TRANSPORT_ALIASES["folder"] = "media_pipeline.folder_broker:Transport"
# The broker of the served profile: kombu's own, with a worker that goes on after Redis froze.
TRANSPORT_ALIASES["redis"] = TRANSPORT_ALIASES["rediss"] = "media_pipeline.redis_broker:Transport"

app = Celery("heritage")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
