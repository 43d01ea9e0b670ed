import { DataError } from "../errors.js";
import type { ScoringTools } from "./metrics/metric.js";
import type { Sandbox } from "./sandbox/open-sandbox.js";

/** How the programs of a task fared against their time limit. */
export interface ProgramCounts {
  /** All that were run. */
  readonly run: number;
  /** Those whose time was over once, and that were run again with no other beside them. */
  readonly tried_again: number;
  /** Those of them whose time was over again: they count as wrong. */
  readonly timed_out: number;
}

/** Runs the programs of one task, and counts what a score does not tell. */
export class CountedPrograms implements ScoringTools {
  #run = 0;
  #triedAgain = 0;
  #timedOut = 0;

  /** @param sandbox null where no task was said to run programs */
  constructor(readonly sandbox: Sandbox | null) {}

  /** @throws {DataError} `TASK_INVALID` without a sandbox */
  async runProgram(program: string): Promise<boolean> {
    if (this.sandbox === null)
      throw new DataError("TASK_INVALID", "a task that runs programs must say unsafe_code: true");
    const { passed, reason, attempts } = await this.sandbox.run(program);
    this.#run += 1;
    if (attempts > 1) this.#triedAgain += 1;
    if (reason === "timed out") this.#timedOut += 1;
    return passed;
  }

  /** Null where no program was run. */
  counts(): ProgramCounts | null {
    if (this.#run === 0) return null;
    return { run: this.#run, tried_again: this.#triedAgain, timed_out: this.#timedOut };
  }
}
