"""How far the work on a file is, in words that staff and readers understand."""

from __future__ import annotations

from dataclasses import dataclass

from archive.models import ItemFile
from media_pipeline.messages import sentence
from media_pipeline.models import Intake, Master


@dataclass(frozen=True)
class Progress:
    """State of a file: `receiving`, `checking` (with a reason where it has to wait), `working` (with percent 0–100), `ready`, `kept` or
    `refused` (with a reason).
    """

    state: str
    percent: int
    reason_code: str = ""

    @property
    def is_final(self) -> bool:
        return self.state in {"ready", "kept", "refused"}

    @property
    def reason(self) -> str:
        """Return the reason in the active language, or an empty text."""
        return sentence(self.reason_code) if self.reason_code else ""


def is_settled(file: ItemFile) -> bool:
    """Return whether the work on a file read with its master and intake is over, for good or ill. No query."""
    if file.master is None:
        return _arriving(file.intake).is_final
    return file.master.state in {Master.State.READY, Master.State.KEPT}


def of(file: ItemFile) -> Progress:
    """Return the progress of a file read with its master and intake. One query while work is going on, none when it is settled."""
    master, intake = file.master, file.intake
    if master is None:
        return _arriving(intake)
    if master.state == Master.State.READY:
        return Progress("ready", 100)
    if master.state == Master.State.KEPT:
        return Progress("kept", 100, master.reason_code)
    shares = [job.percent if job.state == "running" else 100.0 * job.is_final for job in master.jobs.all()]
    return Progress("working", min(int(sum(shares) / max(len(shares), 1)), 99))


def _arriving(intake: Intake | None) -> Progress:
    if intake is None:
        return Progress("refused", 0, "upload_vanished")
    if intake.state in {Intake.State.REFUSED, Intake.State.EXPIRED}:
        return Progress("refused", 0, intake.reason_code)
    if intake.state == Intake.State.RECEIVING:
        return Progress("receiving", int(100 * intake.offset_bytes / max(intake.size_bytes, 1)))
    return Progress("checking", 0, intake.reason_code)
