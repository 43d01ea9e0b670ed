/** @file What of a run is not done yet. */
import { createHash } from "node:crypto";
import { readMeasurement } from "./measurement.js";
import type { RunOrder, TaskOrder, TokenOrder } from "./run-order.js";

/** The parts of an order that are not carried out. */
export interface PendingWork {
  readonly isTraining: boolean;
  readonly tasks: readonly TaskOrder[];
  readonly tokens: TokenOrder | null;
}

/** Compares an order with what `measurement.json` of its folder says. */
export function pendingWork({ folder, training, tasks, tokens }: RunOrder): PendingWork {
  const measurement = readMeasurement(folder);
  const areTokensThere = tokens === null || measurement.tokens?.fingerprint === tokensFingerprint(tokens);
  return {
    isTraining: training !== null && measurement.training === null,
    tasks: tasks.filter(({ name, fingerprint }) => measurement.tasks[name] !== fingerprint),
    tokens: areTokensThere ? null : tokens,
  };
}

/** Whether nothing is left to do. */
export const isCarriedOut = (order: RunOrder): boolean => {
  const { isTraining, tasks, tokens } = pendingWork(order);
  return !isTraining && tasks.length === 0 && tokens === null;
};

/** Raised where the same order measures something else than before. */
const TOKENS_VERSION = 2;

/** A hash of what tokens are compared with and of which there are. */
export function tokensFingerprint({ baseFolder, forgetting, rows }: TokenOrder): string {
  const { tasks } = readMeasurement(baseFolder);
  const answers = forgetting.map((task) => [task, tasks[task]]);
  return createHash("sha256")
    .update(JSON.stringify([TOKENS_VERSION, answers, rows]))
    .digest("hex");
}
