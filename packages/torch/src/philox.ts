import { kernels } from "./operators.js";
import type { Tensor } from "./tensor.js";

/**
 * Counter-based uniform numbers by Philox4x32-10 (Salmon et al., SC 2011): a pure function of the key and the index, so
 * the same numbers come bit for bit whatever the batching, chunking, order or device.
 *
 * @param keys (N, 4) int64: seed (64 bits), step, row, position (each in [0, 2^32))
 * @param count numbers for each key
 * @returns (N, count) float32 in [0, 1), multiples of 2^-24, on the device of `keys`
 */
export function philoxUniform(keys: Tensor, count: number): Tensor {
  return kernels.philox_uniform(keys, count);
}
