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
NO_CUES = "no_cues"
TOO_MANY_PIXELS = "too_many_pixels"
UNSAFE_ARCHIVE = "unsafe_archive"

# About what it is for: a proof, and nothing to look at.
KEPT_ONLY = "kept_only"

# About the run: more time, more memory or a repaired machine may help.
OUT_OF_MEMORY = "out_of_memory"
TIME_LIMIT = "time_limit"
OUTPUT_LIMIT = "output_limit"
CRASHED = "crashed"
BAD_OUTPUT = "bad_output"
MISSING_PROGRAM = "missing_program"
NO_OFFICE = "no_office"
STOPPED = "stopped"
CANCELLED = "cancelled"

# About receiving and keeping.
TOO_LARGE = "too_large"
NO_SPACE = "no_space"
LONGER_THAN_SAID = "longer_than_said"
UPLOAD_EXPIRED = "upload_expired"
UPLOAD_ENDED = "upload_ended"
UPLOAD_VANISHED = "upload_vanished"
UNREADABLE = "unreadable"
HASH_MISMATCH = "hash_mismatch"
MASTER_DAMAGED = "master_damaged"
STORAGE_UNAVAILABLE = "storage_unavailable"
STORAGE_FULL = "storage_full"
NOT_STORED = "not_stored"
WORKER_KILLED = "worker_killed"

ABOUT_THE_FILE = frozenset(
    {
        EMPTY,
        EXECUTABLE,
        UNSUPPORTED,
        PASSWORD,
        RIGHTS_LOCKED,
        DAMAGED,
        NOTHING_PLAYABLE,
        NO_CUES,
        TOO_MANY_PIXELS,
        UNSAFE_ARCHIVE,
    }
)
ABOUT_THE_RUN = frozenset(
    {OUT_OF_MEMORY, TIME_LIMIT, OUTPUT_LIMIT, CRASHED, BAD_OUTPUT, MISSING_PROGRAM, NO_OFFICE, STOPPED, CANCELLED}
)
# A busy machine may be why: worth another try, a few times.
MAY_PASS = frozenset({OUT_OF_MEMORY, TIME_LIMIT, CRASHED})
ABOUT_KEEPING = frozenset(
    {
        TOO_LARGE,
        NO_SPACE,
        LONGER_THAN_SAID,
        UPLOAD_EXPIRED,
        UPLOAD_ENDED,
        UPLOAD_VANISHED,
        UNREADABLE,
        HASH_MISMATCH,
        MASTER_DAMAGED,
        STORAGE_UNAVAILABLE,
        STORAGE_FULL,
        NOT_STORED,
        WORKER_KILLED,
    }
)
ALL = ABOUT_THE_FILE | ABOUT_THE_RUN | ABOUT_KEEPING | {KEPT_ONLY}
