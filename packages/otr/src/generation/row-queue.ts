/** @file Which rows are decoded together, and when the next ones enter. */
import type { DType } from "@one-token/torch";
import type { DecoderSpec } from "../models/decoder-spec.js";
import { BLOCK_TOKENS, BlockPool, blocksOf } from "./block-pool.js";
import type { DrawKey } from "./choose-tokens.js";
import type { ResolvedGenerationOptions } from "./generation-options.js";
import { blockBytes, keysAreFinal } from "./key-value-cache.js";

/** Tokens of rows that enter together: what a pass over many long prompts would need of memory is bounded by it. */
const MOST_ENTERING_TOKENS = 4096;

/** One continuation of a prompt. The queue changes it; others read. */
export interface Row {
  readonly promptIndex: number;
  /** Among the continuations of its prompt. */
  readonly sampleIndex: number;
  readonly drawKey: DrawKey;
  readonly promptLength: number;
  /** Prompt and continuation so far. */
  readonly tokenIds: number[];
  /** Tokens whose keys and values are in the cache, or come there with those of other rows in the same pass. */
  stored: number;
  /** Its blocks in the cache. */
  table: number[];
}

const drawKeyOfPlace = (promptIndex: number, sampleIndex: number): DrawKey => ({
  step: sampleIndex,
  row: promptIndex,
});

/**
 * Hands out the rows of each pass: those that have begun, and as many waiting ones as the cache has room for.
 *
 * A row enters with the blocks of its tokens so far, and takes one more whenever it has filled its last. Where none is left,
 * the row that entered last waits again; what it has written stays, its keys and values are computed anew.
 */
export class RowQueue {
  /** Blocks that the cache must have. */
  readonly blocks: number;
  private readonly pool: BlockPool;
  /** The next one stands last. */
  private readonly waiting: Row[];
  private readonly active: Row[] = [];
  private readonly finalLength: (row: Row) => number;
  private readonly keysAreFinal: boolean;

  /** @param dtype of keys and values */
  constructor(
    spec: DecoderSpec,
    dtype: DType,
    prompts: readonly Int32Array[],
    private readonly options: ResolvedGenerationOptions,
    drawKey: (promptIndex: number, sampleIndex: number) => DrawKey = drawKeyOfPlace,
  ) {
    const { batchSize, kvCacheBytes, maxNewTokens, numReturnSequences } = options;
    this.finalLength = ({ promptLength }) =>
      Math.min(spec.maxPositionEmbeddings, promptLength + maxNewTokens);
    this.keysAreFinal = keysAreFinal(spec);
    this.waiting = prompts.flatMap((prompt, promptIndex) =>
      Array.from({ length: numReturnSequences }, (_, sampleIndex) => ({
        promptIndex,
        sampleIndex,
        drawKey: drawKey(promptIndex, sampleIndex),
        promptLength: prompt.length,
        tokenIds: Array.from(prompt),
        stored: 0,
        table: [],
      })),
    );
    // The longest come first, so that a lack of memory shows at once, and the end is not one long row alone.
    this.waiting.sort(
      (a, b) =>
        a.promptLength - b.promptLength || b.promptIndex - a.promptIndex || b.sampleIndex - a.sampleIndex,
    );
    const longest = blocksOf(Math.max(...this.waiting.map(this.finalLength)));
    const bound = Math.floor(kvCacheBytes / blockBytes(spec, dtype));
    const most = Math.min(batchSize, this.waiting.length) * longest;
    this.blocks = Math.max(longest, Math.min(most, bound));
    this.pool = new BlockPool(this.blocks);
  }

  /** The rows to compute next, each from its first token that is not `stored` on; none when all are done. */
  next(): readonly Row[] {
    for (let index = 0; index < this.active.length; index++) {
      const row = this.active[index]!;
      while (row.table.length < blocksOf(row.tokenIds.length)) {
        if (this.pool.available > 0) row.table.push(this.pool.take());
        else if (this.sendBack() === row) break;
      }
    }
    for (let tokens = 0; this.waiting.length > 0 && this.active.length < this.options.batchSize; ) {
      const row = this.waiting.at(-1)!;
      if (!this.enter(row, tokens)) break;
      tokens += row.tokenIds.length - row.stored;
      this.waiting.pop();
      this.active.push(row);
    }
    return [...this.active];
  }

  /** A computed row's next token. */
  append(row: Row, token: number): void {
    row.stored = row.tokenIds.length;
    row.tokenIds.push(token);
  }

  /** A row has ended. */
  finish(row: Row): void {
    this.pool.release(row.table);
    this.active.splice(this.active.indexOf(row), 1);
  }

  /** Whether there is room for a waiting row, which then has its blocks. */
  private enter(row: Row, enteringTokens: number): boolean {
    const { tokenIds } = row;
    // The last token is computed in any case: its logits are what the row enters for.
    const shareable = this.keysAreFinal ? Math.floor((tokenIds.length - 1) / BLOCK_TOKENS) : 0;
    const shared = this.pool.share(tokenIds, shareable);
    const length = this.keysAreFinal ? tokenIds.length : this.finalLength(row);
    const needed = blocksOf(length) - shared.length;
    // Rows that have begun should not have to make room for it with their next tokens.
    const isFirst = this.active.length === 0;
    const hasRoom = this.pool.available >= needed + (isFirst ? 0 : this.active.length);
    const tokens = tokenIds.length - shared.length * BLOCK_TOKENS;
    const isSmall = enteringTokens === 0 || enteringTokens + tokens <= MOST_ENTERING_TOKENS;
    if (!hasRoom || !isSmall) {
      this.pool.release(shared);
      return false;
    }
    row.stored = shared.length * BLOCK_TOKENS;
    row.table = [...shared, ...Array.from({ length: needed }, () => this.pool.take())];
    if (this.keysAreFinal) this.pool.publish(tokenIds, row.table, shared.length);
    return true;
  }

  /** The row that entered last waits again. */
  private sendBack(): Row {
    const row = this.active.pop()!;
    this.pool.release(row.table);
    row.table = [];
    this.waiting.push(row);
    return row;
  }
}
