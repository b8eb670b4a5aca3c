"""What is wrong with a file of subtitles or a transcript, in words, each with its line."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from archive.companions import is_companion, recording_of
from archive.derived_names import CAPTIONS
from archive.models import ItemFile
from media_pipeline import reasons

if TYPE_CHECKING:
    from django_stubs_ext import StrPromise

SHOWN_MOST = 10
# A player shows the last words a little longer than the recording is.
LATE_MS = 2000

OF_LINE: Mapping[str, StrPromise] = {
    "bad_time": gettext_lazy("Line %(line)s: the time cannot be read. This subtitle is left out."),
    "no_time": gettext_lazy("Line %(line)s: there is no time before these words. They are left out."),
    "end_before_start": gettext_lazy("Line %(line)s: the end is not after the start. This subtitle is left out."),
    "no_text": gettext_lazy("Line %(line)s: a subtitle without words. It is left out."),
    "out_of_order": gettext_lazy("Line %(line)s: it begins before the one above it. It was put into its place."),
    "overlap": gettext_lazy("Line %(line)s: it begins before the one above it has ended. Both are shown."),
    "numbering": gettext_lazy(
        "Line %(line)s: from here on the numbers are not in order. Nothing was left out for that."
    ),
}
OF_FILE: Mapping[str, StrPromise] = {
    "read_as_tcvn3": gettext_lazy("It was written in TCVN3 (.VnTime) and was converted. Check the letters by eye."),
    "read_as_vni": gettext_lazy("It was written in VNI and was converted. Check the letters by eye."),
    "read_as_cp1258": gettext_lazy("It was written in Windows-1258 and was converted. Check the letters by eye."),
    "read_as_cp1252": gettext_lazy("It is not in Unicode and was read as Western letters. Check them by eye."),
    "letters_lost": gettext_lazy("Some letters cannot be read and are shown as �. Save the file as UTF-8 and send it again."),
    "cut": gettext_lazy("It is longer than the archive reads. What comes after is left out."),
}  # fmt: skip


def of(file: ItemFile, files: Sequence[ItemFile]) -> list[str]:
    """Return what is wrong with a companion among the files of its item, the first few in words. No query where derivatives and jobs are
    prefetched."""
    if file.master is None or not is_companion(file):
        return []
    made = file.derivative(CAPTIONS)
    if made is None:
        return told(_of_failed(file))
    said = told(_pairs(made.facts.get("problems")), _number(made.facts.get("problem_count")))
    recording = recording_of(file, files)
    duration_ms = _number(recording.master.technical.get("duration_ms")) if recording and recording.master else 0
    end_ms = _number(made.facts.get("end_ms"))
    if duration_ms and end_ms > duration_ms + LATE_MS:
        late = _("Its last words end at %(end)s, but the recording is over at %(over)s. Is it of another recording?")
        said.insert(0, late % {"end": _clock(end_ms), "over": _clock(duration_ms)})
    return said


def told(problems: Iterable[tuple[int, str]], count: int = 0) -> list[str]:
    """Return problems in words, the first few of them; `count` is how many there are in all."""
    found = [sentence(line, code) for line, code in problems]
    known = [one for one in found if one]
    left = max(count, len(known)) - SHOWN_MOST
    more = ngettext("And %(count)s more.", "And %(count)s more.", left) % {"count": left} if left > 0 else ""
    return known[:SHOWN_MOST] + [more] * bool(more)


def sentence(line: int, code: str) -> str:
    """Return what is wrong at a line (0: with the whole file); empty for a code that is not known."""
    if code in OF_FILE:
        return str(OF_FILE[code])
    return str(OF_LINE[code]) % {"line": line} if code in OF_LINE else ""


def _of_failed(file: ItemFile) -> list[tuple[int, str]]:
    jobs = file.master.jobs.all() if file.master else []
    details = [job.reason_detail for job in jobs if job.reason_code == reasons.NO_CUES]
    try:
        return _pairs(json.loads(details[-1])) if details else []
    except ValueError:
        return []


def _pairs(value: object) -> list[tuple[int, str]]:
    """Return what came out of a child as pairs, without what is none."""
    rows = value if isinstance(value, list) else []
    return [
        (row[0], row[1])
        for row in rows
        if isinstance(row, list) and len(row) == 2 and isinstance(row[0], int) and isinstance(row[1], str)
    ]


def _number(value: object) -> int:
    return int(value) if isinstance(value, int | float) else 0


def _clock(ms: int) -> str:
    seconds = ms // 1000
    return f"{seconds // 3600}:{seconds // 60 % 60:02}:{seconds % 60:02}"
