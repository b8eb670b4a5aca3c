"""Ringing the workers. A ring is fire and forget, from a thread of its own: a stopped or frozen broker delays nobody."""

from __future__ import annotations

import atexit
import logging
import os
import queue
import threading
import time

from celery import current_app
from kombu.exceptions import ChannelError, KombuError
from kombu.exceptions import OperationalError as BrokerError

logger = logging.getLogger(__name__)
_WAITING_MOST = 10_000  # rings kept while the broker is away; more are dropped, the sweep rings for them
_FAREWELL_S = 2.0


class _Ringer:
    """The thread that rings, and what it has still to ring."""

    def __init__(self) -> None:
        self.pid = os.getpid()
        self.rings: queue.Queue[tuple[int, str]] = queue.Queue(_WAITING_MOST)
        self.thread = threading.Thread(target=self._ring_for_ever, name="doorbell", daemon=True)
        self.thread.start()

    def _ring_for_ever(self) -> None:
        while True:
            job_id, lane = self.rings.get()
            try:
                current_app.send_task(
                    "media_pipeline.run_job",
                    kwargs={"job_id": job_id, "lane": lane},
                    queue=lane,
                    retry=False,
                    ignore_result=True,
                )
            # ChannelError (a folder that takes no message) is no KombuError. An error missed here ends the thread with all it had to ring.
            except (BrokerError, ChannelError, KombuError, *_errors_of_redis(), OSError, ValueError) as error:
                logger.warning("no bell for job %s (%s); the sweep will ring", job_id, type(error).__name__)
            finally:
                self.rings.task_done()


def _errors_of_redis() -> tuple[type[Exception], ...]:
    from redis.exceptions import RedisError  # noqa: PLC0415  # it takes a tenth of a start, and is not asked where no broker is one

    return (RedisError,)


_lock = threading.Lock()
_ringers: list[_Ringer] = []


def ring(job_id: int, lane: str) -> None:
    """Tell the workers of a lane to look at a job. Returns at once and raises nothing."""
    with _lock:
        # After a fork the thread is gone with its parent, so the process that started it is remembered.
        if not _ringers or _ringers[0].pid != os.getpid() or not _ringers[0].thread.is_alive():
            _ringers[:] = [_Ringer()]
        ringer = _ringers[0]
    try:
        ringer.rings.put_nowait((job_id, lane))
    except queue.Full:
        logger.warning("the broker is away; job %s waits for the sweep", job_id)


def _say_farewell() -> None:
    """Let a short command's last rings out before its process ends, but wait for no broken broker."""
    if not _ringers or _ringers[0].pid != os.getpid():
        return
    until = time.monotonic() + _FAREWELL_S
    while _ringers[0].rings.unfinished_tasks and time.monotonic() < until:
        time.sleep(0.02)


atexit.register(_say_farewell)
