import { byteCount } from "../config/format-value.js";
import { RunError } from "../errors.js";
import { type MemoryMoment, OutOfMemoryError } from "./memory-moment.js";
import { planMemory } from "./memory-plan.js";
import { type MemorySaving, memorySavings } from "./memory-savings.js";
import type { OpenRun } from "./open-run.js";
import { largestEvaluation, memorySettings } from "./run-memory.js";
import { measureWorkload } from "./workload.js";

/** How many remedies are named. */
const REMEDIES = 3;

/**
 * What to change when a step, an evaluation or a save could not get its memory, with the numbers of `otr plan`.
 *
 * @param cause the error of libtorch, or the `OutOfMemoryError` that tells in what it came
 */
export async function explainOutOfMemory(
  {
    config,
    run,
    precision: { computeDtype },
    log: { steps },
  }: Pick<OpenRun, "config" | "run" | "precision" | "log">,
  cause: unknown,
): Promise<RunError> {
  const moment = cause instanceof OutOfMemoryError ? cause.moment : "step";
  const { rows } = run.dataset;
  const trained = await rows.read(measureWorkload(run.plan, rows.lengths).largest);
  const counted = await memorySettings(config, run, trained, computeDtype);
  // A checkpoint that is being written may hold its copies in a step, not once it is waited for.
  const settings = { ...counted, ...(moment === "save" && { copied: "nothing" as const }), process: 0 };
  const { peak, during, weights, copies, optimizer, reference, ...held } = planMemory(settings, moment);
  const largest = { trained, evaluated: await largestEvaluation(run.evalSets, 1) };
  const savings = memorySavings(config, settings, largest, moment);
  // A run that goes on from a checkpoint keeps optimizer and parameters.
  const isForAnew = ({ option }: MemorySaving) => steps > 0 && option === "optim";
  const goingOn = describe(savings.filter((saving) => !isForAnew(saving)));
  if (moment !== "save" && config.lossType !== "grpo") goingOn.push("a lower --max_length");
  const anew = describe(savings.filter(isForAnew));
  if (!config.usePeft) (steps > 0 ? anew : goingOn).push("--use_peft true");
  const parts = [
    `${byteCount(weights + copies + reference)} of weights`,
    `${byteCount(optimizer)} of the optimizer`,
    ...workOf(moment, held.gradients + held.activations + held.working),
  ];
  return new RunError(
    "OUT_OF_MEMORY",
    `${nameOf(moment, steps)} could not get the memory it needs (${cause instanceof Error ? cause.message : cause}). Beside the program itself the run takes ` +
      `${byteCount(peak)} at its peak, in ${during}: ${parts.join(", ")}. ` +
      (goingOn.length === 0 ? "" : `Less is needed with ${goingOn.join(", ")}. `) +
      (anew.length === 0 ? "" : `A run begun anew needs less with ${anew.join(", ")}. `) +
      "otr plan with the same options tells more",
    { cause },
  );
}

const describe = (savings: readonly MemorySaving[]): string[] =>
  savings.slice(0, REMEDIES).map(({ option, value, bytes }) => `--${option} ${value} (-${byteCount(bytes)})`);

const nameOf = (moment: MemoryMoment, steps: number): string =>
  ({
    step: `step ${steps + 1}`,
    evaluation: `the evaluation after step ${steps}`,
    save: `saving after step ${steps}`,
  })[moment];

function workOf(moment: MemoryMoment, bytes: number): string[] {
  if (moment === "save") return [];
  return [
    `${byteCount(bytes)} of ${moment === "step" ? "gradients and activations" : "hidden states and logits"}`,
  ];
}
