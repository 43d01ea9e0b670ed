import { byteCount } from "../config/format-value.js";
import { RunError } from "../errors.js";
import { planMemory } from "./memory-plan.js";
import { memorySavings } from "./memory-savings.js";
import type { OpenRun } from "./open-run.js";
import { memorySettings } from "./run-memory.js";
import { measureWorkload } from "./workload.js";

/** How many remedies are named. */
const REMEDIES = 3;

/**
 * What to change when a step could not get its memory, with the numbers of `otr plan`.
 *
 * @param cause the error of libtorch
 */
export async function explainOutOfMemory(
  { config, run, precision: { computeDtype }, log }: OpenRun,
  cause: unknown,
): Promise<RunError> {
  const largestRows = await run.dataset.rows.read(
    measureWorkload(run.plan, run.dataset.rows.lengths).largest,
  );
  const settings = { ...(await memorySettings(config, run, largestRows, computeDtype)), process: 0 };
  const { peak, during, weights, copies, optimizer, ...moment } = planMemory(settings);
  const savings = memorySavings(config, settings, largestRows).slice(0, REMEDIES);
  const remedies = savings.map(({ option, value, bytes }) => `--${option} ${value} (-${byteCount(bytes)})`);
  const others = `a lower --max_length${config.usePeft ? "" : ", --use_peft true"}`;
  return new RunError(
    "OUT_OF_MEMORY",
    `step ${log.steps + 1} could not get the memory it needs (${cause instanceof Error ? cause.message : cause}). Beside the program itself the run takes ` +
      `${byteCount(peak)} at its peak, in ${during}: ${byteCount(weights + copies)} of weights, ${byteCount(optimizer)} of the optimizer, ` +
      `${byteCount(moment.gradients + moment.activations + moment.working)} of gradients and activations. ` +
      `Less is needed with ${[...remedies, others].join(", ")}; otr plan with the same options tells more`,
    { cause },
  );
}
