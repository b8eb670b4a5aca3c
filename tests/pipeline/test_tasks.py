"""What a worker does beside its jobs."""

from __future__ import annotations

import dataclasses
import logging

import pytest
from celery.signals import worker_ready

from media_pipeline import sandbox, tasks
from media_pipeline.sandbox import Protections

pytestmark = pytest.mark.pure
ALL = Protections(**{one.name: True for one in dataclasses.fields(Protections)})


@pytest.mark.parametrize(
    ("found", "level"), [(ALL, logging.INFO), (dataclasses.replace(ALL, network=False), logging.WARNING)]
)
def test_a_worker_says_as_it_starts_which_walls_stand(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture, found: Protections, level: int
) -> None:
    monkeypatch.setattr(sandbox, "protections", lambda: found)
    caplog.set_level(logging.INFO, logger=tasks.logger.name)
    monkeypatch.setattr(logging.getLogger("media_pipeline"), "propagate", True)

    worker_ready.send(sender=None)

    assert [record.levelno for record in caplog.records] == [level]
    assert ("network" in caplog.records[0].getMessage()) == (not found.network)
