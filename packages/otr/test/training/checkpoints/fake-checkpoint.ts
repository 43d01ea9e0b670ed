import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { statisticNames } from "../../../src/objectives/statistics.js";
import { partialFolder, publishCheckpoint } from "../../../src/training/checkpoints/checkpoint-folders.js";
import { checkpointName } from "../../../src/training/checkpoints/find-checkpoints.js";
import { TRAINER_STATE } from "../../../src/training/checkpoints/trainer-state.js";

const sums = Object.fromEntries(statisticNames.map((name) => [name, 0]));

/**
 * A checkpoint without tensors, of the run `a-run` unless said otherwise.
 *
 * @param state fields of `trainer_state.json`
 * @returns its folder
 */
export function fakeCheckpoint(outputDir: string, state: { step: number; [field: string]: unknown }): string {
  const folder = join(outputDir, checkpointName(state.step));
  const whole = {
    format: 1,
    run_id: "a-run",
    optimizer_steps: state.step,
    epoch: 0,
    time: 1_700_000_000 + state.step,
    resumable: true,
    settings: {},
    machine: {},
    metrics: { sums, total: sums, steps: 0, seconds: 0, tokens: 0, tokens_before: 0, last: {} },
    best: null,
    evaluations_without_improvement: 0,
    evaluation_pending: false,
    ...state,
  };
  mkdirSync(partialFolder(folder), { recursive: true });
  writeFileSync(join(partialFolder(folder), TRAINER_STATE), JSON.stringify(whole));
  publishCheckpoint(folder, { run_id: whole.run_id, step: state.step });
  return folder;
}
