/** @file The model of a run, its tokenizer and its adapter, held to each other before weights are loaded. */
import { existsSync } from "node:fs";
import { join } from "node:path";
import type { TrainConfig } from "../config/train-options.js";
import { locateBaseModel, otherBaseNotes } from "../models/adapter-base.js";
import { ADAPTER_WEIGHTS, checkAdapterWeights } from "../models/adapter-files.js";
import type { DecoderSpec } from "../models/decoder-spec.js";
import {
  locateAdapter,
  locateModel,
  type LocatedModel,
  type LocateModelOptions,
} from "../models/locate-model.js";
import type { ModelConfig } from "../models/model-config.js";
import { readModelSpec } from "../models/read-model-spec.js";
import { type AdapterSettings, adapterSettings, readLoraConfig } from "./adapter-settings.js";
import { checkAdapterTokens, fitVocabulary, type RunTokenizer, vocabularyNotes } from "./run-tokenizer.js";

/** Where the parts of a run's model lie. */
export interface LocatedRunModel {
  readonly model: LocatedModel;
  /** The adapter that training goes on from; null: none. */
  readonly startingAdapter: LocatedModel | null;
}

/** What a run trains. */
export interface RunModel {
  /** Of the model that is trained: its vocabulary has grown where tokens were added. */
  readonly modelConfig: ModelConfig;
  readonly spec: DecoderSpec;
  /** The adapter that is trained; null: the model itself is. */
  readonly adapter: AdapterSettings | null;
  /** Sentences for the person. */
  readonly notes: readonly string[];
}

/** @throws {DataError}, {@link RunError} as `locateModel` and `locateBaseModel` do */
export async function locateRunModel(
  { modelNameOrPath, modelRevision: revision, adapterNameOrPath }: TrainConfig,
  options: Omit<LocateModelOptions, "revision">,
): Promise<LocatedRunModel> {
  const startingAdapter = adapterNameOrPath === null ? null : await locateAdapter(adapterNameOrPath, options);
  const ofModel = { ...options, revision };
  if (modelNameOrPath !== null)
    return { model: await locateModel(modelNameOrPath, ofModel), startingAdapter };
  if (startingAdapter === null) throw new Error("a run needs a model, or an adapter that names one");
  return { model: await locateBaseModel(startingAdapter.path, ofModel), startingAdapter };
}

/**
 * Reads the configurations of model and adapter, and holds them to the tokenizer and the options.
 *
 * @throws {DataError} for a model type that is not supported; as `fitVocabulary`, `checkAdapterTokens`, `readLoraConfig`,
 *   `adapterSettings` and `checkAdapterWeights` do
 */
export async function checkRunModel(
  config: TrainConfig,
  { model, startingAdapter }: LocatedRunModel,
  tokenizer: RunTokenizer,
): Promise<RunModel> {
  const base = await readModelSpec(model.path);
  const start = startingAdapter?.path ?? null;
  const lora = await readLoraConfig(config, start);
  const { modelConfig, spec } = fitVocabulary(base, tokenizer, lora);
  const adapter = lora && adapterSettings(lora, start, spec);
  const notes = vocabularyNotes(config, base.spec, spec);
  if (start !== null && lora !== null) {
    // One of the Hub is downloaded without its weights where these are not needed.
    if (existsSync(join(start, ADAPTER_WEIGHTS))) checkAdapterWeights(start, base.spec, lora);
    checkAdapterTokens(start, tokenizer);
    notes.push(...(await otherBaseNotes(start, model)));
  }
  return { modelConfig, spec, adapter, notes };
}
