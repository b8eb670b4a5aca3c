"""What Celery is told, held against what the plan allows: a broker or a limit must never take away work that is still allowed."""

from __future__ import annotations

import json
import os
import subprocess
import sys

import pytest
from celery import current_app

from heritage.celery import app
from media_pipeline.facts import Facts
from media_pipeline.plan import LONGEST_S, plan
from media_pipeline.recipes import IDENTIFY

LONGEST = {"duration_ms": 10**13, "page_count": 10**7, "pages": 10**7}
EXTENSIONS = {"video": "mp4", "audio": "wav", "pdf": "pdf", "epub": "epub", "image": "tif"}


@pytest.mark.parametrize("kind", EXTENSIONS)
def test_no_task_is_killed_while_the_plan_still_allows_its_child(kind: str) -> None:
    told = {"kind": kind, "extension": EXTENSIONS[kind], "reason": "", "detail": "", "technical": LONGEST}
    longest = max(recipe.limits.wall_s for recipe in [IDENTIFY, *plan(Facts.from_json(told))])

    assert longest <= LONGEST_S
    assert longest + 6 * 3600 < app.conf.task_soft_time_limit < app.conf.task_time_limit


def test_the_longest_film_takes_all_that_is_allowed() -> None:
    told = {"kind": "video", "extension": "mp4", "reason": "", "detail": "", "technical": LONGEST}

    assert max(recipe.limits.wall_s for recipe in plan(Facts.from_json(told))) == LONGEST_S


def test_a_message_is_acknowledged_after_its_work_and_one_is_taken_at_a_time() -> None:
    assert current_app.conf.task_acks_late is True
    assert current_app.conf.task_reject_on_worker_lost is True
    assert current_app.conf.worker_prefetch_multiplier == 1
    assert current_app.conf.worker_cancel_long_running_tasks_on_connection_loss is False


def test_nothing_but_json_is_read_from_the_broker() -> None:
    assert current_app.conf.accept_content == ["json"]
    assert current_app.conf.task_serializer == "json"
    assert current_app.conf.result_backend is None


def test_redis_gives_no_message_out_again_while_its_task_may_run() -> None:
    script = (
        "import json, os, sys\n"
        "os.environ['REDIS_URL'] = 'redis://127.0.0.1:1/0'\n"
        "from heritage import settings\n"
        "print(json.dumps([settings.CELERY_BROKER_TRANSPORT_OPTIONS['visibility_timeout'], settings.CELERY_TASK_TIME_LIMIT]))\n"
    )
    run = subprocess.run(
        [sys.executable, "-c", script], env=dict(os.environ), capture_output=True, text=True, check=True
    )

    visible_again_s, limit_s = json.loads(run.stdout)
    assert visible_again_s >= 2 * limit_s
