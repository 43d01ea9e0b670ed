/** @file What a checkpoint remembers beside tensors. Random draws and the order of rows follow from seed and step. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import { DataError } from "../../errors.js";
import { divergenceState } from "../divergence-guard.js";
import { statisticNames } from "../../objectives/statistics.js";
import { rolloutState } from "../rollouts.js";
import { emptySums } from "../sum-statistics.js";

export const TRAINER_STATE = "trainer_state.json";

/** A checkpoint of an earlier version lacks what that did not sum. */
const sums = z
  .partialRecord(z.enum(statisticNames), z.number())
  .transform((known) => ({ ...emptySums(), ...known }));

const trainerStateSchema = z.looseObject({
  /** Raised by whoever changes what older programs would misread. */
  format: z.literal(1),
  run_id: z.string(),
  /** Optimizer steps done. */
  step: z.int().min(0),
  /** Updates of the optimizer, which steps that were skipped have not had. */
  optimizer_steps: z.int().min(0),
  epoch: z.number(),
  /** Unix seconds. */
  time: z.number(),
  /** Whether optimizer and exact weights are there: not with `save_only_model`. */
  resumable: z.boolean(),
  /** What decides on the numbers of a run, by the names that a refusal to resume uses. */
  settings: z.record(z.string(), z.unknown()),
  /** What decides on their last digits only. */
  machine: z.record(z.string(), z.unknown()),
  /** Names of settings that were changed, as it was allowed, when the run went on from a checkpoint before. */
  changed: z.array(z.string()).default([]),
  /** What is gathered since the last line of `metrics.jsonl`, and since the start. */
  metrics: z.strictObject({
    sums,
    total: sums,
    steps: z.number(),
    seconds: z.number(),
    tokens: z.number(),
    tokens_before: z.number(),
    /** Lines of `metrics.jsonl` about the steps that are done. */
    lines: z.int().nullable().default(null),
    rollouts: z.record(z.string(), z.tuple([z.number(), z.number()])).default({}),
    /** A number that is none is null in JSON. */
    last: z.record(z.string(), z.number().nullable()).transform(withoutNulls),
    update: z.strictObject({ learning_rate: z.number(), grad_norm: z.number() }).nullable().default(null),
  }),
  /** What the guard against divergence has seen. */
  divergence: divergenceState.default({ skipped: 0, high: 0, spikes: { norms: [], silent: 0 } }),
  /** Completions that more steps are to be made with; null: the next step has new ones. */
  rollouts: rolloutState.nullable().default(null),
  /** The best evaluation so far. */
  best: z.strictObject({ metric: z.string(), value: z.number(), step: z.int() }).nullable(),
  /** Evaluations since, for early stopping. */
  evaluations_without_improvement: z.int(),
  /** What decided on them. */
  judged_by: z
    .strictObject({
      metric: z.string().nullable(),
      greater_is_better: z.boolean().nullable(),
      threshold: z.number(),
    })
    .nullable()
    .default(null),
  /** Whether the run was stopped before the evaluation that was due after this step. */
  evaluation_pending: z.boolean(),
});

function withoutNulls(values: Record<string, number | null>): Record<string, number> {
  return Object.fromEntries(
    Object.entries(values).filter((entry): entry is [string, number] => entry[1] !== null),
  );
}

/** The content of `trainer_state.json`. */
export type TrainerState = z.output<typeof trainerStateSchema>;

/** @throws {DataError} `CHECKPOINT_INVALID` */
export function readTrainerState(folder: string): TrainerState {
  const path = join(folder, TRAINER_STATE);
  try {
    return trainerStateSchema.parse(JSON.parse(readFileSync(path, "utf8")));
  } catch (error) {
    throw new DataError(
      "CHECKPOINT_INVALID",
      `${path} is not as this version of otr writes it, so training cannot go on from there; choose another checkpoint`,
      { cause: error },
    );
  }
}
