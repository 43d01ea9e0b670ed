"""The system call filter (seccomp(2)) of a program: what no Python program needs and attacks on kernels start with.

x86-64 alone. Numbers: arch/x86/entry/syscalls/syscall_64.tbl of Linux; machine: classic BPF, linux/bpf_common.h.
"""

import ctypes
import errno
import os
import socket
import struct

from end_of_program import END_MARK, GUARD

REFUSED = {
    # other processes' memory and descriptors
    "ptrace": 101, "process_vm_readv": 310, "process_vm_writev": 311, "kcmp": 312, "pidfd_getfd": 438,
    # memory that no limit counts
    "memfd_create": 319, "memfd_secret": 447, "shmget": 29, "shmat": 30, "shmctl": 31, "semget": 64, "msgget": 68,
    "mq_open": 240,
    # namespaces and mounts
    "unshare": 272, "setns": 308, "mount": 165, "umount2": 166, "pivot_root": 155, "chroot": 161, "open_tree": 428,
    "move_mount": 429, "fsopen": 430, "fsconfig": 431, "fsmount": 432, "fspick": 433, "mount_setattr": 442,
    "name_to_handle_at": 303, "open_by_handle_at": 304,
    # parts of the kernel with a history
    "bpf": 321, "perf_event_open": 298, "userfaultfd": 323, "io_uring_setup": 425, "io_uring_enter": 426,
    "io_uring_register": 427, "add_key": 248, "request_key": 249, "keyctl": 250, "modify_ldt": 154, "uselib": 134,
    "personality": 135, "fanotify_init": 300, "mbind": 237, "set_mempolicy": 238, "migrate_pages": 256,
    "move_pages": 279, "vmsplice": 278,
    # the machine
    "syslog": 103, "acct": 163, "quotactl": 179, "swapon": 167, "swapoff": 168, "reboot": 169, "iopl": 172,
    "ioperm": 173, "init_module": 175, "delete_module": 176, "finit_module": 313, "kexec_load": 246,
    "kexec_file_load": 320, "settimeofday": 164, "clock_settime": 227, "clock_adjtime": 305, "adjtimex": 159,
    "vhangup": 153, "sethostname": 170, "setdomainname": 171,
}  # fmt: skip
CLONE, CLONE3, SOCKET, CLOSE, UMASK = 56, 435, 41, 3, 95
# CLONE_NEW* of linux/sched.h
NEW_NAMESPACES = 0x7E020000

LOAD, JUMP_EQUAL, JUMP_AT_LEAST, JUMP_BITS, RETURN = 0x20, 0x15, 0x35, 0x45, 0x06
NUMBER, ARCHITECTURE, FIRST_ARGUMENT = 0, 4, 16  # offsets in struct seccomp_data
X86_64, X32_BIT = 0xC000003E, 0x40000000
ALLOW, FAIL, TRACE, KILL_PROCESS = 0x7FFF0000, 0x00050000, 0x7FF00000, 0x80000000
PR_SET_SECCOMP, SECCOMP_MODE_FILTER = 22, 2


def instruction(code, value, if_true=0, if_false=0):
    return struct.pack("HBBI", code, if_true, if_false, value)


def fail(number):
    return instruction(RETURN, FAIL | number)


def mark(number, argument):
    """Shows a call to the tracer; what is not traced sees it fail."""
    return [
        instruction(JUMP_EQUAL, number, if_false=4),
        instruction(LOAD, FIRST_ARGUMENT),
        instruction(JUMP_EQUAL, argument, if_false=1),
        instruction(RETURN, TRACE),
        instruction(RETURN, ALLOW),
    ]


def filter_program():
    """The filter's instructions. Jumps count the instructions that they skip."""
    lines = [
        instruction(LOAD, ARCHITECTURE),
        instruction(JUMP_EQUAL, X86_64, if_true=1),
        instruction(RETURN, KILL_PROCESS),
        instruction(LOAD, NUMBER),
        instruction(JUMP_AT_LEAST, X32_BIT, if_false=1),
        fail(errno.EPERM),
    ]
    for number in REFUSED.values():
        lines += [instruction(JUMP_EQUAL, number, if_false=1), fail(errno.EPERM)]
    lines += [
        # The C library falls back to clone, whose flags can be looked at.
        instruction(JUMP_EQUAL, CLONE3, if_false=1),
        fail(errno.ENOSYS),
        instruction(JUMP_EQUAL, CLONE, if_false=4),
        instruction(LOAD, FIRST_ARGUMENT),
        instruction(JUMP_BITS, NEW_NAMESPACES, if_false=1),
        fail(errno.EPERM),
        instruction(RETURN, ALLOW),
        instruction(JUMP_EQUAL, SOCKET, if_false=4),
        instruction(LOAD, FIRST_ARGUMENT),
        instruction(JUMP_EQUAL, socket.AF_UNIX, if_true=1),
        fail(errno.EAFNOSUPPORT),
        instruction(RETURN, ALLOW),
        *mark(UMASK, END_MARK),
        *mark(CLOSE, GUARD),
        instruction(RETURN, ALLOW),
    ]
    return lines


class Program(ctypes.Structure):
    _fields_ = [("length", ctypes.c_ushort), ("instructions", ctypes.c_char_p)]


def install_filter(libc):
    """Puts the filter on this process and all that it becomes or starts; needs PR_SET_NO_NEW_PRIVS."""
    lines = filter_program()
    program = Program(len(lines), b"".join(lines))
    if libc.prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, ctypes.byref(program), 0, 0) == -1:
        number = ctypes.get_errno()
        raise OSError(number, os.strerror(number))
