"""Runs the program of descriptor 4 and, if its end is reached, sends the verdict in front of it through descriptor 3.

What sends the verdict lies where no name leads to it: on the stack of `reduce`. Its parts are made before the program
runs, so that nothing which the program puts in the place of built-in functions matters.
"""

import os
import sys
from functools import partial, reduce

# Only Python's own folders: the program's current folder is none of them.
sys.path.remove("")


def refuse(event, _):
    """Refuses what searches the interpreter's memory. Importing ctypes, as numpy does, needs `ctypes.dlopen`."""
    if event.startswith(("gc.get_", "ctypes.")) and event != "ctypes.dlopen":
        raise PermissionError(f"{event} is refused in the sandbox")


sys.addaudithook(refuse)
del refuse
reduce(
    lambda _, step: step(),
    (
        partial(os.close, 4),
        # Without a name in its globals, as the evaluation harness runs programs: `__main__` is not what they are.
        partial(exec, compile(os.pread(4, os.fstat(4).st_size, 32).decode(), "<program>", "exec", 0, True, 0), {}),
        partial(os.write, 3, os.pread(4, 32, 0)),
        partial(os._exit, 0),
    ),
    None,
)
