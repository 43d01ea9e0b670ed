"""A control group (cgroups(7), of either version) that limits the memory of all processes of a program together."""

import os


class MemoryGroup:
    """A group of its own below that of this process; where none can be made there is none, and `join` does nothing."""

    def __init__(self, memory_bytes, processes):
        self._parent = self._procs = None
        self._name = f"otr-sandbox-{os.getpid()}"
        self._memory_bytes, self._processes = memory_bytes, processes

    def __enter__(self):
        folder, limits = self._find()
        if folder is not None:
            self._make(folder, limits)
        return self

    def __exit__(self, *error):
        if self._procs is not None:
            os.close(self._procs)
        if self._parent is not None:
            # Through the descriptor: the folder lies outside of the private root.
            self._remove()

    def join(self):
        """Puts the process that calls into the group."""
        if self._procs is not None:
            os.write(self._procs, b"0")

    def _find(self):
        try:
            with open("/proc/self/cgroup") as file:
                groups = [line.strip().split(":", 2) for line in file]
        except OSError:
            return None, {}
        for _, controllers, path in groups:
            if "memory" in controllers.split(","):
                limits = {"memory.limit_in_bytes": self._memory_bytes, "memory.memsw.limit_in_bytes": self._memory_bytes}
                return f"/sys/fs/cgroup/memory{path}", limits
        for _, controllers, path in groups:
            if controllers == "":
                limits = {"memory.max": self._memory_bytes, "memory.swap.max": 0, "pids.max": self._processes}
                return f"/sys/fs/cgroup{path}", limits
        return None, {}

    def _make(self, folder, limits):
        try:
            self._parent = os.open(folder, os.O_PATH | os.O_DIRECTORY)
            os.mkdir(self._name, dir_fd=self._parent)
        except OSError:
            self._parent = None
            return
        try:
            for index, (name, limit) in enumerate(limits.items()):
                try:
                    self._write(name, limit)
                except OSError:
                    # Swap and processes are accounted for where the kernel does so; memory is what the group is for.
                    if index == 0:
                        raise
            self._procs = self._open("cgroup.procs")
        except OSError:
            self._remove()

    def _open(self, name):
        return os.open(f"{self._name}/{name}", os.O_WRONLY, dir_fd=self._parent)

    def _write(self, name, limit):
        file = self._open(name)
        try:
            os.write(file, str(limit).encode())
        finally:
            os.close(file)

    def _remove(self):
        try:
            os.rmdir(self._name, dir_fd=self._parent)
        except OSError:
            pass
        os.close(self._parent)
        self._parent = None
