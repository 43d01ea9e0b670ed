/** @file The keys and values of the tokens so far, so that a new token attends to them without recomputing them. */
import { aten, type DType, keep, scope, type Tensor, tensor, zeros } from "@one-token/torch";
import { type AttentionForm, attentionForm } from "../models/attention.js";
import type { DecoderSpec } from "../models/decoder-spec.js";
import type { LengthGroup } from "../models/packed-rows.js";

/**
 * Keys and values of a batch of rows, each layer `(B, KV, capacity, headDim)`.
 *
 * Rows are aligned at their ends: whatever their lengths, all write their next token into the same column, which is
 * one copy. The columns before a shorter row's first token are masked. (Keys are stored rotated, so a column says
 * nothing about a position.)
 */
export class KeyValueCache {
  private keys: Tensor[];
  private values: Tensor[];
  /** Columns in use. */
  private end: number;
  /** First column of each row. */
  private starts: number[];
  /** `(B, 1, 1, end)` of the dtype of the keys: 0 where a row has a token, minus infinity before. */
  private mask: Tensor | null = null;

  /**
   * @param lengths tokens of each prompt, in the order in which they lie in the batch
   * @param reserve columns to hold beyond the longest prompt before the cache must grow
   */
  constructor(
    private readonly spec: DecoderSpec,
    lengths: readonly number[],
    reserve: number,
    options: { readonly dtype: DType; readonly device: string },
  ) {
    this.end = Math.max(...lengths);
    this.starts = lengths.map((length) => this.end - length);
    const shape = [lengths.length, spec.numKeyValueHeads, this.end + reserve, spec.headDim];
    const allocate = () => Array.from({ length: spec.layers.length }, () => keep(zeros(shape, options)));
    this.keys = allocate();
    this.values = allocate();
    this.updateMask();
  }

  /** Stores a layer's keys and values of all prompts, `(T, KV, headDim)` laid end to end. */
  storePrompts(layer: number, keys: Tensor, values: Tensor, groups: readonly LengthGroup[]): void {
    let row = 0;
    let offset = 0;
    for (const { rows, length } of groups) {
      const store = (cache: Tensor, packed: Tensor) => {
        const prompts = packed
          .narrow(0, offset, rows * length)
          .view([rows, length, this.spec.numKeyValueHeads, this.spec.headDim]);
        cache
          .narrow(0, row, rows)
          .narrow(2, this.end - length, length)
          .copy_(prompts.transpose(1, 2));
      };
      store(this.keys[layer]!, keys);
      store(this.values[layer]!, values);
      row += rows;
      offset += rows * length;
    }
  }

  /** Opens the column of the next token. Call once a step, before {@link attend}. */
  advance(): void {
    const capacity = this.keys[0]!.shape[2]!;
    if (this.end === capacity) this.resize(capacity);
    this.end++;
    this.updateMask();
  }

  /**
   * Stores a layer's newest keys and values and attends to all so far.
   *
   * @param query `(B, H, headDim)`
   * @param key `(B, KV, headDim)`
   * @param value `(B, KV, headDim)`
   * @returns `(B, H * headDim)`
   */
  attend(layer: number, query: Tensor, key: Tensor, value: Tensor): Tensor {
    const { numHeads, numKeyValueHeads, headDim } = this.spec;
    const batch = query.shape[0]!;
    const column = (cache: Tensor) => cache.narrow(2, this.end - 1, 1);
    column(this.keys[layer]!).copy_(key.unsqueeze(2));
    column(this.values[layer]!).copy_(value.unsqueeze(2));
    const { scale, window, softcap } = attentionForm(this.spec, layer);
    const first = window === 0 ? this.firstColumn : Math.max(this.firstColumn, this.end - window);
    const seen = this.end - first;
    const used = (cache: Tensor) => cache.narrow(2, first, seen);
    const [keys, values] = [used(this.keys[layer]!), used(this.values[layer]!)];
    const mask = this.mask?.narrow(3, first - this.firstColumn, seen) ?? null;
    // The query heads that share a key-value head stand as its query positions, so that nothing is repeated.
    const grouped = query.view([batch, numKeyValueHeads, numHeads / numKeyValueHeads, headDim]);
    const attended =
      softcap === 0
        ? aten.scaled_dot_product_attention(grouped, keys, values, mask, 0, false, { scale })
        : cappedAttention(grouped, keys, values, mask, { scale, softcap });
    return attended.reshape([batch, numHeads * headDim]);
  }

  /** Keeps the rows of these indices, in this order, and frees the others. */
  keepRows(rows: readonly number[]): void {
    const index = tensor([...rows], { dtype: "int64", device: this.keys[0]!.device });
    this.starts = rows.map((row) => this.starts[row]!);
    this.replace((cache) => cache.indexSelect(0, index));
    index.dispose();
    this.updateMask();
  }

  /** Frees all that is held. */
  dispose(): void {
    for (const cache of [...this.keys, ...this.values]) cache.dispose();
    this.mask?.dispose();
  }

  private get firstColumn(): number {
    return Math.min(...this.starts);
  }

  private resize(extraColumns: number): void {
    this.replace((cache) => aten.constant_pad_nd(cache, [0, 0, 0, extraColumns]));
  }

  /** Replaces one tensor at a time, so that no second cache ever exists. */
  private replace(change: (cache: Tensor) => Tensor): void {
    const changed = (cache: Tensor) => {
      const next = keep(scope(() => change(cache)));
      cache.dispose();
      return next;
    };
    this.keys = this.keys.map(changed);
    this.values = this.values.map(changed);
  }

  private updateMask(): void {
    this.mask?.dispose();
    this.mask = null;
    const first = this.firstColumn;
    if (this.starts.every((start) => start === first)) return;
    const width = this.end - first;
    const mask = new Float32Array(this.starts.length * width);
    for (const [row, start] of this.starts.entries()) {
      mask.fill(Number.NEGATIVE_INFINITY, row * width, row * width + start - first);
    }
    const { dtype, device } = this.keys[0]!;
    this.mask = keep(tensor(mask, { shape: [this.starts.length, 1, 1, width], dtype, device }));
  }
}

/** Attention whose scores have a soft cap, which libtorch has no operator for; softmax in float32 or wider. */
function cappedAttention(
  query: Tensor,
  keys: Tensor,
  values: Tensor,
  mask: Tensor | null,
  { scale, softcap }: Pick<AttentionForm, "scale" | "softcap">,
): Tensor {
  const { dtype } = query;
  const scores = query.matmul(keys.transpose(2, 3)).to(dtype === "float64" ? dtype : "float32");
  const capped = aten.tanh(scores.mul(scale / softcap)).mul(softcap);
  return (mask === null ? capped : capped.add(mask)).softmax(-1).to(dtype).matmul(values);
}
