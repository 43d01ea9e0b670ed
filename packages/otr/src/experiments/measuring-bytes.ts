/** @file What a process holds that measures a model. */
import { ITEM_SIZE } from "@one-token/torch";
import { BLOCK_TOKENS } from "../generation/block-pool.js";
import { CACHE_BYTES } from "../generation/generation-options.js";
import { blockBytes } from "../generation/key-value-cache.js";
import type { DecoderSpec } from "../models/decoder-spec.js";
import { countNumbers, parameterLayout } from "../models/parameter-layout.js";

/**
 * An upper bound: the weights in float32 twice, since answers are computed with a packed copy and tokens with a second model,
 * and the keys and values of a batch of rows that fill the context, or as many as are held at once.
 */
export function measuringBytes(
  spec: DecoderSpec,
  {
    batchSize,
    program,
  }: {
    /** Rows that are answered together. */
    readonly batchSize: number;
    /** Bytes of program and libraries. */
    readonly program: number;
  },
): number {
  const weights = ITEM_SIZE.float32 * countNumbers(parameterLayout(spec));
  const row = blockBytes(spec, "float32") * Math.ceil(spec.maxPositionEmbeddings / BLOCK_TOKENS);
  return program + 2 * weights + Math.min(CACHE_BYTES, batchSize * row);
}
