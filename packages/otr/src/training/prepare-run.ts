/** @file Everything that can be wrong is found here, before weights are loaded or anything is written. */
import { type DType, ITEM_SIZE } from "@one-token/torch";
import {
  datasetSources,
  type DatasetOption,
  evaluationSets,
  nameSources,
} from "../config/dataset-sources.js";
import { counted } from "../config/format-value.js";
import type { TrainConfig } from "../config/train-options.js";
import { type BatchPlan, planBatches } from "../data/batches.js";
import { type Bins, bestFitDecreasing } from "../data/bins.js";
import type { EncodingProgress, LoadDatasetOptions } from "../data/load-dataset.js";
import { loadSources, type MixedDataset } from "../data/load-sources.js";
import { chatTemplatePathOf } from "../data/named-chat-templates.js";
import { tokenCacheFolder } from "../data/token-cache.js";
import type { Tokenizer } from "../data/tokenizer.js";
import { DataError } from "../errors.js";
import { openHubDataset } from "../hub/open-hub-dataset.js";
import type { DownloadProgress } from "../hub/snapshot.js";
import type { DecoderSpec } from "../models/decoder-spec.js";
import type { LocatedModel, ModelOrigin } from "../models/locate-model.js";
import type { ModelConfig } from "../models/model-config.js";
import { type ModelLicense, readModelLicense } from "../models/model-license.js";
import { countNumbers, parameterLayout } from "../models/parameter-layout.js";
import type { Objective } from "../objectives/objective.js";
import { createObjective } from "../objectives/registry.js";
import type { AdapterSettings } from "./adapter-settings.js";
import { checkDiskSpace } from "./check-disk-space.js";
import { bytesOnDisk, presentBytes } from "./checkpoints/checkpoint-bytes.js";
import { type EvaluationPrompts, readEvaluationPrompts } from "./evaluation-prompts.js";
import { modelWarnings } from "./model-warnings.js";
import { planRollouts } from "./plan-rollouts.js";
import { loadRewards } from "./rewards/registry.js";
import type { Reward } from "./rewards/reward.js";
import { checkRolloutPrompts } from "./rollout-prompts.js";
import { checkRunModel, locateRunModel } from "./run-model.js";
import { loadRunTokenizer } from "./run-tokenizer.js";

/** A run that is ready to load its model. */
export interface PreparedRun {
  /** The base model, downloaded where it is one of the Hub. */
  readonly model: LocatedModel & {
    /** The folder of the tokenizer and of the settings of generation, which a finished model is given. */
    readonly companions: string;
    readonly license: ModelLicense | null;
  };
  /** Of the model that is trained: its vocabulary has grown where tokens were added. */
  readonly modelConfig: ModelConfig;
  readonly spec: DecoderSpec;
  /** Where on the Hub the adapter that training goes on from is from; null for a local one, or none. */
  readonly adapterOrigin: ModelOrigin | null;
  /** The adapter that is trained; null: the model itself is. */
  readonly adapter: AdapterSettings | null;
  readonly dataset: MixedDataset;
  /** In the order of the option; none where nothing is evaluated. */
  readonly evalSets: readonly EvaluationSet[];
  /** What the model continues at each evaluation. */
  readonly evalPrompts: EvaluationPrompts;
  readonly objective: Objective;
  /** What judges completions that the model writes; none where it writes none. */
  readonly rewards: readonly Reward[];
  readonly plan: BatchPlan;
  /** Sentences for the person: what was read and chosen. */
  readonly notes: readonly string[];
  /** Sentences for the person: what is probably not meant, and what to do. */
  readonly warnings: readonly string[];
}

/** Rows for evaluation. */
export interface EvaluationSet {
  /** Null: the only set, which has no name. */
  readonly name: string | null;
  readonly dataset: MixedDataset;
}

/** What of the model is needed, and who is told while it is downloaded. */
export interface PrepareOptions {
  /** Whether the weights are; default true. */
  readonly weights?: boolean;
  readonly onDownload?: ((progress: DownloadProgress) => void) | undefined;
  /** Told while rows are encoded. */
  readonly onEncode?: (progress: EncodingProgress) => void;
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
    requireRoom(config, run);
    return await body(run);
  } finally {
    await run.dataset.rows.close();
    await closeSets(run.evalSets);
  }
}

async function prepareRun(config: TrainConfig, options: PrepareOptions): Promise<PreparedRun> {
  const { weights = true, onDownload, onEncode: onProgress = () => {} } = options;
  const located = await locateRunModel(config, { weights, onProgress: onDownload });
  const { model, startingAdapter } = located;
  const runTokenizer = await loadRunTokenizer(config, model.path);
  const { tokenizer } = runTokenizer;
  const { modelConfig, spec, adapter, notes } = await checkRunModel(config, located, runTokenizer);
  const evalPrompts = await readEvaluationPrompts(config, tokenizer, modelConfig);
  const rewards = await loadRewards(config);
  const reading = { config, tokenizer, onDownload, onProgress };
  const dataset = await readRows(config.dataset, "training", reading);
  const readOthers = async () => {
    if (config.lossType === "grpo") await checkRolloutPrompts(dataset, modelConfig.maxPositionEmbeddings);
    return readEvaluationSets(reading);
  };
  const evalSets = await readOthers().catch(async (error: unknown) => {
    await dataset.rows.close();
    throw error;
  });
  const { bins, plan } = batchPlanOf(config, dataset);
  return {
    model: { ...model, companions: tokenizer.folder, license: await readModelLicense(model.path) },
    modelConfig,
    spec,
    adapterOrigin: startingAdapter?.origin ?? null,
    adapter,
    dataset,
    evalSets,
    evalPrompts,
    objective: createObjective(config),
    rewards,
    plan,
    notes: [
      ...model.notes,
      ...notes,
      ...(startingAdapter?.notes ?? []),
      ...dataset.notes,
      ...evalSets.flatMap((set) => set.dataset.notes),
      ...(bins === null ? [] : [packingNote(dataset, bins, config)]),
    ],
    warnings: [
      ...dataset.warnings,
      ...(config.lossType === "grpo" ? cutReferences(dataset.summary) : []),
      ...evalSets.flatMap((set) => set.dataset.warnings),
      ...(await modelWarnings({ spec, adapter }, model.path, tokenizer, dataset)),
    ],
  };
}

/** What is compared with a reference that has lost its end, or its prompt its beginning, is judged wrongly. */
const cutReferences = ({ truncated }: MixedDataset["summary"]): string[] =>
  truncated === 0
    ? []
    : [
        `${counted(truncated, "row")} longer than max_length lost a part of the prompt or of the reference, so that rewards judge ` +
          "them wrongly: raise max_length, or set truncation_mode to drop.",
      ];

/** Whether all that the run saves finds a place. */
function requireRoom(config: TrainConfig, run: PreparedRun): void {
  // A plan may have no folder.
  if (config.outputDir === "") return;
  const trained = run.adapter?.layout.parameters ?? parameterLayout(run.spec);
  const bytes = bytesOnDisk(config, run.plan, finishedBytes(config, run), trained);
  checkDiskSpace(config.outputDir, bytes - presentBytes(config));
}

/** Bytes of the weights that a finished run writes. */
export const finishedBytes = (
  { saveDtype }: Pick<TrainConfig, "saveDtype">,
  { adapter, spec, modelConfig }: Pick<PreparedRun, "adapter" | "spec" | "modelConfig">,
): number =>
  adapter === null
    ? storedBytes(spec, saveDtype, modelConfig.dtype)
    : ITEM_SIZE.float32 * countNumbers(adapter.layout.parameters);

/** The bins of a run, if it packs, and its batches. */
export function batchPlanOf(
  config: TrainConfig,
  { rows }: { readonly rows: Pick<MixedDataset["rows"], "lengths"> },
): { bins: Bins | null; plan: BatchPlan } {
  const { lengths } = rows;
  if (config.lossType === "grpo") {
    return {
      bins: null,
      plan: planRollouts(config, { ...config, lengths, strategy: config.trainSamplingStrategy }),
    };
  }
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

/** What rows are read with. */
export interface Reading {
  readonly config: TrainConfig;
  readonly tokenizer: Tokenizer;
  readonly onDownload?: PrepareOptions["onDownload"];
  readonly onProgress?: (progress: EncodingProgress) => void;
  readonly onRow?: LoadDatasetOptions["onRow"];
}

async function readEvaluationSets(reading: Reading): Promise<EvaluationSet[]> {
  const { evalDataset } = reading.config;
  const sets: EvaluationSet[] = [];
  try {
    for (const { name, written } of evalDataset === null ? [] : evaluationSets(evalDataset)) {
      sets.push({ name, dataset: await readRows(written, "evaluation", reading) });
    }
    return sets;
  } catch (error) {
    await closeSets(sets);
    throw error;
  }
}

async function closeSets(sets: readonly EvaluationSet[]): Promise<void> {
  await Promise.all(sets.map(({ dataset }) => dataset.rows.close()));
}

/**
 * Reads the rows of a run.
 * @throws {DataError} as `loadSources`; `CHAT_TEMPLATE_UNUSED` where the options name a template and no row is a conversation
 */
export async function readRows(
  written: DatasetOption,
  purpose: "training" | "evaluation",
  { config, tokenizer, onDownload, onProgress, onRow }: Reading,
): Promise<MixedDataset> {
  const { maxLength, truncationMode, completionOnlyLoss, assistantOnlyLoss } = config;
  const { datasetNumProc, datasetColumns: columns, seed } = config;
  const split = purpose === "training" ? "train" : "valid";
  const chatTemplatePath = chatTemplatePathOf(config);
  const dataset = await loadSources({
    sources: datasetSources(written, { split, columns }),
    seed,
    purpose,
    tokenizer,
    maxLength,
    truncationMode,
    completionOnlyLoss,
    assistantOnlyLoss,
    chatTemplatePath,
    datasetNumProc,
    onRow,
    onProgress,
    openHubDataset: (id, revision) => openHubDataset(id, revision, onDownload),
    cacheFolder: config.loadFromCacheFile ? tokenCacheFolder() : null,
  });
  if (purpose === "training" && chatTemplatePath !== null && !dataset.usesChatTemplate) {
    await dataset.rows.close();
    throw unusedTemplate(config);
  }
  return dataset;
}

function unusedTemplate({ chatTemplate, chatTemplatePath, dataset }: TrainConfig): DataError {
  const option =
    chatTemplate === null ? `chat_template_path ${chatTemplatePath}` : `chat_template ${chatTemplate}`;
  return new DataError(
    "CHAT_TEMPLATE_UNUSED",
    `${option} has no effect: no row of ${nameSources(dataset)} is a conversation, and the finished model would be given a ` +
      "template that it was not trained with. Remove it, or give rows of messages",
  );
}

function packingNote(
  { summary }: MixedDataset,
  bins: Bins,
  { maxLength, packingStrategy }: TrainConfig,
): string {
  const full = summary.tokens / (bins.count * maxLength);
  return (
    `Packed into ${counted(bins.count, "bin")} of at most ${counted(maxLength, "token")}, ${(100 * full).toFixed(1)} % ` +
    `full (packing_strategy ${packingStrategy}).`
  );
}
