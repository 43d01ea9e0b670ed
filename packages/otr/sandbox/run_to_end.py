"""Runs the program of descriptor 3 between two marks, which `end_of_program.py` sees from outside.

Standard input: nothing. What comes first and last lies where no name leads to it, on the stack of `list`, and is made
before the program runs, so that nothing which the program puts in the place of built-in functions matters.
"""

import os
import sys
from functools import partial
from io import FileIO

# As in `end_of_program.py`, which is not to be seen from inside.
END_MARK = 0x6F747212
GUARD = 63

# Only Python's own folders: the program's current folder is none of them.
sys.path.remove("")


def refuse(event, arguments):
    """Refuses what leads to the interpreter's inside: its objects, its memory, and the lines that it runs next."""
    module = arguments[0].rpartition(".")[2] if event == "import" else ""
    if module in ("_ctypes", "_cffi_backend") or module.startswith(("_xx", "_interp", "_test")):
        raise ImportError(f"{module} is refused in the sandbox")
    # Another interpreter has no hook.
    if event.startswith(("gc.get_", "ctypes.", "sys.settrace", "sys.monitoring", "cpython.PyInterpreterState_New")):
        raise PermissionError(f"{event} is refused in the sandbox")


def read_program():
    source = os.pread(3, os.fstat(3).st_size, 0).decode()
    os.close(3)
    return compile(source, "<program>", "exec", 0, True, 0)


sys.addaudithook(refuse)
del refuse
# Closed where an exception leaves the program, before anything that the program has prepared for that case.
with FileIO(os.dup2(0, GUARD)):
    list(
        map(
            partial.__call__,
            (
                partial(os.umask, END_MARK),
                # Without a name in its globals, as the evaluation harness runs programs: `__main__` is not what they are.
                partial(exec, read_program(), {}),
                partial(os.umask, END_MARK),
            ),
        )
    )
