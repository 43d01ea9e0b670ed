/** @file Loads a Hugging Face model folder. */
import { aten, type DType, keep, type Tensor } from "@one-token/torch";
import { CausalLM } from "./causal-lm.js";
import { readEosTokenIds } from "./generation-config.js";
import { matchWeights } from "./match-weights.js";
import { readModelSpec } from "./read-model-spec.js";
import { openWeights } from "./weight-files.js";

/** How to hold the parameters. */
export interface LoadModelOptions {
  /** `"auto"` (default): the dtype that `config.json` declares, else the one of the stored embedding. */
  readonly dtype?: DType | "auto";
  /** `"cpu"` (default), `"cuda"`, `"cuda:0"`. */
  readonly device?: string;
  /** Whether the parameters record gradients; default false. */
  readonly trainable?: boolean;
}

/**
 * The model of a folder with `config.json` and `model.safetensors` or its sharded form.
 *
 * @throws {DataError} `MODEL_NOT_FOUND`, `MODEL_CONFIG_INVALID`, `MODEL_TYPE_UNSUPPORTED`, `WEIGHTS_NOT_FOUND`,
 * `WEIGHTS_INDEX_INVALID`, `WEIGHTS_INVALID`, or `WEIGHTS_MISMATCH` listing missing, unexpected and misshapen tensors
 */
export async function loadModel(folder: string, options: LoadModelOptions = {}): Promise<CausalLM> {
  const { dtype = "auto", device = "cpu", trainable = false } = options;
  const { config, spec } = await readModelSpec(folder);
  const eosTokenIds = readEosTokenIds(folder) ?? config.eosTokenIds;
  const weights = await openWeights(folder);
  try {
    const stored = matchWeights(folder, spec, weights.tensors);
    const parameters = new Map<string, Tensor>();
    for (const [name, tensor] of stored) {
      const target = dtype === "auto" ? (config.dtype ?? tensor.dtype) : dtype;
      const parameter = keep(aten._to_copy(tensor, { dtype: target, device }));
      parameter.requiresGrad = trainable;
      parameters.set(name, parameter);
    }
    const [embedding] = stored.values();
    return new CausalLM(config, spec, parameters, eosTokenIds, embedding?.dtype);
  } finally {
    weights.dispose();
  }
}
