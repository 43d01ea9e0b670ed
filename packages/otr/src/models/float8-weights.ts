/** @file Weights that are stored in float8, as they are or with scales. */
import { aten, type DType, scope, type Tensor } from "@one-token/torch";
import { z } from "zod";
import { DataError } from "../errors.js";
import { type ModelConfig, readFamilyFields } from "./model-config.js";
import type { StoredTensor } from "./stored-weights.js";

const size = z.number().int().positive();

const FLOAT8: ReadonlySet<DType> = new Set<DType>(["float8_e4m3fn", "float8_e5m2"]);

/** Whether numbers of this dtype are float8, which nothing is computed in. */
export const isFloat8 = (dtype: DType): boolean => FLOAT8.has(dtype);

/** What follows the name of a weight in that of its scales (`quant_method: fp8`). */
const SCALES = "_scale_inv";

/** Whether a tensor holds the scales of a weight that is there too. */
export const isScalesOf = (name: string, stored: ReadonlyMap<string, StoredTensor>): boolean =>
  name.endsWith(SCALES) && stored.has(name.slice(0, -SCALES.length));

/** Rows and columns that share a scale. */
export type ScaleBlock = readonly [rows: number, columns: number];

const blockFields = z.looseObject({
  quantization_config: z
    .looseObject({ weight_block_size: z.tuple([size, size]).nullish(), quant_method: z.string().nullish() })
    .nullish(),
});

/**
 * What `config.json` says of scales: their block, 128 by 128 unless it says otherwise; null: weights have none.
 *
 * @throws {DataError} `MODEL_CONFIG_INVALID`
 */
export function scaleBlockOf(config: ModelConfig): ScaleBlock | null {
  const { quantization_config: quantization } = readFamilyFields(config, blockFields);
  if (quantization?.quant_method !== "fp8") return null;
  return quantization.weight_block_size ?? [128, 128];
}

/**
 * A stored weight as numbers: float8 with scales is multiplied by them, in float32; anything else is as it is stored.
 *
 * @param stored all tensors of the files; the scales are one number, or one for each block of rows and columns
 * @param block from {@link scaleBlockOf}
 * @throws {DataError} `WEIGHTS_MISMATCH` where the scales do not fit, or are missing
 */
export function scaledWeight(
  name: string,
  weight: StoredTensor,
  stored: ReadonlyMap<string, StoredTensor>,
  block: ScaleBlock | null,
): Tensor {
  if (block === null || !isFloat8(weight.dtype)) return weight.load();
  const scales = stored.get(`${name}${SCALES}`);
  const [outputs, inputs] = weight.shape as [number, number];
  const [rows, columns] = block;
  const blocks = [Math.ceil(outputs / rows), Math.ceil(inputs / columns)];
  const found = scales?.shape ?? null;
  const isOne = found?.every((count) => count === 1) ?? false;
  if (!scales || !(isOne || found?.join() === blocks.join())) {
    throw new DataError(
      "WEIGHTS_MISMATCH",
      `${name}${SCALES} ${found === null ? "is missing" : `has the shape (${found.join(", ")})`}, but the (${outputs}, ${inputs}) of its weight ` +
        `in blocks of ${rows} by ${columns} need (${blocks.join(", ")}); download the model again`,
    );
  }
  return scope(() => {
    const wide = scales.load().to("float32");
    if (isOne) return weight.load().to("float32").mul(wide.reshape([]));
    const ofRows = aten.repeat_interleave.self_int(wide, rows, 0).narrow(0, 0, outputs);
    const factors = aten.repeat_interleave.self_int(ofRows, columns, 1).narrow(1, 0, inputs);
    return weight.load().to("float32").mul(factors);
  });
}
