/** @file The weights of a GGUF file as transformers' checkpoints have them: names, order of rows, norms. */
import { empty, scope, type Tensor, tensor } from "@one-token/torch";
import { architectureOf, checkpointName, type GgufArchitecture } from "../gguf/architectures.js";
import { type GgufTensor, readGguf } from "../gguf/read-gguf.js";
import { readTensor } from "../gguf/read-tensor.js";
import type { StoredTensor, StoredWeights } from "./stored-weights.js";

/**
 * The weights of a GGUF file. Each is read and dequantised, to float32, when it is asked for.
 *
 * @throws {DataError} `GGUF_NOT_FOUND`, `GGUF_INVALID`, `GGUF_UNSUPPORTED`
 */
export function openGgufWeights(path: string): StoredWeights {
  const file = readGguf(path);
  const architecture = architectureOf(file);
  const heads = (key: string) => file.metadata.number(`${architecture.name}.attention.${key}`);
  const queryHeads = heads("head_count") ?? 1;
  const keyHeads = heads("head_count_kv") ?? queryHeads;
  const tensors = new Map<string, StoredTensor>();
  for (const stored of file.tensors.values()) {
    const name = checkpointName(architecture, stored.name);
    if (name === null) continue;
    const headCount = name.includes(".q_proj.") ? queryHeads : name.includes(".k_proj.") ? keyHeads : 0;
    const change = changeOf(architecture, name, headCount);
    tensors.set(name, {
      shape: stored.shape,
      dtype: "float32",
      load: () => change(loadTensor(stored)),
    });
  }
  return { tensors, dispose: () => {} };
}

/** What makes the numbers of the checkpoint from those of the file. */
function changeOf(
  { hasPairedRotation, normOffset }: GgufArchitecture,
  name: string,
  headCount: number,
): (values: Tensor) => Tensor {
  if (hasPairedRotation && headCount > 0) return (values) => halvesFromPairs(values, headCount);
  if (normOffset !== 0 && name.endsWith("norm.weight")) return (values) => values.sub_(normOffset);
  return (values) => values;
}

/**
 * llama.cpp rotates adjacent rows of a head with each other, transformers the rows of its two halves. The opposite of
 * `permute` in llama.cpp's converter.
 */
function halvesFromPairs(values: Tensor, heads: number): Tensor {
  const [rows, ...others] = values.shape;
  const pairs = values.reshape([heads, rows! / heads / 2, 2, ...others]);
  return pairs.transpose(1, 2).reshape(values.shape);
}

function loadTensor(stored: GgufTensor): Tensor {
  const flat = empty([stored.numel]);
  readTensor(stored, (values, start) => {
    scope(() => void flat.narrow(0, start, values.length).copy_(tensor(values)));
  });
  return flat.view(stored.shape);
}
