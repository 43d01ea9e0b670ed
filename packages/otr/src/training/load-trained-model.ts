import type { DType } from "@one-token/torch";
import type { TrainConfig } from "../config/train-options.js";
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
        ? createAdapter(model, adapter.config, config.seed, "options")
        : await loadAdapter(model, adapter.folder, { trainable: true });
    return model;
  } catch (error) {
    model.dispose();
    throw error;
  }
}
