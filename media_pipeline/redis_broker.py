"""Kombu's Redis transport for a worker that must go on after Redis did not answer for some seconds.

A worker prefetches a limited number of messages and fetches another when one is acknowledged. When the acknowledgement itself times
out, kombu logs that and still counts the message as prefetched. After as many such time-outs as the prefetch limit the worker never fetches
again (seen with kombu 5.7: a worker whose Redis froze for four seconds stood idle until it was restarted). Here the message no longer
counts in any case. In Redis it stays unacknowledged, is delivered again after the visibility timeout, and finds its job done.
"""

from __future__ import annotations

import logging

from kombu.transport import redis as kombu_redis
from kombu.transport import virtual
from redis.exceptions import ConnectionError as RedisConnectionError
from redis.exceptions import TimeoutError as RedisTimeoutError

logger = logging.getLogger(__name__)
_AWAY = (RedisConnectionError, RedisTimeoutError, OSError)


class QoS(kombu_redis.QoS):
    """The messages that this worker has prefetched and not yet acknowledged."""

    def ack(self, delivery_tag: str) -> None:
        """Acknowledge a message; when Redis does not answer, only stop counting it as prefetched."""
        try:
            super().ack(delivery_tag)  # type: ignore[no-untyped-call]  # kombu is half typed
        except _AWAY as error:
            logger.warning("Redis did not take the acknowledgement of a message (%s)", type(error).__name__)
            virtual.QoS.ack(self, delivery_tag)  # type: ignore[no-untyped-call]  # kombu is half typed

    def reject(self, delivery_tag: str, requeue: bool = False) -> None:
        """Reject a message (with `requeue`, to be delivered again); when Redis does not answer, only stop counting it as prefetched."""
        try:
            super().reject(delivery_tag, requeue=requeue)  # type: ignore[no-untyped-call]  # kombu is half typed
        except _AWAY as error:
            logger.warning("Redis did not take the rejection of a message (%s)", type(error).__name__)
            virtual.QoS.ack(self, delivery_tag)  # type: ignore[no-untyped-call]  # kombu is half typed


class Channel(kombu_redis.Channel):
    QoS = QoS


class Transport(kombu_redis.Transport):
    """`redis://` and `rediss://`, by heritage.celery."""

    Channel = Channel
