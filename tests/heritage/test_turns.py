"""Threads draw pages in turns, and nobody waits for ever for who is slow."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterable
from typing import Any

import pytest

from heritage.turns import Turns

pytestmark = pytest.mark.pure

FOR_EVER_S = 86_400.0


def ask(application: Callable[..., Iterable[bytes]], path: str = "/", method: str = "GET") -> list[bytes]:
    return list(application({"REQUEST_METHOD": method, "PATH_INFO": path}, lambda *_: None))


class Site:
    """Counts who is inside at once; who asks for /slow stays until told to go on."""

    def __init__(self) -> None:
        self.inside = 0
        self.most = 0
        self.order: list[str] = []
        self.arrived = threading.Event()
        self.go_on = threading.Event()

    def __call__(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        if environ["PATH_INFO"] == "/slow":
            self.arrived.set()
            self.go_on.wait()
            return [b"slow"]
        if environ["PATH_INFO"] == "/broken":
            raise ZeroDivisionError
        self.order.append(environ["PATH_INFO"])
        self.inside += 1
        self.most = max(self.most, self.inside)
        time.sleep(0)  # as each step of SQLite does: whoever wants the interpreter takes it
        self.inside -= 1
        return [b"drawn"]


def crowd(turns: Callable[..., Iterable[bytes]]) -> None:
    begin = threading.Barrier(6)

    def ask_again_and_again() -> None:
        begin.wait()
        for _ in range(100):
            assert ask(turns) == [b"drawn"]

    threads = [threading.Thread(target=ask_again_and_again) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def test_one_page_is_drawn_at_a_time() -> None:
    site = Site()

    crowd(Turns(site, patience_s=FOR_EVER_S))

    assert site.most == 1


def test_without_turns_several_are_drawn_at_once_so_that_the_test_above_can_fail() -> None:
    site = Site()

    crowd(site)

    assert site.most > 1


def test_who_came_first_is_answered_first() -> None:
    site = Site()
    turns = Turns(site, patience_s=FOR_EVER_S)
    threads = [threading.Thread(target=ask, args=(turns, "/slow"))]
    threads[0].start()
    site.arrived.wait()
    for number in range(5):
        threads.append(threading.Thread(target=ask, args=(turns, f"/{number}")))
        threads[-1].start()
        while len(turns._waiting) <= number:
            time.sleep(0)

    site.go_on.set()
    for thread in threads:
        thread.join()

    assert site.order == ["/0", "/1", "/2", "/3", "/4"]


def test_who_is_slow_goes_on_beside_the_others_who_take_turns_without_it() -> None:
    site = Site()
    turns = Turns(site, patience_s=0.05)
    said: list[list[bytes]] = []
    slow = threading.Thread(target=lambda: said.append(ask(turns, "/slow")))
    slow.start()
    site.arrived.wait()

    assert ask(turns) == [b"drawn"]
    turns._patience_s = FOR_EVER_S
    crowd(turns)
    assert (site.most, said) == (1, [])

    site.go_on.set()
    slow.join()
    assert said == [[b"slow"]]
    crowd(turns)
    assert site.most == 1


def test_who_was_left_behind_ends_no_turn_but_its_own() -> None:
    behind, present = Site(), Site()
    turns = Turns(
        lambda environ, start: (behind if environ["QUERY_STRING"] else present)(environ, start), patience_s=0.05
    )

    def ask_slowly(of: str) -> None:
        list(turns({"REQUEST_METHOD": "GET", "PATH_INFO": "/slow", "QUERY_STRING": of}, lambda *_: None))

    threads = [threading.Thread(target=ask_slowly, args=(of,)) for of in ("behind", "")]
    threads[0].start()
    behind.arrived.wait()
    threads[1].start()
    present.arrived.wait()
    its_turn = turns._has_it

    behind.go_on.set()
    threads[0].join()
    assert turns._has_it is its_turn is not None

    present.go_on.set()
    threads[1].join()
    assert turns._has_it is None


@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE"])
def test_who_writes_waits_for_nobody(method: str) -> None:
    site = Site()
    turns = Turns(site, patience_s=FOR_EVER_S)
    slow = threading.Thread(target=lambda: ask(turns, "/slow"))
    slow.start()
    site.arrived.wait()

    assert ask(turns, method=method) == [b"drawn"]

    site.go_on.set()
    slow.join()


def test_a_body_that_is_streamed_is_sent_without_a_turn() -> None:
    def streaming(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        return iter([b"a", b"b"])

    turns = Turns(streaming, patience_s=FOR_EVER_S)
    body = turns({"REQUEST_METHOD": "GET"}, lambda *_: None)

    assert turns._has_it is None
    assert list(body) == [b"a", b"b"]


def test_a_turn_ends_with_an_error() -> None:
    turns = Turns(Site(), patience_s=FOR_EVER_S)

    with pytest.raises(ZeroDivisionError):
        ask(turns, "/broken")

    assert ask(turns) == [b"drawn"]
