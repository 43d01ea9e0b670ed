import { chmodSync, mkdtempSync, rmSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { findPython, type SandboxPython } from "../../../src/evaluation/sandbox/find-python.js";
import { FIRST_USER, probeSandbox } from "../../../src/evaluation/sandbox/probe-sandbox.js";
import {
  type ProgramRun,
  runProgram,
  type SandboxMode,
} from "../../../src/evaluation/sandbox/run-program.js";

const probe = await probeSandbox();
if (!probe.available) console.warn(`SKIPPED: this machine cannot provide a sandbox: ${probe.reason}`);
const MODES: readonly SandboxMode[] = !probe.available
  ? []
  : probe.mode === "root"
    ? ["root", "user namespace"]
    : ["user namespace"];

it("says why where this machine cannot provide a sandbox, and finds it otherwise", () => {
  expect(probe.available || probe.reason).toBeTruthy();
  expect(MODES.length > 0).toBe(probe.available);
});

/** Each tries to be taken for a program that has passed, or to end what judges it. */
const FORGERIES: Readonly<Record<string, readonly [reason: string, program: string]>> = {
  "prints that it has passed": ["failed", `print("passed"); print('{"reason": "passed"}'); assert False`],
  "ends with os._exit(0)": ["ended early", "import os; os._exit(0)"],
  "ends with sys.exit(0)": ["ended early", "import sys; sys.exit(0)"],
  "raises SystemExit": ["ended early", "raise SystemExit"],
  "ends at exit with status 0": [
    "ended early",
    "import atexit, os; atexit.register(os._exit, 0); assert False",
  ],
  "has a hook for exceptions": [
    "ended early",
    "import os, sys; sys.excepthook = lambda *a: os._exit(0); assert False",
  ],
  "ends in another thread": [
    "ended early",
    "import os, threading, time; threading.Thread(target=lambda: os._exit(0)).start(); time.sleep(5)",
  ],
  "writes to all descriptors": [
    "ended early",
    `
import os
for number in range(64):
    for text in (b"passed", b'{"reason": "passed", "seconds": 0}\\n', b"0" * 32):
        try: os.write(number, text)
        except OSError: pass
os._exit(0)`,
  ],
  "closes all descriptors": [
    "failed",
    "import os\nfor n in range(64):\n  try: os.close(n)\n  except OSError: pass\nassert False",
  ],
  "marks its end itself": ["ended early", "import os; os.umask(0x6F747212); os._exit(0)"],
  "marks its end itself as it is marked": [
    "ended early",
    `
import os
from functools import partial
list(map(partial.__call__, (partial(os.umask, 0x6F747212),)))
os._exit(0)`,
  ],
  "marks its end at all depths": [
    "ended early",
    `
import os
from functools import partial
def go(depth):
    list(map(partial.__call__, (partial(os.umask, 0x6F747212),)))
    if depth: list(map(go, (depth - 1,)))
go(100)
os._exit(0)`,
  ],
  "marks its end when an exception has left it": [
    "failed",
    `
import atexit, os, sys
from functools import partial
def mark(*_): list(map(partial.__call__, (partial(os.umask, 0x6F747212),)))
sys.excepthook = mark
atexit.register(mark)
assert False`,
  ],
  "marks its end at exit": [
    "ended early",
    "import atexit, os, sys; atexit.register(os.umask, 0x6F747212); sys.exit(0)",
  ],
  "marks its end in another thread": [
    "failed",
    "import os, threading; t = threading.Thread(target=os.umask, args=(0x6F747212,)); t.start(); t.join(); assert False",
  ],
  "marks its end in a child": [
    "failed",
    `
import os
if os.fork() == 0:
    try: os.umask(0x6F747212)
    finally: os._exit(0)
os.wait()
assert False`,
  ],
  "becomes another program that marks its end": [
    "ended early",
    `
import os, sys
code = "import os; [os.umask(0x6F747212) for _ in range(2)]"
os.execv(sys.executable, [sys.executable, "-c", code])`,
  ],
  "puts others in the place of built-in functions": [
    "failed",
    `
import builtins, functools, os, sys
builtins.AssertionError = builtins.exec = builtins.compile = print
functools.reduce = functools.partial = lambda *a: None
os._exit = os.write = os.close = lambda *a: None
sys.modules.clear()
assert False`,
  ],
  "lets a child reach the end": [
    "ended early",
    "import os\nchild = os.fork()\nif child:\n  os.waitpid(child, 0)\n  os._exit(0)",
  ],
  "lets a child reach the end first": [
    "failed",
    "import os\nchild = os.fork()\nif child:\n  os.waitpid(child, 0)\n  assert False",
  ],
  "becomes another program": [
    "ended early",
    "import os, sys; os.execv(sys.executable, [sys.executable, '-c', 'pass'])",
  ],
  "searches the objects of the interpreter": [
    "failed",
    `
import gc
for thing in gc.get_objects():
    if isinstance(thing, tuple): print(thing)`,
  ],
  "searches what a frame refers to": ["failed", "import gc, sys; gc.get_referents(sys._getframe(2))"],
  "calls C functions": ["failed", "import ctypes; ctypes.CDLL(None).getpid()"],
  "reads its own memory": [
    "failed",
    "import ctypes; x = 'x'; print(ctypes.cast(id(x), ctypes.POINTER(ctypes.c_char))[:64])",
  ],
  "imports _ctypes by another name": [
    "failed",
    `
import importlib.machinery, importlib.util, sysconfig
folder = sysconfig.get_path("platstdlib") + "/lib-dynload/_ctypes." + sysconfig.get_config_var("SOABI") + ".so"
loader = importlib.machinery.ExtensionFileLoader("x._ctypes", folder)
loader.create_module(importlib.util.spec_from_loader("x._ctypes", loader))`,
  ],
  "asks another interpreter": [
    "failed",
    `
try: import _interpreters as interpreters
except ImportError: import _xxsubinterpreters as interpreters
interpreters.create()`,
  ],
  "jumps over the line that fails": [
    "failed",
    `
import sys
def jump(frame, event, _):
    if event == "line" and frame.f_lineno == 9: frame.f_lineno = 10
    return jump
right = False
sys.settrace(jump)
sys._getframe().f_trace = jump
assert right
pass`,
  ],
  "kills itself": ["killed", "import os; os.kill(os.getpid(), 9)"],
  "kills its parent": [
    "failed",
    "import os\ntry: os.kill(os.getppid(), 9)\nexcept OSError: pass\nassert False",
  ],
  "signals its parent": [
    "failed",
    "import os\nfor s in range(1, 65):\n  try: os.kill(os.getppid(), s)\n  except OSError: pass\nassert False",
  ],
  "kills all that it can see": [
    "failed",
    `
import os
for number in (-1, 1):
    try: os.kill(number, 9)
    except OSError: pass
assert False`,
  ],
  "kills its group": ["killed", "import os; os.killpg(0, 9)"],
  "takes its parent's descriptors away": [
    "failed",
    "import resource\ntry: resource.prlimit(1, resource.RLIMIT_NOFILE, (0, 0))\nexcept OSError: pass\nassert False",
  ],
  "stops itself": ["timed out", "import os, signal; os.kill(os.getpid(), signal.SIGSTOP)"],
  loops: ["timed out", "while True: pass"],
  "bears all signals and sleeps": [
    "timed out",
    "import signal, time\nfor s in set(signal.Signals) - {9, 19}: signal.signal(s, signal.SIG_IGN)\ntime.sleep(60)",
  ],
  "leaves a child that goes on": [
    "timed out",
    "import os, time\nif os.fork() == 0:\n  os.setsid()\n  time.sleep(60)\ntime.sleep(60)",
  ],
  "never stops writing": ["too much output", "import os\nwhile True: os.write(2, b'x' * 65536)"],
  "recurses without end": ["failed", "def f(): f()\nf()"],
  "asks for more memory than there is": ["failed", "x = bytearray(1 << 31)"],
  "has wrong syntax": ["failed", "def f(:"],
  "has a NUL": ["failed", "pass\0"],
  "has an open string": ["failed", `x = """`],
};

/** Each reaches its end only if nothing that it tries succeeds. */
const ESCAPES: Readonly<Record<string, string>> = {
  "reading homes and secrets": `
import os
for path in ("/root", "/home", "/etc/passwd", "/etc/shadow", "/work", "/proc", "/sys", "/run", "/var", "/usr/local/src",
             "/usr/src", "/dev/sda", "/dev/vda", "/dev/mem", "/dev/tty", "/.dockerenv", os.path.expanduser("~root")):
    assert not os.path.lexists(path), path
assert sorted(os.listdir("/")) in (["dev", "etc", "lib", "lib64", "tmp", "usr"], ["dev", "etc", "lib", "tmp", "usr"]), os.listdir("/")
assert sorted(os.listdir("/dev")) == ["null", "urandom", "zero"]
assert os.listdir("/tmp") == []`,
  "the environment": `
import os
assert not [name for name in os.environ if "SECRET" in name or "HF_" in name], os.environ`,
  "going out by .. and by descriptors": `
import os
assert sorted(os.listdir("/../..")) == sorted(os.listdir("/"))
for number in range(64):
    try: kind = os.fstat(number)
    except OSError: continue
    assert number in (0, 1, 2, 63), number
    try: os.fchdir(number); raise SystemExit("a folder")
    except OSError: pass`,
  "writing outside of /tmp": `
import os, sys
for folder in ("/", "/dev", "/usr", "/usr/lib", "/etc", os.path.dirname(os.__file__), os.path.dirname(sys.executable)):
    try: open(folder + "/x", "w"); raise SystemExit(folder)
    except OSError: pass
try: os.chmod(os.__file__, 0o777); raise SystemExit("chmod")
except OSError: pass
with open("/tmp/x", "w") as file: file.write("mine")`,
  "executing what it has written": `
import os, shutil, sys
shutil.copy(sys.executable, "/tmp/python"); os.chmod("/tmp/python", 0o755)
try: os.execv("/tmp/python", ["/tmp/python", "-c", "pass"])
except PermissionError: pass`,
  "getting rights back": `
import os
for attempt in (lambda: os.setuid(0), lambda: os.setgid(0), lambda: os.chroot("/tmp"), lambda: os.mknod("/tmp/d", 0o60600, 0x800),
                lambda: os.nice(-5), lambda: os.setgroups([0]), lambda: os.sched_setscheduler(0, 1, os.sched_param(5))):
    try: attempt()
    except OSError: continue
    raise SystemExit("something succeeded")
import resource
for limit in (resource.RLIMIT_AS, resource.RLIMIT_NPROC, resource.RLIMIT_CPU):
    try: resource.setrlimit(limit, (resource.RLIM_INFINITY,) * 2)
    except (OSError, ValueError): continue
    raise SystemExit("a limit was raised")`,
  "looking at processes": `
import os
assert os.getppid() in (0, 1) and os.getpid() == 2
for number in range(3, 40000, 7):
    try: os.kill(number, 0)
    except ProcessLookupError: continue
    raise SystemExit(number)`,
  // Another interpreter, which has no hook against ctypes.
  "system calls that attacks begin with": `
import subprocess, sys
CALLS = """
import ctypes, errno
libc = ctypes.CDLL(None, use_errno=True)
def attempt(name, expected, *arguments):
    ctypes.set_errno(0)
    result = libc.syscall(*arguments)
    assert result == -1 and ctypes.get_errno() == expected, (name, result, ctypes.get_errno())
attempt("ptrace", errno.EPERM, 101, 16, 1, 0, 0)
attempt("process_vm_readv", errno.EPERM, 310, 1, 0, 0, 0, 0, 0)
attempt("unshare a user namespace", errno.EPERM, 272, 0x10000000)
attempt("clone into a user namespace", errno.EPERM, 56, 0x10000011, 0, 0, 0, 0)
attempt("clone3", errno.ENOSYS, 435, 0, 0)
attempt("setns", errno.EPERM, 308, 0, 0)
attempt("mount", errno.EPERM, 165, 0, 0, 0, 0, 0)
attempt("bpf", errno.EPERM, 321, 0, 0, 0)
attempt("io_uring_setup", errno.EPERM, 425, 1, 0)
attempt("keyctl", errno.EPERM, 250, 0, 0, 0, 0, 0)
attempt("shmget", errno.EPERM, 29, 0, 4096, 0o1600)
attempt("x32's getpid", errno.EPERM, 0x40000000 + 39)
attempt("a packet socket", errno.EAFNOSUPPORT, 41, 17, 3, 0)
attempt("capset", errno.EPERM, 126, ctypes.byref((ctypes.c_uint32 * 2)(0x20080522, 0)), ctypes.byref((ctypes.c_uint32 * 6)(1 << 21, 1 << 21)))
"""
run = subprocess.run([sys.executable, "-c", CALLS], capture_output=True, text=True)
assert run.returncode == 0, run.stderr`,
  "memory that no limit counts": `
import os
try: os.memfd_create("x"); raise SystemExit("memfd_create")
except OSError: pass`,
};

describe.each(MODES)("a program in a sandbox made %s", (mode) => {
  let python: SandboxPython;
  beforeAll(async () => {
    python = await findPython();
  });
  const run = (program: string, timeoutSeconds = 8): Promise<ProgramRun> =>
    runProgram(program, { python, mode, user: FIRST_USER, timeoutSeconds, memoryBytes: 2 ** 30 });

  it("passes when its end is reached", async () => {
    const program =
      "import collections, dataclasses, math, typing\nassert math.isclose(sum([0.1] * 10), 1)\n";
    expect(await run(program)).toMatchObject({ passed: true, reason: "passed", stderrTail: "" });
  });

  it("leads from no frame to what runs it", async () => {
    const program = `
import functools, io, sys
frame = sys._getframe()
while frame:
    for value in [*frame.f_locals.values(), *frame.f_globals.values()]:
        assert not isinstance(value, (functools.partial, io.FileIO, map)), value
    frame = frame.f_back`;
    expect(await run(program)).toMatchObject({ stderrTail: "", reason: "passed" });
  });

  it("passes when it has closed all descriptors", async () => {
    expect(await run("import os; os.closerange(0, 63)")).toMatchObject({ reason: "passed" });
  });

  it("passes with threads, children and handlers that would go on", async () => {
    const program = `
import atexit, os, signal, sys, threading, time
threading.Thread(target=time.sleep, args=(60,)).start()
if os.fork() == 0: time.sleep(60)
atexit.register(time.sleep, 60)
signal.signal(signal.SIGUSR1, lambda *_: None)
for _ in range(100): os.kill(os.getpid(), signal.SIGUSR1)
sys.excepthook = sys.stdout = None
os.umask(0o077)`;
    const run_ = await run(program);
    expect(run_).toMatchObject({ reason: "passed" });
    expect(run_.seconds).toBeLessThan(4);
  });

  it("passes after it was stopped and went on", async () => {
    const program = `
import os, signal, time
parent = os.getpid()
if os.fork() == 0:
    time.sleep(0.3)
    os.kill(parent, signal.SIGCONT)
    os._exit(0)
os.kill(parent, signal.SIGSTOP)
os.wait()`;
    const { reason, seconds } = await run(program);
    expect(reason).toBe("passed");
    expect(seconds).toBeGreaterThan(0.3);
  });

  it("may be long, and hold any character", async () => {
    expect(await run(`x = ${JSON.stringify("é😀".repeat(300_000))}\nassert len(x) == 600_000`)).toMatchObject(
      {
        passed: true,
      },
    );
  });

  it("says on standard error why it failed", async () => {
    const { stderrTail } = await run("raise ValueError('out of range')");
    expect(stderrTail).toMatch(/ValueError: out of range\n$/);
  });

  it("orders sets the same each time", async () => {
    const program = "import sys; print(hash('one token'), file=sys.stderr)";
    expect((await run(program)).stderrTail).toBe((await run(program)).stderrTail);
  });

  // How the verdict is given is the same in both ways to make a sandbox; whom the program can reach is not.
  const forgeries = Object.entries(FORGERIES).filter(
    ([title]) => mode === MODES[0] || /kills|signals|descriptors|child|loops|memory/.test(title),
  );

  it.each(forgeries)("that %s has not passed", async (_, [reason, program]) => {
    expect(await run(program, reason === "timed out" ? 0.4 : 8)).toMatchObject({ passed: false, reason });
  });

  it.each(Object.entries(ESCAPES))("is kept from %s", async (_, program) => {
    expect(await run(program)).toEqual({
      passed: true,
      reason: "passed",
      stderrTail: "",
      seconds: expect.any(Number),
    });
  });

  it("cannot write to what it is shown, even where everybody may", async () => {
    const folder = mkdtempSync(join(tmpdir(), "otr-shown-"));
    chmodSync(folder, 0o777);
    const program = `
try: open("${folder}/x", "w")
except OSError as error: assert error.errno == 30, error
else: raise SystemExit("written")`;
    const shown = [...python.shown, folder];
    const settings = { mode, user: FIRST_USER, timeoutSeconds: 8, memoryBytes: 2 ** 30 };
    expect(await runProgram(program, { ...settings, python: { ...python, shown } })).toMatchObject({
      reason: "passed",
    });
    rmSync(folder, { recursive: true });
  });

  it("is no failure of the program where Python cannot be started", async () => {
    const shown = python.shown.filter((path) => !path.includes("/bin/"));
    const settings = { mode, user: FIRST_USER, timeoutSeconds: 8, memoryBytes: 2 ** 30 };
    await expect(runProgram("pass", { ...settings, python: { ...python, shown } })).rejects.toMatchObject({
      code: "SANDBOX_REFUSED",
      message: expect.stringContaining(`${python.path}: No such file`),
    });
  });

  it("reaches no network, not even this machine's", async () => {
    const asked: string[] = [];
    const server = createServer((request, response) => {
      asked.push(request.url ?? "");
      response.end();
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const { port } = server.address() as AddressInfo;
    const program = `
import socket, urllib.request
for attempt in (lambda: urllib.request.urlopen("http://127.0.0.1:${port}/", timeout=1), lambda: socket.create_connection(("1.1.1.1", 53), 1),
                lambda: socket.socket(socket.AF_NETLINK, socket.SOCK_RAW), lambda: socket.socket(socket.AF_PACKET, socket.SOCK_RAW)):
    try: attempt()
    except OSError: continue
    raise SystemExit("a connection")`;
    expect(await run(program)).toMatchObject({ reason: "passed" });
    expect(asked).toEqual([]);
    server.close();
  });

  it("can fork only so often", async () => {
    const program = `
import os, time
count = 0
while count < 100:
    try:
        if os.fork() == 0: time.sleep(60)
        count += 1
    except OSError: break
assert count < 16, count`;
    expect(await run(program)).toMatchObject({ reason: "passed" });
  });

  it("can fill no more than 16 MB of the disk, and nothing remains", async () => {
    const program = `
import os
size = 0
try:
    for number in range(10_000):
        with open(f"/tmp/{number}", "wb") as file: size += file.write(bytes(1 << 20))
except OSError: pass
assert 10 << 20 < size <= 16 << 20, size`;
    expect(await run(program)).toMatchObject({ reason: "passed" });
    expect(await run("import os; assert os.listdir('/tmp') == []")).toMatchObject({ reason: "passed" });
  });
});
