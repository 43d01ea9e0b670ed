/** @file Weights that are stored in float8, as they are or with scales. */
import { aten, type DType, scope, type Tensor } from "@one-token/torch";
import { DataError } from "../errors.js";
import type { StoredTensor } from "./stored-weights.js";

const FLOAT8: ReadonlySet<DType> = new Set<DType>(["float8_e4m3fn", "float8_e5m2"]);

/** Whether numbers of this dtype are float8, which nothing is computed in. */
export const isFloat8 = (dtype: DType): boolean => FLOAT8.has(dtype);

/** What follows the name of a weight in that of its scales (`quant_method: fp8`). */
const SCALES = "_scale_inv";

/** Whether a tensor holds the scales of a weight that is there too. */
export const isScalesOf = (name: string, stored: ReadonlyMap<string, StoredTensor>): boolean =>
  name.endsWith(SCALES) && stored.has(name.slice(0, -SCALES.length));

/**
 * A stored weight as numbers: float8 with scales is multiplied by them, in float32; anything else is as it is stored.
 *
 * @param stored all tensors of the files; the scales are one number, or one for each block of rows and columns
 * @throws {DataError} `WEIGHTS_MISMATCH` where the scales do not fit
 */
export function scaledWeight(
  name: string,
  weight: StoredTensor,
  stored: ReadonlyMap<string, StoredTensor>,
): Tensor {
  const scales = stored.get(`${name}${SCALES}`);
  if (!scales || !isFloat8(weight.dtype)) return weight.load();
  const [outputs, inputs] = weight.shape as [number, number];
  const blocks = scales.shape.length === 2 ? scales.shape : [1, 1];
  const isOne = scales.shape.reduce((product, size) => product * size, 1) === 1;
  const [rows, columns] = [Math.ceil(outputs / blocks[0]!), Math.ceil(inputs / blocks[1]!)];
  const covers = Math.ceil(outputs / rows) === blocks[0] && Math.ceil(inputs / columns) === blocks[1];
  if (!isOne && !(scales.shape.length === 2 && covers)) {
    throw new DataError(
      "WEIGHTS_MISMATCH",
      `${name}${SCALES} of shape (${scales.shape.join(", ")}) does not divide the (${outputs}, ${inputs}) of its weight into equal blocks; download the model again`,
    );
  }
  return scope(() => {
    const wide = scales.load().to("float32").reshape([blocks[0]!, blocks[1]!]);
    const ofRows = aten.repeat_interleave.self_int(wide, rows, 0).narrow(0, 0, outputs);
    const factors = aten.repeat_interleave.self_int(ofRows, columns, 1).narrow(1, 0, inputs);
    return weight.load().to("float32").mul(factors);
  });
}
