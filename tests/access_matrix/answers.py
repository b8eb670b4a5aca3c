"""Asking, and answers made comparable."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

from django.http import HttpResponseBase
from django.test import Client

from tests.access_matrix import planted

# The whole list of what may differ between two answers to the same question; each line is a reason to think twice.
_CHANGING = (
    re.compile(rb'name="csrfmiddlewaretoken" value="[A-Za-z0-9]+"'),
    re.compile(rb'data-csrf="[A-Za-z0-9]+"'),
    # The moment of an answer, which OAI-PMH asks for.
    re.compile(rb"<responseDate>[0-9TZ:-]+</responseDate>"),
)
_CHANGING_HEADERS = frozenset({"Set-Cookie"})


@dataclass(frozen=True)
class Answer:
    """One answer: status, headers but for cookies, body but for tokens against forged requests."""

    status: int
    headers: Mapping[str, str]
    body: bytes

    @cached_property
    def _text(self) -> bytes:
        return b"\n".join((self.body, *(value.encode() for value in self.headers.values())))

    @cached_property
    def _planted(self) -> frozenset[bytes]:
        return frozenset(planted.PATTERN.findall(self._text))

    def holds(self, word: str) -> bool:
        """Return whether a word stands anywhere in the answer. Planted ones are looked for once: thousands are asked for."""
        encoded = word.encode()
        return encoded in (self._planted if planted.PATTERN.fullmatch(encoded) else self._text)


def body_of(response: HttpResponseBase) -> bytes:
    """Return the bytes of an answer, streamed or not."""
    if response.streaming:
        return b"".join(response.streaming_content)  # type: ignore[attr-defined, arg-type]  # a streaming answer here
    return response.content  # type: ignore[attr-defined]  # not streaming


def ask(client: Client, address: str, method: str = "GET", **headers: str) -> Answer:
    """Ask as a browser does."""
    sent = {"Accept": "text/html,application/json;q=0.9,*/*;q=0.8", "Accept-Language": "vi", **headers}
    response = client.generic(method, address, headers=sent)
    body = body_of(response)
    for pattern in _CHANGING:
        body = pattern.sub(b"token", body)
    kept = {name: value for name, value in response.headers.items() if name not in _CHANGING_HEADERS}
    return Answer(response.status_code, kept, body)


def without(answer: Answer, *asked: str) -> Answer:
    """Return an answer in which what was asked for is replaced: an address may repeat itself, and nothing more."""
    body, headers = answer.body, dict(answer.headers)
    for word in asked:
        body = body.replace(word.encode(), b"ASKED")
        headers = {name: value.replace(word, "ASKED") for name, value in headers.items()}
    headers.pop("Content-Length", None)
    return Answer(answer.status, headers, body)
