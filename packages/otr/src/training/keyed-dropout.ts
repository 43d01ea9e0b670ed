import { createHash } from "node:crypto";
import { kernels, type Tensor, tensor } from "@one-token/torch";
import type { EncodedRow } from "../data/encoded-row.js";
import type { PackedRows } from "../models/packed-rows.js";

/**
 * Dropout whose mask for a token depends on the seed, the optimizer step, the row, the position and the module's name, and
 * on nothing else: batching, packing and recomputing do not change it.
 *
 * @returns of a module and its input `(T, inputs)`, whose tokens are those of `packed`: the input with elements zeroed, the
 *   others divided by the share that is kept
 */
export function keyedDropout(
  rows: readonly EncodedRow[],
  packed: PackedRows,
  { seed, step, probability }: { readonly seed: number; readonly step: number; readonly probability: number },
  device: string,
): (module: string, input: Tensor) => Tensor {
  const table = packed.order.flatMap((which) =>
    Array.from(rows[which]!.inputIds, (_, position) => [seed, step, rows[which]!.id, position]).flat(),
  );
  const keys = tensor(table, { shape: [table.length / 4, 4], dtype: "int64", device });
  return (module, input) => kernels.keyed_dropout(input, keys, probability, { stream: streamOf(module) });
}

/** A number for a module's name, never 0: that stream is the objective's. */
const streamOf = (module: string): number =>
  1 + createHash("sha256").update(module).digest().readUIntBE(0, 5);
