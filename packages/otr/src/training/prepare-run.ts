/** @file Everything that can be wrong is found here, before weights are loaded or anything is written. */
import { statSync } from "node:fs";
import { type DType, ITEM_SIZE } from "@one-token/torch";
import type { TrainConfig } from "../config/train-options.js";
import { counted } from "../config/format-value.js";
import { type BatchPlan, planBatches } from "../data/batches.js";
import { type Bins, bestFitDecreasing } from "../data/bins.js";
import { type Dataset, loadDataset, type LoadDatasetOptions } from "../data/load-dataset.js";
import { chatTemplatePathOf } from "../data/named-chat-templates.js";
import { tokenCacheFolder } from "../data/token-cache.js";
import { checkTokenizerFitsModel, loadTokenizer, type Tokenizer } from "../data/tokenizer.js";
import type { DownloadProgress } from "../hub/snapshot.js";
import type { DecoderSpec } from "../models/decoder-spec.js";
import { locateAdapter, locateModel, type LocatedModel, type ModelOrigin } from "../models/locate-model.js";
import type { ModelConfig } from "../models/model-config.js";
import { type ModelLicense, readModelLicense } from "../models/model-license.js";
import { countNumbers, parameterLayout } from "../models/parameter-layout.js";
import { readModelSpec } from "../models/read-model-spec.js";
import type { Objective } from "../objectives/objective.js";
import { createObjective } from "../objectives/registry.js";
import { type AdapterSettings, readAdapterSettings } from "./adapter-settings.js";
import { checkDiskSpace } from "./check-disk-space.js";

/** Data files smaller than this are encoded anew for each run. */
const CACHED_BYTES = 2 ** 20;

/** A run that is ready to load its model. */
export interface PreparedRun {
  /** The base model, downloaded where it is one of the Hub. */
  readonly model: LocatedModel & { readonly license: ModelLicense | null };
  readonly modelConfig: ModelConfig;
  readonly spec: DecoderSpec;
  /** Where on the Hub the adapter that training goes on from is from; null for a local one, or none. */
  readonly adapterOrigin: ModelOrigin | null;
  /** The adapter that is trained; null: the model itself is. */
  readonly adapter: AdapterSettings | null;
  readonly dataset: Dataset;
  readonly evalDataset: Dataset | null;
  readonly objective: Objective;
  readonly plan: BatchPlan;
  /** Sentences for the person. */
  readonly notes: readonly string[];
}

/** What of the model is needed, and who is told while it is downloaded. */
export interface PrepareOptions {
  /** Whether the weights are; default true. */
  readonly weights?: boolean;
  readonly onDownload?: ((progress: DownloadProgress) => void) | undefined;
}

/**
 * Reads and checks model configuration, tokenizer and data, hands all of it to `body`, and closes the rows behind it.
 *
 * @throws DataError for a model type that is not supported, a tokenizer that does not fit, malformed rows
 * @throws RunError where a model of the Hub cannot be downloaded
 */
export async function withPreparedRun<T>(
  config: TrainConfig,
  body: (run: PreparedRun) => Promise<T>,
  options: PrepareOptions = {},
): Promise<T> {
  const run = await prepareRun(config, options);
  try {
    return await body(run);
  } finally {
    await run.dataset.rows.close();
    await run.evalDataset?.rows.close();
  }
}

async function prepareRun(config: TrainConfig, options: PrepareOptions): Promise<PreparedRun> {
  const { weights = true, onDownload } = options;
  const { modelNameOrPath, modelRevision: revision, adapterNameOrPath } = config;
  const model = await locateModel(modelNameOrPath, { revision, weights, onProgress: onDownload });
  const startingAdapter =
    adapterNameOrPath === null ? null : await locateAdapter(adapterNameOrPath, { onProgress: onDownload });
  const { config: modelConfig, spec } = await readModelSpec(model.path);
  const adapter = await readAdapterSettings(config, startingAdapter?.path ?? null, spec);
  const stored =
    adapter === null
      ? storedBytes(spec, config.saveDtype, modelConfig.dtype)
      : ITEM_SIZE.float32 * countNumbers(adapter.layout.parameters);
  checkDiskSpace(config.outputDir, stored);
  const tokenizer = await loadTokenizer(model.path);
  checkTokenizerFitsModel(tokenizer, modelConfig.vocabSize);
  const dataset = await readRows(config, config.dataset, tokenizer, "training");
  const evalDataset = await readEvaluationRows(config, tokenizer).catch(async (error: unknown) => {
    await dataset.rows.close();
    throw error;
  });
  const { bins, plan } = batchPlanOf(config, dataset);
  return {
    model: { ...model, license: await readModelLicense(model.path) },
    modelConfig,
    spec,
    adapterOrigin: startingAdapter?.origin ?? null,
    adapter,
    dataset,
    evalDataset,
    objective: createObjective(config),
    plan,
    notes: [
      ...model.notes,
      ...(startingAdapter?.notes ?? []),
      ...dataset.notes,
      ...(evalDataset?.notes ?? []),
      ...(bins === null ? [] : [packingNote(dataset, bins, config)]),
      ...contextNotes(dataset, modelConfig),
    ],
  };
}

/** The bins of a run, if it packs, and its batches. */
export function batchPlanOf(config: TrainConfig, { rows }: Dataset): { bins: Bins | null; plan: BatchPlan } {
  const { lengths } = rows;
  const bins = config.packing ? bestFitDecreasing(lengths, config.maxLength) : null;
  const plan = planBatches({
    lengths,
    bins,
    strategy: config.trainSamplingStrategy,
    seed: config.seed,
    batchSize: config.perDeviceTrainBatchSize,
    gradientAccumulationSteps: config.gradientAccumulationSteps,
    numTrainEpochs: config.numTrainEpochs,
    maxSteps: config.maxSteps,
  });
  return { bins, plan };
}

/** Size of the weights that will be saved; where no dtype is known, of two bytes each. */
function storedBytes(spec: DecoderSpec, saveDtype: TrainConfig["saveDtype"], declared: DType | null): number {
  const dtype = saveDtype === "auto" ? (declared ?? "bfloat16") : saveDtype;
  return countNumbers(parameterLayout(spec)) * ITEM_SIZE[dtype];
}

async function readEvaluationRows(config: TrainConfig, tokenizer: Tokenizer): Promise<Dataset | null> {
  const { evalDataset } = config;
  return evalDataset === null ? null : readRows(config, evalDataset, tokenizer, "evaluation");
}

/**
 * Reads a data file of a run.
 * @param onRow see `LoadDatasetOptions`
 * @throws {DataError} as `loadDataset`
 */
export function readRows(
  config: TrainConfig,
  path: string,
  tokenizer: Tokenizer,
  purpose: "training" | "evaluation",
  onRow?: LoadDatasetOptions["onRow"],
): Promise<Dataset> {
  const { maxLength, truncationMode, completionOnlyLoss, assistantOnlyLoss, datasetNumProc } = config;
  return loadDataset({
    path,
    purpose,
    tokenizer,
    maxLength,
    truncationMode,
    completionOnlyLoss,
    assistantOnlyLoss,
    chatTemplatePath: chatTemplatePathOf(config),
    datasetNumProc,
    onRow,
    cacheFolder: config.loadFromCacheFile && isWorthKeeping(path) ? tokenCacheFolder() : null,
  });
}

/** A small data set is encoded in less time than its place in the cache is worth. */
function isWorthKeeping(path: string): boolean {
  return (statSync(path, { throwIfNoEntry: false })?.size ?? 0) >= CACHED_BYTES;
}

function packingNote({ summary }: Dataset, bins: Bins, { maxLength, packingStrategy }: TrainConfig): string {
  const full = summary.tokens / (bins.count * maxLength);
  return (
    `Packed into ${counted(bins.count, "bin")} of at most ${counted(maxLength, "token")}, ${(100 * full).toFixed(1)} % ` +
    `full (packing_strategy ${packingStrategy}).`
  );
}

function contextNotes({ rows }: Dataset, { maxPositionEmbeddings }: ModelConfig): string[] {
  const beyond = rows.lengths.reduce(
    (count, length) => (length > maxPositionEmbeddings ? count + 1 : count),
    0,
  );
  if (beyond === 0) return [];
  return [
    `${beyond} ${beyond === 1 ? "row is" : "rows are"} longer than the ${maxPositionEmbeddings} positions that the model was made for; ` +
      `lower max_length to ${maxPositionEmbeddings} unless that is meant.`,
  ];
}
