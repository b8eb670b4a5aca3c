"""A worker's place among the prefetched comes back even when Redis is too frozen to hear the acknowledgement."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from kombu import Connection, Consumer, Queue
from kombu.message import Message

from tests.services import RedisServer

pytestmark = pytest.mark.pure
PREFETCHED = 2


@pytest.mark.parametrize("answer", [Message.ack, Message.reject, Message.requeue])
def test_a_worker_goes_on_after_redis_froze_while_it_answered(
    redis_server: RedisServer, answer: Callable[[Message], None]
) -> None:
    taken: list[Message] = []
    with Connection(redis_server.url, transport_options={"socket_timeout": 2, "retry_on_timeout": False}) as connection:
        quick = Queue("quick", routing_key="quick")
        producer = connection.Producer()
        for number in range(2 * PREFETCHED):
            producer.publish({"number": number}, routing_key="quick", declare=[quick])
        with Consumer(connection.channel(), [quick], on_message=taken.append) as consumer:
            consumer.qos(prefetch_count=PREFETCHED)
            while len(taken) < PREFETCHED:
                connection.drain_events(timeout=5)

            redis_server.freeze()
            for message in list(taken):
                answer(message)
            redis_server.resume()

            while len(taken) < 2 * PREFETCHED:
                connection.drain_events(timeout=5)

    assert [message.payload["number"] for message in taken] == list(range(2 * PREFETCHED))
