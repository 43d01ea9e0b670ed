/** @file Causal attention within each of the rows that lie end to end. */
import { kernels, type Tensor } from "@one-token/torch";
import type { DecoderSpec } from "./decoder-spec.js";

/** How a layer's queries see keys: what `kernels.packed_attention` takes. */
export interface AttentionForm {
  readonly scale: number;
  /** How many tokens a query sees, itself included; 0: all up to itself. */
  readonly window: number;
  /** c of c tanh(z / c); 0: none. */
  readonly softcap: number;
}

/** The form of a layer's attention. */
export const attentionForm = (spec: DecoderSpec, layer: number): AttentionForm => ({
  scale: spec.attentionScale,
  window: spec.layers[layer]!.window,
  softcap: spec.attentionSoftcap,
});

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
  form: AttentionForm,
): Tensor {
  const [, heads, headDim] = query.shape as [number, number, number];
  return kernels.packed_attention(query, key, value, lengths, { ...form }).view([-1, heads * headDim]);
}
