/** @file Which block of the key-value cache holds what: a row of tokens has a list of blocks, of which rows may share some. */

/** Tokens of a block. */
export const BLOCK_TOKENS = 32;

/** Blocks that a row of this many tokens fills or has begun. */
export const blocksOf = (tokens: number): number => Math.ceil(tokens / BLOCK_TOKENS);

/** What is before the first block. */
const ROOT = -1;

/**
 * Hands out the blocks of a cache, by number.
 *
 * A block that is full of tokens whose keys and values are known can be found by them and by all tokens before: rows that
 * begin alike share it. When the last row that uses it is done, it stays until its place is needed, the one that was
 * left longest ago first.
 */
export class BlockPool {
  /** Rows that use a block. */
  private readonly users: Uint32Array;
  /** What a block is found by; null: it cannot be. */
  private readonly keys: (string | null)[];
  /** Tells what a block holds from what it held before. */
  private readonly contents: number[];
  private readonly byKey = new Map<string, number>();
  /** Blocks that nobody uses and that hold nothing; those to be used first stand last. */
  private readonly blank: number[];
  /** Blocks that nobody uses, but that can be found; those left longest ago stand first. */
  private readonly left = new Set<number>();
  private lastContent = 0;

  constructor(readonly count: number) {
    this.users = new Uint32Array(count);
    this.keys = new Array<string | null>(count).fill(null);
    this.contents = new Array<number>(count).fill(ROOT);
    this.blank = Array.from({ length: count }, (_, index) => count - 1 - index);
  }

  /** Blocks that nobody uses. */
  get available(): number {
    return this.blank.length + this.left.size;
  }

  /** The blocks that hold the first tokens already, as many as there are but no more than `most`; the caller now uses them. */
  share(tokenIds: readonly number[], most: number): number[] {
    const shared: number[] = [];
    while (shared.length < most) {
      const block = this.byKey.get(this.keyOf(tokenIds, shared.length, shared.at(-1)));
      if (block === undefined) break;
      this.left.delete(block);
      this.users[block]!++;
      shared.push(block);
    }
    return shared;
  }

  /** A block for the caller alone. There must be one `available`. */
  take(): number {
    let block = this.blank.pop();
    if (block === undefined) {
      [block] = this.left as Iterable<number> as [number];
      this.left.delete(block);
      this.byKey.delete(this.keys[block]!);
      this.keys[block] = null;
    }
    this.users[block] = 1;
    return block;
  }

  /** Lets others find the blocks of a row that `tokenIds` fill, from number `first` on. */
  publish(tokenIds: readonly number[], table: readonly number[], first: number): void {
    for (let place = first; (place + 1) * BLOCK_TOKENS <= tokenIds.length; place++) {
      const block = table[place]!;
      this.contents[block] = this.lastContent++;
      const key = this.keyOf(tokenIds, place, table[place - 1]);
      if (this.byKey.has(key)) continue;
      this.byKey.set(key, block);
      this.keys[block] = key;
    }
  }

  /** The caller uses a row's blocks no longer. */
  release(table: readonly number[]): void {
    // The end of a row is the least likely to be shared.
    for (const block of table.toReversed()) {
      if (--this.users[block]! > 0) continue;
      if (this.keys[block] === null) this.blank.push(block);
      else this.left.add(block);
    }
  }

  private keyOf(tokenIds: readonly number[], place: number, before: number | undefined): string {
    const own = tokenIds.slice(place * BLOCK_TOKENS, (place + 1) * BLOCK_TOKENS);
    return `${before === undefined ? ROOT : this.contents[before]}:${own.join()}`;
  }
}
