/** @file How fast an objective trains, from a short run of it. */
import { DataError } from "../errors.js";
import type { PreparedObjective } from "./comparison-cell.js";
import { stepTimes } from "./training-cost.js";

/** Steps at the start of a run that are slower than the rest: memory is asked for and caches are empty. */
const WARM_UP_STEPS = 2;

/**
 * Tokens a second, as a budget counts them, over all whole cycles of steps behind the first steps: short rows and long ones
 * have their weight.
 *
 * @param seed of the run
 * @throws what `readMetrics` throws; {@link DataError} `TIMING_MISSING`
 */
export function trainingSpeed(
  folder: string,
  { stepCycle, tokensOfSteps }: Pick<PreparedObjective, "stepCycle" | "tokensOfSteps">,
  seed: number,
): number {
  const times = stepTimes(folder);
  const from = Math.ceil(WARM_UP_STEPS / stepCycle) * stepCycle;
  const to = Math.floor(times.length / stepCycle) * stepCycle;
  const seconds = times.slice(from, to).reduce((sum, time) => sum + time, 0);
  if (seconds > 0) return tokensOfSteps(from, to, seed) / seconds;
  throw new DataError("TIMING_MISSING", `${folder} has no timed steps; remove it, and they are timed again`);
}
