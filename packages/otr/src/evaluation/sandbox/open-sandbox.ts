import { availableParallelism } from "node:os";
import { RunError } from "../../errors.js";
import { FIRST_USER, probeSandbox } from "./probe-sandbox.js";
import { type ProgramRun, runProgram, type SandboxMode } from "./run-program.js";
import { Turns } from "./turns.js";
import { requireUnsafeCodeConsent } from "./unsafe-code-consent.js";

/** How sandboxes are made. */
export interface SandboxOptions {
  /** The option `confirm_run_unsafe_code`; `HF_ALLOW_CODE_EVAL=1` is wanted too. */
  readonly confirmRunUnsafeCode: boolean;
  /** Path of a Python (default: `OTR_SANDBOX_PYTHON`, else `/usr/bin/python3`, else the `python3` of `PATH`). */
  readonly python?: string;
  /** Programs at once (default: one less than the processors, at least 1). */
  readonly concurrency?: number;
  /** For each process of a program (default: 1 GiB). */
  readonly memoryBytes?: number;
}

/** The first import of a large package reads it from the disk. */
const IMPORT_SECONDS = 60;

/** Each runs as a user of its own. */
const MOST_AT_ONCE = 64;

/** How a program ended, and how often it was run: 2 where its time was over once. */
export interface ProgramResult extends ProgramRun {
  readonly attempts: 1 | 2;
}

/** Runs programs that nobody has read. */
export interface Sandbox {
  /** Of the Python that programs run in. */
  readonly pythonVersion: string;
  readonly mode: SandboxMode;
  /**
   * Runs a program; it passes when the end of its last line is reached within the time. One whose time is over is run once
   * more, with no other beside it: under load a right answer may need longer.
   * @param limits `timeoutSeconds`: wall time, 3 by default as in lm-evaluation-harness
   */
  run(program: string, limits?: { readonly timeoutSeconds?: number }): Promise<ProgramResult>;
  /**
   * Makes sure that programs can import what their tests need; without it each of them would count as wrong.
   * @param modules their names, such as `numpy`
   * @throws RunError `SANDBOX_MODULES`
   */
  requireModules(modules: readonly string[]): Promise<void>;
}

/**
 * Makes sure that this machine can provide a sandbox. There is no other way to run a program.
 * @throws ConfigError where one of the two switches is off
 * @throws RunError `SANDBOX_UNAVAILABLE` with the reason, where the machine cannot provide it
 */
export async function openSandbox(options: SandboxOptions): Promise<Sandbox> {
  requireUnsafeCodeConsent(options.confirmRunUnsafeCode);
  const probe = await probeSandbox(options.python);
  if (!probe.available) {
    throw new RunError(
      "SANDBOX_UNAVAILABLE",
      `this machine cannot provide a sandbox for programs, and they are never run without one: ${probe.reason}`,
    );
  }
  const { python, mode } = probe;
  const { concurrency = availableParallelism() - 1, memoryBytes = 2 ** 30 } = options;
  const run = (program: string, turn: number, timeoutSeconds: number) =>
    runProgram(program, { python, mode, user: FIRST_USER + turn, timeoutSeconds, memoryBytes });
  const turns = new Turns(Math.min(Math.max(1, concurrency), MOST_AT_ONCE));
  return {
    pythonVersion: python.version,
    mode,
    async run(program, { timeoutSeconds = 3 } = {}) {
      const once = (turn: number) => run(program, turn, timeoutSeconds);
      const first = await turns.take(once);
      if (first.reason !== "timed out") return { ...first, attempts: 1 };
      return { ...(await turns.takeAlone(once)), attempts: 2 };
    },
    async requireModules(modules) {
      if (modules.length === 0) return;
      const names = modules.map((name) => JSON.stringify(name)).join(", ");
      const program = `import importlib\nfor name in [${names}]: importlib.import_module(name)`;
      const { passed, stderrTail } = await turns.take((turn) => run(program, turn, IMPORT_SECONDS));
      if (passed) return;
      throw new RunError(
        "SANDBOX_MODULES",
        `the tests need ${modules.join(", ")}, and ${python.path} cannot import that ` +
          `(${stderrTail.trim().split("\n").at(-1)}): install it there, or name another Python in OTR_SANDBOX_PYTHON`,
      );
    },
  };
}
