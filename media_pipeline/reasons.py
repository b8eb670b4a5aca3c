"""Codes that say why a file was refused, kept without preview, or why a job failed. `messages.py` has the sentences.

They are stored in rows and sent by the API: a code is never renamed.
"""

# At the door: nothing is stored.
EMPTY = "empty"
EXECUTABLE = "executable"

# About the file: trying again gives the same answer. The master is kept, not shown.
UNSUPPORTED = "unsupported"
PASSWORD = "password"  # noqa: S105 - a code, not a secret
RIGHTS_LOCKED = "rights_locked"
DAMAGED = "damaged"
NOTHING_PLAYABLE = "nothing_playable"
TOO_MANY_PIXELS = "too_many_pixels"
UNSAFE_ARCHIVE = "unsafe_archive"

# About the run: more time, more memory or a repaired machine may help.
OUT_OF_MEMORY = "out_of_memory"
TIME_LIMIT = "time_limit"
OUTPUT_LIMIT = "output_limit"
CRASHED = "crashed"
BAD_OUTPUT = "bad_output"
MISSING_PROGRAM = "missing_program"
STOPPED = "stopped"

ABOUT_THE_FILE = frozenset(
    {
        EMPTY,
        EXECUTABLE,
        UNSUPPORTED,
        PASSWORD,
        RIGHTS_LOCKED,
        DAMAGED,
        NOTHING_PLAYABLE,
        TOO_MANY_PIXELS,
        UNSAFE_ARCHIVE,
    }
)
ABOUT_THE_RUN = frozenset({OUT_OF_MEMORY, TIME_LIMIT, OUTPUT_LIMIT, CRASHED, BAD_OUTPUT, MISSING_PROGRAM, STOPPED})
ALL = ABOUT_THE_FILE | ABOUT_THE_RUN
