/** @file Reads what `run.json` tells of the model that lies beside it. */
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import { DataError } from "../errors.js";
import { writeFileAtomically } from "../models/write-file-atomically.js";
import { fileSchema } from "./checkpoints/manifest.js";

const dataSchema = z.looseObject({
  /** The data sets of the Hub among the sources. */
  origins: z.array(z.looseObject({ repository: z.string(), commit: z.string() })).default([]),
  rows: z.number().optional(),
  tokens: z.number().optional(),
  supervisedTokens: z.number().optional(),
});

const adjustmentSchema = z.object({
  /** After which the run went on otherwise. */
  step: z.int().min(0),
  option: z.string(),
  from: z.unknown(),
  to: z.unknown(),
});

/** A free change of an option when a run went on. */
export type Adjustment = z.output<typeof adjustmentSchema>;

const recordSchema = z.looseObject({
  /** The same for a run that goes on. */
  run_id: z
    .string()
    .regex(/^[\w-]{1,64}$/)
    .default("unknown"),
  status: z.string().optional(),
  config: z.record(z.string(), z.unknown()).default({}),
  versions: z.record(z.string(), z.string()).default({}),
  hardware: z.looseObject({ device: z.string(), compute_dtype: z.string() }).partial().default({}),
  base_model: z
    .looseObject({
      repository: z.string(),
      commit: z.string(),
      license: z.string(),
      license_name: z.string(),
      license_link: z.string(),
    })
    .partial()
    .default({}),
  data: z.looseObject({ train: dataSchema, eval: dataSchema }).partial().default({}),
  fingerprints: z.record(z.string(), z.unknown()).default({}),
  results: z.record(z.string(), z.unknown()).default({}),
  /** Options that were freely changed when the run went on. */
  adjusted: z.array(adjustmentSchema).default([]),
  /** Whether it ended for want of better evaluations. */
  stopped_early: z.boolean().default(false),
  /** The weights of the finished model, by the names of their files. */
  model: z.record(z.string(), fileSchema).optional(),
  /** Where the model was uploaded to at the end of the run. */
  pushed: z.object({ repository: z.string(), url: z.string(), commit: z.string() }).optional(),
});

const identitySchema = z.looseObject({ run_id: z.string(), status: z.string() });

/** The parts of `run.json` that a model card tells; older ones lack some. */
export type RunRecord = z.output<typeof recordSchema>;

/**
 * What is known of the run that made the model of a folder; null where nothing is.
 *
 * @throws {DataError} `RUN_RECORD_INVALID`
 */
export function readRunRecord(folder: string): RunRecord | null {
  const path = join(folder, tellsOfModel(folder));
  return existsSync(path) ? readRunJson(path) : null;
}

/** Tells of the run before the last, while its model lies in the folder. */
export const PREVIOUS = "run.previous.json";

/**
 * The file that tells of the model in a folder: while a later run has not ended well, the model is that of the one before.
 * (One that was killed while it tidied up may have left a record of which nothing is there.)
 */
export function tellsOfModel(folder: string): "run.json" | typeof PREVIOUS {
  const isComplete = readRunIdentity(folder)?.status === "completed";
  return !isComplete && existsSync(join(folder, PREVIOUS)) ? PREVIOUS : "run.json";
}

/**
 * What one `run.json` says.
 *
 * @throws {DataError} `RUN_RECORD_INVALID`
 */
export function readRunJson(path: string): RunRecord {
  try {
    return recordSchema.parse(JSON.parse(readFileSync(path, "utf8")));
  } catch (error) {
    throw new DataError(
      "RUN_RECORD_INVALID",
      `${path} is not as otr train writes it, so nobody knows what was run; remove it, or write a README.md for the model yourself`,
      { cause: error },
    );
  }
}

/** Notes in `run.json` where the model was uploaded to. Where that fails, the same will be uploaded again. */
export async function recordPush(folder: string, pushed: NonNullable<RunRecord["pushed"]>): Promise<void> {
  const path = join(folder, "run.json");
  try {
    const record: object = JSON.parse(readFileSync(path, "utf8"));
    await writeFileAtomically(path, `${JSON.stringify({ ...record, pushed }, null, 2)}\n`);
  } catch {
    // The model is there all the same.
  }
}

/** Which run `run.json` tells of, and how it ended; null where there is none that can be read. */
export function readRunIdentity(folder: string): { runId: string; status: string } | null {
  try {
    const record = identitySchema.parse(JSON.parse(readFileSync(join(folder, "run.json"), "utf8")));
    return { runId: record.run_id, status: record.status };
  } catch {
    return null;
  }
}
