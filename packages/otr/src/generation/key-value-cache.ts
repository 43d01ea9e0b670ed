/** @file The keys and values of the tokens so far, so that a new token attends to them without recomputing them. */
import { type DType, empty, ITEM_SIZE, keep, kernels, type Tensor, tensor, zeros } from "@one-token/torch";
import { attentionForm } from "../models/attention.js";
import type { CausalLM, ForwardOptions } from "../models/causal-lm.js";
import { type Attend, runDecoder } from "../models/decoder.js";
import type { DecoderSpec } from "../models/decoder-spec.js";
import { BLOCK_TOKENS } from "./block-pool.js";

/** Tokens of one row to compute, and where its keys and values lie. */
export interface RowPiece {
  /** The row's tokens from the first that is not in the cache on: at least one. */
  readonly tokenIds: readonly number[];
  /** Tokens of the row before them, which are in the cache or in other pieces of the same pass. */
  readonly start: number;
  /** The row's blocks, in order. */
  readonly table: readonly number[];
}

/** Bytes of one block, of all layers. */
export const blockBytes = (spec: DecoderSpec, dtype: DType): number =>
  2 * spec.layers.length * spec.numKeyValueHeads * spec.headDim * BLOCK_TOKENS * ITEM_SIZE[dtype];

/** Whether a token's keys are the same however long its row becomes; some rotations depend on that. */
export const keysAreFinal = ({ layers }: DecoderSpec): boolean =>
  layers.every(({ rope }) => rope?.type !== "dynamic" && rope?.type !== "longrope");

/** Keys `(blocks, KV, headDim, 32)` and values `(blocks, KV, 32, headDim)` of each layer. (Keys are stored rotated.) */
export class KeyValueCache {
  private readonly keys: Tensor[];
  private readonly values: Tensor[];

  constructor(
    private readonly model: CausalLM,
    blocks: number,
    private readonly options: ForwardOptions & { readonly computeDtype: DType },
  ) {
    const { numKeyValueHeads, headDim, layers } = model.spec;
    const made = { dtype: options.computeDtype, device: model.device };
    // On the CPU, memory that nothing was written to takes no place.
    const allocate = (shape: readonly number[]) =>
      keep(model.device === "cpu" ? empty(shape, made) : zeros(shape, made));
    this.keys = layers.map(() => allocate([blocks, numKeyValueHeads, headDim, BLOCK_TOKENS]));
    this.values = layers.map(() => allocate([blocks, numKeyValueHeads, BLOCK_TOKENS, headDim]));
  }

  /**
   * Computes the tokens of all pieces at once, stores their keys and values, and returns their hidden states `(T, D)`, piece
   * after piece. A piece may attend to what another one of the same pass stores.
   */
  compute(pieces: readonly RowPiece[]): Tensor {
    const { device, spec } = this.model;
    const counts = pieces.map(({ tokenIds }) => tokenIds.length);
    const lengths = pieces.map(({ tokenIds, start }) => start + tokenIds.length);
    const width = Math.max(...lengths.map((length) => Math.ceil(length / BLOCK_TOKENS)));
    const tables = new Int32Array(pieces.length * width);
    for (const [row, { table }] of pieces.entries()) tables.set(table.slice(0, width), row * width);
    const blocks = tensor(tables, { shape: [pieces.length, width], dtype: "int32", device });
    const attend: Attend = (layer, query, key, value) => {
      const [keys, values] = [this.keys[layer]!, this.values[layer]!];
      kernels.store_in_blocks_(keys, values, key, value, blocks, counts, lengths);
      const form = { ...attentionForm(spec, layer) };
      const attended = kernels.paged_attention(query, keys, values, blocks, counts, lengths, form);
      return attended.view([-1, spec.numHeads * spec.headDim]);
    };
    const integers = (values: readonly number[]) => tensor([...values], { dtype: "int64", device });
    const input = {
      inputIds: integers(pieces.flatMap(({ tokenIds }) => tokenIds)),
      positions: integers(pieces.flatMap(({ tokenIds, start }) => tokenIds.map((_, place) => start + place))),
      spans: counts.map((tokens, row) => ({ tokens, length: lengths[row]! })),
    };
    return runDecoder(this.model.decoderPass(input, attend, this.options));
  }

  /** Frees all that is held. */
  dispose(): void {
    for (const cache of [...this.keys, ...this.values]) cache.dispose();
  }
}
