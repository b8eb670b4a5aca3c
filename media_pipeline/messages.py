"""The sentences that staff read for the codes of `reasons.py`. The only module of the pure part that knows Django."""

from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

from media_pipeline import reasons

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise  # only the stubs have it: the type of what gettext_lazy returns

SENTENCES: "dict[str, _StrPromise]" = {
    reasons.EMPTY: _("The file is empty. Nothing was stored. Check the original and send it again."),
    reasons.EXECUTABLE: _("The file is a program. The archive does not take programs; nothing was stored."),
    reasons.UNSUPPORTED: _(
        "The file is stored, but the archive cannot show this format. It can be downloaded as it is."
    ),
    reasons.PASSWORD: _(
        "The file is stored, but it is locked with a password. Add a copy without the password to show it."
    ),
    reasons.RIGHTS_LOCKED: _("The file is stored, but copy protection keeps the archive from reading it."),
    reasons.DAMAGED: _("The file is stored, but it is damaged and cannot be read. Look for a better copy."),
    reasons.NOTHING_PLAYABLE: _("The file is stored, but it holds no sound or picture that can be played."),
    reasons.TOO_MANY_PIXELS: _("The file is stored, but its picture is larger than the archive can open."),
    reasons.UNSAFE_ARCHIVE: _("The file is stored, but what is packed inside it is not safe to open."),
    reasons.OUT_OF_MEMORY: _(
        "Working on the file needed more memory than is allowed. The original is safe; try again later."
    ),
    reasons.TIME_LIMIT: _("Working on the file took longer than is allowed. The original is safe; try again later."),
    reasons.OUTPUT_LIMIT: _("Working on the file produced more data than is allowed. The original is safe."),
    reasons.CRASHED: _("The program that reads this format stopped unexpectedly. The original is safe; try again."),
    reasons.BAD_OUTPUT: _(
        "The program that reads this format gave a wrong answer, which was thrown away. The original is safe."
    ),
    reasons.MISSING_PROGRAM: _("A program that is needed for this format is not installed. The original is safe."),
    reasons.STOPPED: _("The work was stopped before it was finished. The original is safe; it can be started again."),
}


def sentence(code: str) -> str:
    """Return the sentence for a code in the active language; the code itself when it is unknown."""
    return str(SENTENCES.get(code, code))
