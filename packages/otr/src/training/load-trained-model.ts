import type { DType } from "@one-token/torch";
import type { TrainConfig } from "../config/train-options.js";
import { DataError } from "../errors.js";
import { loadAdapter } from "../models/adapter-files.js";
import type { CausalLM } from "../models/causal-lm.js";
import { growVocabulary } from "../models/grow-vocabulary.js";
import { loadModel } from "../models/load-model.js";
import { createAdapter } from "../models/lora-adapter.js";
import { type AdapterSettings, quantizationOf } from "./adapter-settings.js";

export interface TrainedModelOptions {
  readonly device: string;
  readonly computeDtype: DType;
  /** Rows that the embedding must have, at least. */
  readonly vocabSize: number;
}

/**
 * The model of a run: its own weights trained, in float32; or frozen ones, in the dtype of the computation or in few bits,
 * with an adapter in float32.
 *
 * @param folder the base model's
 * @throws {DataError} those of `loadModel` and `loadAdapter`
 */
export async function loadTrainedModel(
  folder: string,
  config: TrainConfig,
  adapter: AdapterSettings | null,
  { device, computeDtype, vocabSize }: TrainedModelOptions,
): Promise<CausalLM> {
  if (adapter === null) {
    const whole = await loadModel(folder, { dtype: "float32", device, trainable: true });
    return vocabSize > whole.spec.vocabSize ? growVocabulary(whole, vocabSize) : whole;
  }
  const held = {
    dtype: computeDtype,
    vectorDtype: "float32",
    quantization: quantizationOf(config),
    device,
  } as const;
  const model = await loadModel(folder, held);
  try {
    model.adapter =
      adapter.folder === null
        ? createAdapter(model, adapter.config, config.seed, "options", vocabSize)
        : await loadAdapter(model, adapter.folder, { trainable: true });
    requireRows(model.vocabSize, vocabSize, adapter.folder);
    return model;
  } catch (error) {
    model.adapter?.dispose();
    model.dispose();
    throw error;
  }
}

/** An adapter that training goes on from keeps its vocabulary. */
function requireRows(found: number, needed: number, folder: string | null): void {
  if (found === needed) return;
  throw new DataError(
    "ADAPTER_MISMATCH",
    `the adapter in ${folder} holds embedding and head for ${found} tokens, and this run has ${needed}: give the add_special_tokens that it was trained with`,
  );
}
