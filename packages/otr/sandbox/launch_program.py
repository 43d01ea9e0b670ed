"""Runs one Python program in a sandbox and tells how it ended.

Standard input: one line of JSON (the settings that `run-program.ts` writes), then the program in UTF-8. Standard output:
one line of JSON, {"reason": ..., "status": ..., "seconds": ...} or {"refused": ...} where the machine cannot provide
the sandbox. Standard error is the program's.

Three processes, each of which sees the one before it as little as can be:

    launcher   in the machine's process namespace; makes the other namespaces and the private root
      init     process 1 of the new namespace: measures the time, traces the program, writes the line; when it ends,
               the kernel ends all that the program has started
        program   another user, without capabilities, limited, behind a system call filter: a Python that was started
                  anew and runs `run_to_end.py`

Kernel interfaces: unshare(2), mount(2), mount_setattr(2), pivot_root(2), prctl(2).
"""

import ctypes
import fcntl
import json
import os
import resource
import signal
import socket
import struct
import sys
import time

from end_of_program import EndOfProgram
from system_call_filter import install_filter

CLONE_NEWNS, CLONE_NEWCGROUP, CLONE_NEWUTS = 0x00020000, 0x02000000, 0x04000000
CLONE_NEWIPC, CLONE_NEWUSER, CLONE_NEWPID, CLONE_NEWNET = 0x08000000, 0x10000000, 0x20000000, 0x40000000
MS_NOSUID, MS_NODEV, MS_NOEXEC, MS_BIND, MS_REC, MS_PRIVATE = 0x2, 0x4, 0x8, 0x1000, 0x4000, 0x40000
MNT_DETACH = 2
SYS_PIVOT_ROOT, SYS_MOUNT_SETATTR = 155, 442
AT_EMPTY_PATH, AT_RECURSIVE, AT_FDCWD = 0x1000, 0x8000, -100
MOUNT_ATTR_RDONLY, MOUNT_ATTR_NOSUID, MOUNT_ATTR_NODEV = 0x1, 0x2, 0x4
PR_SET_PDEATHSIG, PR_SET_DUMPABLE, PR_CAPBSET_DROP, PR_SET_NO_NEW_PRIVS = 1, 4, 24, 38

# The file that holds the program.
PROGRAM_DESCRIPTOR = 3

# Of a user namespace the only user; the machine's nobody.
NOBODY = 65534

libc = ctypes.CDLL(None, use_errno=True)


class Refused(Exception):
    """A step that the machine does not permit."""


def call(step, function, *arguments):
    if function(*arguments) == -1:
        raise Refused(f"{step}: {os.strerror(ctypes.get_errno())}")


def prctl(step, option, argument):
    call(step, libc.prctl, option, ctypes.c_ulong(argument), 0, 0, 0)


def mount(step, source, target, kind, flags, data=""):
    call(step, libc.mount, source.encode(), target.encode(), kind.encode(), ctypes.c_ulong(flags), data.encode())


def set_attributes(step, path, attributes, recursive):
    """Adds attributes to a mount; those that it has already stay."""
    wanted = ctypes.create_string_buffer(struct.pack("QQQQ", attributes, 0, 0, 0))
    flags = AT_RECURSIVE if recursive else 0
    call(step, libc.syscall, SYS_MOUNT_SETATTR, AT_FDCWD, path.encode(), flags, wanted, ctypes.c_size_t(32))


def enter_namespaces(in_user_namespace, user):
    flags = CLONE_NEWNS | CLONE_NEWPID | CLONE_NEWNET | CLONE_NEWIPC | CLONE_NEWUTS | CLONE_NEWCGROUP
    if in_user_namespace:
        if os.getuid() == 0:
            # The kernel counts no processes of the machine's root.
            become_user(user)
            prctl("access to its own map of users", PR_SET_DUMPABLE, 1)
        outside = os.getuid(), os.getgid()
        # By itself first: a machine that forbids user namespaces is told from one that forbids the others.
        call("a user namespace", libc.unshare, CLONE_NEWUSER)
        write_file("/proc/self/setgroups", "deny")
        write_file("/proc/self/uid_map", f"{NOBODY} {outside[0]} 1")
        write_file("/proc/self/gid_map", f"{NOBODY} {outside[1]} 1")
    call("namespaces of mounts, processes and network", libc.unshare, flags)
    socket.sethostname("sandbox")


def become_user(user):
    try:
        os.setgroups([])
        os.setresgid(user, user, user)
        os.setresuid(user, user, user)
    except OSError as error:
        raise Refused(f"becoming the user {user}: {error.strerror}") from error


def write_file(path, text):
    try:
        with open(path, "w") as file:
            file.write(text)
    except OSError as error:
        raise Refused(f"writing {path}: {error.strerror}") from error


def enter_private_root(settings, user):
    """Makes a root of empty folders, with what Python needs mounted read-only, and leaves the machine's behind."""
    mount("private mounts", "none", "/", "", MS_REC | MS_PRIVATE)
    # Opened before anything is mounted over them.
    shown = [(path, os.open(path, os.O_PATH)) for path in settings["shown"]]
    devices = [(path, os.open(path, os.O_PATH)) for path in ("/dev/null", "/dev/zero", "/dev/urandom")]
    root = "/tmp"
    small = MS_NOSUID | MS_NODEV
    mount("a private root", "none", root, "tmpfs", small, "size=1m,nr_inodes=2048,mode=755")
    os.mkdir(f"{root}/dev", 0o755)
    os.mkdir(f"{root}/tmp", 0o755)
    limits = f"size={settings['scratchBytes']},nr_inodes=4096,mode=700,uid={user},gid={user}"
    mount("a folder for the program", "none", f"{root}/tmp", "tmpfs", small | MS_NOEXEC, limits)
    for path, descriptor in devices:
        show(descriptor, f"{root}{path}", f"the device {path}")
    for path, target in settings["links"].items():
        os.symlink(target, f"{root}{path}")
    for path, descriptor in shown:
        show(descriptor, f"{root}{path}", path)
        read_only = MOUNT_ATTR_RDONLY | MOUNT_ATTR_NOSUID | MOUNT_ATTR_NODEV
        set_attributes(f"{path} read-only", f"{root}{path}", read_only, recursive=True)
    set_attributes("the private root read-only", root, MOUNT_ATTR_RDONLY, recursive=False)
    os.chdir(root)
    call("the change of root", libc.syscall, SYS_PIVOT_ROOT, b".", b".")
    call("leaving the machine's root", libc.umount2, b".", MNT_DETACH)
    os.chdir("/")


def show(descriptor, target, name):
    """Mounts what a descriptor stands for at `target`."""
    source = f"/proc/self/fd/{descriptor}"
    if os.path.isdir(source):
        os.makedirs(target, 0o755, exist_ok=True)
    else:
        os.makedirs(os.path.dirname(target), 0o755, exist_ok=True)
        os.close(os.open(target, os.O_CREAT | os.O_WRONLY, 0o444))
    mount(f"mounting {name}", source, target, "", MS_BIND | MS_REC)
    os.close(descriptor)


def be_init(settings, program, group):
    """Process 1: starts the program, waits until it ends or its time is over, and writes how it ended."""
    prctl("the end with the launcher", PR_SET_PDEATHSIG, signal.SIGKILL)
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGCHLD})
    file = os.memfd_create("program")
    with os.fdopen(os.dup(file), "wb") as writer:
        writer.write(program)
    is_traced, say_traced = os.pipe()
    began = time.monotonic()
    child = os.fork()
    if child == 0:
        os.close(say_traced)
        guarded(lambda: be_program(settings, file, is_traced, group))
    try:
        end = EndOfProgram(child)
    except OSError as error:
        raise Refused(f"tracing the program: {error.strerror}") from error
    os.write(say_traced, b"1")
    status = wait_for(end, began + settings["timeoutSeconds"])
    seconds = time.monotonic() - began
    reason = "passed" if end.is_reached else describe_end(status)
    report({"reason": reason, "seconds": round(seconds, 4)})


def wait_for(end, deadline):
    """The program's status as os.waitstatus_to_exitcode has it, or None when its time is over or its end is reached."""
    while not end.is_reached:
        remaining = deadline - time.monotonic()
        if remaining <= 0:
            return None
        # Also reaps what the program has left behind.
        pid, status = os.waitpid(-1, os.WNOHANG)
        if pid == 0:
            signal.sigtimedwait({signal.SIGCHLD}, remaining)
        elif pid == end.process:
            if not os.WIFSTOPPED(status):
                return -os.WTERMSIG(status) if os.WIFSIGNALED(status) else os.WEXITSTATUS(status)
            end.follow(status)
    return None


def describe_end(status):
    if status is None:
        return "timed out"
    if status < 0:
        return "killed"
    return "ended early" if status == 0 else "failed"


def be_program(settings, file, is_traced, group):
    """Gives up all rights and becomes Python with the program."""
    os.read(is_traced, 1)
    if group is not None:
        os.write(group, b"0")
    os.setsid()
    os.dup2(os.open("/dev/null", os.O_RDWR), 0)
    os.dup2(0, 1)
    # Through a high number: onto itself it would be closed when Python is started.
    os.dup2(fcntl.fcntl(file, fcntl.F_DUPFD_CLOEXEC, 10), PROGRAM_DESCRIPTOR)
    os.chdir("/tmp")
    for name, limit in settings["limits"].items():
        lower_limit(getattr(resource, f"RLIMIT_{name}"), limit)
    for capability in range(64):
        if libc.prctl(PR_CAPBSET_DROP, ctypes.c_ulong(capability), 0, 0, 0) == -1:
            break
    if not settings["inUserNamespace"]:
        become_user(settings["user"])
    prctl("no new privileges", PR_SET_NO_NEW_PRIVS, 1)
    try:
        install_filter(libc)
    except OSError as error:
        raise Refused(f"the system call filter: {error.strerror}") from error
    # A user namespace's capabilities end here: its only user is not its root.
    os.execve(settings["python"], [settings["python"], "-s", "-B", "-c", settings["runner"]], settings["environment"])


def lower_limit(kind, limit):
    _, highest = resource.getrlimit(kind)
    lowered = limit if highest == resource.RLIM_INFINITY else min(limit, highest)
    resource.setrlimit(kind, (lowered, lowered))


# What others have left open is nobody's here.
os.closerange(3, 4096)
# Beyond the numbers that the program's process takes for other things; closed when Python is started anew.
REPORT = fcntl.fcntl(1, fcntl.F_DUPFD_CLOEXEC, 10)


def report(line):
    os.write(REPORT, f"{json.dumps(line)}\n".encode())


def guarded(work):
    """Does what is left to do for this process, and ends it."""
    try:
        work()
        os._exit(0)
    except Refused as refusal:
        report({"refused": str(refusal)})
    except OSError as error:
        report({"refused": f"{error.filename or 'a step of the sandbox'}: {error.strerror}"})
    except Exception as error:
        # It must not be taken for the program's.
        report({"refused": repr(error)})
    os._exit(1)


def launch():
    prctl("the end with the parent", PR_SET_PDEATHSIG, signal.SIGKILL)
    line, program = sys.stdin.buffer.read().split(b"\n", 1)
    settings = json.loads(line)
    # Where memory runs out all the same, the kernel ends these processes first.
    write_file("/proc/self/oom_score_adj", "1000")
    # The kernel asks who has opened it, not who writes.
    group = os.open(settings["groupFile"], os.O_WRONLY) if settings["groupFile"] else None
    enter_namespaces(settings["inUserNamespace"], settings["user"])
    # Changes of user and rights have cleared it.
    prctl("the end with the parent", PR_SET_PDEATHSIG, signal.SIGKILL)
    user = NOBODY if settings["inUserNamespace"] else settings["user"]
    enter_private_root(settings, user)
    init = os.fork()
    if init == 0:
        guarded(lambda: be_init(settings, program, group))
    os.waitpid(init, 0)


if __name__ == "__main__":
    guarded(launch)
