"""Stores on S3 in a process of tests: there is one for each test, and all of them speak the same protocol."""

from __future__ import annotations

import threading
from typing import Any

import boto3
from storages.backends.s3 import S3Storage


class _Sessions(threading.local):
    """The sessions of one thread by whose they are: a session reads what the protocol is, which takes longer than most tests."""

    def __init__(self) -> None:
        self.made: dict[tuple[object, ...], Any] = {}  # Any: boto3 has no types


def share() -> None:
    """Let all stores of a test process, one of each test, have sessions in common; clients they have of their own."""
    sessions = _Sessions()

    def of(storage: Any) -> Any:  # Any: as above
        whose = storage.access_key, storage.secret_key, storage.security_token
        if whose not in sessions.made:
            key, secret, token = whose
            sessions.made[whose] = boto3.Session(
                aws_access_key_id=key, aws_secret_access_key=secret, aws_session_token=token
            )
        return sessions.made[whose]

    S3Storage._create_session = of
