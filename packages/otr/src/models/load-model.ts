/** @file Loads a model: a Hugging Face folder, or a GGUF file. */
import { aten, type DType, keep, scope, type Tensor } from "@one-token/torch";
import { isGgufFile } from "../config/is-gguf-file.js";
import { DataError } from "../errors.js";
import { CausalLM } from "./causal-lm.js";
import { isFloat8, scaleBlockOf, scaledWeight } from "./float8-weights.js";
import { readEosTokenIds } from "./generation-config.js";
import { openGgufWeights } from "./gguf-weights.js";
import { matchWeights } from "./match-weights.js";
import { modelFolder } from "./model-folder.js";
import { isProjection } from "./parameter-layout.js";
import { type Quantization, QuantizedMatrix } from "./quantized-matrix.js";
import { readModelSpec } from "./read-model-spec.js";
import { openWeights } from "./weight-files.js";

/** How to hold the parameters. */
export interface LoadModelOptions {
  /** `"auto"` (default): the dtype that `config.json` declares, else the one of the stored embedding. */
  readonly dtype?: DType | "auto";
  /** Of norms and biases; default: as `dtype` says. */
  readonly vectorDtype?: DType;
  /** How projections are held, which then are frozen; default: as `dtype` says. */
  readonly quantization?: Quantization | null;
  /** `"cpu"` (default), `"cuda"`, `"cuda:0"`. */
  readonly device?: string;
  /** Whether the parameters record gradients; default false. */
  readonly trainable?: boolean;
}

/**
 * The model of a folder with `config.json` and `model.safetensors` or its sharded form, or of a GGUF file.
 *
 * @throws {DataError} `MODEL_NOT_FOUND`, `MODEL_CONFIG_INVALID`, `MODEL_TYPE_UNSUPPORTED`, `WEIGHTS_NOT_FOUND`,
 * `WEIGHTS_INDEX_INVALID`, `WEIGHTS_INVALID`, or `WEIGHTS_MISMATCH` listing missing, unexpected and misshapen tensors;
 * `GGUF_NOT_FOUND`, `GGUF_INVALID`, `GGUF_UNSUPPORTED`
 */
export async function loadModel(path: string, options: LoadModelOptions = {}): Promise<CausalLM> {
  const { dtype = "auto", device = "cpu", trainable = false, quantization = null } = options;
  const { config, spec } = await readModelSpec(path);
  const eosTokenIds = readEosTokenIds(await modelFolder(path)) ?? config.eosTokenIds;
  const weights = isGgufFile(path) ? openGgufWeights(path) : await openWeights(path);
  const parameters = new Map<string, Tensor>();
  const quantized = new Map<string, QuantizedMatrix>();
  try {
    const stored = matchWeights(path, spec, weights.tensors);
    const block = scaleBlockOf(config);
    for (const [name, tensor] of stored) {
      const weight = () => scaledWeight(name, tensor, weights.tensors, block);
      if (quantization !== null && isProjection(name, tensor.shape)) {
        quantized.set(
          name,
          scope(() => QuantizedMatrix.of(requireFinite(weight(), name, path).to(device), quantization)),
        );
        continue;
      }
      const wanted = tensor.shape.length === 1 ? (options.vectorDtype ?? dtype) : dtype;
      const target = wanted === "auto" ? (config.dtype ?? computable(tensor.dtype)) : wanted;
      const parameter = scope(() => keep(aten._to_copy(weight(), { dtype: target, device })));
      parameter.requiresGrad = trainable;
      parameters.set(name, parameter);
    }
    const [embedding] = stored.values();
    return new CausalLM(
      config,
      spec,
      parameters,
      eosTokenIds,
      embedding && computable(embedding.dtype),
      quantized,
    );
  } catch (error) {
    for (const held of [...parameters.values(), ...quantized.values()]) held.dispose();
    throw error;
  } finally {
    weights.dispose();
  }
}

/** A number that is none would become an ordinary one in few bits. */
function requireFinite(weight: Tensor, name: string, path: string): Tensor {
  if (aten.all(aten.isfinite(weight.to("float32"))).item() !== 0) return weight;
  throw new DataError(
    "WEIGHTS_NOT_FINITE",
    `${name} of the model in ${path} holds NaN or infinity, so nothing can be trained from it; use another base model`,
  );
}

/** The dtype that numbers stored in `dtype` are held and saved in, where nothing else is said: bfloat16 holds each float8. */
const computable = (dtype: DType): DType => (isFloat8(dtype) ? "bfloat16" : dtype);
