"""Tells from outside whether a traced program has reached its end (ptrace(2), seccomp(2)).

`run_to_end.py` makes the system call umask(END_MARK) just before the program and just after it, from the same place in
its C code: both times the stack pointer is the same. All that the program runs lies deeper on the stack of its first
thread, or on another stack, and so does every mark that it makes itself. There is nothing that it could read and repeat.

An exception would let the program's handlers run less deep. Before any of them does, the descriptor GUARD is closed,
which counts as a mark from elsewhere. Other threads and processes are not traced: their marks fail.
"""

import ctypes
import os
import signal
import struct

# Its low bits are the usual mask, so that setting it changes nothing for the program.
END_MARK = 0x6F747212
# The last one that RLIMIT_NOFILE leaves: nobody gets its number by opening files.
GUARD = 63

PTRACE_CONT, PTRACE_GETREGS, PTRACE_SEIZE, PTRACE_LISTEN = 7, 12, 0x4206, 0x4208
PTRACE_O_TRACEEXEC, PTRACE_O_TRACESECCOMP, PTRACE_O_EXITKILL = 0x10, 0x80, 0x100000
PTRACE_EVENT_EXEC, PTRACE_EVENT_SECCOMP, PTRACE_EVENT_STOP = 4, 7, 128
# struct user_regs_struct of sys/user.h: 27 registers of 8 bytes.
REGISTERS, RIP, RSP = "27Q", 16, 19
STOPPING = {signal.SIGSTOP, signal.SIGTSTP, signal.SIGTTIN, signal.SIGTTOU}
START = "start"

libc = ctypes.CDLL(None, use_errno=True)


class EndOfProgram:
    """What the first thread of a program has shown of its way to the end."""

    def __init__(self, process):
        """Begins to trace a child that waits to become the program. Raises OSError where that is not permitted."""
        self.process = process
        self.marks = []
        options = PTRACE_O_TRACEEXEC | PTRACE_O_TRACESECCOMP | PTRACE_O_EXITKILL
        self._ptrace(PTRACE_SEIZE, options)

    @property
    def is_reached(self):
        """Whether it was started once, and has made two marks, from one place."""
        return len(self.marks) == 3 and self.marks[0] == START and self.marks[1] == self.marks[2]

    def follow(self, status):
        """Takes note of what has stopped the program, and lets it go on. `status` is that of os.waitpid."""
        try:
            self._follow(status >> 16, os.WSTOPSIG(status))
        except ProcessLookupError:
            # Killed meanwhile, as os.waitpid will tell.
            pass

    def _follow(self, event, number):
        if event == PTRACE_EVENT_STOP and number in STOPPING:
            # Stopped by a signal, as it would be without a tracer.
            self._ptrace(PTRACE_LISTEN, 0)
            return
        if event == PTRACE_EVENT_EXEC:
            self._note(START)
        elif event == PTRACE_EVENT_SECCOMP:
            self._note(self._place())
        self._ptrace(PTRACE_CONT, number if event == 0 else 0)

    def _note(self, mark):
        # A program may make marks without end; the fourth says as much as all that follow.
        if len(self.marks) < 4:
            self.marks.append(mark)

    def _place(self):
        """Where the system call was made: the addresses of the instruction and of the top of the stack."""
        registers = ctypes.create_string_buffer(struct.calcsize(REGISTERS))
        self._ptrace(PTRACE_GETREGS, ctypes.addressof(registers))
        values = struct.unpack(REGISTERS, registers.raw)
        return values[RIP], values[RSP]

    def _ptrace(self, request, data):
        numbers = ctypes.c_long(request), ctypes.c_long(self.process)
        if libc.ptrace(*numbers, None, ctypes.c_void_p(data)) == -1:
            number = ctypes.get_errno()
            raise OSError(number, os.strerror(number))
