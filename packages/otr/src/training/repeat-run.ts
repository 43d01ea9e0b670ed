/** @file Repeats a run from its record, and tells where the repetition differs. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import { describeOptions } from "../config/describe-options.js";
import { formatValue } from "../config/format-value.js";
import { resolveTrainConfig } from "../config/resolve-train-config.js";
import { type TrainConfig, trainOptions } from "../config/train-options.js";
import { DataError } from "../errors.js";
import { chooseDevice } from "../models/choose-device.js";
import { inputFingerprints, runSettings } from "./checkpoints/run-settings.js";
import { describeAdjustment } from "./adjustments.js";
import { compareRuns } from "./compare-runs.js";
import type { TrainResult } from "./events.js";
import { choosePrecision } from "./precision.js";
import { withPreparedRun } from "./prepare-run.js";
import { describeMachine } from "./run-files.js";
import { readRunJson } from "./run-record.js";
import { type TrainOptions, train } from "./train.js";

/** What came of a repetition. */
export interface Repetition {
  readonly result: TrainResult;
  /** What is not as it was on the machine: versions, processor. It may be why the results differ. */
  readonly machineChanges: readonly string[];
  /** Options that were changed when the run had gone on from a checkpoint: the repetition has the last value throughout. */
  readonly adjustments: readonly string[];
  /** Of results: the first of the metrics and the first of the weights; none where all are the same. */
  readonly differences: readonly string[];
}

const recordSchema = z.looseObject({
  status: z.string(),
  config: z.record(z.string(), z.unknown()),
  versions: z.record(z.string(), z.unknown()),
  hardware: z.record(z.string(), z.unknown()),
  base_model: z.looseObject({ commit: z.string().optional() }),
  fingerprints: z.record(z.string(), z.unknown()),
  changed: z.array(z.string()).optional(),
});
type CompleteRecord = z.output<typeof recordSchema>;

/**
 * Trains again what `run.json` in a folder tells of, into another folder.
 *
 * @throws {DataError} `REPEAT_NOT_POSSIBLE` for a folder without a complete run, or one of an objective that a program gave;
 *   `REPEAT_INPUT_CHANGED` where model, data or anything else that is read is not what it was
 * @throws what `train` throws
 */
export async function repeatRun(
  folder: string,
  outputDir: string,
  options: Omit<TrainOptions, "objective"> = {},
): Promise<Repetition> {
  const record = readRecord(folder);
  const config = configOf(record, folder, outputDir);
  await requireSameInputs(config, record, folder);
  const machineChanges = describeChanges(record, config);
  const result = await train(config, options);
  const differences = result.status === "completed" ? await compareRuns([folder, outputDir]) : [];
  const adjustments = readRunJson(join(folder, "run.json")).adjusted.map(describeAdjustment);
  return { result, machineChanges, adjustments, differences };
}

const notPossible = (message: string, cause?: unknown): DataError =>
  new DataError("REPEAT_NOT_POSSIBLE", message, { cause });

function readRecord(folder: string): CompleteRecord {
  const path = join(folder, "run.json");
  let record: CompleteRecord;
  try {
    record = recordSchema.parse(JSON.parse(readFileSync(path, "utf8")));
  } catch (error) {
    throw notPossible(
      `${path} is missing, or not as this version of otr train writes it, so the run in ${folder} cannot be repeated; give the output_dir of another run`,
      error,
    );
  }
  if (record.status !== "completed") {
    throw notPossible(
      `the run in ${folder} has the status ${record.status}, and only a completed one has results to compare with; go on with it by resume_from_checkpoint, or give another folder`,
    );
  }
  return record;
}

function configOf(record: CompleteRecord, folder: string, outputDir: string): TrainConfig {
  const { loss_type: lossType, resume_allow_changes: allowed } = record.config;
  // Earlier versions kept only what was allowed the last time.
  const changes = record.changed ?? allowed;
  if (Array.isArray(changes) && changes.length > 0) {
    throw notPossible(
      `the run in ${folder} was changed on its way (${changes.join(", ")}), so no configuration gives its results`,
    );
  }
  if (!trainOptions.shape.lossType.safeParse(lossType).success) {
    throw notPossible(
      `the run in ${folder} was trained with ${formatValue(lossType)}, the objective of a program, and run.json does not hold that; repeat it by that program`,
    );
  }
  const keys = new Map(describeOptions(trainOptions).map(({ name, key }) => [name, key]));
  const written = Object.entries(record.config).map(([name, value]) => [keys.get(name) ?? name, value]);
  const { hubModelId, hubPrivateRepo, ...input } = Object.fromEntries(written);
  return resolveTrainConfig({
    ...input,
    outputDir,
    pushToHub: false,
    resumeFromCheckpoint: false,
    overwriteOutputDir: false,
    ...(record.base_model.commit !== undefined && { modelRevision: record.base_model.commit }),
  });
}

/** What a fingerprint is of, in words. */
const INPUTS: Readonly<Record<string, string>> = {
  base_model: "the base model",
  adapter: "the adapter",
  adapter_config: "the adapter's configuration",
  tokenizer: "the tokenizer",
  chat_template: "the chat template",
  dataset: "the training rows",
  eval_dataset: "the evaluation rows",
};

async function requireSameInputs(config: TrainConfig, record: CompleteRecord, folder: string): Promise<void> {
  const device = chooseDevice(config.device);
  const { computeDtype } = choosePrecision(config.bf16, device);
  const now = await withPreparedRun(config, async (run) =>
    inputFingerprints(runSettings(config, run, { device, computeDtype })),
  );
  const changed = Object.keys(record.fingerprints).filter(
    (name) => JSON.stringify(now[name]) !== JSON.stringify(record.fingerprints[name]),
  );
  if (changed.length === 0) return;
  const paths: Readonly<Record<string, unknown>> = {
    base_model: config.modelNameOrPath,
    adapter: config.adapterNameOrPath,
    adapter_config: config.adapterNameOrPath,
    chat_template: config.chatTemplatePath,
    dataset: config.dataset,
    eval_dataset: config.evalDataset,
  };
  const lines = changed.map((name) => {
    const path = paths[name] ?? null;
    return `  ${INPUTS[name] ?? name}${path === null ? "" : ` (${formatValue(path)})`}`;
  });
  throw new DataError(
    "REPEAT_INPUT_CHANGED",
    [
      `the run in ${folder} cannot be repeated, because its inputs are not what they were:`,
      ...lines,
      "Bring them back as they were, or train anew",
    ].join("\n"),
  );
}

/** Versions and hardware that differ. */
function describeChanges(record: CompleteRecord, config: TrainConfig): string[] {
  const device = chooseDevice(config.device);
  const { computeDtype } = choosePrecision(config.bf16, device);
  const { versions, hardware } = describeMachine(config, { device, computeDtype });
  const then: Readonly<Record<string, unknown>> = { ...record.versions, ...record.hardware };
  return Object.entries({ ...versions, ...hardware })
    .filter(([name, value]) => JSON.stringify(then[name]) !== JSON.stringify(value))
    .map(([name, value]) => `${name} was ${formatValue(then[name])} and is ${formatValue(value)}`);
}
