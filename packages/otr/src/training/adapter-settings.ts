/** @file What the options of a run say of its adapter. */
import type { TrainConfig } from "../config/train-options.js";
import { readAdapterConfig } from "../models/adapter-files.js";
import type { DecoderSpec } from "../models/decoder-spec.js";
import type { LoraConfig } from "../models/lora-config.js";
import { type LoraLayout, loraLayout } from "../models/lora-targets.js";
import type { Quantization } from "../models/quantized-matrix.js";

/** The adapter that a run trains. */
export interface AdapterSettings {
  readonly config: LoraConfig;
  readonly layout: LoraLayout;
  /** The folder of the adapter that training goes on from; null: a new one. */
  readonly folder: string | null;
}

/**
 * The settings of the adapter that a run trains: those of the one that it goes on from, or of the options; null: the model
 * itself is trained.
 *
 * @param start the folder of the adapter that training goes on from; null: a new one
 * @throws {DataError} `ADAPTER_NOT_FOUND`, `ADAPTER_CONFIG_INVALID`
 */
export async function readLoraConfig(config: TrainConfig, start: string | null): Promise<LoraConfig | null> {
  if (!config.usePeft) return null;
  return start === null ? loraConfigOf(config) : await readAdapterConfig(start);
}

/** @throws {DataError} `LORA_TARGETS` */
export const adapterSettings = (
  config: LoraConfig,
  start: string | null,
  spec: DecoderSpec,
): AdapterSettings => ({ config, layout: loraLayout(spec, config, start ?? "options"), folder: start });

/** How the frozen matrices of a run are held; null: in the dtype of the computation. */
export function quantizationOf(config: TrainConfig): Quantization | null {
  if (config.loadIn8bit) return { format: "int8", nested: false };
  return config.loadIn4bit ? { format: config.bnb4bitQuantType, nested: config.useBnbNestedQuant } : null;
}

function loraConfigOf(config: TrainConfig): LoraConfig {
  return {
    rank: config.loraR,
    alpha: config.loraAlpha,
    dropout: config.loraDropout,
    targetModules: targetsOf(config.loraTargetModules),
    modulesToSave: config.loraModulesToSave.flatMap((names) => names.split(",")),
    useRslora: config.useRslora,
    useDora: config.useDora,
  };
}

/** One text of other characters than names have is a regular expression. */
function targetsOf(given: TrainConfig["loraTargetModules"]): LoraConfig["targetModules"] {
  if (given === null) return null;
  // On a command line names are written with commas as often as one by one.
  const names = given.flatMap((text) => (/^[\w.,-]+$/.test(text) ? text.split(",") : [text]));
  const [first, ...others] = names as [string, ...string[]];
  return others.length === 0 && (first === "all-linear" || !/^[\w.-]+$/.test(first)) ? first : names;
}
