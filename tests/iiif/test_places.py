"""Places where pictures are cut are given in the order of asking, and none is lost."""

from __future__ import annotations

import threading
import time

import pytest

from interop.iiif.image.places import Places

pytestmark = pytest.mark.pure


def test_who_waits_longest_is_next() -> None:
    places = Places(1)
    assert places.take(within_s=0)
    served: list[int] = []

    def wait(number: int) -> None:
        assert places.take(within_s=10)
        served.append(number)
        places.give_back()

    threads = [threading.Thread(target=wait, args=(number,)) for number in range(5)]
    for count, thread in enumerate(threads, 1):
        thread.start()
        while len(places._waiting) < count:
            time.sleep(0.001)
    places.give_back()
    for thread in threads:
        thread.join()

    assert served == [0, 1, 2, 3, 4]


def test_who_went_away_is_given_no_place() -> None:
    places = Places(1)
    assert places.take(within_s=0)
    assert not places.take(within_s=0.01)

    places.give_back()

    assert places.take(within_s=0)
    assert not places.take(within_s=0)
