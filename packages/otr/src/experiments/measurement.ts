/** @file What a run of a comparison has cost and shown, in `measurement.json` of its folder. */
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import { DataError } from "../errors.js";
import { writeFileAtomically } from "../models/write-file-atomically.js";

const NAME = "measurement.json";

const shiftSchema = z.object({
  /** What the group is called: `0.01 to 0.1`, `digits`. */
  group: z.string(),
  tokens: z.number(),
  /** Mean probability of the true token under the base model, and under the run's. */
  before: z.number(),
  after: z.number(),
  /** Mean change of its log-probability, nats. */
  shift: z.number(),
});

const tracedRowSchema = z.object({
  row: z.number(),
  tokens: z.array(
    z.object({ text: z.string(), before: z.number().nullable(), after: z.number().nullable() }),
  ),
});

const measurementSchema = z.object({
  /** What training took; null: nothing was trained. */
  training: z
    .object({
      steps: z.number(),
      tokens: z.number(),
      supervised_tokens: z.number(),
      /** Of the steps alone: no start, no evaluation. */
      seconds: z.number(),
      /** Most that the process held. */
      memory_bytes: z.number(),
      eval_loss: z.number().nullable(),
    })
    .nullable()
    .default(null),
  /** Fingerprints of the tasks whose samples are in `eval/`, by name. */
  tasks: z.record(z.string(), z.string()).default({}),
  tokens: z
    .object({
      /** What was compared: changes with the order. */
      fingerprint: z.string(),
      /** KL(base || run), nats a token, over the base model's own answers to the forgetting tasks; null without such. */
      kl_from_base: z.number().nullable(),
      kl_tokens: z.number(),
      by_probability: z.array(shiftSchema),
      by_kind: z.array(shiftSchema),
      rows: z.array(tracedRowSchema),
    })
    .nullable()
    .default(null),
});

/** The content of `measurement.json`. */
export type Measurement = z.output<typeof measurementSchema>;
/** Tokens of a group, before and after training. */
export type TokenShift = z.output<typeof shiftSchema>;
/** A training row with the probability of each learned token before and after training. */
export type TracedRow = z.output<typeof tracedRowSchema>;
/** What a model makes of tokens in comparison with its base. */
export type TokenMeasurement = NonNullable<Measurement["tokens"]>;

/**
 * What was measured of the run in a folder so far; nothing where that is missing.
 *
 * @throws {DataError} `MEASUREMENT_INVALID`
 */
export function readMeasurement(folder: string): Measurement {
  const path = join(folder, NAME);
  if (!existsSync(path)) return measurementSchema.parse({});
  try {
    return measurementSchema.parse(JSON.parse(readFileSync(path, "utf8")));
  } catch (error) {
    throw new DataError(
      "MEASUREMENT_INVALID",
      `${path} is not as otr compare writes it; remove the file, and what it told is measured again`,
      { cause: error },
    );
  }
}

/** Writes what was measured; a reader sees the old or the new content. */
export const writeMeasurement = (folder: string, measurement: Measurement): Promise<void> =>
  writeFileAtomically(join(folder, NAME), `${JSON.stringify(measurement, null, 1)}\n`);
