"""One thread draws all pages, and nobody waits for ever for who is slow."""

from __future__ import annotations

import gc
import threading
import time
from collections.abc import Callable, Iterable, Iterator
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
        self.threads: set[int] = set()
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
        self.threads.add(threading.get_ident())
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

    assert (site.most, len(site.threads)) == (1, 1)


def test_without_turns_several_are_drawn_at_once_so_that_the_test_above_can_fail() -> None:
    site = Site()

    crowd(site)

    assert site.most > 1
    assert len(site.threads) == 6


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
    assert len(turns._idle) == 2


def drawers() -> set[threading.Thread]:
    return {thread for thread in threading.enumerate() if thread.name == "drawer"}


def test_threads_with_nothing_to_do_end_but_the_last() -> None:
    before = drawers()
    site = Site()
    turns = Turns(site, patience_s=0.05, idle_s=0.05)
    slow = threading.Thread(target=ask, args=(turns, "/slow"))
    slow.start()
    site.arrived.wait()
    assert ask(turns) == [b"drawn"]
    site.go_on.set()
    slow.join()
    turns._patience_s = FOR_EVER_S

    while len(turns._idle) > 1 or len(drawers() - before) > 1:
        time.sleep(0.01)
    time.sleep(0.2)  # as often as it could go

    assert len(turns._idle) == 1
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
    assert site.threads == {threading.get_ident()}

    site.go_on.set()
    slow.join()


class Film:
    """Is streamed, where it is asked for, and notes which threads had it in hand."""

    def __init__(self) -> None:
        self.threads: list[int] = []
        self.closed = threading.Event()

    def __call__(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        self.threads.append(threading.get_ident())
        start_response("200 OK", [("X-Thread", str(threading.get_ident()))])
        return self if environ["PATH_INFO"] == "/film" else [b"drawn"]

    def __iter__(self) -> Iterator[bytes]:
        for number in range(3):
            self.threads.append(threading.get_ident())
            yield b"%d" % number
        raise ZeroDivisionError

    def close(self) -> None:
        self.threads.append(threading.get_ident())
        self.closed.set()


def start(turns: Turns, path: str) -> tuple[Any, int]:  # Any: a body
    """Return a body, and which thread began it."""
    said: list[int] = []
    body = turns({"REQUEST_METHOD": "GET", "PATH_INFO": path}, lambda _status, headers: said.append(int(headers[0][1])))
    return body, said[0]


def test_a_body_that_is_streamed_stays_with_its_thread_and_others_are_drawn_beside_it() -> None:
    film = Film()
    turns = Turns(film, patience_s=FOR_EVER_S)
    body, thread = start(turns, "/film")

    assert next(body) == b"0"
    _body, other = start(turns, "/")
    assert other != thread
    assert [next(body), next(body)] == [b"1", b"2"]
    with pytest.raises(ZeroDivisionError):
        next(body)
    body.close()
    body.close()

    assert film.threads == [thread] * 2 + [other] + [thread] * 3
    assert list(turns._waiting) == []
    # It draws again, the last of the two that was free.
    assert start(turns, "/")[1] == thread


def test_a_body_that_ends_is_over_for_good() -> None:
    turns = Turns(lambda _environ, _start: iter([b"a", b"b"]), patience_s=FOR_EVER_S)
    body = turns({"REQUEST_METHOD": "GET"}, lambda *_: None)

    assert list(body) == [b"a", b"b"]
    assert list(body) == []


def test_a_body_that_nobody_closes_lets_go_of_its_thread() -> None:
    film = Film()
    turns = Turns(film, patience_s=FOR_EVER_S)
    body, thread = start(turns, "/film")
    assert next(body) == b"0"

    del body
    gc.collect()

    assert film.closed.wait(10)
    assert film.threads[-1] == thread
    while not turns._idle:
        time.sleep(0)
    assert start(turns, "/")[1] == thread


def test_who_waits_while_a_body_begins_is_drawn_by_another() -> None:
    go_on, arrived = threading.Event(), threading.Event()
    film = Film()

    def site(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        if environ["PATH_INFO"] == "/film":
            arrived.set()
            go_on.wait()
        return film(environ, start_response)

    turns = Turns(site, patience_s=FOR_EVER_S)
    threads = []
    for number, path in enumerate(["/film", "/"]):
        threads.append(threading.Thread(target=start, args=(turns, path)))
        threads[-1].start()
        arrived.wait()
        while len(turns._waiting) < number:
            time.sleep(0)

    go_on.set()
    for thread in threads:
        thread.join(10)

    assert not any(thread.is_alive() for thread in threads)
    assert len(set(film.threads)) == 2


def test_a_turn_ends_with_an_error() -> None:
    turns = Turns(Site(), patience_s=FOR_EVER_S)

    with pytest.raises(ZeroDivisionError):
        ask(turns, "/broken")

    assert ask(turns) == [b"drawn"]
