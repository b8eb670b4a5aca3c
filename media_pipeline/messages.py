"""The sentences that staff read for the codes of `reasons.py`. The only module of the pure part that knows Django."""

from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

from media_pipeline import reasons

if TYPE_CHECKING:
    from django_stubs_ext import StrPromise

SENTENCES: "dict[str, StrPromise]" = {
    reasons.EMPTY: _("The file is empty. Nothing was stored. Check the original and send it again."),
    reasons.EXECUTABLE: _("The file is a program. The archive does not take programs; nothing was stored."),
    reasons.UNSUPPORTED: _(
        "The file is stored, but the archive cannot show this format. Staff can download it as it is."
    ),
    reasons.PASSWORD: _(
        "The file is stored, but it is locked with a password. Add a copy without the password to show it."
    ),
    reasons.RIGHTS_LOCKED: _(
        "The file is stored, but copy protection keeps the archive from reading it. "
        "Ask whoever gave it for a copy without the protection."
    ),
    reasons.DAMAGED: _("The file is stored, but it is damaged and cannot be read. Look for a better copy."),
    reasons.NOTHING_PLAYABLE: _(
        "The file is stored, but it holds no sound or picture that can be played. "
        "Check that it is the right file, and add another copy."
    ),
    reasons.NO_CUES: _(
        "The file is stored, but no subtitle in it could be read. Open it in a program for subtitles, mend it and send it again."
    ),
    reasons.TOO_MANY_PIXELS: _(
        "The file is stored, but its picture is larger than the archive can open. Add a smaller copy to show it."
    ),
    reasons.UNSAFE_ARCHIVE: _(
        "The file is stored, but what is packed inside it is not safe to open. Look for a copy from a source you trust."
    ),
    reasons.KEPT_ONLY: _("The file is stored as it is. Nothing is made of it."),
    reasons.OUT_OF_MEMORY: _(
        "Working on the file needed more memory than is allowed. The original is safe; try again later."
    ),
    reasons.TIME_LIMIT: _("Working on the file took longer than is allowed. The original is safe; try again later."),
    reasons.OUTPUT_LIMIT: _(
        "Working on the file produced more data than is allowed. "
        "The original is safe; add a shorter or smaller copy to show it."
    ),
    reasons.CRASHED: _("The program that reads this format stopped unexpectedly. The original is safe; try again."),
    reasons.BAD_OUTPUT: _(
        "The program that reads this format gave a wrong answer, which was thrown away. "
        "The original is safe; try again, and tell the administrator if it stays so."
    ),
    reasons.MISSING_PROGRAM: _(
        "A program that is needed for this format is not installed. "
        "The original is safe; ask the administrator to install it, then try again."
    ),
    reasons.NO_OFFICE: _(
        "The file is stored, but its pages are not shown: LibreOffice is not installed here. "
        "Ask the administrator to install it; the pages are then made by themselves."
    ),
    reasons.STOPPED: _("The work was stopped before it was finished. The original is safe; it can be started again."),
    reasons.CANCELLED: _("Somebody cancelled this work. Nothing of it was kept; it can be started again."),
    reasons.TOO_LARGE: _(
        "The file is larger than this archive takes in. Nothing was stored; ask the administrator to raise the limit."
    ),
    reasons.NO_SPACE: _(
        "There is not enough room on the disk for this file. Nothing was stored; tell the administrator."
    ),
    reasons.LONGER_THAN_SAID: _("More bytes arrived than were announced. Nothing was stored; send the file again."),
    reasons.UPLOAD_EXPIRED: _("The upload was not finished within a week and was thrown away. Send the file again."),
    reasons.UPLOAD_ENDED: _("The upload was given up by its sender. Nothing was stored."),
    reasons.UPLOAD_VANISHED: _("The received file could not be read any more. Nothing was stored; send it again."),
    reasons.UNREADABLE: _(
        "It cannot be read on this machine. Nothing was stored. Check who may read it and whether its disk is sound, then take it in again."
    ),
    reasons.HASH_MISMATCH: _("The file changed on its way: its checksum is wrong. Nothing was stored; send it again."),
    reasons.MASTER_DAMAGED: _(
        "The stored original is damaged or missing. Tell the administrator at once: a copy must be restored."
    ),
    reasons.STORAGE_UNAVAILABLE: _("The storage did not answer. Nothing was lost; the work is tried again by itself."),
    reasons.STORAGE_FULL: _(
        "The storage is full. Nothing was lost; the work goes on by itself once there is room. Tell the administrator."
    ),
    reasons.NOT_STORED: _(
        "The storage did not answer. Nothing was stored; the file is where it was. "
        "Tell the administrator, and take it in again later."
    ),
    reasons.WORKER_KILLED: _(
        "The program that works on files was killed several times by this file. "
        "The original is safe; tell the administrator before you try again."
    ),
}


def sentence(code: str) -> str:
    """Return the sentence for a code in the active language; the code itself when it is unknown."""
    return str(SENTENCES.get(code, code))
