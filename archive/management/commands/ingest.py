"""Take in files, or a table of items with their files, from this machine. Example:
python manage.py ingest /media/usb/anh --publish --wait --report ket-qua.jsonl"""

from __future__ import annotations

import json
from argparse import ArgumentParser
from pathlib import Path
from typing import Any, TextIO

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from archive import ingest, progress
from archive.ingest import Arrival
from archive.languages import BCP47
from archive.loading import from_command
from media_pipeline.messages import sentence
from media_pipeline.models import Intake, Master
from media_pipeline.sizes import format_size

# States of archive.progress, as people read them; programs read the report.
STATES = {
    "receiving": Intake.State.RECEIVING.label,
    "checking": Intake.State.RECEIVED.label,
    "working": Master.State.PROCESSING.label,
    "ready": Master.State.READY.label,
    "kept": Master.State.KEPT.label,
    "refused": Intake.State.REFUSED.label,
}


class Command(BaseCommand):
    help = (
        "Make every file below the paths the master of a draft item (with --publish: of a published one that everybody may see). "
        "Running it again makes nothing twice. Example: python manage.py ingest /media/usb --publish --wait --report report.jsonl. "
        "Or make an item of every row of a table (CSV or XLSX), with the files that it names below a folder: "
        "python manage.py ingest --table bang.xlsx --files /media/usb/anh --check --report loi.xlsx; then again without --check. "
        "docs/operations/tables.md tells what its columns may be."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("paths", nargs="*", type=Path, metavar="PATH")
        parser.add_argument(
            "--table", type=Path, metavar="FILE", help="a table, CSV or XLSX, each row of which is a new item"
        )
        parser.add_argument(
            "--files", type=Path, metavar="DIR", help="with --table: the folder of the files that it names"
        )
        parser.add_argument(
            "--check", action="store_true", help="with --table: only say what is wrong, and write nothing"
        )
        parser.add_argument(
            "--language", default="vi", metavar="TAG", help="with --table: of texts whose heading says none (vi)"
        )
        parser.add_argument(
            "--publish",
            action="store_true",
            help="publish each item under the public rule, the drafts of earlier runs included; a draft that somebody has "
            "worked on since stays as it is, and the report says so (item_state)",
        )
        parser.add_argument(
            "--wait", action="store_true", help="show progress until every file is ready, kept or refused"
        )
        parser.add_argument(
            "--report",
            type=Path,
            metavar="FILE",
            help="write one JSON line a file, or with --table a row; with --table and a name that ends in .csv or .xlsx, the table "
            "itself with what is wrong beside each row",
        )

    def handle(self, *args: Any, **options: Any) -> None:  # Any: Django passes the parsed arguments untyped
        paths: list[Path] = options["paths"]
        if options["table"] is not None:
            self._load_table(options)
            return
        if not paths or options["check"] or options["files"] is not None:
            raise CommandError(_("Name the files or folders to take in, or a table by --table."))
        for path in paths:
            if not path.exists():
                raise CommandError(_("%(path)s does not exist.") % {"path": path})
        report: Path | None = options["report"]
        with report.open("w", encoding="utf-8") if report else open("/dev/null", "w", encoding="utf-8") as lines:  # noqa: PTH123
            self._take_in(paths, lines, publish=options["publish"], wait=options["wait"])

    def _load_table(self, options: dict[str, Any]) -> None:  # Any: as above
        folder: Path | None = options["files"]
        if options["paths"]:
            raise CommandError(_("With --table its files are named by --files."))
        if folder is not None and not folder.is_dir():
            raise CommandError(_("%(path)s is no folder.") % {"path": folder})
        if not BCP47.match(options["language"]):
            raise CommandError(_("“%(tag)s” is not a language tag.") % {"tag": options["language"]})
        wishes = from_command.Asked(
            table=options["table"],
            folder=folder,
            report=options["report"],
            lang=options["language"],
            check=options["check"],
            publish=options["publish"],
            wait=options["wait"],
        )
        error = from_command.load(wishes, self.stdout)
        if error:
            raise CommandError(error)

    def _take_in(self, paths: list[Path], lines: TextIO, *, publish: bool, wait: bool) -> None:
        arrivals: list[Arrival] = []
        for path in ingest.files_below(paths):
            arrival = ingest.take_in(path, publish=publish)
            arrivals.append(arrival)
            if arrival.file is None or not wait:
                self._tell(arrival, lines)
            else:
                size = format_size(arrival.size_bytes, get_language() or "en")
                self._say(arrival, Intake.State.STORED.label, size)
        final = sum(arrival.file is None for arrival in arrivals)
        if wait:
            for done in ingest.wait_for(arrivals):
                final += len(done)
                for arrival in done:
                    self._tell(arrival, lines)
                self.stdout.write(_("%(done)s of %(all)s files are finished.") % {"done": final, "all": len(arrivals)})
        if wait and final != len(arrivals):
            raise CommandError(_("%(count)s files are not finished.") % {"count": len(arrivals) - final})

    def _tell(self, arrival: Arrival, lines: TextIO) -> None:
        """Write one line for people and one for programs."""
        code = arrival.reason_code
        pid = None
        if arrival.file is not None:
            pid = arrival.file.item.pid
            code = progress.of(arrival.file).reason_code
        reason = sentence(code) if code else ""
        line = {
            "path": str(arrival.path),
            "sha256": arrival.sha256 or None,
            "pid": pid,
            "status": arrival.status,
            "reason": reason or None,
            "reason_code": code or None,
            "seconds": round(arrival.seconds, 3),
            "item_state": arrival.file.item.state if arrival.file else None,
        }
        lines.write(json.dumps(line, ensure_ascii=False) + "\n")
        lines.flush()
        self._say(arrival, STATES[arrival.status], reason)
        if arrival.left_unpublished:
            self.stdout.write(
                _(
                    "Not published: the item was here already and is no draft that this command alone made. Publish it at the desk."
                )
            )

    def _say(self, arrival: Arrival, state: object, more: str = "") -> None:
        pid = arrival.file.item.pid if arrival.file else "-"
        self.stdout.write(f"{pid:12} {arrival.path}: {state}  {more}".rstrip())
        self.stdout.flush()
