import { spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { RunError } from "../../errors.js";
import type { SandboxPython } from "./find-python.js";
import { type MemoryGroup, makeMemoryGroup } from "./memory-group.js";

/** How a program ended. Only `passed` is one: its last line was reached. */
export type ProgramEnd =
  | "passed"
  /** An exception, wrong syntax, or an exit status other than 0. */
  | "failed"
  /** It ended itself before its last line (`sys.exit()`, `os._exit(0)`). */
  | "ended early"
  | "timed out"
  /** By a signal: too much memory or processor time, a crash, itself. */
  | "killed"
  /** It wrote more than {@link MOST_OUTPUT_BYTES} to standard error. */
  | "too much output";

/** How a program ended, once. */
export interface ProgramRun {
  readonly passed: boolean;
  readonly reason: ProgramEnd;
  /** The last of what it wrote to standard error, at most {@link STDERR_TAIL_BYTES} bytes. */
  readonly stderrTail: string;
  /** From its start, with Python's own (some 0.02 s), to its end. */
  readonly seconds: number;
}

/** How the machine lets a sandbox be made: by root's rights, or in a user namespace, which needs none. */
export type SandboxMode = "root" | "user namespace";

/** What a program is run with. */
export interface ProgramSettings {
  readonly python: SandboxPython;
  readonly mode: SandboxMode;
  /** In mode `root`, the user it runs as: one that nobody else is, so that limits of processes are its own. */
  readonly user: number;
  readonly timeoutSeconds: number;
  /** Of each process (RLIMIT_AS), and of all of them together where a control group can be made. */
  readonly memoryBytes: number;
}

export const STDERR_TAIL_BYTES = 4096;
export const MOST_OUTPUT_BYTES = 2 ** 20;

const MOST_PROCESSES = 16;
const SCRATCH_BYTES = 16 * 2 ** 20;

/** What the making of a sandbox may take beyond the program's own time. */
const SETUP_SECONDS = 20;

const folder = new URL("../../../sandbox/", import.meta.url);
const LAUNCHER = fileURLToPath(new URL("launch_program.py", folder));
const RUNNER = fileURLToPath(new URL("run_to_end.py", folder));

/** The program sees nothing of the environment of this process. The hash seed makes the order of sets the same each time. */
const ENVIRONMENT = {
  PATH: "/usr/bin:/bin",
  HOME: "/tmp",
  TMPDIR: "/tmp",
  LANG: "C.UTF-8",
  TZ: "UTC",
  PYTHONHASHSEED: "0",
  PYTHONUTF8: "1",
  // Each thread of a numerical library takes address space.
  OPENBLAS_NUM_THREADS: "1",
  OMP_NUM_THREADS: "1",
};

/**
 * Runs one program in a sandbox of its own.
 * @throws RunError `SANDBOX_REFUSED` where the machine does not let it be made; `SANDBOX_BROKEN` where the launcher itself
 * fails
 */
export async function runProgram(program: string, settings: ProgramSettings): Promise<ProgramRun> {
  const group = makeMemoryGroup(settings.memoryBytes, MOST_PROCESSES);
  try {
    return await launchProgram(program, settings, group);
  } finally {
    await group?.remove();
  }
}

async function launchProgram(
  program: string,
  settings: ProgramSettings,
  group: MemoryGroup | null,
): Promise<ProgramRun> {
  const { python, timeoutSeconds } = settings;
  const launcher = spawn(python.path, ["-E", "-s", "-B", LAUNCHER], {
    // A process group of its own: what signals its group reaches nobody else.
    detached: true,
    stdio: ["pipe", "pipe", "pipe"],
    env: { PATH: ENVIRONMENT.PATH, LANG: ENVIRONMENT.LANG },
    cwd: "/",
  });
  let report = "";
  let stderr: Buffer = Buffer.alloc(0);
  let stderrBytes = 0;
  let stoppedFor: ProgramEnd | null = null;
  const stop = (reason: ProgramEnd) => {
    stoppedFor ??= reason;
    launcher.kill("SIGKILL");
  };
  launcher.stdout.setEncoding("utf8").on("data", (text: string) => {
    report += text;
  });
  launcher.stderr.on("data", (bytes: Buffer) => {
    stderrBytes += bytes.length;
    stderr = Buffer.concat([stderr, bytes]).subarray(-STDERR_TAIL_BYTES);
    if (stderrBytes > MOST_OUTPUT_BYTES) stop("too much output");
  });
  // The launcher may have ended before it has read everything; how it ended says why.
  launcher.stdin.on("error", () => undefined);
  launcher.stdin.end(`${JSON.stringify(launcherSettings(settings, group))}\n${program}`);
  const began = performance.now();
  const timer = setTimeout(() => stop("timed out"), (timeoutSeconds + SETUP_SECONDS) * 1000);
  let exitCode: number | null;
  try {
    exitCode = await new Promise<number | null>((resolve, reject) => {
      launcher.once("error", reject);
      launcher.once("close", resolve);
    });
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new RunError("SANDBOX_BROKEN", `the sandbox cannot be started: ${reason}`, { cause: error });
  } finally {
    clearTimeout(timer);
  }
  const stderrTail = stderr.toString("utf8");
  const seconds = (performance.now() - began) / 1000;
  if (stoppedFor !== null) return { passed: false, reason: stoppedFor, stderrTail, seconds };
  if (report === "" && exitCode !== 0) {
    const reason = stderrTail.trim().split("\n").at(-1);
    throw new RunError("SANDBOX_BROKEN", `the sandbox cannot be started: ${reason}`);
  }
  return readReport(report, stderrTail, seconds);
}

function launcherSettings(
  { python, mode, user, timeoutSeconds, memoryBytes }: ProgramSettings,
  group: MemoryGroup | null,
) {
  return {
    python: python.path,
    shown: python.shown,
    links: python.links,
    runner: readFileSync(RUNNER, "utf8"),
    environment: ENVIRONMENT,
    inUserNamespace: mode === "user namespace",
    user,
    timeoutSeconds,
    groupFile: group?.processesFile ?? null,
    scratchBytes: SCRATCH_BYTES,
    limits: {
      AS: memoryBytes,
      CPU: Math.ceil(timeoutSeconds) + 1,
      NPROC: MOST_PROCESSES,
      FSIZE: SCRATCH_BYTES,
      NOFILE: 64,
      CORE: 0,
      MEMLOCK: 0,
      MSGQUEUE: 0,
    },
  };
}

/** What the lines say. Without one, the kernel ended init: the memory of the machine ran out. */
function readReport(text: string, stderrTail: string, seconds: number): ProgramRun {
  const lines = text
    .trim()
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => JSON.parse(line) as { refused: string } | { reason: ProgramEnd; seconds: number });
  for (const line of lines) {
    if ("refused" in line) throw new RunError("SANDBOX_REFUSED", line.refused);
  }
  const [line] = lines;
  if (line !== undefined && "reason" in line) {
    return { passed: line.reason === "passed", reason: line.reason, stderrTail, seconds: line.seconds };
  }
  return { passed: false, reason: "killed", stderrTail, seconds };
}
