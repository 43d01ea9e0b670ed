/** @file Causal attention within each of the rows that lie end to end. */
import { aten, type Tensor } from "@one-token/torch";
import type { LengthGroup } from "./packed-rows.js";

/**
 * Causal grouped-query attention, each row on its own; rows of one length are computed together, so nothing is
 * spent on padding or across rows.
 *
 * @param query `(T, H, headDim)`
 * @param key `(T, KV, headDim)`, KV dividing H; query head h reads key-value head `floor(h * KV / H)`
 * @param value `(T, KV, headDim)`
 * @param groups the rows' lengths, in the order in which they lie
 * @returns `(T, H * headDim)`
 */
export function packedAttention(
  query: Tensor,
  key: Tensor,
  value: Tensor,
  groups: readonly LengthGroup[],
): Tensor {
  const sizes = groups.map(({ rows, length }) => rows * length);
  // One split for all groups: its backward is a single concatenation, where slices would each fill a whole gradient.
  const split = (heads: Tensor) => (groups.length === 1 ? [heads] : aten.split_with_sizes(heads, sizes, 0));
  const queries = split(query);
  const keys = split(key);
  const values = split(value);
  const outputs = groups.map((group, index) => attend(queries[index]!, keys[index]!, values[index]!, group));
  return outputs.length === 1 ? outputs[0]! : aten.cat(outputs, 0);
}

function attend(query: Tensor, key: Tensor, value: Tensor, { rows, length }: LengthGroup): Tensor {
  const [, heads, headDim] = query.shape as [number, number, number];
  const keyValueHeads = key.shape[1]!;
  const batched = (tensor: Tensor, count: number) =>
    tensor.view([rows, length, count, headDim]).transpose(1, 2);
  return aten
    .scaled_dot_product_attention(
      batched(query, heads),
      batched(key, keyValueHeads),
      batched(value, keyValueHeads),
      null,
      0,
      true,
      { enable_gqa: heads !== keyValueHeads },
    )
    .transpose(1, 2)
    .reshape([rows * length, heads * headDim]);
}
