"""Kombu's Redis transport for a worker that must outlive a frozen Redis.

Kombu gives a message's place among the prefetched back only when Redis has heard of it. One acknowledgement that times out
is logged and forgotten with its place still taken; as many of them as the worker has processes, and it never asks for work again
(seen with kombu 5.7: a worker whose Redis froze for four seconds stood idle until it was restarted). Here the place is given back
in any case. The message stays noted as unheard in Redis, comes again after the visibility timeout, and finds its job done.
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
    """What this worker has taken and not yet acknowledged."""

    def ack(self, delivery_tag: str) -> None:
        """Acknowledge a message; when Redis is away, only give its place back."""
        try:
            super().ack(delivery_tag)  # type: ignore[no-untyped-call]  # kombu is half typed
        except _AWAY as error:
            logger.warning("Redis did not hear that a bell was answered (%s)", type(error).__name__)
            virtual.QoS.ack(self, delivery_tag)  # type: ignore[no-untyped-call]  # kombu is half typed

    def reject(self, delivery_tag: str, requeue: bool = False) -> None:
        """Give a message back or up; when Redis is away, only give its place back."""
        try:
            super().reject(delivery_tag, requeue=requeue)  # type: ignore[no-untyped-call]  # kombu is half typed
        except _AWAY as error:
            logger.warning("Redis did not hear that a bell was refused (%s)", type(error).__name__)
            virtual.QoS.ack(self, delivery_tag)  # type: ignore[no-untyped-call]  # kombu is half typed


class Channel(kombu_redis.Channel):
    QoS = QoS


class Transport(kombu_redis.Transport):
    """`redis://` and `rediss://`, by heritage.celery."""

    Channel = Channel
