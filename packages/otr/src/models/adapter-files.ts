/** @file Adapters in PEFT's files: `adapter_config.json` and `adapter_model.safetensors`. */
import { existsSync } from "node:fs";
import { isAbsolute, join, resolve } from "node:path";
import { aten, readSafetensors, readSafetensorsHeader, scope, type Tensor } from "@one-token/torch";
import { z } from "zod";
import { formatValue } from "../config/format-value.js";
import { readBounded } from "../config/read-bounded.js";
import { DataError } from "../errors.js";
import type { CausalLM } from "./causal-lm.js";
import type { DecoderSpec } from "./decoder-spec.js";
import { LoraAdapter } from "./lora-adapter.js";
import type { LoraConfig } from "./lora-config.js";
import { holdsVocabulary, type LoraLayout, type LoraTarget, loraLayout } from "./lora-targets.js";
import { makeParameters } from "./make-parameters.js";
import { optional } from "./model-config.js";
import { nameFew } from "./name-few.js";
import { embeddingName, headName } from "./parameter-layout.js";
import { wrongFields } from "./wrong-fields.js";
import { atomicWriter, type FolderWriter } from "./folder-writer.js";

export const ADAPTER_CONFIG = "adapter_config.json";
export const ADAPTER_WEIGHTS = "adapter_model.safetensors";

/** What PEFT writes in front of the names of a model's modules. */
export const ADAPTER_PREFIX = "base_model.model.";

const names = z.union([z.string(), z.array(z.string())]);
const rank = z.number().int().min(1).max(65_536);
const alpha = z.number().positive();

const configSchema = z.looseObject({
  peft_type: z.string(),
  base_model_name_or_path: z.string().nullish(),
  revision: z.string().nullish(),
  r: rank,
  lora_alpha: alpha,
  rank_pattern: z.record(z.string(), rank).nullish(),
  alpha_pattern: z.record(z.string(), alpha).nullish(),
  lora_dropout: optional(z.number().min(0).lt(1), 0),
  target_modules: names.nullish(),
  modules_to_save: z.array(z.string()).nullish(),
  use_rslora: optional(z.boolean(), false),
  use_dora: optional(z.boolean(), false),
});

/** Fields of PEFT that are read here, or that say how the adapter began or was made, not what it computes. */
const HARMLESS: ReadonlySet<string> = new Set([
  "alpha_pattern",
  "auto_mapping",
  "base_model_name_or_path",
  "corda_config",
  "eva_config",
  "inference_mode",
  "loftq_config",
  "lora_alpha",
  "lora_dropout",
  "lora_ga_config",
  "megatron_config",
  "megatron_core",
  "modules_to_save",
  "peft_type",
  "peft_version",
  "qalora_group_size",
  "r",
  "rank_pattern",
  "revision",
  "runtime_config",
  "target_modules",
  "task_type",
  "use_dora",
  "use_rslora",
]);

/** What `adapter_config.json` says. */
export interface AdapterConfig extends LoraConfig {
  /** The model that it was made for, by folder or Hub id, as the file has it. */
  readonly baseModel: string | null;
  /** Which branch, tag or commit of it, where it is one of the Hub. */
  readonly baseRevision: string | null;
}

/** A model that an adapter is for. */
export interface AdapterBase {
  /** Its folder or Hub id. */
  readonly nameOrPath: string;
  /** A branch, a tag or a commit of the Hub; of no effect for a folder. */
  readonly revision: string;
}

/** Whether a folder holds an adapter. */
export const isAdapterFolder = (folder: string): boolean => existsSync(join(folder, ADAPTER_CONFIG));

/**
 * The checked `adapter_config.json` of a folder.
 *
 * @throws {DataError} `ADAPTER_NOT_FOUND`, `ADAPTER_CONFIG_INVALID`, `FILE_UNREADABLE`
 */
export async function readAdapterConfig(folder: string): Promise<AdapterConfig> {
  const path = join(folder, ADAPTER_CONFIG);
  let text: string;
  try {
    text = readBounded(path, 2 ** 24);
  } catch (error) {
    if (error instanceof DataError) throw error;
    throw new DataError(
      "ADAPTER_NOT_FOUND",
      `${path} cannot be read, so ${folder} is no adapter; give a folder that holds ${ADAPTER_CONFIG} and ${ADAPTER_WEIGHTS}`,
      { cause: error },
    );
  }
  const raw = parseJson(text, path);
  const result = configSchema.safeParse(raw);
  if (!result.success) throw configInvalid(path, wrongFields(configSchema, raw));
  const config = result.data;
  const problems = Object.entries(config)
    .filter(([name, value]) => !HARMLESS.has(name) && name !== "init_lora_weights" && !isOff(value))
    .map(
      ([name, value]) =>
        `${name} is ${formatValue(value)}, which is not supported: the adapter would compute something else`,
    );
  const { init_lora_weights: initial, task_type: task } = config;
  // Others change the base model's weights too, and adapters are relative to what they left.
  if (initial !== undefined && initial !== null && !PLAIN_STARTS.has(initial)) {
    problems.push(
      `init_lora_weights is ${formatValue(initial)}, which has changed the base model's weights; in PEFT, save the adapter for the unchanged base (path_initial_model_for_weight_conversion)`,
    );
  }
  if (task && task !== "CAUSAL_LM") {
    problems.push(`task_type is ${formatValue(task)}; supported is CAUSAL_LM`);
  }
  if (config.peft_type.toUpperCase() !== "LORA") {
    problems.unshift(`peft_type is ${formatValue(config.peft_type)}; supported is LORA`);
  }
  if (problems.length > 0) throw configInvalid(path, problems);
  return {
    baseModel: config.base_model_name_or_path ?? null,
    baseRevision: config.revision || null,
    rank: config.r,
    alpha: config.lora_alpha,
    dropout: config.lora_dropout,
    targetModules: config.target_modules ?? null,
    modulesToSave: config.modules_to_save ?? [],
    rankPattern: config.rank_pattern ?? {},
    alphaPattern: config.alpha_pattern ?? {},
    useRslora: config.use_rslora,
    useDora: config.use_dora,
  };
}

/** Ways to begin an adapter that leave the base model as it is. */
const PLAIN_STARTS: ReadonlySet<unknown> = new Set([true, false, "gaussian", "eva", "orthogonal"]);

/** Whether a setting is turned off: absent, false, "none", or without members. */
const isOff = (value: unknown): boolean =>
  value === undefined ||
  value === null ||
  value === false ||
  value === "none" ||
  (typeof value === "object" && Object.keys(value).length === 0);

function parseJson(text: string, path: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw configInvalid(path, [`is not valid JSON (${reason})`], error);
  }
}

const configInvalid = (path: string, problems: readonly string[], cause?: unknown): DataError =>
  new DataError("ADAPTER_CONFIG_INVALID", problems.map((problem) => `${path}: ${problem}`).join("\n"), {
    cause,
  });

/**
 * The model that an adapter names: a folder as it stands, or from the adapter's own folder, or a revision of the Hub.
 *
 * @throws {DataError} `ADAPTER_BASE_UNKNOWN` where it names none
 */
export function baseModelOf(
  folder: string,
  { baseModel, baseRevision }: Pick<AdapterConfig, "baseModel" | "baseRevision">,
): AdapterBase {
  if (baseModel === null || baseModel === "") {
    throw new DataError(
      "ADAPTER_BASE_UNKNOWN",
      `${join(folder, ADAPTER_CONFIG)} does not name its base model; write it there as base_model_name_or_path, or name the base as the model, and this folder as adapter_name_or_path`,
    );
  }
  const beside = resolve(folder, baseModel);
  const isBeside = !isAbsolute(baseModel) && !existsSync(baseModel) && existsSync(beside);
  return { nameOrPath: isBeside ? beside : baseModel, revision: baseRevision ?? "main" };
}

/**
 * The adapter of a folder for a model.
 *
 * @param trainable whether its parameters record gradients
 * @throws {DataError} `ADAPTER_NOT_FOUND`, `ADAPTER_CONFIG_INVALID`, `LORA_TARGETS`, `ADAPTER_WEIGHTS_INVALID`, or
 *   `ADAPTER_MISMATCH` listing missing, unexpected and misshapen tensors
 */
export async function loadAdapter(
  model: CausalLM,
  folder: string,
  { trainable = false }: { readonly trainable?: boolean } = {},
): Promise<LoraAdapter> {
  const config = await readAdapterConfig(folder);
  const path = join(folder, ADAPTER_WEIGHTS);
  const file = unlessUnsound(() => readSafetensors(path));
  try {
    const stored = byParameter(file.tensors);
    const layout = storedLayout(model.spec, config, stored, folder);
    const copies = baseCopyProblems(model, layout.targets, stored);
    requireNoProblems([...copies, ...mismatches(layout.parameters, stored)], path);
    const makers = layout.parameters.map(({ name }): [string, () => Tensor] => [
      name,
      () => aten._to_copy(stored.get(name)!, { dtype: "float32", device: model.device }),
    ]);
    return new LoraAdapter(config, layout, makeParameters(makers, trainable));
  } finally {
    file.dispose();
  }
}

/**
 * Holds the tensors of an adapter's file, of which only the header is read, against what the adapter changes.
 *
 * @throws {DataError} `ADAPTER_WEIGHTS_INVALID`, `ADAPTER_MISMATCH`, as {@link loadAdapter} does
 */
export function checkAdapterWeights(folder: string, spec: DecoderSpec, config: LoraConfig): void {
  const path = join(folder, ADAPTER_WEIGHTS);
  const { entries } = unlessUnsound(() => readSafetensorsHeader(path));
  const stored = byParameter(entries);
  const { targets, parameters } = storedLayout(spec, config, stored, folder);
  for (const target of targets) if (holdsBaseCopy(target)) stored.delete(baseCopyName(target));
  requireNoProblems(mismatches(parameters, stored), path);
}

const byParameter = <T>(tensors: ReadonlyMap<string, T>): Map<string, T> =>
  new Map([...tensors].map(([name, tensor]) => [name.replace(ADAPTER_PREFIX, ""), tensor]));

function requireNoProblems(problems: readonly string[], path: string): void {
  if (problems.length === 0) return;
  throw new DataError(
    "ADAPTER_MISMATCH",
    `${path}: the tensors are not those that ${ADAPTER_CONFIG} describes for this model; give the base model that the adapter was made for\n${problems.map((problem) => `  ${problem}`).join("\n")}`,
  );
}

type Shapes = ReadonlyMap<string, { readonly shape: readonly number[] }>;

/** What an adapter of a file changes; it may have more rows of embedding and head than the model. */
function storedLayout(spec: DecoderSpec, config: LoraConfig, stored: Shapes, folder: string): LoraLayout {
  const vocabSize = storedVocabSize(config, stored, spec.vocabSize);
  return loraLayout({ ...spec, vocabSize }, config, join(folder, ADAPTER_CONFIG));
}

/** Rows of embedding and head: those of the file where it holds both, with more of them than the model has. */
function storedVocabSize(config: LoraConfig, stored: Shapes, ofModel: number): number {
  const [embedded, told] = [embeddingName, headName].map((name) => stored.get(name)?.shape[0] ?? 0);
  return holdsVocabulary(config) && embedded === told ? Math.max(ofModel, told!) : ofModel;
}

const baseCopyName = ({ module }: LoraTarget): string => `${module}.base_layer.weight`;

/** PEFT stores the frozen embedding and head beside their pairs. */
const holdsBaseCopy = ({ kind }: LoraTarget): boolean => kind === "embedding" || kind === "head";

/**
 * Takes copies of embedding and head out of `stored` where they are the model's own, in the dtype of either; what is wrong
 * with the others.
 */
function baseCopyProblems(
  model: CausalLM,
  targets: readonly LoraTarget[],
  stored: Map<string, Tensor>,
): string[] {
  return targets.filter(holdsBaseCopy).flatMap((target) => {
    const { module, kind } = target;
    const name = baseCopyName(target);
    const copy = stored.get(name);
    if (!copy) return [];
    stored.delete(name);
    const isTiedHead = kind === "head" && model.spec.tiedEmbeddings;
    const isSame = scope(() => {
      const own = model.denseWeight(isTiedHead ? embeddingName : `${module}.weight`).to("cpu");
      return (
        own.shape.join() === copy.shape.join() &&
        (aten.equal(own, copy.to(own.dtype)) || aten.equal(own.to(copy.dtype), copy))
      );
    });
    return isSame ? [] : [`${name} is not the model's own ${module}: the adapter is for another model`];
  });
}

function unlessUnsound<T>(read: () => T): T {
  try {
    return read();
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new DataError("ADAPTER_WEIGHTS_INVALID", `${reason}; save or fetch the adapter again`, {
      cause: error,
    });
  }
}

function mismatches(
  expected: readonly { readonly name: string; readonly shape: readonly number[] }[],
  stored: ReadonlyMap<string, { readonly shape: readonly number[] }>,
): string[] {
  const missing = expected.filter(({ name }) => !stored.has(name)).map(({ name }) => name);
  const known = new Set(expected.map(({ name }) => name));
  const unexpected = [...stored.keys()].filter((name) => !known.has(name));
  const misshapen = expected.flatMap(({ name, shape }) => {
    const found = stored.get(name)?.shape;
    return found && found.join() !== shape.join()
      ? [`${name} has the shape (${found.join(", ")}) instead of (${shape.join(", ")})`]
      : [];
  });
  return [
    ...(missing.length > 0 ? [`missing: ${nameFew(missing)}`] : []),
    ...(misshapen.length > 0 ? [nameFew(misshapen, "\n  ")] : []),
    ...(unexpected.length > 0 ? [`unexpected: ${nameFew(unexpected)}${wholeHint(unexpected)}`] : []),
  ];
}

/** PEFT stores embedding and head unasked where rows were added to them. */
const wholeHint = (unexpected: readonly string[]): string =>
  unexpected.includes(embeddingName)
    ? `; to use the embedding and head that are stored here, name embed_tokens and lm_head in modules_to_save of ${ADAPTER_CONFIG}`
    : "";

/**
 * Writes an adapter as PEFT does, the weights last; each file is replaced atomically.
 *
 * @param baseModel the folder or Hub id of the model that it belongs to
 * @param baseRevision which commit of it, where it is one of the Hub
 * @param writer how files are written
 */
export async function saveAdapter(
  adapter: LoraAdapter,
  folder: string,
  baseModel: string,
  baseRevision: string | null = null,
  writer: FolderWriter = atomicWriter,
): Promise<void> {
  const { config, layout, parameters } = adapter;
  const text = JSON.stringify(peftConfig(config, layout.targetNames, { baseModel, baseRevision }), null, 2);
  await writer.file(join(folder, ADAPTER_CONFIG), `${text}\n`);
  const tensors = [...parameters].map(([name, tensor]) => [`${ADAPTER_PREFIX}${name}`, tensor] as const);
  await writer.tensors(join(folder, ADAPTER_WEIGHTS), new Map(tensors), { format: "pt" });
}

/** What PEFT's `LoraConfig` needs to be read back. */
function peftConfig(
  config: LoraConfig,
  targetNames: readonly string[],
  { baseModel, baseRevision }: Pick<AdapterConfig, "baseModel" | "baseRevision">,
): Record<string, unknown> {
  const { targetModules } = config;
  const isExpression = typeof targetModules === "string" && targetModules !== "all-linear";
  return {
    alpha_pattern: config.alphaPattern ?? {},
    base_model_name_or_path: baseModel,
    bias: "none",
    fan_in_fan_out: false,
    inference_mode: true,
    init_lora_weights: true,
    lora_alpha: config.alpha,
    lora_dropout: config.dropout,
    modules_to_save: config.modulesToSave.length > 0 ? config.modulesToSave : null,
    peft_type: "LORA",
    r: config.rank,
    rank_pattern: config.rankPattern ?? {},
    revision: baseRevision,
    target_modules: isExpression || Array.isArray(targetModules) ? targetModules : targetNames,
    task_type: "CAUSAL_LM",
    use_dora: config.useDora,
    use_rslora: config.useRslora,
  };
}
