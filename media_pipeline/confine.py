"""How a child locks itself up where bubblewrap is not installed: by the kernel alone, without root, before it touches
the file.

Each step that the kernel refuses is left out; `sandbox.protections()` tries the result and says what holds.
Source: landlock(7), seccomp(2), unshare(2), prctl(2).
"""

import ctypes
import os
import signal
import struct
from typing import TypedDict

from media_pipeline.seccomp import filter_program

_SET_PARENT_DEATH_SIGNAL, _SET_NO_NEW_PRIVILEGES, _SET_SECCOMP, _SECCOMP_FILTER = 1, 38, 22, 2
_NEW_USER, _NEW_NETWORK, _NEW_IPC = 0x10000000, 0x40000000, 0x08000000
_CREATE_RULESET, _ADD_RULE, _RESTRICT_SELF = 444, 445, 446
_ASK_VERSION, _PATH_BENEATH = 1, 1
# Rights of landlock, by the version of its interface that brought them: the first thirteen, then refer, truncate.
_READ_FILE, _READ_FOLDER, _EXECUTE = 1 << 2, 1 << 3, 1 << 0
_RIGHTS_BY_VERSION = {1: (1 << 13) - 1, 2: (1 << 14) - 1, 3: (1 << 15) - 1}
_FILE_RIGHTS = _EXECUTE | 1 << 1 | _READ_FILE | 1 << 14

_libc = ctypes.CDLL(None, use_errno=True)


class Walls(TypedDict):
    """What the child is told: the paths it may read and write, whether it may start a program, and its parent's process
    id.
    """

    readable: list[str]
    writable: list[str]
    programs: bool
    parent: int


def confine(walls: Walls) -> None:
    """Give up, for good, all that the work does not need. Ends the process if its parent is gone already."""
    die_with_parent(walls["parent"])
    _libc.prctl(_SET_NO_NEW_PRIVILEGES, 1, 0, 0, 0)
    # A network of its own, with nothing in it. Kernels that forbid user namespaces refuse this; the filter below
    # still holds.
    _libc.unshare(_NEW_USER | _NEW_NETWORK | _NEW_IPC)
    _restrict_files(walls)
    _filter_calls(programs=walls["programs"])


def die_with_parent(parent: int) -> None:
    """Ask the kernel to kill this process when the thread that started it ends; it may have ended before the asking."""
    _libc.prctl(_SET_PARENT_DEATH_SIGNAL, signal.SIGKILL, 0, 0, 0)
    if os.getppid() != parent:
        os._exit(1)


def _restrict_files(walls: Walls) -> None:
    version = _libc.syscall(_CREATE_RULESET, None, 0, _ASK_VERSION)
    if version < 1:
        return
    rights = _RIGHTS_BY_VERSION[min(version, 3)]
    attributes = struct.pack("<Q", rights)
    ruleset = _libc.syscall(_CREATE_RULESET, attributes, len(attributes), 0)
    if ruleset < 0:
        return
    for path in walls["readable"]:
        _allow(ruleset, path, rights & (_READ_FILE | _READ_FOLDER | _EXECUTE))
    for path in walls["writable"]:
        _allow(ruleset, path, rights)
    _libc.syscall(_RESTRICT_SELF, ruleset, 0)
    os.close(ruleset)


def _allow(ruleset: int, path: str, rights: int) -> None:
    try:
        folder = os.open(path, os.O_PATH | os.O_CLOEXEC)
    except OSError:
        return
    if not os.path.isdir(path):  # noqa: PTH112 - pathlib is not loaded yet
        rights &= _FILE_RIGHTS
    rule = struct.pack("<Qi", rights, folder)
    _libc.syscall(_ADD_RULE, ruleset, _PATH_BENEATH, rule, 0)
    os.close(folder)


def _filter_calls(*, programs: bool) -> None:
    program = filter_program(programs=programs)
    if not program:
        return
    buffer = ctypes.create_string_buffer(program, len(program))

    class Program(ctypes.Structure):
        _fields_ = (("length", ctypes.c_ushort), ("code", ctypes.c_void_p))

    filled = Program(len(program) // 8, ctypes.addressof(buffer))
    _libc.prctl(_SET_SECCOMP, _SECCOMP_FILTER, ctypes.byref(filled), 0, 0)
