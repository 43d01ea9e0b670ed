import { readFileSync } from "node:fs";
import { OtrError } from "../../errors.js";
import { findPython, type SandboxPython } from "./find-python.js";
import { sweepMemoryGroups } from "./memory-group.js";
import { type ProgramRun, runProgram, type SandboxMode } from "./run-program.js";

/** What this machine can provide. */
export type SandboxProbe =
  | { readonly available: true; readonly python: SandboxPython; readonly mode: SandboxMode }
  | { readonly available: false; readonly reason: string };

/** Passes only where the program sees what a sandbox shows. */
const INSIDE = `
import os, socket
assert os.getuid() != 0 and os.getpid() == 2, "not a process namespace of its own"
assert not os.path.exists("/proc") and not os.path.exists("/etc/passwd"), "not a root of its own"
assert not os.access("/", os.W_OK), "a root that can be written"
assert set(os.environ) <= {"PATH", "HOME", "TMPDIR", "LANG", "TZ", "LC_CTYPE", "PYTHONHASHSEED", "PYTHONUTF8",
    "OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS"}, "the environment of the machine"
try:
    socket.socket(socket.AF_INET)
except OSError:
    pass
else:
    raise AssertionError("no system call filter")
`;

const PROBE_SECONDS = 10;

/** Tries the ways to make a sandbox, and looks around inside. Runs nothing but its own two programs. */
export async function probeSandbox(pythonPath?: string): Promise<SandboxProbe> {
  let python: SandboxPython;
  try {
    python = await findPython(pythonPath);
  } catch (error) {
    if (!(error instanceof OtrError)) throw error;
    return { available: false, reason: error.message };
  }
  if (process.platform !== "linux" || process.arch !== "x64") {
    return {
      available: false,
      reason: `the sandbox is made for Linux on x86-64, this is ${process.platform} ${process.arch}`,
    };
  }
  sweepMemoryGroups();
  const isRoot = process.getuid?.() === 0;
  const reasons: string[] = [];
  for (const mode of isRoot ? (["root", "user namespace"] as const) : (["user namespace"] as const)) {
    const reason = await tryMode(python, mode);
    if (reason === null) return { available: true, python, mode };
    reasons.push(`${mode === "root" ? "by root's rights" : "in a user namespace"}: ${reason}`);
  }
  return { available: false, reason: [...reasons, ...remedies(isRoot)].join("; ") };
}

/** Null where it works, else the reason. */
async function tryMode(python: SandboxPython, mode: SandboxMode): Promise<string | null> {
  const settings = { python, mode, user: FIRST_USER, timeoutSeconds: PROBE_SECONDS, memoryBytes: 2 ** 30 };
  try {
    const inside = await runProgram(INSIDE, settings);
    if (!inside.passed) return `a program does not run as it should (${lastWords(inside)})`;
    const early = await runProgram("import os; os._exit(0)", settings);
    return early.passed ? "a program that ends early counts as passed" : null;
  } catch (error) {
    if (error instanceof OtrError) return error.message;
    throw error;
  }
}

/**
 * The first of 64 users that no system gives to people or services, below the end of what containers map; others for most
 * other processes that run programs at the same time.
 */
export const FIRST_USER = 64_000 + 64 * (process.pid % 20);

function lastWords({ reason, stderrTail }: ProgramRun): string {
  return stderrTail.trim().split("\n").at(-1) || reason;
}

/** What this machine's settings say about the reason. */
function remedies(isRoot: boolean): string[] {
  const found: string[] = [];
  if (setting("kernel/apparmor_restrict_unprivileged_userns") === "1") {
    found.push(
      "AppArmor restricts user namespaces here (sysctl kernel.apparmor_restrict_unprivileged_userns=0 lifts that)",
    );
  }
  if (setting("kernel/unprivileged_userns_clone") === "0") {
    found.push(
      "user namespaces are for root alone here (sysctl kernel.unprivileged_userns_clone=1 lifts that)",
    );
  }
  if (setting("user/max_user_namespaces") === "0") {
    found.push("user namespaces are switched off here (sysctl user.max_user_namespaces)");
  }
  if (setting("kernel/yama/ptrace_scope") === "3") {
    found.push(
      "tracing is switched off here until the machine is restarted (sysctl kernel.yama.ptrace_scope)",
    );
  }
  if (found.length === 0) {
    found.push(
      isRoot
        ? "a container needs `--cap-add SYS_ADMIN --security-opt apparmor=unconfined --security-opt seccomp=unconfined`"
        : "run it as root, or in a container that permits namespaces",
    );
  }
  return found;
}

function setting(name: string): string | null {
  try {
    return readFileSync(`/proc/sys/${name}`, "utf8").trim();
  } catch {
    return null;
  }
}
