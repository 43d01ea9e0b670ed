/** @file Causal attention within each of the rows that lie end to end. */
import { kernels, type Tensor } from "@one-token/torch";

/**
 * Causal grouped-query attention, each row on its own.
 *
 * @param query `(T, H, headDim)`
 * @param key `(T, KV, headDim)`, KV dividing H; query head h reads key-value head `floor(h * KV / H)`
 * @param value `(T, KV, headDim)`
 * @param lengths of the rows, in the order in which they lie
 * @returns `(T, H * headDim)`
 */
export function packedAttention(
  query: Tensor,
  key: Tensor,
  value: Tensor,
  lengths: readonly number[],
): Tensor {
  const [, heads, headDim] = query.shape as [number, number, number];
  return kernels.packed_attention(query, key, value, lengths).view([-1, heads * headDim]);
}
