"""The system calls that a child never needs, as a filter program for the Linux kernel (seccomp-bpf).

Refused calls answer EPERM: no socket of any family, no tracing, mounting, keys, BPF, user faults or io_uring, and no
second process unless the child has to start ffmpeg (then only by vfork, which every starter of programs uses; fork
stays refused). It needs neither root nor namespaces. Source: linux/seccomp.h, linux/filter.h, linux/audit.h; call
numbers from asm/unistd_64.h and asm-generic/unistd.h.
"""

import platform
import struct
from typing import NamedTuple

_ALLOW, _REFUSE, _NO_SUCH_CALL = 0x7FFF0000, 0x00050000 | 1, 0x00050000 | 38  # errno 1 is EPERM, 38 ENOSYS
_LOAD_WORD, _IF_EQUAL, _IF_AT_LEAST, _IF_ANY_BIT, _RETURN = 0x20, 0x15, 0x35, 0x45, 0x06
_NUMBER_AT, _ARCHITECTURE_AT, _FIRST_ARGUMENT_AT = 0, 4, 16  # offsets in struct seccomp_data
_CLONE_VFORK, _CLONE_THREAD = 0x00004000, 0x00010000
_X32_CALLS = 0x40000000  # the second numbering on x86_64, which would go round the list


class _Machine(NamedTuple):
    architecture: int
    refused: tuple[int, ...]
    clone: int
    fork: tuple[int, ...]
    vfork: tuple[int, ...]


# In both lists: ptrace, mount, umount2, pivot_root, chroot, reboot, init_module, finit_module, kexec_load, add_key,
# request_key, keyctl,
# perf_event_open, process_vm_readv, process_vm_writev, bpf, userfaultfd, unshare, setns, socket, setsid, setpgid: what a
# child starts stays in its group and ends with it, before anybody judges what it left behind.
_X86_64 = (101, 165, 166, 155, 161, 169, 175, 313, 246, 248, 249, 250, 298, 310, 311, 321, 323, 272, 308, 41, 112, 109)
_AARCH64 = (117, 40, 39, 41, 51, 142, 105, 273, 104, 217, 218, 219, 241, 270, 271, 280, 282, 97, 268, 198, 157, 154)
# The same on every machine: io_uring_setup, io_uring_enter, io_uring_register, open_tree, move_mount, fsopen.
_EVERYWHERE = (425, 426, 427, 428, 429, 430)
_CLONE3 = 435

_MACHINES = {
    "x86_64": _Machine(0xC000003E, _X86_64, clone=56, fork=(57,), vfork=(58,)),
    "aarch64": _Machine(0xC00000B7, _AARCH64, clone=220, fork=(), vfork=()),
}


def filter_program(*, programs: bool) -> bytes:
    """Return the filter as an array of `struct sock_filter`, empty on a machine whose calls are not known here."""
    machine = _MACHINES.get(platform.machine())
    if machine is None:
        return b""
    code = [
        (_LOAD_WORD, 0, 0, _ARCHITECTURE_AT),
        (_IF_EQUAL, 1, 0, machine.architecture),
        (_RETURN, 0, 0, _REFUSE),
        (_LOAD_WORD, 0, 0, _NUMBER_AT),
        (_IF_AT_LEAST, 0, 1, _X32_CALLS),
        (_RETURN, 0, 0, _REFUSE),
    ]
    refused = machine.refused + _EVERYWHERE + machine.fork + (() if programs else machine.vfork)
    for number in refused:
        code += [(_IF_EQUAL, 0, 1, number), (_RETURN, 0, 0, _REFUSE)]
    # A filter cannot look behind clone3's pointer; the C library falls back to clone, whose flags are in a register.
    code += [(_IF_EQUAL, 0, 1, _CLONE3), (_RETURN, 0, 0, _NO_SUCH_CALL)]
    wanted = _CLONE_THREAD | (_CLONE_VFORK if programs else 0)
    code += [
        (_IF_EQUAL, 0, 3, machine.clone),
        (_LOAD_WORD, 0, 0, _FIRST_ARGUMENT_AT),
        (_IF_ANY_BIT, 1, 0, wanted),
        (_RETURN, 0, 0, _REFUSE),
        (_RETURN, 0, 0, _ALLOW),
    ]
    return b"".join(struct.pack("<HBBI", *one) for one in code)
